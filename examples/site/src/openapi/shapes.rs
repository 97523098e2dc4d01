//! What answers have in common: the envelope, its pages, its refusals.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

/// Something that was asked for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "Adyton words the answer; this describes it")]
pub struct Found<T> {
    /// `true`.
    success: bool,
    message: String,
    data: T,
}

/// A part of a list.
#[derive(ToSchema)]
#[expect(dead_code, reason = "Adyton words the answer; this describes it")]
pub struct Paged<T> {
    /// `true`.
    success: bool,
    message: String,
    data: Vec<T>,
    meta: Meta,
}

/// Which part of the list it is.
#[derive(ToSchema)]
#[expect(dead_code, reason = "Adyton words the answer; this describes it")]
pub struct Meta {
    #[schema(minimum = 1)]
    current_page: u64,
    #[schema(minimum = 1, maximum = 100)]
    per_page: u64,
    #[schema(minimum = 1)]
    last_page: u64,
    total: u64,
}

/// It is done.
#[derive(ToSchema)]
#[expect(dead_code, reason = "Adyton words the answer; this describes it")]
pub struct Told {
    /// `true`.
    success: bool,
    message: String,
}

/// A user, as they see themselves.
#[derive(ToSchema)]
#[expect(dead_code, reason = "Adyton shows users; this describes them")]
pub struct Profile {
    #[schema(minimum = 1)]
    id: i64,
    name: String,
    #[schema(format = Email)]
    email: String,
    email_verified: bool,
    #[schema(format = DateTime)]
    created_at: Option<String>,
    #[schema(format = DateTime)]
    updated_at: Option<String>,
}

/// Which part of a list is asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by `Query`; this describes it")]
pub struct Paging {
    /// The page's number.
    #[param(minimum = 1, maximum = 1000000)]
    page: Option<u64>,
    /// Entries a page; 15 unless it says otherwise.
    #[param(minimum = 1, maximum = 100)]
    per_page: Option<u64>,
}

/// The order of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by `Query`; this describes it")]
pub struct Sort {
    /// `created_at`; with a minus before it, the newest first.
    #[param(pattern = "^(-?created_at)?$", example = "-created_at")]
    sort: Option<String>,
}

/// Why not. `errors.code` is for programs; beside it stands what is wrong with each field.
#[derive(ToSchema)]
#[expect(dead_code, reason = "Adyton words the answer; this describes it")]
pub struct Refusal {
    /// `false`.
    success: bool,
    #[schema(min_length = 1)]
    message: String,
    errors: Errors,
}

/// The machine's word, and what is wrong by field.
pub struct Errors;

impl PartialSchema for Errors {
    fn schema() -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let sentences = ArrayBuilder::new().items(text());
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .property("code", text().pattern(Some("^[A-Z0-9_]+$")))
            .required("code")
            .additional_properties(Some(AdditionalProperties::RefOr(RefOr::T(
                sentences.into(),
            ))))
            .into()
    }
}

impl ToSchema for Errors {}
