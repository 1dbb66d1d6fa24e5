//! What a visitor sends.

use porchlight_model::submission::{Draft, Problem, ProblemCode};
use serde_json::{Map, Value};

/// The body of a submission: the form's fields, and what came with them.
#[derive(Debug, Default, PartialEq)]
pub struct SubmissionBody {
    /// The form's fields.
    pub draft: Draft,
    /// The token the offer gave.
    pub form_token: Option<String>,
    /// The honeypot: people leave it empty.
    pub website: Option<String>,
    /// The proof of work that was asked for.
    pub proof: Option<String>,
}

/// A field that later versions read; taken and left alone until then.
const RESERVED: &str = "identity";

/// Takes a JSON object apart. Every field of another type than it should have, and every unknown one, is a problem.
pub fn read(members: Map<String, Value>) -> (SubmissionBody, Vec<Problem>) {
    let mut body = SubmissionBody::default();
    let mut problems = Vec::new();
    for (name, value) in members {
        if let Err(code) = take(&mut body, &name, value) {
            problems.push(Problem { field: name, code });
        }
    }
    (body, problems)
}

fn take(body: &mut SubmissionBody, name: &str, value: Value) -> Result<(), ProblemCode> {
    let draft = &mut body.draft;
    let field = match name {
        "kind" => &mut draft.kind,
        "name" => &mut draft.name,
        "phone" => &mut draft.phone,
        "email" => &mut draft.email,
        "slot" => &mut draft.slot,
        "text" => &mut draft.text,
        "reply_by" => &mut draft.reply_by,
        "locale" => &mut draft.locale,
        "page" => &mut draft.page,
        "form_token" => &mut body.form_token,
        "website" => &mut body.website,
        "proof" => &mut body.proof,
        "consent" => {
            draft.consent = Some(value.as_bool().ok_or(ProblemCode::WrongType)?);
            return Ok(());
        }
        RESERVED => return value.as_str().map(|_| ()).ok_or(ProblemCode::WrongType),
        _ => return Err(ProblemCode::UnknownField),
    };
    match value {
        Value::String(text) => *field = Some(text),
        _ => return Err(ProblemCode::WrongType),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parts(value: Value) -> (SubmissionBody, Vec<Problem>) {
        match value {
            Value::Object(members) => read(members),
            _ => panic!("an object"),
        }
    }

    #[test]
    fn every_wrong_type_is_named_at_once() {
        let (body, problems) = parts(json!({"kind": "message", "phone": 7, "text": null, "consent": "yes"}));
        assert_eq!(body.draft.kind.as_deref(), Some("message"));
        let mut fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["consent", "phone", "text"]);
    }

    #[test]
    fn an_unknown_field_is_refused() {
        let (_, problems) = parts(json!({"knid": "message"}));
        assert_eq!(problems, [Problem { field: "knid".to_owned(), code: ProblemCode::UnknownField }]);
    }
}
