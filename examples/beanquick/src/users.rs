//! BeanQuick's users: Adyton's own table, and beside it the business profile of an empresa.

use adyton::db::Tx;
use adyton::{Changes, Db, Fields, NewUser, Result, User, UserId, UserQuery, Users, UsersTable};
use async_trait::async_trait;
use serde_json::{Value as Json, json};

use crate::empresa::perfil;

/// What a user may be. Whoever registers is a cliente.
pub const ROLES: [&str; 3] = [CLIENTE, EMPRESA, ADMIN];
pub const CLIENTE: &str = "cliente";
pub const EMPRESA: &str = "empresa";
pub const ADMIN: &str = "admin";

pub struct People {
    table: UsersTable,
    db: Db,
}

impl People {
    pub fn new(table: UsersTable, db: Db) -> Self {
        Self { table, db }
    }

    /// The user with the profile, if theirs is a role that has one.
    async fn with_empresa(&self, found: Option<User>) -> Result<Option<User>> {
        let Some(mut user) = found else {
            return Ok(None);
        };
        if user.role.as_deref() == Some(EMPRESA) {
            let empresa = perfil::of(&self.db, &user.id).await?;
            user.fields.insert("empresa".to_owned(), json!(empresa));
        }
        Ok(Some(user))
    }
}

#[async_trait]
impl Users for People {
    async fn find(&self, id: &UserId) -> Result<Option<User>> {
        self.with_empresa(self.table.find(id).await?).await
    }

    async fn find_by_login(&self, login: &str) -> Result<Option<User>> {
        self.with_empresa(self.table.find_by_login(login).await?)
            .await
    }

    async fn create(&self, new: NewUser, tx: &mut Tx) -> Result<User> {
        self.table.create(new, tx).await
    }

    async fn update(&self, id: &UserId, changes: Changes, tx: &mut Tx) -> Result<bool> {
        self.table.update(id, changes, tx).await
    }

    async fn delete(&self, id: &UserId, tx: &mut Tx) -> Result<bool> {
        self.table.delete(id, tx).await
    }

    async fn list(&self, query: &UserQuery) -> Result<(Vec<User>, u64)> {
        self.table.list(query).await
    }

    /// What the document shows, in its order and no more.
    fn present(&self, user: &User) -> Fields {
        let empresa = user.fields.get("empresa").cloned();
        let shown: [(&str, Json); 5] = [
            ("id", json!(user.id)),
            ("name", json!(user.name)),
            ("email", json!(user.email)),
            ("rol", json!(user.role)),
            ("empresa", empresa.unwrap_or_default()),
        ];
        shown
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect()
    }
}
