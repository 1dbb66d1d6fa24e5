//! The questions there are: one for each hook.

use porchlight_model::{
    offer::OfferPatch,
    plugin::{Decision, Outcome},
};
use wasmtime::{Store, component::Instance, format_err};

use super::{Decides, Question};
use crate::{
    bindings::{
        exports::porchlight::plugin::{describe, receive_request, shape_offer},
        porchlight::plugin::types::HookError,
    },
    component::Exports,
    convert::{self, Breach, Looking, Offered},
    hook::Hook,
    state::CallState,
};

/// What are you? Asked once, when a component is loaded; the other hooks are looked at as well.
#[derive(Clone, Copy, Debug)]
pub struct Describe;

/// What do you change in this offer?
#[derive(Debug)]
pub struct ShapeOffer<'a> {
    /// Who is looking.
    pub visitor: Looking<'a>,
    /// What is offered so far.
    pub offer: Offered<'a>,
}

/// What becomes of this submission?
#[derive(Debug)]
pub struct ReceiveRequest<'a> {
    /// Who sends it.
    pub visitor: Looking<'a>,
    /// What is sent.
    pub submission: receive_request::Submission<'a>,
}

impl Question for Describe {
    const HOOK: Hook = Hook::Describe;
    /// The description, or what about the hooks' types does not fit.
    type Said = Result<describe::Description, String>;

    async fn put(
        self,
        store: &mut Store<CallState>,
        instance: &Instance,
        exports: &Exports,
    ) -> wasmtime::Result<Self::Said> {
        match typed(store, instance, exports) {
            Ok(guest) => guest.call_describe(store).await.map(Ok),
            Err(error) => Ok(Err(format!("{error:#}"))),
        }
    }
}

/// Checks the types of every hook there is.
fn typed(store: &mut Store<CallState>, instance: &Instance, exports: &Exports) -> wasmtime::Result<describe::Guest> {
    if let Some(hook) = &exports.shape_offer {
        hook.load(&mut *store, instance)?;
    }
    if let Some(hook) = &exports.receive_request {
        hook.load(&mut *store, instance)?;
    }
    exports.describe.load(store, instance)
}

impl Question for ShapeOffer<'_> {
    const HOOK: Hook = Hook::ShapeOffer;
    type Said = Result<shape_offer::OfferPatch, HookError>;

    async fn put(
        self,
        store: &mut Store<CallState>,
        instance: &Instance,
        exports: &Exports,
    ) -> wasmtime::Result<Self::Said> {
        let hook = exports.shape_offer.as_ref().ok_or_else(|| format_err!("no such export"))?;
        let guest = hook.load(&mut *store, instance)?;
        guest.call_shape(store, self.visitor.said(), self.offer.said()).await
    }
}

impl Decides for ShapeOffer<'_> {
    type Answer = OfferPatch;

    fn read(said: Self::Said) -> Result<(OfferPatch, Vec<String>), Outcome> {
        let patch = said.map_err(refused)?;
        Ok((convert::patch(patch).map_err(breach)?, Vec::new()))
    }
}

impl Question for ReceiveRequest<'_> {
    const HOOK: Hook = Hook::ReceiveRequest;
    type Said = Result<receive_request::Decision, HookError>;

    async fn put(
        self,
        store: &mut Store<CallState>,
        instance: &Instance,
        exports: &Exports,
    ) -> wasmtime::Result<Self::Said> {
        let hook = exports.receive_request.as_ref().ok_or_else(|| format_err!("no such export"))?;
        let guest = hook.load(&mut *store, instance)?;
        guest.call_receive(store, self.visitor.said(), self.submission).await
    }
}

impl Decides for ReceiveRequest<'_> {
    type Answer = Decision;

    fn read(said: Self::Said) -> Result<(Decision, Vec<String>), Outcome> {
        let decision = said.map_err(refused).and_then(|decision| convert::decision(decision).map_err(breach))?;
        let changes = convert::changes(&decision);
        Ok((decision, changes))
    }
}

fn refused(error: HookError) -> Outcome {
    let (code, message) = match error {
        HookError::Invalid(message) => ("invalid", message),
        HookError::Denied(message) => ("denied", message),
        HookError::RateLimited(message) => ("rate-limited", message),
        HookError::Unavailable(message) => ("unavailable", message),
        HookError::Internal(message) => ("internal", message),
    };
    Outcome::Error { code: code.to_owned(), message: message.chars().take(super::MESSAGE_CHARS).collect() }
}

/// An answer that breaks the contract's own bounds is an error of the plugin like any other.
fn breach(Breach(message): Breach) -> Outcome {
    Outcome::Error { code: "contract".to_owned(), message }
}
