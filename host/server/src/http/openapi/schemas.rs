//! Schemas of what is sent and answered (JSON Schema 2020-12), and what else routes share, collected as it is named.

use schemars::{
    JsonSchema, Schema, SchemaGenerator,
    generate::{Contract, SchemaSettings},
};
use serde_json::{Map, Value, json};

/// Where the document keeps them.
const PLACE: &str = "/components/schemas";

/// A type's schema, or where it stands.
pub type SchemaOf = fn(&mut Schemas) -> Value;

/// The schemas that were named so far. What is answered and what is sent differ in which members may be left out.
pub struct Schemas {
    answered: SchemaGenerator,
    sent: SchemaGenerator,
    responses: Map<String, Value>,
}

impl Default for Schemas {
    fn default() -> Self {
        let of = |contract| {
            SchemaSettings::draft2020_12()
                .with(|settings| {
                    settings.definitions_path = PLACE.into();
                    settings.contract = contract;
                })
                .into_generator()
        };
        Self { answered: of(Contract::Serialize), sent: of(Contract::Deserialize), responses: Map::new() }
    }
}

/// Of something that is answered.
pub fn answered<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    plain(schemas.answered.subschema_for::<T>())
}

/// Of something that is sent.
pub fn sent<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    plain(schemas.sent.subschema_for::<T>())
}

impl Schemas {
    /// An answer that many routes share, by the place where it stands.
    pub fn shared(&mut self, name: &str, response: Value) -> Value {
        self.responses.insert(name.to_owned(), response);
        json!({"$ref": format!("#/components/responses/{name}")})
    }

    /// All that were named, by name, and the answers that are shared.
    pub fn components(mut self) -> (Map<String, Value>, Map<String, Value>) {
        let mut all = self.answered.take_definitions(true);
        all.extend(self.sent.take_definitions(true));
        all.values_mut().for_each(without_nulls);
        (all, self.responses)
    }
}

fn plain(schema: Schema) -> Value {
    let mut value = schema.to_value();
    without_nulls(&mut value);
    value
}

/// There are no nulls: what is none is left out. The library knows but `null` for that.
fn without_nulls(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(without_nulls);
            if let Some(Value::Array(types)) = members.get_mut("type") {
                types.retain(|name| name != "null");
                if let [one] = types.as_slice() {
                    let one = one.clone();
                    members.insert("type".to_owned(), one);
                }
            }
            if let Some(Value::Array(choices)) = members.get_mut("anyOf") {
                choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
                if let [Value::Object(one)] = choices.as_slice() {
                    let one = one.clone();
                    members.remove("anyOf");
                    one.into_iter().for_each(|(name, value)| {
                        members.entry(name).or_insert(value);
                    });
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_left_out_is_never_null() {
        let mut schema = json!({"properties": {
            "name": {"type": ["string", "null"]},
            "slot": {"description": "When.", "anyOf": [{"$ref": "#/x"}, {"type": "null"}]},
            "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        }});
        without_nulls(&mut schema);
        let expected = json!({"properties": {
            "name": {"type": "string"},
            "slot": {"description": "When.", "$ref": "#/x"},
            "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        }});
        assert_eq!(schema, expected);
    }
}
