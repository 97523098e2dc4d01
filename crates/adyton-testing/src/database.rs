//! A fresh, empty database for one test, on the server that `cargo xtask test` started.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use adyton::Db;
use adyton::db::ConnectOptions;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// An empty database. What it leaves goes with the server, or with this value.
#[derive(Debug)]
pub struct TestDatabase {
    /// The address, as `ADYTON_DATABASE_URL` takes it.
    pub url: String,
    folder: Option<PathBuf>,
}

impl TestDatabase {
    /// On the database that `ADYTON_TEST_DATABASE` names: `sqlite` (the default), `postgres` or
    /// `mariadb`.
    ///
    /// # Panics
    /// When the server is not there: `cargo xtask test` starts it.
    pub async fn fresh() -> Self {
        let name = format!(
            "t{}_{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        match std::env::var("ADYTON_TEST_DATABASE").as_deref() {
            Err(_) | Ok("sqlite") => Self::in_file(&name),
            Ok("postgres") => {
                let server = server("ADYTON_TEST_POSTGRES_URL");
                create(&server, &format!("CREATE SCHEMA {name}")).await;
                Self {
                    url: format!("{server}?options=-c%20search_path%3D{name}"),
                    folder: None,
                }
            }
            Ok("mariadb") => {
                let server = server("ADYTON_TEST_MARIADB_URL");
                create(&server, &format!("CREATE DATABASE {name}")).await;
                let (host, _) = server
                    .rsplit_once('/')
                    .expect("the address names a database");
                Self {
                    url: format!("{host}/{name}"),
                    folder: None,
                }
            }
            Ok(other) => {
                panic!("ADYTON_TEST_DATABASE is `{other}`; it is sqlite, postgres or mariadb")
            }
        }
    }

    /// Two connections to `:memory:` would be two databases, so it is a file.
    fn in_file(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("adyton-test-{name}"));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Self {
            url: format!("sqlite://{}", folder.join("test.db").display()),
            folder: Some(folder),
        }
    }

    /// The same database once more. It goes with the first value, not with this one.
    pub fn shared(&self) -> Self {
        Self {
            url: self.url.clone(),
            folder: None,
        }
    }

    /// A pool of connections to it.
    ///
    /// # Panics
    /// When it cannot be reached.
    pub async fn connect(&self) -> Db {
        let options = ConnectOptions {
            max_connections: 5,
            ..ConnectOptions::default()
        };
        Db::connect(&self.url, options)
            .await
            .expect("the test database can be reached")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

fn server(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set; run the tests by `cargo xtask test`"))
}

async fn create(server: &str, sql: &str) {
    let options = ConnectOptions {
        max_connections: 1,
        ..ConnectOptions::default()
    };
    let db = Db::connect(server, options)
        .await
        .expect("the test server can be reached");
    db.run(sql, &[])
        .await
        .expect("the test user may create databases");
    db.close().await;
}
