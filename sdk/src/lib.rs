#![doc = include_str!("../README.md")]

#[doc(hidden)]
pub mod bindings;
mod error;
#[doc(hidden)]
pub mod glue;
mod hooks;
pub mod log;
mod register;
mod settings;
mod texts;

pub use error::HookError;
pub use hooks::{
    Answer, Channel, Decision, Describe, Form, FormKind, Guide, Lengthened, Moment, Notice, NoticeLevel, Offer,
    OfferPatch, Priority, PromiseTarget, ReceiveRequest, Refusal, Routing, ShapeOffer, Slot, Submission,
    VisitorContext,
};
pub use settings::NoSettings;
pub use texts::Texts;

pub use schemars;
pub use serde;
