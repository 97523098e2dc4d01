//! BeanQuick's document, example by example: sent as it is written, to the real program. What the
//! store does beside it is asked in the same way.
//! The identifiers (BQ-01 …) are those of its promises.

mod admin;
mod catalogo;
mod demo;
mod empresa;
mod idioma;
mod pedidos;
mod sesiones;
mod solicitudes;

use std::sync::atomic::{AtomicU32, Ordering};

use adyton::{Abilities, Adyton, NewToken, UserDraft};
use adyton_testing::{Answer, HostProcess};
use serde_json::{Value as Json, json};

const BEANQUICK: &str = env!("CARGO_BIN_EXE_beanquick");

/// The document's login; only the address is filled in.
const LOGIN: &str = r#"curl -X POST https://api.beanquick.com/api/login \
  -H "Content-Type: application/json" \
  -d '{
    "email": "juan@example.com",
    "password": "SecurePass123"
  }'"#;

const LOGOUT: &str = r#"curl -X POST https://api.beanquick.com/api/logout \
  -H "Authorization: Bearer YOUR_TOKEN_HERE" \
  -H "Content-Type: application/json""#;

const USER: &str = r#"curl -X GET https://api.beanquick.com/api/user \
  -H "Authorization: Bearer YOUR_TOKEN_HERE" \
  -H "Content-Type: application/json""#;

async fn operator(host: &HostProcess) -> Adyton {
    host.operator(|config| {
        config.users.roles = ["cliente", "empresa", "admin"].map(str::to_owned).to_vec();
        config.users.default_role = Some("cliente".to_owned());
    })
    .await
}

/// A host where Juan Pérez has an account with a role.
async fn with_juan(role: &str) -> HostProcess {
    let host = HostProcess::start(BEANQUICK).await;
    let mut draft = UserDraft::new("Juan Pérez", "juan@example.com");
    draft.password = Some("SecurePass123".into());
    draft.role = Some(role.to_owned());
    let made = operator(&host).await.create_user(draft).await;
    made.expect("the user is new");
    host
}

async fn token(host: &HostProcess) -> String {
    let answer = host.client().curl(LOGIN).await;
    text(&answer.assert_status(200).json()["token"])
}

fn text(value: &Json) -> String {
    value.as_str().expect("a text").to_owned()
}

async fn with_token(host: &HostProcess, command: &str, token: &str) -> Answer {
    let command = command.replace("YOUR_TOKEN_HERE", token);
    host.client().curl(&command).await
}

async fn create_empresa(host: &HostProcess, token: &str) -> Answer {
    let request = format!(
        "POST /api/empresa\nAuthorization: Bearer {token}\nContent-Type: application/json\n\n{}",
        json!({ "nombre": "Café Luna", "direccion": "Calle 8", "telefono": "555-0100" })
    );
    host.client().send(&request).await
}

/// A host, and what talks to it.
struct Store {
    host: HostProcess,
}

impl Store {
    async fn start() -> Self {
        Self {
            host: HostProcess::start(BEANQUICK).await,
        }
    }

    /// Somebody with a role, and their token.
    async fn person(&self, name: &str, role: &str) -> Person {
        let email = format!("{}@example.com", name.to_lowercase());
        let operator = operator(&self.host).await;
        let mut draft = UserDraft::new(name, email.as_str());
        draft.role = Some(role.to_owned());
        let user = operator.create_user(draft).await.expect("the user is new");
        let new = NewToken::new("app", Abilities::new(["*"]));
        let token = operator.issue_token(&user, new).await.expect("a token");
        Person {
            id: user.id.to_string().parse().expect("ids are numbers"),
            email,
            token: token.plain_text.expose().clone(),
        }
    }

    /// An empresa with its profile.
    async fn empresa(&self, name: &str) -> Person {
        let owner = self.person(name, "empresa").await;
        let made = create_empresa(&self.host, &owner.token).await;
        made.assert_status(201);
        owner
    }

    async fn categoria(&self, nombre: &str) -> i64 {
        static ADMINS: AtomicU32 = AtomicU32::new(0);
        let name = format!("Admin{}", ADMINS.fetch_add(1, Ordering::Relaxed));
        let admin = self.person(&name, "admin").await;
        let body = json!({ "nombre": nombre });
        let made = self.send(&admin, "POST /api/admin/categorias", &body).await;
        id(&made.assert_status(201).json())
    }

    /// A producto of an empresa.
    async fn producto(&self, owner: &Person, body: Json) -> i64 {
        let made = self.send(owner, "POST /api/empresa/productos", &body).await;
        id(&made.assert_status(201).json())
    }

    async fn get(&self, path: &str) -> Answer {
        self.host.client().send(&format!("GET {path}")).await
    }

    async fn read(&self, by: &Person, path: &str) -> Answer {
        self.send(by, &format!("GET {path}"), &Json::Null).await
    }

    async fn send(&self, by: &Person, request: &str, body: &Json) -> Answer {
        let head = format!(
            "{request}\nAuthorization: Bearer {}\nContent-Type: application/json",
            by.token
        );
        let request = match body.is_null() {
            true => head,
            false => format!("{head}\n\n{body}"),
        };
        self.host.client().send(&request).await
    }

    /// Orders so many pieces of a producto.
    async fn order(&self, by: &Person, producto: i64, pieces: i64) -> Answer {
        let body = json!({ "lineas": [{ "producto_id": producto, "cantidad": pieces }] });
        self.send(by, "POST /api/pedidos", &body).await
    }

    async fn stock(&self, producto: i64) -> i64 {
        let shown = self.get(&format!("/api/productos/{producto}")).await;
        let stock = &shown.assert_status(200).json()["existencias"];
        stock.as_i64().expect("a number")
    }

    /// The newest entry of the security log.
    async fn last_event(&self) -> (String, Json) {
        let newest = operator(&self.host).await.audit_list(None, 1).await;
        let newest = newest.expect("the log is read").remove(0);
        (newest.event, newest.facts)
    }
}

struct Person {
    id: i64,
    email: String,
    token: String,
}

fn id(shown: &Json) -> i64 {
    shown["id"].as_i64().expect("an id")
}

/// The field of every entry on a page.
fn column(page: &Answer, name: &str) -> Vec<Json> {
    let page = page.assert_status(200).json();
    let entries = page["data"].as_array().expect("a page").iter();
    entries.map(|entry| entry[name].clone()).collect()
}

fn draft(categoria: i64, nombre: &str, price: i64, stock: i64) -> Json {
    json!({
        "categoria_id": categoria,
        "nombre": nombre,
        "precio_centimos": price,
        "existencias": stock,
        "disponible": true,
    })
}
