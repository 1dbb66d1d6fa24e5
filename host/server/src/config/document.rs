//! A TOML file as JSON, with the place of every value, checked against a JSON Schema.

use std::collections::HashMap;

use jsonschema::{PatternOptions, ValidationError, Validator, error::ValidationErrorKind};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use toml_span::value::ValueInner;

use super::diagnostic::{Diagnostic, Diagnostics};

/// A JSON Schema, ready to check with.
pub struct Schema(Validator);

impl Schema {
    /// Of one of our own types.
    #[expect(clippy::expect_used, reason = "schemas are made out of our own types; tests read every one")]
    pub fn of<T: JsonSchema>() -> Self {
        Self::new(&schemars::schema_for!(T).to_value()).expect("a schema")
    }

    fn new(schema: &Value) -> Result<Self, ValidationError<'static>> {
        jsonschema::options().with_pattern_options(PatternOptions::regex()).build(schema).map(Self)
    }
}

/// A TOML file as JSON, with the place of every value.
#[derive(Debug)]
pub struct Document {
    file: String,
    text: String,
    /// The file's content.
    pub value: Value,
    /// Byte offset of every value's key, by JSON pointer.
    offsets: HashMap<String, usize>,
}

impl Document {
    /// Reads a file's text. TOML dates without quotes are not supported: write them as strings.
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostics> {
        let parsed = toml_span::parse(text).map_err(|error| {
            let (line, column) = position(text, error.span.start);
            Diagnostics(vec![Diagnostic {
                file: file.to_owned(),
                place: Some((line, column)),
                key: String::new(),
                message: format!("not valid TOML: {error}"),
            }])
        })?;
        let mut offsets = HashMap::new();
        let value = json(&parsed, "", &mut offsets);
        Ok(Self { file: file.to_owned(), text: text.to_owned(), value, offsets })
    }

    /// Checks the content against a schema, then reads it into `T`.
    pub fn read<T: DeserializeOwned>(&self, schema: &Schema) -> Result<T, Diagnostics> {
        let mistakes = self.check(schema);
        if !mistakes.is_empty() {
            return Err(Diagnostics(mistakes));
        }
        serde_json::from_value(self.value.clone())
            .map_err(|error| Diagnostics(vec![self.diagnostic("", error.to_string())]))
    }

    fn check(&self, schema: &Schema) -> Vec<Diagnostic> {
        schema.0.iter_errors(&self.value).flat_map(|error| self.explain(&error)).collect()
    }

    fn explain(&self, error: &ValidationError<'_>) -> Vec<Diagnostic> {
        let pointer = error.instance_path().to_string();
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
                .iter()
                .map(|key| self.diagnostic(&format!("{pointer}/{}", escape(key)), "there is no such key".to_owned()))
                .collect(),
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                vec![self.diagnostic(&pointer, format!("the key `{key}` is missing"))]
            }
            _ => vec![self.diagnostic(&pointer, error.to_string())],
        }
    }

    /// A mistake at a JSON pointer; where the pointer has no place of its own, its nearest parent's is given.
    pub fn diagnostic(&self, pointer: &str, message: String) -> Diagnostic {
        Diagnostic { file: self.file.clone(), place: self.place(pointer), key: dotted(pointer), message }
    }

    fn place(&self, pointer: &str) -> Option<(usize, usize)> {
        let mut pointer = pointer;
        loop {
            if let Some(offset) = self.offsets.get(pointer) {
                return Some(position(&self.text, *offset));
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    }
}

fn json(value: &toml_span::Value<'_>, pointer: &str, offsets: &mut HashMap<String, usize>) -> Value {
    offsets.entry(pointer.to_owned()).or_insert(value.span.start);
    match value.as_ref() {
        ValueInner::String(text) => Value::from(text.as_ref()),
        ValueInner::Integer(number) => Value::from(*number),
        ValueInner::Float(number) => Value::from(*number),
        ValueInner::Boolean(truth) => Value::from(*truth),
        ValueInner::Array(items) => items
            .iter()
            .enumerate()
            .map(|(position, item)| json(item, &format!("{pointer}/{position}"), offsets))
            .collect(),
        ValueInner::Table(table) => {
            let mut members = Map::new();
            for (key, member) in table {
                let below = format!("{pointer}/{}", escape(&key.name));
                offsets.insert(below.clone(), key.span.start);
                members.insert(key.name.to_string(), json(member, &below, offsets));
            }
            Value::Object(members)
        }
    }
}

/// A reference token of a JSON pointer (RFC 6901, section 3).
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn dotted(pointer: &str) -> String {
    let mut key = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if part.bytes().all(|byte| byte.is_ascii_digit()) && !key.is_empty() {
            key.push_str(&format!("[{part}]"));
        } else {
            if !key.is_empty() {
                key.push('.');
            }
            key.push_str(&part);
        }
    }
    key
}

fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset.min(text.len()))];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mistakes(text: &str) -> Vec<String> {
        let schema = Schema::new(&json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["key"],
            "properties": {"key": {"type": "string"}, "list": {"type": "array", "items": {"type": "integer"}}},
        }));
        let schema = schema.expect("a schema");
        match Document::parse("site.toml", text).and_then(|document| document.read::<Value>(&schema)) {
            Ok(_) => Vec::new(),
            Err(Diagnostics(list)) => list.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        assert_eq!(mistakes("key = \"a\"\n\nhuors = 1\n"), ["site.toml:3:1: `huors`: there is no such key"]);
    }

    #[test]
    fn a_missing_key_is_named() {
        assert_eq!(mistakes("list = [1]"), ["site.toml:1:1: the key `key` is missing"]);
    }

    #[test]
    fn a_wrong_type_deep_inside_is_placed() {
        assert_eq!(
            mistakes("key = \"a\"\nlist = [1, \"b\"]"),
            ["site.toml:2:13: `list[1]`: \"b\" is not of type \"integer\""]
        );
    }

    #[test]
    fn broken_toml_names_the_line() {
        let found = mistakes("key = \"a\"\nlist = [1,");
        assert!(found[0].starts_with("site.toml:2:"), "{found:?}");
    }
}
