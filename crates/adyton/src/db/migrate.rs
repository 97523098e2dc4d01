//! Making and changing tables: one text for three databases, each step once, several processes at
//! a time. Its table is `adyton_migrations`, so a host's own migrations are never touched.

use super::{Db, DbError, Tx, Value};

/// One step: a name that never changes and its SQL.
///
/// The text is written with Laravel's types as words (`{id}`, `{ref}`, `{int}`, `{time}`,
/// `{bool}`, `{bytes}`, `{longtext}`, `{charset}`). A line `-- when: no table NAME` or
/// `-- when: no column TABLE.NAME` makes what follows, to the next such line, conditional: that
/// is how an existing Laravel database is left as it is. `-- when: on SQLite` (`PostgreSQL`,
/// `MySQL`) is for what the databases have no common words for, such as a full-text index.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// For instance `adyton/0001_users`; never reused.
    pub name: &'static str,
    /// The statements, each ended by `;` at the end of a line.
    pub sql: &'static str,
}

const OWN_TABLE: &str = "CREATE TABLE IF NOT EXISTS adyton_migrations (\
     name varchar(191) NOT NULL PRIMARY KEY, applied_at varchar(32) NOT NULL)";

/// The databases by their names, as [`Db::kind`] tells them.
const KINDS: [&str; 3] = ["SQLite", "PostgreSQL", "MySQL"];

impl Db {
    /// Applies the steps that this database has not had, in their order, and tells their names.
    /// `words` are further words of the text, such as the type of a user's id.
    ///
    /// # Errors
    /// When a statement fails; on SQLite and PostgreSQL nothing has changed then. MySQL cannot
    /// undo a change of tables: the steps before stay, and the next run goes on from there.
    pub async fn migrate(
        &self,
        steps: &[Migration],
        words: &[(&str, &str)],
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Vec<&'static str>, DbError> {
        let mut tx = self.begin().await?;
        tx.lock_migrations().await?;
        let outcome = apply_missing(&mut tx, steps, words, now).await;
        tx.unlock_migrations().await?;
        let applied = outcome?;
        tx.commit().await?;
        Ok(applied)
    }

    /// The steps that this database has not had.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pending(&self, steps: &[Migration]) -> Result<Vec<&'static str>, DbError> {
        let mut tx = self.begin().await?;
        let known = tx.has_column("adyton_migrations", "name").await?;
        let applied = if known {
            applied_names(&mut tx).await?
        } else {
            Vec::new()
        };
        let missing = steps.iter().map(|step| step.name);
        Ok(missing
            .filter(|name| !applied.iter().any(|done| done == name))
            .collect())
    }
}

async fn apply_missing(
    tx: &mut Tx,
    steps: &[Migration],
    words: &[(&str, &str)],
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<&'static str>, DbError> {
    tx.run(OWN_TABLE, &[]).await?;
    let done = applied_names(tx).await?;
    let mut applied = Vec::new();
    for step in steps
        .iter()
        .filter(|step| !done.iter().any(|name| name == step.name))
    {
        apply(tx, step, words).await?;
        let moment = now.format("%Y-%m-%d %H:%M:%S").to_string();
        let record = "INSERT INTO adyton_migrations (name, applied_at) VALUES ($1, $2)";
        tx.run(record, &[step.name.into(), moment.into()]).await?;
        applied.push(step.name);
    }
    Ok(applied)
}

async fn applied_names(tx: &mut Tx) -> Result<Vec<String>, DbError> {
    let rows = tx.all("SELECT name FROM adyton_migrations", &[]).await?;
    rows.iter().map(|row| row.get("name")).collect()
}

async fn apply(tx: &mut Tx, step: &Migration, words: &[(&str, &str)]) -> Result<(), DbError> {
    let own = tx.words();
    for (condition, statements) in blocks(step.sql) {
        if let Some(condition) = condition
            && !holds(tx, condition).await?
        {
            continue;
        }
        for statement in statements {
            // The host's words first: they may be made of ours.
            let text = words
                .iter()
                .chain(&own)
                .fold(statement, |text, (word, kind)| text.replace(word, kind));
            tx.run(&text, &[] as &[Value]).await?;
        }
    }
    Ok(())
}

/// `no table users`, `no column users.role`, `json passkeys.credential` or `on SQLite`.
async fn holds(tx: &mut Tx, condition: &str) -> Result<bool, DbError> {
    if let Some(kind) = condition.strip_prefix("on ") {
        return match KINDS.contains(&kind) {
            true => Ok(kind == tx.kind()),
            false => Err(unreadable(condition)),
        };
    }
    if let Some(column) = condition.strip_prefix("json ") {
        let (table, column) = column
            .split_once('.')
            .ok_or_else(|| unreadable(condition))?;
        return tx.is_json(table, column).await;
    }
    let (table, column) = match condition.split_once(' ').map(|(_, rest)| rest) {
        Some(rest) if rest.starts_with("table ") => (&rest[6..], ""),
        Some(rest) if rest.starts_with("column ") => rest[7..]
            .split_once('.')
            .ok_or_else(|| unreadable(condition))?,
        _ => return Err(unreadable(condition)),
    };
    Ok(!tx.has_column(table, column).await?)
}

fn unreadable(condition: &str) -> DbError {
    DbError::Address(format!(
        "a migration's condition cannot be read: `{condition}`"
    ))
}

/// The text in blocks: a condition, and the statements it holds for.
fn blocks(sql: &str) -> Vec<(Option<&str>, Vec<String>)> {
    let mut blocks: Vec<(Option<&str>, Vec<String>)> = vec![(None, Vec::new())];
    let mut statement = String::new();
    for line in sql.lines() {
        if let Some(condition) = line.strip_prefix("-- when: ") {
            blocks.push((Some(condition.trim()), Vec::new()));
        } else if !line.trim_start().starts_with("--") && !line.trim().is_empty() {
            statement.push_str(line);
            statement.push('\n');
            if let Some(whole) = statement.trim_end().strip_suffix(';') {
                let whole = whole.to_owned();
                blocks
                    .last_mut()
                    .expect("there is always a first block")
                    .1
                    .push(whole);
                statement.clear();
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn a_text_is_read_in_conditional_blocks_of_whole_statements() {
        let text = "-- a note\nCREATE TABLE a (\n  b int\n);\n-- when: no column a.c\nALTER TABLE a ADD c int;\nDROP TABLE z;\n";
        let read = blocks(text);
        assert_eq!(
            read[0],
            (None, vec!["CREATE TABLE a (\n  b int\n)".to_owned()])
        );
        assert_eq!(read[1].0, Some("no column a.c"));
        assert_eq!(read[1].1, ["ALTER TABLE a ADD c int", "DROP TABLE z"]);
    }
}
