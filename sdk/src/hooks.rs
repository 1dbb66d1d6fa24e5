//! The hooks a plugin can implement, and the nouns they speak in. The nouns are those of `wit/`, under the same names.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::HookError;
pub use crate::bindings::{
    imports::porchlight::plugin::types::{FormKind, Moment, VisitorContext},
    receive_request::exports::porchlight::plugin::receive_request::{
        Decision, Priority, Refusal, Routing, Slot, Submission,
    },
    shape_offer::exports::porchlight::plugin::shape_offer::{
        Answer, Channel, Form, Guide, Lengthened, Notice, NoticeLevel, Offer, OfferPatch, PromiseTarget,
    },
};

/// What every plugin is. Name, version and summary come from its `Cargo.toml` (`name`, `version`, `description`).
pub trait Describe {
    /// Its settings in the site file; [`NoSettings`](crate::NoSettings) takes none.
    ///
    /// Their JSON Schema is derived and goes into the component: the host checks a site file by it, and a hook is called
    /// only with settings that fit. Add `#[serde(deny_unknown_fields)]`, so that misspelt keys are found.
    type Settings: DeserializeOwned + JsonSchema;
}

/// A plugin that adds to or narrows what a visitor is offered.
pub trait ShapeOffer: Describe {
    /// What to change in the offer; an empty patch (`OfferPatch::default()`) leaves it as it is.
    ///
    /// Called for every offer, so answer quickly: 20 ms of CPU time are allowed.
    fn shape(settings: Self::Settings, visitor: VisitorContext, offer: Offer) -> Result<OfferPatch, HookError>;
}

/// A plugin that decides where a request belongs, or that it is not wanted.
pub trait ReceiveRequest: Describe {
    /// What becomes of a submission whose fields the host found in order. 20 ms of CPU time are allowed.
    fn receive(
        settings: Self::Settings,
        visitor: VisitorContext,
        submission: Submission,
    ) -> Result<Decision, HookError>;
}

impl Default for OfferPatch {
    /// Changes nothing.
    fn default() -> Self {
        Self {
            notices: Vec::new(),
            guides: Vec::new(),
            answers_first: Vec::new(),
            hidden_channels: Vec::new(),
            lengthened: Vec::new(),
        }
    }
}

impl Default for Routing {
    /// Says nothing: no team, no topic, no tags, the usual priority.
    fn default() -> Self {
        Self { team: None, topic: None, tags: Vec::new(), priority: Priority::Normal }
    }
}
