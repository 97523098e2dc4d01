//! What happens while keys are rotated: processes die, users change and go.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use adyton::db::Value;
use adyton::{
    Adyton, Changes, Db, Error, NewUser, Result, Tx, User, UserId, UserQuery, Users, UsersTable,
};
use adyton_testing::TestApp;
use async_trait::async_trait;

use super::sealing::{id, sealed};
use super::{Pair, SECRET, canary, protected, seen};
use crate::support::ANA;

/// Users of which something happens to after they were listed, or that can be changed a few times
/// only.
struct Restless {
    table: UsersTable,
    db: Db,
    /// A statement that runs once, after the first list.
    then: Option<(String, Vec<Value>)>,
    lists: AtomicUsize,
    updates_left: Arc<AtomicUsize>,
}

#[async_trait]
impl Users for Restless {
    async fn find(&self, id: &UserId) -> Result<Option<User>> {
        self.table.find(id).await
    }

    async fn find_by_login(&self, login: &str) -> Result<Option<User>> {
        self.table.find_by_login(login).await
    }

    async fn create(&self, new: NewUser, tx: &mut Tx) -> Result<User> {
        self.table.create(new, tx).await
    }

    async fn update(&self, id: &UserId, changes: Changes, tx: &mut Tx) -> Result<bool> {
        let left = self.updates_left.load(Ordering::SeqCst);
        if left == 0 {
            let died = std::io::Error::other("the process died here");
            return Err(Error::unexpected(died));
        }
        self.updates_left.store(left - 1, Ordering::SeqCst);
        self.table.update(id, changes, tx).await
    }

    async fn delete(&self, id: &UserId, tx: &mut Tx) -> Result<bool> {
        self.table.delete(id, tx).await
    }

    async fn list(&self, query: &UserQuery) -> Result<(Vec<User>, u64)> {
        let listed = self.table.list(query).await?;
        if let Some((sql, values)) = &self.then
            && self.lists.fetch_add(1, Ordering::SeqCst) == 0
        {
            self.db.run(sql, values).await?;
        }
        Ok(listed)
    }
}

/// Another process, with both keys and such users.
async fn restless(
    app: &TestApp,
    keys: &Pair,
    updates: usize,
    then: Option<(String, Vec<Value>)>,
) -> Adyton {
    let db = app.database.connect().await;
    let mut config = TestApp::config();
    keys.both()(&mut config);
    let builder = Adyton::builder(db.clone()).config(config);
    let users = Restless {
        table: builder.users_table(),
        db,
        then,
        lists: AtomicUsize::new(0),
        updates_left: Arc::new(AtomicUsize::new(updates)),
    };
    builder.users(users).build().expect("built")
}

/// Users with a secret that is sealed with the old key, written at once.
async fn many(app: &TestApp, keys: &Pair, number: i64) {
    let mut tx = app.adyton.db().begin().await.expect("begun");
    for id in 1..=number {
        let context = ["users", SECRET, &id.to_string()];
        let secret = sealed(&keys.old, "two_factor", &context, "JBSWY3DP");
        let sql = "INSERT INTO users (id, name, email, password, two_factor_secret) \
             VALUES ($1, $2, $3, $4, $5)";
        let email = format!("u{id}@example.com");
        let values = [
            id.into(),
            "U".into(),
            email.into(),
            "".into(),
            secret.into(),
        ];
        tx.run(sql, &values).await.expect("inserted");
    }
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn a_rotation_that_dies_in_the_middle_goes_on_where_it_was() {
    let keys = Pair::made();
    let app = TestApp::with(keys.only_old()).await;
    app.adyton.check_key().await.expect("the first key");
    many(&app, &keys, 30).await;
    let written = canary(&app).await;
    let mut moved = 0;
    for step in [1, 7, 4, 11] {
        let dying = restless(&app, &keys, step, None).await;
        assert!(dying.rotate_keys().await.is_err());
        moved += step as u64;
        let status = dying.key_status().await.expect("read");
        assert_eq!(status.values.get(&id(&keys.new)), Some(&moved));
        assert_eq!(status.values.get(&id(&keys.old)), Some(&(30 - moved)));
        assert_eq!(canary(&app).await, written, "the last of all");
        let early = app.beside(keys.only_new()).await;
        assert!(early.adyton.check_key().await.is_err());
    }
    let last = restless(&app, &keys, usize::MAX, None).await;
    let done = last.rotate_keys().await.expect("rotated");
    assert_eq!((done.resealed, done.current), (7, 23));
    let late = app.beside(keys.only_new()).await;
    late.adyton.check_key().await.expect("in time");
}

#[tokio::test]
async fn a_secret_that_is_changed_meanwhile_is_not_undone() {
    let keys = Pair::made();
    let app = TestApp::with(keys.only_old()).await;
    let ana = protected(&app, &keys.old, ANA).await;
    let context = ["users", SECRET, &ana.id.to_string()];
    // By a server that does not have the new key yet.
    let newer = sealed(&keys.old, "two_factor", &context, "NEWER");
    let sql = format!("UPDATE users SET {SECRET} = $1 WHERE id = $2");
    let then = Some((sql, vec![newer.into(), Value::from(&ana.id)]));
    let rotating = restless(&app, &keys, usize::MAX, then).await;
    let done = rotating.rotate_keys().await.expect("rotated");
    assert_eq!(done.resealed, 2);
    let secret = seen(&app, &keys.new, &ana, SECRET).await;
    assert_eq!(secret.as_deref(), Some("NEWER"));
}

#[tokio::test]
async fn a_second_factor_that_is_taken_off_meanwhile_stays_off() {
    let keys = Pair::made();
    let app = TestApp::with(keys.only_old()).await;
    let ana = protected(&app, &keys.old, ANA).await;
    let sql = format!("UPDATE users SET {SECRET} = NULL WHERE id = $1");
    let then = Some((sql, vec![Value::from(&ana.id)]));
    let rotating = restless(&app, &keys, usize::MAX, then).await;
    let done = rotating.rotate_keys().await.expect("rotated");
    assert_eq!((done.resealed, done.unopened.len()), (1, 0));
    let ana = app.adyton.users().find(&ana.id).await.expect("read");
    assert!(ana.expect("there").two_factor_secret.is_none());
}

#[tokio::test]
async fn nobody_is_passed_over_when_others_are_deleted_meanwhile() {
    for gone in [15, 190, 350] {
        let keys = Pair::made();
        let app = TestApp::with(keys.only_old()).await;
        many(&app, &keys, 450).await;
        let sql = "DELETE FROM users WHERE id <= $1".to_owned();
        let then = Some((sql, vec![gone.into()]));
        let rotating = restless(&app, &keys, usize::MAX, then).await;
        let done = rotating.rotate_keys().await.expect("rotated");
        assert!(done.unopened.is_empty());
        let status = rotating.key_status().await.expect("read");
        let all = std::collections::BTreeMap::from([(id(&keys.new), 450 - gone.unsigned_abs())]);
        assert_eq!(status.values, all, "{gone} gone");
    }
}
