//! The steps that make Adyton's tables, in their order. A step is never changed once released.

use crate::db::Migration;

/// All steps. `{user}` in them is the type of a reference to a user.
pub(crate) const STEPS: &[Migration] = &[
    Migration {
        name: "adyton/0001_laravel_tables",
        sql: include_str!("../../migrations/0001_laravel_tables.sql"),
    },
    Migration {
        name: "adyton/0002_adyton",
        sql: include_str!("../../migrations/0002_adyton.sql"),
    },
    Migration {
        name: "adyton/0003_mail",
        sql: include_str!("../../migrations/0003_mail.sql"),
    },
    Migration {
        name: "adyton/0004_account",
        sql: include_str!("../../migrations/0004_account.sql"),
    },
    Migration {
        name: "adyton/0005_keys",
        sql: include_str!("../../migrations/0005_keys.sql"),
    },
    Migration {
        name: "adyton/0006_ways_in",
        sql: include_str!("../../migrations/0006_ways_in.sql"),
    },
];
