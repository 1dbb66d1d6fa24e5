//! Parameters: of paths, queries and headers.

use serde_json::{Value, json};

/// A parameter.
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    place: &'static str,
    schema: Value,
    description: &'static str,
}

/// One of the query; it may be left out.
pub fn query(name: &'static str, schema: Value, description: &'static str) -> Parameter {
    Parameter { name, place: "query", schema, description }
}

/// A header; it may be left out.
pub fn header(name: &'static str, schema: Value, description: &'static str) -> Parameter {
    Parameter { name, place: "header", schema, description }
}

/// One of the path.
pub fn path(name: &'static str, schema: Value, description: &'static str) -> Parameter {
    Parameter { name, place: "path", schema, description }
}

/// Those that a path names.
pub fn of_path(template: &'static str) -> Vec<Parameter> {
    let names = template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    names.map(usual).collect()
}

/// What a name in a path stands for.
fn usual(name: &'static str) -> Parameter {
    let uuid = || json!({"type": "string", "format": "uuid"});
    match name {
        "site" => path(name, json!({"type": "string", "pattern": SITE_KEY}), "The site's key."),
        "request" => path(name, uuid(), "The request's id."),
        "agent" => path(name, uuid(), "The agent's id."),
        "reply" => path(name, uuid(), "The canned reply's id."),
        "id" => path(name, json!({"type": "string"}), "The one-time id of a mailed link."),
        "file" | "attachment" => path(name, uuid(), "The file's id."),
        other => path(other, json!({"type": "string"}), ""),
    }
}

/// As the schema of site files has it.
const SITE_KEY: &str = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$";

/// `locale`, which anything may be: what there are no texts in counts as not given.
pub fn locale() -> Parameter {
    query(
        "locale",
        json!({"type": "string"}),
        "BCP 47 tag of the language to answer in; else `Accept-Language` counts, then the site's.",
    )
}

/// The id of an answer.
pub fn answer_id() -> Parameter {
    path("id", json!({"type": "string"}), "The answer's id, as the offer gives it.")
}

/// `If-None-Match`.
pub fn if_none_match() -> Parameter {
    header("If-None-Match", json!({"type": "string"}), "The `ETag` of what is kept: it is not sent again.")
}

/// `Idempotency-Key`.
pub fn idempotency_key() -> Parameter {
    let schema = json!({"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"});
    header("Idempotency-Key", schema, "Chosen by the client: what is sent again with the same key is done once.")
}

impl Parameter {
    /// The parameter's object (OpenAPI 3.1, section 4.8.12).
    pub fn described(self) -> Value {
        let Self { name, place, schema, description } = self;
        json!({"name": name, "in": place, "required": place == "path", "schema": schema, "description": description})
    }
}
