//! Somebody else's stand-in for Stripe, `localstripe` from PyPI, which `cargo xtask test` fetches: what
//! BeatPass says of Stripe's API is held against a server that we did not write. It knows less than
//! Stripe: it declines the documented cards when they are put to a customer, with one code for all, and
//! an intent whose charge failed cannot be tried again.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use adyton_testing::{Answer, HostProcess, Wire};
use serde_json::Value as Json;

use crate::BEATPASS;

const KEY: &str = "sk_test_12345";
const SECRET: &str = "whsec_localstripe";

/// A running localstripe. It ends with this value.
pub struct Localstripe {
    address: SocketAddr,
    child: Child,
    folder: PathBuf,
}

impl Localstripe {
    /// Starts one; `None` where there is none, as when the tests are not run by `cargo xtask test`.
    pub async fn start() -> Option<Self> {
        let Some(modules) = std::env::var_os("ADYTON_TEST_LOCALSTRIPE") else {
            eprintln!("not tested: localstripe is fetched by `cargo xtask test` only");
            return None;
        };
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|any| any.local_addr());
        let address = free.expect("a port is free");
        // It writes its store where it is started.
        let name = format!(
            "beatpass-localstripe-{}-{}",
            std::process::id(),
            address.port()
        );
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        let child = Command::new("python3")
            .args(["-m", "localstripe", "--from-scratch", "--port"])
            .arg(address.port().to_string())
            .env("PYTHONPATH", modules)
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Python can be started");
        let started = Self {
            address,
            child,
            folder,
        };
        for _ in 0..600 {
            if tokio::net::TcpStream::connect(address).await.is_ok() {
                return Some(started);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("localstripe does not take connections");
    }

    /// A shop that is told to take its money here.
    pub async fn shop(&self) -> HostProcess {
        let address = format!("http://{}", self.address);
        HostProcess::with(
            BEATPASS,
            &[
                ("BEATPASS_STRIPE_SECRET_KEY", KEY),
                ("BEATPASS_STRIPE_PUBLISHABLE_KEY", "pk_test_12345"),
                ("BEATPASS_STRIPE_WEBHOOK_SECRET", SECRET),
                ("BEATPASS_STRIPE_ADDRESS", &address),
            ],
        )
        .await
    }

    /// Has it tell a shop what happens.
    pub async fn tell(&self, host: &HostProcess) {
        let url = format!("http://{}/stripe/webhook", host.address);
        let form = [("url", url.as_str()), ("secret", SECRET)];
        self.post("/_config/webhooks/shop", &form)
            .await
            .assert_status(200);
    }

    /// A card, as the browser's script makes one of what was entered.
    pub async fn card(&self, number: &str) -> String {
        let form = [
            ("type", "card"),
            ("card[number]", number),
            ("card[exp_month]", "12"),
            ("card[exp_year]", "2034"),
            ("card[cvc]", "123"),
        ];
        let made = self.post("/v1/payment_methods", &form).await;
        let id = made.assert_status(200).json()["id"].clone();
        id.as_str().expect("an id").to_owned()
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = format!(
            "POST {path}\nAuthorization: Bearer {KEY}\n\
             Content-Type: application/x-www-form-urlencoded\n\n{body}"
        );
        Wire::to(self.address).send(&request).await
    }

    /// How many charges took money.
    pub async fn charged(&self) -> usize {
        let charges = self.list("/v1/charges?limit=100").await;
        charges
            .iter()
            .filter(|charge| charge["status"] == "succeeded")
            .count()
    }

    pub async fn list(&self, path: &str) -> Vec<Json> {
        let request = format!("GET {path}\nAuthorization: Bearer {KEY}");
        let listed = Wire::to(self.address).send(&request).await;
        let listed = listed.assert_status(200).json();
        listed["data"].as_array().expect("a list").clone()
    }
}

impl Drop for Localstripe {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
