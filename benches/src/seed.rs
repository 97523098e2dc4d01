//! A database with many tokens and sessions, of which some are known here.

use adyton::db::{ConnectOptions, Value};
use adyton::{Abilities, Adyton, Config, Db, NewToken, Secret, User, UserDraft};
use anyhow::Result;

/// Credentials that the load uses, of all that are there.
pub(crate) const USED: usize = 200;

/// The user's address and password.
pub(crate) const LOGIN: (&str, &str) = ("ana@example.com", "correct horse battery staple");

/// What the load sends.
pub(crate) struct Credentials {
    pub tokens: Vec<String>,
}

/// The settings of server and seed: no limits, or the load would measure refusals.
pub(crate) fn config() -> Config {
    let mut config = Config::default();
    config.throttle.enabled = false;
    config.key = Some(Secret::new(
        "base64:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned(),
    ));
    config
}

/// Fills a fresh database with `rows` tokens and sessions, and gives [`USED`] tokens that are
/// among them.
pub(crate) async fn fill(address: &str, rows: usize) -> Result<Credentials> {
    let db = Db::connect(address, ConnectOptions::default()).await?;
    let adyton = Adyton::builder(db).config(config()).build()?;
    adyton.migrate().await?;
    let mut draft = UserDraft::new("Ana Pérez", LOGIN.0);
    draft.password = Some(LOGIN.1.into());
    let user = adyton.create_user(draft).await?;
    fill_others(adyton.db(), &user, rows).await?;
    let mut tokens = Vec::with_capacity(USED);
    for _ in 0..USED {
        let issued = adyton
            .issue_token(&user, NewToken::new("bench", Abilities::new(["user"])))
            .await?;
        tokens.push(issued.plain_text.expose().clone());
    }
    adyton.db().close().await;
    Ok(Credentials { tokens })
}

/// Rows of other credentials, a few hundred a statement.
async fn fill_others(db: &Db, user: &User, rows: usize) -> Result<()> {
    const AT_ONCE: usize = 400;
    let Value::Integer(Some(owner)) = Value::from(&user.id) else {
        anyhow::bail!("ids are numbers here")
    };
    let mut made = 0;
    while made < rows {
        let mut tx = db.begin().await?;
        for _ in 0..50 {
            let numbers = made..rows.min(made + AT_ONCE);
            if numbers.is_empty() {
                break;
            }
            let tokens = numbers.clone().map(|n| {
                format!("('App\\Models\\User', {owner}, 'other', '{n:064x}', '[\"user\"]', '2026-01-01 00:00:00')")
            });
            let sessions = numbers
                .clone()
                .map(|n| format!("('{n:064x}', {owner}, 'e30=', 1767225600)"));
            let (tokens, sessions): (Vec<_>, Vec<_>) = (tokens.collect(), sessions.collect());
            let sql = "INSERT INTO personal_access_tokens (tokenable_type, tokenable_id, name, token, abilities, created_at) VALUES ";
            tx.run(&format!("{sql}{}", tokens.join(", ")), &[]).await?;
            let sql = "INSERT INTO sessions (id, user_id, payload, last_activity) VALUES ";
            tx.run(&format!("{sql}{}", sessions.join(", ")), &[])
                .await?;
            made = numbers.end;
        }
        tx.commit().await?;
    }
    Ok(())
}
