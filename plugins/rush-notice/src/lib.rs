//! `rush-notice`: in a dated rush the expected reply is longer, and a notice says so.
//!
//! The rules are in [`rules`]; this is the glue to the host.

pub mod rules;
pub mod settings;

use porchlight_sdk::{Describe, HookError, Offer, OfferPatch, ShapeOffer, VisitorContext, register};

use crate::settings::Settings;

/// The plugin.
pub struct RushNotice;

impl Describe for RushNotice {
    type Settings = Settings;
}

impl ShapeOffer for RushNotice {
    fn shape(settings: Settings, visitor: VisitorContext, offer: Offer) -> Result<OfferPatch, HookError> {
        settings.require_sense().map_err(HookError::Invalid)?;
        Ok(rules::patch(&settings, &visitor, &offer))
    }
}

register!(RushNotice: ShapeOffer);
