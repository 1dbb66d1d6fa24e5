//! What [`register!`](crate::register) calls: between the contract's types and the traits.

use crate::{
    Decision, Describe, HookError, Offer, OfferPatch, ReceiveRequest, ShapeOffer, Submission, VisitorContext,
    bindings::{
        describe::exports::porchlight::plugin::describe::Description,
        imports::porchlight::plugin::{settings, types::HookError as Wire},
    },
};

/// What a plugin's `Cargo.toml` says of it.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// `CARGO_PKG_NAME`.
    pub name: &'static str,
    /// `CARGO_PKG_VERSION`.
    pub version: &'static str,
    /// `CARGO_PKG_DESCRIPTION`.
    pub description: &'static str,
}

/// Name and version of this SDK.
pub const SDK: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// The same in the binary itself, so that a host of another contract can name it without running anything.
#[cfg(target_family = "wasm")]
#[used]
#[expect(unsafe_code, reason = "naming a section is unsafe where it could break a program; this one holds a text")]
#[unsafe(link_section = "porchlight-sdk")]
static SDK_SECTION: [u8; SDK.len()] = match SDK.as_bytes().first_chunk() {
    Some(bytes) => *bytes,
    None => [0; SDK.len()],
};

/// Describes a plugin to the host.
pub fn describe<P: Describe>(package: Package) -> Description {
    tell_panics();
    Description {
        name: package.name.to_owned(),
        version: package.version.to_owned(),
        summary: package.description.to_owned(),
        settings_schema: Some(settings_schema::<P>()),
        sdk: SDK.to_owned(),
    }
}

/// Answers the hook `shape-offer`.
pub fn shape<P: ShapeOffer>(visitor: VisitorContext, offer: Offer) -> Result<OfferPatch, Wire> {
    tell_panics();
    own_settings::<P>().and_then(|settings| P::shape(settings, visitor, offer)).map_err(HookError::into_wire)
}

/// Answers the hook `receive-request`.
pub fn receive<P: ReceiveRequest>(visitor: VisitorContext, submission: Submission) -> Result<Decision, Wire> {
    tell_panics();
    own_settings::<P>().and_then(|settings| P::receive(settings, visitor, submission)).map_err(HookError::into_wire)
}

/// The JSON Schema of a plugin's settings, as JSON text.
pub fn settings_schema<P: Describe>() -> String {
    schemars::schema_for!(P::Settings).as_value().to_string()
}

fn own_settings<P: Describe>() -> Result<P::Settings, HookError> {
    read_settings::<P>(&settings::get())
}

fn read_settings<P: Describe>(json: &str) -> Result<P::Settings, HookError> {
    serde_json::from_str(json).map_err(|error| HookError::Invalid(format!("settings: {error}")))
}

/// Has panics reach the operator as one line: where, and what was said.
fn tell_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
        eprintln!("panicked at {place}: {}", panic.payload_as_str().unwrap_or("without a message"));
    }));
}
