//! What is measured: a part a file.

mod calls;
mod memory;
mod offers;
mod starts;
mod submissions;
mod widget;

use anyhow::{Result, bail};

use crate::{setting::Setting, table::Part};

type Measure = fn(&Setting) -> Result<Part>;

const PARTS: [(&str, Measure); 6] = [
    ("offers", offers::measure),
    ("submissions", submissions::measure),
    ("calls", calls::measure),
    ("starts", starts::measure),
    ("memory", memory::measure),
    ("widget", widget::measure),
];

/// Measures the parts that were asked for, all where none was named.
pub fn measure(setting: &Setting) -> Result<Vec<Part>> {
    if let Some(unknown) = setting.parts.iter().find(|name| PARTS.iter().all(|(known, _)| known != name)) {
        bail!("there is no part `{unknown}`: {}", PARTS.map(|(name, _)| name).join(", "));
    }
    let wanted = |name: &str| setting.parts.is_empty() || setting.parts.iter().any(|wanted| wanted == name);
    let chosen = PARTS.iter().filter(|(name, _)| wanted(name));
    chosen
        .map(|(name, measure)| {
            eprintln!("measuring {name} …");
            measure(setting)
        })
        .collect()
}
