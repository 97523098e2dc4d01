//! Every reply in every dialect, as a table.

use super::{app, replies, row};

const REPLIES: &str = r#"
empty
  laravel  204
  envelope 204
  overlay  204
message
  laravel  200 {"message":"Logged out successfully"}
  envelope 200 {"success":true,"message":"Logged out successfully"}
  overlay  200 {"message":"Logged out successfully"}
data
  laravel  200 {"id":1,"name":"Ana","email":"a@b","email_verified_at":null,"phone":"600"}
  envelope 200 {"success":true,"message":"OK","data":{"id":1,"name":"Ana","email":"a@b","email_verified":false,"phone":"600"}}
  overlay  200 {"id":1,"name":"Ana","correo":"a@b","email_verified_at":null,"telefono":"600"}
created
  laravel  201 {"id":7,"name":"blog"}
  envelope 201 {"success":true,"message":"Token created successfully","data":{"id":7,"name":"blog"}}
  overlay  201 {"id":7,"name":"blog"}
page
  laravel  200 {"current_page":2,"data":[{"id":1,"name":"Ana","email":"a@b","email_verified_at":null,"phone":"600"}],"from":4,"last_page":3,"per_page":3,"to":4,"total":7}
  envelope 200 {"success":true,"message":"OK","data":[{"id":1,"name":"Ana","email":"a@b","email_verified":false,"phone":"600"}],"meta":{"current_page":2,"per_page":3,"last_page":3,"total":7}}
  overlay  200 {"current_page":2,"data":[{"id":1,"name":"Ana","correo":"a@b","email_verified_at":null,"telefono":"600"}],"from":4,"last_page":3,"per_page":3,"to":4,"total":7}
page-empty
  laravel  200 {"current_page":1,"data":[],"from":null,"last_page":1,"per_page":15,"to":null,"total":0}
  envelope 200 {"success":true,"message":"OK","data":[],"meta":{"current_page":1,"per_page":15,"last_page":1,"total":0}}
  overlay  200 {"current_page":1,"data":[],"from":null,"last_page":1,"per_page":15,"to":null,"total":0}
logged-in
  laravel  200 {"two_factor":false}
  envelope 200 {"success":true,"message":"Logged in successfully","data":{"user":{"id":1,"name":"Ana","email":"a@b","email_verified":false}}}
  overlay  200 {"two_factor":false}
registered
  laravel  201 ""
  envelope 201 {"success":true,"message":"Registered successfully","data":{"user":{"id":1,"name":"Ana","email":"a@b","email_verified":false}}}
  overlay  201 ""
token
  laravel  200 {"user":{"id":1,"name":"Ana","email":"a@b","email_verified_at":null,"phone":"600"},"token":"1|x","token_type":"Bearer"}
  envelope 200 {"success":true,"message":"Logged in successfully","data":{"token":"1|x","token_type":"Bearer","user":{"id":1,"name":"Ana","email":"a@b","email_verified":false}}}
  overlay  200 {"user":{"id":1,"name":"Ana","correo":"a@b","email_verified_at":null,"telefono":"600"},"token":"1|x","token_type":"Bearer"}
token-new
  laravel  201 {"user":{"id":1,"name":"Ana","email":"a@b","email_verified_at":null,"phone":"600"},"token":"1|x","token_type":"Bearer"}
  envelope 201 {"success":true,"message":"Registered successfully","data":{"token":"1|x","token_type":"Bearer","user":{"id":1,"name":"Ana","email":"a@b","email_verified":false}}}
  overlay  201 {"user":{"id":1,"name":"Ana","correo":"a@b","email_verified_at":null,"telefono":"600"},"token":"1|x","token_type":"Bearer"}
"#;

#[tokio::test]
async fn every_reply_in_every_dialect() {
    let app = app(|_| {}).await;
    let mut table = String::from("\n");
    for (case, _) in replies() {
        table += &row(&app, case).await;
    }
    assert_eq!(table, REPLIES, "{table}");
}
