//! Every error in every dialect, as a table.

use super::{app, errors, row};

const ERRORS: &str = r#"
unauthenticated
  laravel  401 {"message":"Unauthenticated."}
  envelope 401 {"success":false,"message":"Unauthenticated.","errors":{"code":"UNAUTHENTICATED"}}
  overlay  403 {"status":"error","why":"Unauthenticated."}
wrong-credentials
  laravel  422 {"message":"These credentials do not match our records.","errors":{"email":["These credentials do not match our records."]}}
  envelope 401 {"success":false,"message":"These credentials do not match our records.","errors":{"code":"INVALID_CREDENTIALS"}}
  overlay  422 {"message":"No.","errors":{"correo":["No."]}}
ability
  laravel  403 {"message":"Invalid ability provided."}
  envelope 403 {"success":false,"message":"Invalid ability provided.","errors":{"code":"FORBIDDEN"}}
  overlay  403 {"message":"Invalid ability provided."}
session-ability
  laravel  403 {"message":"Invalid ability provided."}
  envelope 403 {"success":false,"message":"Invalid ability provided.","errors":{"code":"FORBIDDEN"}}
  overlay  403 {"message":"Invalid ability provided."}
role
  laravel  403 {"message":"This action is unauthorized."}
  envelope 403 {"success":false,"message":"This action is unauthorized.","errors":{"code":"FORBIDDEN"}}
  overlay  403 {"message":"This action is unauthorized."}
not-yours
  laravel  403 {"message":"This action is unauthorized."}
  envelope 403 {"success":false,"message":"This action is unauthorized.","errors":{"code":"FORBIDDEN"}}
  overlay  403 {"message":"This action is unauthorized."}
closed
  laravel  403 {"message":"Registration is closed."}
  envelope 403 {"success":false,"message":"Registration is closed.","errors":{"code":"FORBIDDEN"}}
  overlay  403 {"message":"Registration is closed."}
https
  laravel  403 {"message":"HTTPS is required."}
  envelope 403 {"success":false,"message":"HTTPS is required.","errors":{"code":"FORBIDDEN"}}
  overlay  403 {"message":"HTTPS is required."}
csrf
  laravel  419 {"message":"CSRF token mismatch."}
  envelope 419 {"success":false,"message":"CSRF token mismatch.","errors":{"code":"CSRF_MISMATCH"}}
  overlay  419 {"message":"CSRF token mismatch."}
invalid-one
  laravel  422 {"message":"The email field must be a valid email address.","errors":{"email":["The email field must be a valid email address."]}}
  envelope 422 {"success":false,"message":"The email field must be a valid email address.","errors":{"code":"VALIDATION_FAILED","email":["The email field must be a valid email address."]}}
  overlay  422 {"message":"The correo field must be a valid email address.","errors":{"correo":["The correo field must be a valid email address."]}}
invalid-two
  laravel  422 {"message":"The email field is required. (and 1 more error)","errors":{"email":["The email field is required."],"name":["The name field must not be greater than 255 characters."]}}
  envelope 422 {"success":false,"message":"The email field is required. (and 1 more error)","errors":{"code":"VALIDATION_FAILED","email":["The email field is required."],"name":["The name field must not be greater than 255 characters."]}}
  overlay  422 {"message":"correo? (and 1 more error)","errors":{"correo":["correo?"],"name":["The name field must not be greater than 255 characters."]}}
invalid-three
  laravel  422 {"message":"The email field is required. (and 2 more errors)","errors":{"email":["The email field is required."],"name":["The name field must not be greater than 255 characters.","The name field must be a string."]}}
  envelope 422 {"success":false,"message":"The email field is required. (and 2 more errors)","errors":{"code":"VALIDATION_FAILED","email":["The email field is required."],"name":["The name field must not be greater than 255 characters.","The name field must be a string."]}}
  overlay  422 {"message":"correo? (and 2 more errors)","errors":{"correo":["correo?"],"name":["The name field must not be greater than 255 characters.","The name field must be a string."]}}
invalid-none
  laravel  422 {"message":"The given data was invalid.","errors":{}}
  envelope 422 {"success":false,"message":"The given data was invalid.","errors":{"code":"VALIDATION_FAILED"}}
  overlay  422 {"message":"The given data was invalid.","errors":{}}
throttled
  laravel  429 {"message":"Too Many Attempts."}
  envelope 429 {"success":false,"message":"Too Many Attempts.","errors":{"code":"TOO_MANY_REQUESTS"}}
  overlay  429 {"message":"Too Many Attempts."}
guest
  laravel  409 {"message":"You are already logged in."}
  envelope 409 {"success":false,"message":"You are already logged in.","errors":{"code":"ALREADY_AUTHENTICATED"}}
  overlay  409 {"message":"You are already logged in."}
json
  laravel  400 {"message":"The request body is not valid JSON (line 2, column 7)."}
  envelope 400 {"success":false,"message":"The request body is not valid JSON (line 2, column 7).","errors":{"code":"BAD_REQUEST"}}
  overlay  400 {"message":"The request body is not valid JSON (line 2, column 7)."}
json-twice
  laravel  400 {"message":"The name email stands more than once in the request body."}
  envelope 400 {"success":false,"message":"The name email stands more than once in the request body.","errors":{"code":"BAD_REQUEST"}}
  overlay  400 {"message":"The name email stands more than once in the request body."}
json-object
  laravel  400 {"message":"The request body must be a JSON object."}
  envelope 400 {"success":false,"message":"The request body must be a JSON object.","errors":{"code":"BAD_REQUEST"}}
  overlay  400 {"message":"The request body must be a JSON object."}
utf8
  laravel  400 {"message":"The request is not valid UTF-8."}
  envelope 400 {"success":false,"message":"The request is not valid UTF-8.","errors":{"code":"BAD_REQUEST"}}
  overlay  400 {"message":"The request is not valid UTF-8."}
multipart
  laravel  400 {"message":"The request body is not valid multipart form data."}
  envelope 400 {"success":false,"message":"The request body is not valid multipart form data.","errors":{"code":"BAD_REQUEST"}}
  overlay  400 {"message":"The request body is not valid multipart form data."}
body
  laravel  400 {"message":"The request body could not be read."}
  envelope 400 {"success":false,"message":"The request body could not be read.","errors":{"code":"BAD_REQUEST"}}
  overlay  400 {"message":"The request body could not be read."}
too-large
  laravel  413 {"message":"The request body must not be larger than 65536 bytes."}
  envelope 413 {"success":false,"message":"The request body must not be larger than 65536 bytes.","errors":{"code":"PAYLOAD_TOO_LARGE"}}
  overlay  413 {"message":"The request body must not be larger than 65536 bytes."}
body-kind
  laravel  415 {"message":"Send the body as application/json, application/x-www-form-urlencoded or multipart/form-data, without Content-Encoding."}
  envelope 415 {"success":false,"message":"Send the body as application/json, application/x-www-form-urlencoded or multipart/form-data, without Content-Encoding.","errors":{"code":"UNSUPPORTED_MEDIA_TYPE"}}
  overlay  415 {"message":"Send the body as application/json, application/x-www-form-urlencoded or multipart/form-data, without Content-Encoding."}
not-found
  laravel  404 {"message":"Not found."}
  envelope 404 {"success":false,"message":"Not found.","errors":{"code":"NOT_FOUND"}}
  overlay  404 {"message":"Not found."}
no-route
  laravel  404 {"message":"The route laravel/no-route could not be found."}
  envelope 404 {"success":false,"message":"The route envelope/no-route could not be found.","errors":{"code":"NOT_FOUND"}}
  overlay  404 {"message":"The route overlay/no-route could not be found."}
method
  laravel  405 {"message":"The GET method is not supported for route laravel/method. Supported methods: GET, HEAD."}
  envelope 405 {"success":false,"message":"The GET method is not supported for route envelope/method. Supported methods: GET, HEAD.","errors":{"code":"METHOD_NOT_ALLOWED"}}
  overlay  405 {"message":"The GET method is not supported for route overlay/method. Supported methods: GET, HEAD."}
host
  laravel  409 {"message":"There are no more of these."}
  envelope 409 {"success":false,"message":"There are no more of these.","errors":{"code":"SOLD_OUT"}}
  overlay  409 {"message":"There are no more of these."}
host-field
  laravel  422 {"message":"The track id is your own.","errors":{"track_id":["The track id is your own."]}}
  envelope 422 {"success":false,"message":"The track id is your own.","errors":{"code":"OWN_TRACK","track_id":["The track id is your own."]}}
  overlay  422 {"message":"The track id is your own.","errors":{"track_id":["The track id is your own."]}}
busy
  laravel  503 {"message":"Service Unavailable"}
  envelope 503 {"success":false,"message":"Service Unavailable","errors":{"code":"SERVICE_UNAVAILABLE"}}
  overlay  503 {"message":"Service Unavailable"}
unavailable
  laravel  503 {"message":"Service Unavailable"}
  envelope 503 {"success":false,"message":"Service Unavailable","errors":{"code":"SERVICE_UNAVAILABLE"}}
  overlay  503 {"message":"Service Unavailable"}
unexpected
  laravel  500 {"message":"Server Error"}
  envelope 500 {"success":false,"message":"Server Error","errors":{"code":"SERVER_ERROR"}}
  overlay  500 {"message":"Server Error"}
"#;

#[tokio::test]
async fn every_error_in_every_dialect() {
    let app = app(|_| {}).await;
    let mut table = String::from("\n");
    for (case, _) in errors() {
        table += &row(&app, case).await;
    }
    assert_eq!(table, ERRORS, "{table}");
}
