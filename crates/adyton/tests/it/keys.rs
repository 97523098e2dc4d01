//! What is sealed at rest: it opens with any configured key, moves to the current one beside
//! running servers, and a database is not touched by the wrong key.

mod canary;
mod meanwhile;
mod rotation;
mod sealing;

use adyton::config::Config;
use adyton::db::Value;
use adyton::{Keys, User};
use adyton_testing::TestApp;

use self::sealing::{opened, sealed};

const SECRET: &str = "two_factor_secret";
const CODES: &str = "two_factor_recovery_codes";

/// A key, and the one before it.
struct Pair {
    new: String,
    old: String,
}

impl Pair {
    fn made() -> Self {
        Self {
            new: Keys::generate(),
            old: Keys::generate(),
        }
    }

    /// Before the change.
    fn only_old(&self) -> impl FnOnce(&mut Config) {
        with(&self.old, &[])
    }

    /// While it is being changed.
    fn both(&self) -> impl FnOnce(&mut Config) {
        with(&self.new, &[&self.old])
    }

    /// After it.
    fn only_new(&self) -> impl FnOnce(&mut Config) {
        with(&self.new, &[])
    }
}

/// Settings with these keys.
fn with(key: &str, previous: &[&str]) -> impl FnOnce(&mut Config) + use<> {
    let (key, previous) = (key.into(), previous.iter().map(|key| (*key).into()));
    let previous = previous.collect();
    move |config| (config.key, config.previous_keys) = (Some(key), previous)
}

/// Writes a user's column.
async fn set(app: &TestApp, user: &User, column: &str, text: &str) {
    let sql = format!("UPDATE users SET {column} = $1 WHERE id = $2");
    let values = [text.into(), Value::from(&user.id)];
    let updated = app.adyton.db().run(&sql, &values).await;
    assert_eq!(updated.expect("updated"), 1);
}

/// A user with a second factor that is sealed with a key.
async fn protected(app: &TestApp, key: &str, email: &str) -> User {
    let user = app.user(email).await;
    for (column, plain) in [(SECRET, "JBSWY3DP"), (CODES, "[\"abcd-efgh\"]")] {
        let context = ["users", column, &user.id.to_string()];
        set(
            app,
            &user,
            column,
            &sealed(key, "two_factor", &context, plain),
        )
        .await;
    }
    user
}

/// What a key opens of a user's column.
async fn seen(app: &TestApp, key: &str, user: &User, column: &str) -> Option<String> {
    let user = app.adyton.users().find(&user.id).await.expect("read");
    let user = user.expect("there");
    let text = match column {
        SECRET => user.two_factor_secret,
        _ => user.two_factor_recovery_codes,
    };
    let context = ["users", column, &user.id.to_string()];
    opened(key, "two_factor", &context, text?.expose())
}

/// What the database notes of the key it belongs to.
async fn canary(app: &TestApp) -> Option<String> {
    let sql = "SELECT value FROM adyton_state WHERE name = 'canary'";
    let row = app.adyton.db().one(sql, &[]).await.expect("read");
    row.map(|row| row.get("value").expect("a text"))
}
