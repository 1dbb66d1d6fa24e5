//! Bodies of the console's interface: JSON objects whose every member is known.

use axum::{
    body::Body,
    http::{HeaderMap, header::CONTENT_TYPE},
};
use porchlight_model::submission::{Problem, ProblemCode};
use serde_json::{Map, Value};

use crate::{
    app::App,
    http::{
        body::{object, read, require_json, whole},
        problem::{Fault, field},
    },
};

/// The members of a body that nobody has taken yet.
pub struct Members(Map<String, Value>);

impl Members {
    /// Reads a body. It has to say that it is JSON: a form of another page cannot.
    pub async fn of(app: &App, headers: &HeaderMap, sent: Body) -> Result<Self, Fault> {
        if !headers.contains_key(CONTENT_TYPE) {
            return Err(Fault::UnsupportedMediaType);
        }
        require_json(headers)?;
        Ok(Self(object(&read(sent, &app.limits).await?)?))
    }

    /// A text that has to be there, of so many characters at most.
    pub fn text(&mut self, name: &str, limit: usize) -> Result<String, Fault> {
        self.some_text(name, limit)?.ok_or_else(|| field(name, ProblemCode::Required))
    }

    /// A text that may be there.
    pub fn some_text(&mut self, name: &str, limit: usize) -> Result<Option<String>, Fault> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.chars().nth(limit).is_some() => {
                Err(field(name, ProblemCode::TooLong(limit)))
            }
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(field(name, ProblemCode::WrongType)),
        }
    }

    /// One of the values there are, by its name.
    pub fn choice<T: Copy>(&mut self, name: &str, values: &[T], said: impl Fn(T) -> &'static str) -> Result<T, Fault> {
        let text = self.text(name, 100)?;
        let found = values.iter().copied().find(|value| said(*value) == text);
        found.ok_or_else(|| field(name, ProblemCode::UnknownValue))
    }

    /// The revision at which somebody saw what they change.
    pub fn revision(&mut self) -> Result<u32, Fault> {
        let given = self.0.remove("revision").ok_or_else(|| field("revision", ProblemCode::Required))?;
        let code = if given.is_number() { ProblemCode::UnknownValue } else { ProblemCode::WrongType };
        whole(&given).ok_or_else(|| field("revision", code))
    }

    /// A yes or no that has to be there.
    pub fn truth(&mut self, name: &str) -> Result<bool, Fault> {
        let given = self.0.remove(name).ok_or_else(|| field(name, ProblemCode::Required))?;
        given.as_bool().ok_or_else(|| field(name, ProblemCode::WrongType))
    }

    /// A list of texts, if it is there.
    pub fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, Fault> {
        let wrong = || field(name, ProblemCode::WrongType);
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::Array(items)) => {
                let text = |item: Value| item.as_str().map(str::to_owned).ok_or_else(wrong);
                items.into_iter().map(text).collect::<Result<_, _>>().map(Some)
            }
            Some(_) => Err(wrong()),
        }
    }

    /// What is left, for whoever reads it by other rules.
    pub fn rest(self) -> Map<String, Value> {
        self.0
    }

    /// Refuses what nobody has taken.
    pub fn end(self) -> Result<(), Fault> {
        let problem = |name: &String| Problem { field: name.clone(), code: ProblemCode::UnknownField };
        let unknown: Vec<Problem> = self.0.keys().map(problem).collect();
        if unknown.is_empty() { Ok(()) } else { Err(Fault::Fields(unknown)) }
    }
}

/// The most characters of an address, and of a password or code.
pub const ADDRESS: usize = 254;
/// See [`ADDRESS`].
pub const SECRET: usize = 1_024;
