//! Plugins as the model sees them: which ones a site uses, and what their decisions were.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A plugin in a site's file.
#[derive(Clone, Debug, PartialEq)]
pub struct PluginUse {
    /// Name unique within the site.
    pub name: String,
    /// Path of the component within the site's files.
    pub component: String,
    /// SHA-256 of the component in lower-case hexadecimal, as found when the site was applied.
    pub sha256: Option<String>,
    /// Settings, still to be validated by the plugin's own JSON Schema.
    pub settings: serde_json::Value,
    /// Memory the plugin may use, in bytes, summed over all its memories.
    pub memory: Option<usize>,
}

/// How pressing a request is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// Can wait.
    Low,
    /// The usual.
    #[default]
    Normal,
    /// Before the others.
    High,
}

/// Where a request belongs, as plugins decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routing {
    /// The team that should answer.
    pub team: Option<String>,
    /// What it is about.
    pub topic: Option<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// How pressing it is.
    pub priority: Priority,
}

impl Routing {
    /// This routing with what a later plugin says laid over it: team, topic and priority replace, tags add up.
    pub fn overlaid(mut self, later: Routing) -> Self {
        self.team = later.team.or(self.team);
        self.topic = later.topic.or(self.topic);
        self.tags.extend(later.tags.into_iter().filter(|tag| !self.tags.contains(tag)).collect::<Vec<_>>());
        self.priority = if later.priority == Priority::Normal { self.priority } else { later.priority };
        self
    }
}

/// What a plugin says of a request that was just submitted.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// It is kept, and belongs here.
    Accept(Routing),
    /// It is not kept; the visitor is told why at the fields named.
    Refuse(Vec<Refusal>),
}

/// One reason to refuse, at the field it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Name of the field, `text`.
    pub field: String,
    /// What the visitor reads, in their language.
    pub message: String,
}

/// How one call of a plugin ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// It answered, and this is what it changed, in short words.
    Answered {
        /// What the answer changed: `team=returns`, `refused text`, …
        changes: Vec<String>,
    },
    /// It answered with an error of the contract.
    Error {
        /// The contract's name of the error: `invalid`, `unavailable`, …
        code: String,
        /// What the plugin said, for the operator.
        message: String,
    },
    /// It crashed.
    Trap {
        /// What the runtime said, for the operator.
        message: String,
    },
    /// It hit a limit.
    Limit {
        /// Which one: `cpu`, `wall`, `memory`, `payload`.
        limit: String,
        /// What was allowed, with its unit.
        allowed: String,
    },
    /// It could not be loaded.
    Missing {
        /// Why, for the operator.
        message: String,
    },
}

/// Which plugin decided what, and what it cost. Kept with every decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The plugin's name in the site's file.
    pub plugin: String,
    /// The version its `describe` gave.
    pub version: String,
    /// SHA-256 of the component, lower-case hexadecimal.
    pub sha256: String,
    /// The hook that was called.
    pub hook: String,
    /// Wall time of the call, in microseconds.
    pub wall_us: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Further facts by name, for the operator.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, String>,
}
