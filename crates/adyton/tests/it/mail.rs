//! Mail leaves through the outbox: at least once, in time, and nobody waits for it.

mod mailbox;
mod smtp;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use adyton::config::{Config, Locale};
use adyton::{Abilities, Adyton, Mail, MailError, Mailer, NewToken, User, async_trait};
use adyton_testing::{TestApp, TestDatabase};
use axum::Router;
use chrono::TimeDelta;

const ANA: &str = "ana@example.com";

/// A mailer that answers as it was told to, and then takes everything.
#[derive(Clone, Default)]
struct Moody {
    answers: Arc<Mutex<VecDeque<MailError>>>,
    /// The Message-IDs of all attempts.
    attempts: Arc<Mutex<Vec<String>>>,
    taken: Arc<Mutex<Vec<Mail>>>,
}

impl Moody {
    fn refusing(answers: impl IntoIterator<Item = MailError>) -> Self {
        Self {
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            ..Self::default()
        }
    }

    fn attempts(&self) -> usize {
        self.attempts.lock().expect("no panic").len()
    }

    fn taken(&self) -> Vec<Mail> {
        self.taken.lock().expect("no panic").clone()
    }
}

#[async_trait]
impl Mailer for Moody {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let id = mail.message_id.clone();
        self.attempts.lock().expect("no panic").push(id);
        if let Some(refusal) = self.answers.lock().expect("no panic").pop_front() {
            return Err(refusal);
        }
        self.taken.lock().expect("no panic").push(mail.clone());
        Ok(())
    }
}

fn passing() -> MailError {
    MailError::Passing("the server answered 451".to_owned())
}

/// An application with this mailer and no courier: a mail is sent when the test says so.
async fn app(mailer: impl Mailer, change: impl FnOnce(&mut Config)) -> TestApp {
    let bring = |builder: adyton::Builder| builder.mailer(mailer);
    TestApp::host(change, bring, |_| Router::new()).await
}

/// What has a mail sent.
async fn issue(adyton: &Adyton, user: &User) {
    let new = NewToken::new("test", Abilities::new(["user"]));
    adyton.issue_token(user, new).await.expect("a token");
}

#[tokio::test]
async fn who_is_given_a_token_is_told_by_mail() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    app.token(&ana, &["user"]).await;
    app.deliver().await;
    let mail = app.last_mail(ANA).expect("a mail");
    assert_eq!(mail.subject, "A new token for your account at Adyton");
    assert!(mail.text.contains("Its name is “test”."), "{}", mail.text);
    assert!(mail.html.contains("Its name is “test”."), "{}", mail.html);
    assert_eq!(app.mails().len(), 1);
    assert_eq!(app.mails().len(), 0, "told once");
    assert_eq!(app.count("mail_outbox").await, 0);
}

#[tokio::test]
async fn mail_is_in_the_language_and_the_name_that_are_set() {
    let app = TestApp::with(|config| {
        config.locale = Locale::Es;
        config.app_name = "Beanquick".to_owned();
    })
    .await;
    let ana = app.user(ANA).await;
    issue(&app.adyton, &ana).await;
    app.deliver().await;
    let mail = app.last_mail(ANA).expect("a mail");
    assert_eq!(mail.subject, "Un token nuevo para tu cuenta de Beanquick");
}

#[tokio::test]
async fn the_courier_sends_by_itself() {
    let mailer = Moody::default();
    let database = TestDatabase::fresh().await;
    let builder = Adyton::builder(database.connect().await).config(TestApp::config());
    let adyton = builder.mailer(mailer.clone()).build();
    let adyton = adyton.expect("right settings");
    adyton.migrate().await.expect("tables");
    let ana = adyton.create_user(adyton::UserDraft::new("Ana", ANA)).await;
    issue(&adyton, &ana.expect("new")).await;
    let begun = Instant::now();
    while mailer.taken().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(20), "nothing came");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn what_was_undone_is_not_told() {
    let app = TestApp::with(|config| config.tokens.grantable.clear()).await;
    let ana = app.user(ANA).await;
    let mut late = NewToken::new("test", Abilities::new(["user"]));
    late.expires_at = Some(chrono::DateTime::<chrono::Utc>::MAX_UTC);
    app.adyton
        .issue_token(&ana, late)
        .await
        .expect_err("no such date");
    assert_eq!(app.count("mail_outbox").await, 0);
    assert_eq!(app.deliver().await, 0);
}

#[tokio::test]
async fn the_outbox_shows_nobody_what_it_holds() {
    let app = app(Moody::default(), |_| {}).await;
    let ana = app.user(ANA).await;
    issue(&app.adyton, &ana).await;
    let sql = "SELECT payload FROM mail_outbox";
    let row = app.adyton.db().one(sql, &[]).await.expect("read");
    let payload: String = row.expect("a row").get("payload").expect("a text");
    assert!(payload.starts_with("v1."), "{payload}");
    for word in ["ana", "token_created", "example"] {
        assert!(!payload.contains(word), "{payload}");
    }
}

#[tokio::test]
async fn a_mail_that_is_not_taken_is_tried_again_later_and_later() {
    let mailer = Moody::refusing((0..7).map(|_| passing()));
    let app = app(mailer.clone(), |_| {}).await;
    let ana = app.user(ANA).await;
    issue(&app.adyton, &ana).await;
    let pauses = [10, 30, 2 * 60, 10 * 60, 30 * 60, 3600, 3600];
    for (attempt, pause) in pauses.into_iter().enumerate() {
        assert_eq!(app.deliver().await, 0);
        assert_eq!(mailer.attempts(), attempt + 1);
        // Times are kept to the second, and cut.
        app.clock.advance(TimeDelta::seconds(pause - 2));
        app.deliver().await;
        assert_eq!(mailer.attempts(), attempt + 1, "before {pause} s");
        app.clock.advance(TimeDelta::seconds(3));
    }
    assert_eq!(app.deliver().await, 1);
    assert_eq!(app.count("mail_outbox").await, 0);
    let mut ids = mailer.attempts.lock().expect("no panic").clone();
    assert_eq!(ids.len(), 8);
    ids.dedup();
    assert_eq!(ids.len(), 1, "one mail has one Message-ID");
    let id = mailer.taken().remove(0).message_id;
    assert!(id.ends_with("@localhost") && id.len() > 30, "{id}");
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_given_up() {
    let refusal = MailError::Final("the server answered 550 5.1.1".to_owned());
    let mailer = Moody::refusing([refusal]);
    let app = app(mailer.clone(), |_| {}).await;
    let ana = app.user(ANA).await;
    issue(&app.adyton, &ana).await;
    assert_eq!(app.deliver().await, 0);
    assert_eq!(app.count("mail_outbox").await, 0);
    app.clock.advance(TimeDelta::days(2));
    assert_eq!(app.deliver().await, 0);
    assert_eq!(mailer.attempts(), 1);
}

#[tokio::test]
async fn a_mail_is_given_up_after_the_time_that_is_set() {
    let mailer = Moody::refusing((0..9).map(|_| passing()));
    let hour = |config: &mut Config| config.mail.give_up_after = Duration::from_secs(3600);
    let app = app(mailer.clone(), hour).await;
    let ana = app.user(ANA).await;
    issue(&app.adyton, &ana).await;
    app.deliver().await;
    app.clock.advance(TimeDelta::minutes(59));
    app.deliver().await;
    assert_eq!(mailer.attempts(), 2);
    assert_eq!(app.count("mail_outbox").await, 1);
    app.clock.advance(TimeDelta::minutes(2));
    app.deliver().await;
    assert_eq!(mailer.attempts(), 2, "its time is over");
    assert_eq!(app.count("mail_outbox").await, 0);
}

#[tokio::test]
async fn a_mailer_that_never_answers_is_given_up_on() {
    struct Silent;
    #[async_trait]
    impl Mailer for Silent {
        async fn send(&self, _: &Mail) -> Result<(), MailError> {
            std::future::pending().await
        }
    }
    let quick = |config: &mut Config| config.mail.timeout = Duration::from_millis(50);
    let app = app(Silent, quick).await;
    let ana = app.user(ANA).await;
    let browser = app.browser();
    issue(&app.adyton, &ana).await;
    let (delivered, answer) = tokio::join!(app.deliver(), browser.get("/sanctum/csrf-cookie"));
    answer.assert_status(204);
    assert_eq!(delivered, 0);
    let sql = "SELECT last_error, claimed_by FROM mail_outbox";
    let row = app.adyton.db().one(sql, &[]).await.expect("read");
    let row = row.expect("it is kept");
    let error: String = row.get("last_error").expect("a text");
    assert_eq!(error, "no answer within mail.timeout");
    let by: Option<String> = row.get("claimed_by").expect("a text or none");
    assert_eq!(by, None);
}

#[tokio::test]
async fn a_mailer_that_panics_is_asked_again() {
    #[derive(Clone, Default)]
    struct Clumsy(Arc<Mutex<u32>>);
    #[async_trait]
    impl Mailer for Clumsy {
        async fn send(&self, _: &Mail) -> Result<(), MailError> {
            let attempt = {
                let mut attempts = self.0.lock().expect("not poisoned");
                *attempts += 1;
                *attempts
            };
            assert!(attempt > 1, "the first one always falls");
            Ok(())
        }
    }
    let app = app(Clumsy::default(), |_| {}).await;
    let ana = app.user(ANA).await;
    issue(&app.adyton, &ana).await;
    assert_eq!(app.deliver().await, 0);
    app.clock.advance(TimeDelta::seconds(11));
    assert_eq!(app.deliver().await, 1);
}

#[tokio::test]
async fn processes_that_share_an_outbox_send_each_mail_once() {
    let database = TestDatabase::fresh().await;
    let mailer = Moody::default();
    let (key, mut processes) = (adyton::Keys::generate(), Vec::new());
    for _ in 0..3 {
        let mut config = TestApp::config();
        config.key = Some(key.clone().into());
        let builder = Adyton::builder(database.connect().await).config(config);
        let builder = builder.mailer(mailer.clone()).without_courier();
        processes.push(builder.build().expect("right settings"));
    }
    processes[0].migrate().await.expect("tables");
    let draft = adyton::UserDraft::new("Ana", ANA);
    let ana = processes[0].create_user(draft).await.expect("new");
    for _ in 0..20 {
        issue(&processes[0], &ana).await;
    }
    let (a, b, c) = tokio::join!(
        processes[0].deliver_mail(),
        processes[1].deliver_mail(),
        processes[2].deliver_mail()
    );
    let sent = [a, b, c].map(|sent| sent.expect("delivered"));
    assert_eq!(sent.iter().sum::<usize>(), 20, "{sent:?}");
    let mut ids: Vec<_> = mailer
        .taken()
        .into_iter()
        .map(|mail| mail.message_id)
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}

#[tokio::test]
async fn a_mail_in_the_hands_of_a_process_that_died_is_sent_by_another() {
    let mailer = Moody::default();
    let app = app(mailer.clone(), |_| {}).await;
    let ana = app.user(ANA).await;
    issue(&app.adyton, &ana).await;
    let now = app.clock.now();
    let sql = "UPDATE mail_outbox SET claimed_by = $1, claimed_until = $2";
    let until = now + TimeDelta::seconds(40);
    let claim = [adyton::db::Value::from("another"), until.into()];
    app.adyton.db().run(sql, &claim).await.expect("claimed");
    assert_eq!(app.deliver().await, 0, "another may be sending it");
    app.clock.advance(TimeDelta::seconds(41));
    assert_eq!(app.deliver().await, 1);
}

#[tokio::test]
async fn mail_is_read_with_the_keys_before_too() {
    let (old, new) = (adyton::Keys::generate(), adyton::Keys::generate());
    let key = old.clone();
    let app = TestApp::with(move |config| config.key = Some(key.into())).await;
    let ana = app.user(ANA).await;
    issue(&app.adyton, &ana).await;
    let app = app
        .restarted(move |config| {
            config.key = Some(new.into());
            config.previous_keys = vec![old.into()];
        })
        .await;
    assert_eq!(app.deliver().await, 1);
}

#[tokio::test]
async fn without_a_way_to_send_nothing_is_queued() {
    let database = TestDatabase::fresh().await;
    let builder = Adyton::builder(database.connect().await).config(TestApp::config());
    let adyton = builder.build().expect("right settings");
    adyton.migrate().await.expect("tables");
    let draft = adyton::UserDraft::new("Ana", ANA);
    let ana = adyton.create_user(draft).await.expect("new");
    issue(&adyton, &ana).await;
    let sql = "SELECT COUNT(*) AS total FROM mail_outbox";
    let row = adyton.db().one(sql, &[]).await.expect("read");
    let total: i64 = row.expect("a row").get("total").expect("a number");
    assert_eq!(total, 0);
    assert_eq!(adyton.deliver_mail().await.expect("nothing to do"), 0);
}

#[tokio::test]
async fn a_wrong_mail_server_is_refused_when_it_is_built() {
    let database = TestDatabase::fresh().await;
    let mut config = TestApp::config();
    config.mail.url = Some("http://ana:hunter2@mail.example.com".to_owned());
    let builder = Adyton::builder(database.connect().await).config(config);
    let error = builder.build().err().expect("no SMTP").to_string();
    assert!(
        error.contains("mail.url") && error.contains("smtp://"),
        "{error}"
    );
    assert!(!error.contains("hunter2"), "{error}");
}
