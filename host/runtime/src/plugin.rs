//! Binding: a component under a site's name, with settings that fit it.

use std::sync::Arc;

use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value;

use crate::{
    component::Component,
    error::{SettingsError, SettingsProblem},
    hook::Hook,
    settings::RuntimeSettings,
};

/// A component as one site uses it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Plugin(Arc<Bound>);

/// What a plugin is called, and where.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// Its name in the site file.
    pub name: &'a str,
    /// Key of the site.
    pub site: &'a str,
}

#[derive(Debug)]
struct Bound {
    component: Component,
    name: String,
    site: String,
    settings: Arc<str>,
    memory: usize,
}

impl Plugin {
    /// Its name in the site file.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it exports a hook.
    pub fn has(&self, hook: Hook) -> bool {
        self.0.component.hooks().contains(&hook)
    }

    /// The component behind it.
    pub fn component(&self) -> &Component {
        &self.0.component
    }

    pub(crate) fn site(&self) -> &str {
        &self.0.site
    }

    pub(crate) fn settings(&self) -> Arc<str> {
        Arc::clone(&self.0.settings)
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.memory
    }
}

/// Binds a component; every problem of its settings is told at once.
pub fn bind(
    limits: &RuntimeSettings,
    component: &Component,
    named: Named<'_>,
    settings: &Value,
    memory: Option<usize>,
) -> Result<Plugin, SettingsError> {
    let memory = memory.unwrap_or(limits.memory_bytes);
    let mut problems: Vec<_> = component.settings().iter_errors(settings).map(|error| problem(&error)).collect();
    if memory > limits.memory_ceiling_bytes {
        let message = format!("`limits.memory` is above the host's {} MiB", limits.memory_ceiling_bytes >> 20);
        problems.push(SettingsProblem { pointer: String::new(), message });
    }
    if !problems.is_empty() {
        return Err(SettingsError { plugin: named.name.to_owned(), problems });
    }
    let (name, site, settings) = (named.name.to_owned(), named.site.to_owned(), settings.to_string().into());
    Ok(Plugin(Arc::new(Bound { component: component.clone(), name, site, settings, memory })))
}

fn problem(error: &jsonschema::ValidationError<'_>) -> SettingsProblem {
    SettingsProblem { pointer: error.instance_path().to_string(), message: error.to_string() }
}

/// What checks settings: the plugin's schema, or for a plugin without one, that there are none.
pub fn validator(schema: Option<&Value>) -> Result<Validator, String> {
    let none = serde_json::json!({ "type": "object", "maxProperties": 0 });
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        // The `regex` engine takes linear time: no pattern of a plugin can make it backtrack.
        .with_pattern_options(PatternOptions::regex())
        .build(schema.unwrap_or(&none))
        .map_err(|error| format!("its settings schema is not a JSON Schema: {error}"))
}
