//! One route, described: an operation of OpenAPI 3.1, section 4.8.10.

use std::collections::BTreeMap;

use porchlight_model::{locale::Locale, request::ChangeRefused, texts::Texts};
use serde_json::{Map, Value, json};

use super::{
    parameters::{self, Parameter},
    schemas::{SchemaOf, Schemas, answered},
};
use crate::http::problem::{self, Fault};

const PROBLEM: &str = "application/problem+json";
const FILE: &str = "application/octet-stream";

/// How a file is named: OpenAPI has no place for parameters of a media type.
const NAMED: &str = "The file. `Content-Type` says what it is and, by its parameter `name*` (RFC 8187) or `name`, what it is \
                     called, `image/jpeg; name*=UTF-8''%D0%91.jpg`; what makes no name is left out, and its ending is made to fit.";

fn any_bytes(_: &mut Schemas) -> Value {
    json!({"type": "string", "contentMediaType": FILE})
}

/// What a call has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Nothing.
    Nothing,
    /// This security scheme.
    Always(&'static str),
    /// This security scheme, or nothing: then less is shown.
    Perhaps(&'static str),
}

/// How refusals are said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    AsProblems,
    AsPages,
}

/// One route, described.
pub struct Operation {
    /// Its method, in capitals.
    pub method: &'static str,
    /// Its path, with parameters as the router writes them.
    pub path: &'static str,
    tag: &'static str,
    name: &'static str,
    does: &'static str,
    shows: Shows,
    parameters: Vec<Parameter>,
    body: Option<Body>,
    answers: BTreeMap<u16, Answer>,
    refusals: BTreeMap<u16, Vec<&'static str>>,
    said: Said,
}

struct Body {
    media_type: &'static str,
    schema: SchemaOf,
    required: bool,
    example: Option<Value>,
    description: Option<&'static str>,
}

struct Answer {
    description: &'static str,
    /// By media type.
    content: Vec<(&'static str, Option<SchemaOf>)>,
    headers: Vec<(&'static str, &'static str)>,
}

/// Begins a description: method and path, what it is called, what it does.
pub fn operation(method: &'static str, path: &'static str, name: &'static str, does: &'static str) -> Operation {
    Operation {
        method,
        path,
        tag: "host",
        name,
        does,
        shows: Shows::Nothing,
        parameters: parameters::of_path(path),
        body: None,
        answers: BTreeMap::new(),
        refusals: BTreeMap::new(),
        said: Said::AsProblems,
    }
    .refuses(&[Fault::BadHost, Fault::BadQuery, Fault::Timeout])
}

impl Operation {
    /// The tag it stands under.
    pub fn tag(self, tag: &'static str) -> Self {
        Self { tag, ..self }
    }

    /// What a call has to show.
    pub fn shows(self, shows: Shows) -> Self {
        Self { shows, ..self }
    }

    /// A parameter of the query or a header, or one of the path that is another than usual.
    pub fn takes(mut self, parameter: Parameter) -> Self {
        self.parameters.retain(|known| known.name != parameter.name);
        self.parameters.push(parameter);
        self
    }

    /// A body of JSON, and how it is refused.
    pub fn json(self, schema: SchemaOf) -> Self {
        self.body("application/json", schema).refuses(&[
            Fault::NotJson,
            Fault::TooDeep,
            Fault::BadUnicode,
            Fault::GivenTwice,
            Fault::Fields(Vec::new()),
        ])
    }

    /// A body of another kind, and how it is refused.
    pub fn body(mut self, media_type: &'static str, schema: SchemaOf) -> Self {
        self.body = Some(Body { media_type, schema, required: true, example: None, description: None });
        self.refuses(&[Fault::UnsupportedMediaType, Fault::TooLarge, Fault::BadBody])
    }

    /// A body that is a file, and how it is refused.
    pub fn file(self) -> Self {
        let faults = [
            Fault::FileTooLarge(1),
            Fault::Fields(Vec::new()),
            Fault::BadIdempotencyKey,
            Fault::KeyReused,
            Fault::SiteFull,
            Fault::UploadsBusy,
            Fault::Refused(ChangeRefused::NoRoom),
        ];
        self.body(FILE, any_bytes).body_says(NAMED).refuses(&faults)
    }

    /// An answer that is a file: a download, never shown within this origin.
    pub fn sends_file(self) -> Self {
        self.sends(200, "The file.", FILE)
            .header(200, "Content-Disposition", "`attachment`, with its name.")
            .refuses(&[Fault::NotFound])
    }

    /// What is to be known of the body.
    fn body_says(mut self, description: &'static str) -> Self {
        self.body = self.body.map(|body| Body { description: Some(description), ..body });
        self
    }

    /// A body that is taken.
    pub fn example(mut self, example: Value) -> Self {
        self.body = self.body.map(|body| Body { example: Some(example), ..body });
        self
    }

    /// The body may be left out.
    pub fn or_none(mut self) -> Self {
        self.body = self.body.map(|body| Body { required: false, ..body });
        self
    }

    /// An answer of JSON.
    pub fn answers(self, status: u16, description: &'static str, schema: SchemaOf) -> Self {
        self.answer(status, description, vec![("application/json", Some(schema))])
    }

    /// Server-sent events: each as it is read, with its data.
    pub fn streams(self, status: u16, description: &'static str, event: SchemaOf) -> Self {
        self.answer(status, description, vec![("text/event-stream", Some(event))])
    }

    /// An answer of another kind; where a status has several, each is said.
    pub fn sends(self, status: u16, description: &'static str, media_type: &'static str) -> Self {
        self.answer(status, description, vec![(media_type, None)])
    }

    /// An answer without a body.
    pub fn nothing(self, status: u16, description: &'static str) -> Self {
        self.answer(status, description, vec![])
    }

    /// A header of the answer that was described last for this status.
    pub fn header(mut self, status: u16, name: &'static str, description: &'static str) -> Self {
        if let Some(answer) = self.answers.get_mut(&status) {
            answer.headers.push((name, description));
        }
        self
    }

    /// How it refuses.
    pub fn refuses(mut self, faults: &[Fault]) -> Self {
        for fault in faults {
            let (status, text) = fault.said();
            let texts = self.refusals.entry(status.as_u16()).or_default();
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        self
    }

    /// Refusals are pages.
    pub fn in_pages(self) -> Self {
        Self { said: Said::AsPages, ..self }
    }

    fn answer(
        mut self,
        status: u16,
        description: &'static str,
        content: Vec<(&'static str, Option<SchemaOf>)>,
    ) -> Self {
        let bare = || Answer { description, content: vec![], headers: vec![] };
        self.answers.entry(status).or_insert_with(bare).content.extend(content);
        self
    }

    /// The operation's object.
    pub fn described(self, schemas: &mut Schemas) -> Value {
        let mut responses = Map::new();
        for (status, answer) in &self.answers {
            responses.insert(status.to_string(), answer.described(schemas));
        }
        for (status, texts) in &self.refusals {
            responses.insert(status.to_string(), self.refusal(*status, texts, schemas));
        }
        let mut written = json!({
            "operationId": self.name,
            "tags": [self.tag],
            "summary": self.does,
            "security": match self.shows {
                Shows::Nothing => json!([]),
                Shows::Always(scheme) => json!([{scheme: []}]),
                Shows::Perhaps(scheme) => json!([{}, {scheme: []}]),
            },
            "responses": responses,
        });
        if !self.parameters.is_empty() {
            written["parameters"] = self.parameters.into_iter().map(Parameter::described).collect();
        }
        if let Some(body) = self.body {
            let mut content = json!({body.media_type: {"schema": (body.schema)(schemas)}});
            if let Some(example) = body.example {
                content[body.media_type]["example"] = example;
            }
            written["requestBody"] = json!({"required": body.required, "content": content});
            if let Some(description) = body.description {
                written["requestBody"]["description"] = json!(description);
            }
        }
        written
    }

    /// What a refusal is called that many routes share.
    fn shared_name(&self, texts: &[&str]) -> String {
        let codes: Vec<&str> = texts.iter().map(|text| text.trim_start_matches("error-")).collect();
        let codes = codes.join(".");
        if self.said == Said::AsPages { format!("page.{codes}") } else { codes }
    }

    fn refusal(&self, status: u16, texts: &[&'static str], schemas: &mut Schemas) -> Value {
        let codes: Vec<String> = texts.iter().map(|text| problem::code(text)).collect();
        let lines: Vec<String> = codes.iter().zip(texts).map(|(code, text)| line(code, text)).collect();
        let page = self.answers.get(&status).map(|answer| answer.description);
        let description: Vec<&str> = page.into_iter().chain(lines.iter().map(String::as_str)).collect();
        let mut content = Map::new();
        if self.said == Said::AsPages {
            content.insert("text/html".to_owned(), json!({"schema": {"type": "string"}}));
        }
        // What surrounds every route refuses before it is known that a page was asked for.
        if self.said == Said::AsProblems || matches!(status, 400 | 408) {
            let problem = answered::<problem::Body>(schemas);
            let narrowed = json!({"properties": {"type": {"enum": codes}, "status": {"const": status}}});
            content.insert(PROBLEM.to_owned(), json!({"schema": {"allOf": [problem, narrowed]}}));
        }
        let mut written = json!({"description": description.join("\n"), "content": content});
        if let Some((name, schema, description)) = refused_with(status) {
            written["headers"] = json!({name: {"schema": schema, "required": true, "description": description}});
        }
        match page {
            Some(_) => written,
            None => schemas.shared(&self.shared_name(texts), written),
        }
    }
}

/// What clients act by, of a refusal.
fn refused_with(status: u16) -> Option<(&'static str, Value, &'static str)> {
    match status {
        401 => Some(("WWW-Authenticate", json!({"type": "string"}), "A way in (RFC 9110, section 11.6.1).")),
        429 | 503 => Some(("Retry-After", json!({"type": "integer", "minimum": 1}), "Seconds to wait.")),
        _ => None,
    }
}

fn line(code: &str, text: &str) -> String {
    let texts = Texts::of(Locale::En);
    // Those that count something say it for one.
    let counts = matches!(text, "error-rate-limited" | "error-file-too-large");
    let said = if counts { texts.count(text, 1) } else { texts.say(text) };
    format!("- `{code}`: {said}")
}

impl Answer {
    fn described(&self, schemas: &mut Schemas) -> Value {
        let mut written = json!({"description": self.description});
        for (media_type, schema) in &self.content {
            let schema = schema.map_or_else(|| json!({"type": "string"}), |schema| schema(schemas));
            written["content"][*media_type] = json!({"schema": schema});
        }
        if !self.headers.is_empty() {
            let header = |(name, description): &(&str, &str)| {
                let schema = json!({"schema": {"type": "string"}, "required": true, "description": description});
                ((*name).to_owned(), schema)
            };
            written["headers"] = Value::Object(self.headers.iter().map(header).collect());
        }
        written
    }
}
