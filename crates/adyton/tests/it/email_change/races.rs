//! Requests whose last bytes arrive together.

use http::Method;
use serde_json::json;

use super::{ANA, app};
use crate::mailbox::{PAGES, address_of, assert_one_of_twenty, change_path, changed, path_in_mail};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_confirmations_one_changes_the_address() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    for round in 0..4 {
        let new = format!("new{round}@example.com");
        let path = change_path(&app, &browser, &new).await;
        assert_one_of_twenty(&app, &path).await;
        assert_eq!(address_of(&app, 1).await, new);
        app.deliver().await;
        let told = app.mails().into_iter().filter(|mail| mail.to == new);
        assert_eq!(told.count(), 2, "the link, and one notice");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_undos_one_takes_it_back() {
    let app = app().await;
    for round in 0..4 {
        let hash = crate::support::hash_of(&app, ANA).await;
        let browser = app.logged_in(ANA).await;
        let back = changed(&app, &browser, ANA, &format!("new{round}@example.com")).await;
        assert_one_of_twenty(&app, &back).await;
        assert_eq!(address_of(&app, 1).await, ANA);
        crate::support::set_hash(&app, ANA, &hash).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_wishes_at_once_each_link_proves_its_own_address() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    for round in 0..4 {
        let addresses = [
            format!("a{round}@example.com"),
            format!("b{round}@example.com"),
        ];
        let asked = addresses.clone().map(|email| {
            let (browser, body) = (browser.clone(), json!({ "name": "Ana", "email": email }));
            async move {
                let path = "/user/profile-information";
                browser
                    .json(Method::PUT, path, body)
                    .await
                    .assert_status(200);
            }
        });
        let [one, two] = asked;
        tokio::join!(one, two);
        app.deliver().await;
        let mut granted = Vec::new();
        for address in &addresses {
            let path = path_in_mail(&app, address, PAGES[0]).expect("each is mailed");
            let answer = app.anonymous().post_nothing(&path).await;
            if answer.status == 204 {
                granted.push(address.clone());
            }
        }
        assert_eq!(granted.len(), 1, "round {round}: one link is alive");
        assert_eq!(address_of(&app, 1).await, granted[0], "round {round}");
    }
}
