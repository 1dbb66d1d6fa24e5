//! Settings of plugins that take none.

use schemars::JsonSchema;
use serde::Deserialize;

/// The settings of a plugin that takes none: `{}`, or nothing in the site file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoSettings {}
