//! A host's own users, and rows of its own beside ours.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use adyton::config::{Field, FieldKind, IdKind};
use adyton::db::Migration;
use adyton::{
    Adyton, Changes, Error, Fields, NewUser, Result, Tx, User, UserId, UserQuery, Users, UsersTable,
};
use adyton_testing::{TestApp, TestDatabase};
use async_trait::async_trait;
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;

use super::{REGISTER, shop};

/// Members of a club, by a text key, in memory.
#[derive(Clone, Default)]
struct Members(Arc<Mutex<BTreeMap<String, User>>>);

#[async_trait]
impl Users for Members {
    async fn find(&self, id: &UserId) -> Result<Option<User>> {
        Ok(self
            .0
            .lock()
            .expect("members")
            .get(&id.to_string())
            .cloned())
    }

    async fn find_by_login(&self, login: &str) -> Result<Option<User>> {
        let members = self.0.lock().expect("members");
        Ok(members
            .values()
            .find(|member| member.email == login)
            .cloned())
    }

    async fn create(&self, new: NewUser, _: &mut Tx) -> Result<User> {
        let mut members = self.0.lock().expect("members");
        let id = UserId::Text(format!("member-{}", members.len()));
        let mut user = User::new(1, new.name, new.email);
        (user.id, user.password) = (id.clone(), new.password);
        members.insert(id.to_string(), user.clone());
        Ok(user)
    }

    async fn update(&self, id: &UserId, changes: Changes, _: &mut Tx) -> Result<bool> {
        let mut members = self.0.lock().expect("members");
        let Some(member) = members.get_mut(&id.to_string()) else {
            return Ok(false);
        };
        if let Some(disabled_at) = changes.disabled_at {
            member.disabled_at = disabled_at;
        }
        Ok(true)
    }

    async fn delete(&self, id: &UserId, _: &mut Tx) -> Result<bool> {
        let mut members = self.0.lock().expect("members");
        Ok(members.remove(&id.to_string()).is_some())
    }

    async fn list(&self, query: &UserQuery) -> Result<(Vec<User>, u64)> {
        let members = self.0.lock().expect("members");
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        Ok((
            members.values().take(limit).cloned().collect(),
            members.len() as u64,
        ))
    }

    fn present(&self, user: &User) -> Fields {
        let mut shown = Fields::new();
        shown.insert("member".to_owned(), json!(user.id));
        shown
    }
}

#[tokio::test]
async fn a_host_brings_its_own_users() {
    let members = Members::default();
    let kept = members.clone();
    let app = TestApp::host(
        |config| {
            config.users.id = IdKind::Text;
            config.wire.envelope.clear();
        },
        |builder| builder.users(members),
        shop,
    )
    .await;
    let eva = json!({ "name": "Eva", "email": "eva@example.com", "password": "password",
        "password_confirmation": "password" });
    let answer = app
        .anonymous()
        .post(REGISTER, eva.clone())
        .await
        .assert_status(201)
        .json();
    assert_eq!(answer["user"], json!({ "member": "member-0" }));
    let program = app.bearer(answer["token"].as_str().expect("a token"));
    assert_eq!(
        program.get("/api/user").await.json(),
        json!({ "member": "member-0" })
    );
    let browser = app.logged_in("eva@example.com").await;
    assert_eq!(
        browser.get("/who").await.assert_status(200).body,
        "eva@example.com"
    );
    let tokens = program.get("/api/v1/me/tokens").await.json();
    assert_eq!(tokens.as_array().map(Vec::len), Some(1));

    let eva = kept
        .find_by_login("eva@example.com")
        .await
        .expect("read")
        .expect("a member");
    app.adyton.disable_user(&eva).await.expect("disabled");
    browser.get("/who").await.assert_status(401);
    program.get("/who").await.assert_status(401);
}

/// Laravel's table with a row of the host's beside each user, in one transaction.
struct Customers(UsersTable);

#[async_trait]
impl Users for Customers {
    async fn find(&self, id: &UserId) -> Result<Option<User>> {
        self.0.find(id).await
    }

    async fn find_by_login(&self, login: &str) -> Result<Option<User>> {
        self.0.find_by_login(login).await
    }

    async fn create(&self, new: NewUser, tx: &mut Tx) -> Result<User> {
        let phone = new
            .fields
            .get("phone")
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned();
        let user = self.0.create(new, tx).await?;
        let UserId::Integer(id) = user.id else {
            return Err(Error::NotFound);
        };
        let row = "INSERT INTO customers (user_id, phone) VALUES ($1, $2)";
        tx.run(row, &[id.into(), phone.into()]).await?;
        Ok(user)
    }

    async fn update(&self, id: &UserId, changes: Changes, tx: &mut Tx) -> Result<bool> {
        self.0.update(id, changes, tx).await
    }

    async fn delete(&self, id: &UserId, tx: &mut Tx) -> Result<bool> {
        self.0.delete(id, tx).await
    }

    async fn list(&self, query: &UserQuery) -> Result<(Vec<User>, u64)> {
        self.0.list(query).await
    }
}

#[tokio::test]
async fn a_hosts_row_and_ours_are_one_transaction() {
    let database = TestDatabase::fresh().await;
    let db = database.connect().await;
    let mut config = TestApp::config();
    config
        .users
        .fields
        .insert("phone".to_owned(), Field::new(FieldKind::Text));
    let clock = adyton::Clock::system();
    let table = UsersTable::new(db.clone(), clock, []);
    let adyton = Adyton::builder(db.clone())
        .config(config)
        .users(Customers(table))
        .build();
    let adyton = adyton.expect("the settings are right");
    adyton.migrate().await.expect("migrated");
    let own = Migration {
        name: "shop/0001_customers",
        sql: "CREATE TABLE customers (user_id {ref} NOT NULL, phone varchar(20) NOT NULL UNIQUE);",
    };
    let applied = adyton.migrate_host(&[own]).await.expect("migrated");
    assert_eq!(applied, ["shop/0001_customers"]);
    assert!(
        adyton
            .migrate_host(&[own])
            .await
            .expect("migrated")
            .is_empty()
    );

    let router = adyton.routes().layer(adyton.layer());
    let register = async |email: &str, phone: &str| {
        let body = json!({ "name": "Eva", "email": email, "password": "password", "phone": phone });
        let request = http::Request::post(REGISTER)
            .header("content-type", "application/json")
            .body(axum::body::Body::from(body.to_string()))
            .expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        response.status().as_u16()
    };
    let rows = async |table: &str| {
        let row = db
            .one(&format!("SELECT COUNT(*) AS total FROM {table}"), &[])
            .await;
        row.expect("read")
            .expect("a row")
            .get::<i64>("total")
            .expect("a number")
    };
    assert_eq!(register("eva@example.com", "600").await, 201);
    assert_eq!((rows("users").await, rows("customers").await), (1, 1));
    assert_ne!(
        register("ana@example.com", "600").await,
        201,
        "the phone is taken"
    );
    assert_eq!(
        (rows("users").await, rows("customers").await),
        (1, 1),
        "no half of it"
    );
    assert_eq!(rows("personal_access_tokens").await, 1);
}
