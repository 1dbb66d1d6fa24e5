//! The rule of `request-routing`, word for word the same source, as an Extism plugin with JSON on both sides.
#![expect(missing_docs, reason = "`plugin_fn` writes functions that have none")]

#[path = "../../../../plugins/request-routing/src/rules.rs"]
mod rules;
#[path = "../../../../plugins/request-routing/src/settings.rs"]
mod settings;
#[path = "../../../../plugins/request-routing/src/words.rs"]
mod words;

use std::sync::OnceLock;

use extism_pdk::{Error, FnResult, Json, config, plugin_fn};
use serde::{Deserialize, Serialize};

use crate::{rules::Verdict, settings::Settings};

/// What the hook is given: who sends, and what.
#[derive(Deserialize)]
pub struct Question {
    visitor: Visitor,
    submission: Submission,
}

#[derive(Deserialize)]
struct Visitor {
    locale: String,
}

#[derive(Deserialize)]
struct Submission {
    text: Option<String>,
}

/// What the hook answers.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is kept, and belongs here.
    Accept {
        /// The team that should answer.
        team: Option<String>,
        /// What it is about.
        topic: Option<String>,
        /// Words to find it by.
        tags: Vec<String>,
        /// How pressing it is.
        priority: &'static str,
    },
    /// It is not kept.
    Refuse {
        /// The field it concerns.
        field: &'static str,
        /// What the visitor reads.
        message: String,
    },
}

/// Reads its settings in every call, as a fresh instance has to.
#[plugin_fn]
pub fn receive(Json(question): Json<Question>) -> FnResult<Json<Answer>> {
    Ok(Json(answer(&settings()?, question)))
}

/// Reads its settings once and keeps them: what only a reused instance can do.
#[plugin_fn]
pub fn receive_keeping_settings(Json(question): Json<Question>) -> FnResult<Json<Answer>> {
    static KEPT: OnceLock<Settings> = OnceLock::new();
    let settings = match KEPT.get() {
        Some(settings) => settings,
        None => {
            let read = settings()?;
            KEPT.get_or_init(|| read)
        }
    };
    Ok(Json(answer(settings, question)))
}

fn settings() -> Result<Settings, Error> {
    let text = config::get("settings")?.unwrap_or_else(|| "{}".to_owned());
    Ok(serde_json::from_str(&text)?)
}

fn answer(settings: &Settings, question: Question) -> Answer {
    let text = question.submission.text.unwrap_or_default();
    match rules::judge(settings, &text) {
        Verdict::Belongs(routing) => Answer::Accept {
            team: routing.team,
            topic: routing.topic,
            tags: routing.tags,
            priority: match routing.priority {
                porchlight_sdk::Priority::Low => "low",
                porchlight_sdk::Priority::Normal => "normal",
                porchlight_sdk::Priority::High => "high",
            },
        },
        Verdict::Unwanted(reason) => {
            Answer::Refuse { field: "text", message: settings.refusal(reason, &question.visitor.locale) }
        }
    }
}
