//! `request-routing`: topic and keywords to team, tags and priority; unwanted content is refused.
//!
//! The rules are in [`rules`], the words in [`words`]; this is the glue to the host.

pub mod rules;
pub mod settings;
pub mod words;

use porchlight_sdk::{Decision, Describe, HookError, ReceiveRequest, Refusal, Submission, VisitorContext, register};

use crate::{rules::Verdict, settings::Settings};

/// The plugin.
pub struct RequestRouting;

impl Describe for RequestRouting {
    type Settings = Settings;
}

impl ReceiveRequest for RequestRouting {
    fn receive(settings: Settings, visitor: VisitorContext, submission: Submission) -> Result<Decision, HookError> {
        let text = submission.text.unwrap_or_default();
        Ok(match rules::judge(&settings, &text) {
            Verdict::Belongs(routing) => Decision::Accept(routing),
            Verdict::Unwanted(reason) => Decision::Refuse(vec![Refusal {
                field: "text".to_owned(),
                message: settings.refusal(reason, &visitor.locale),
            }]),
        })
    }
}

register!(RequestRouting: ReceiveRequest);
