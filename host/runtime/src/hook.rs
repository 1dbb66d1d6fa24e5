//! The hooks of the contract, and what a call of each may cost.

use std::time::Duration;

/// An export that the host calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hook {
    /// Says what the plugin is.
    Describe,
    /// Adds to or narrows what a visitor is offered.
    ShapeOffer,
    /// Decides where a request belongs, or that it is not wanted.
    ReceiveRequest,
}

/// What one call of a hook may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookLimits {
    /// Time the guest computes.
    pub cpu: Duration,
    /// Time from the call to its answer, waiting included.
    pub wall: Duration,
}

impl Hook {
    /// Every hook there is.
    pub const ALL: [Self; 3] = [Self::Describe, Self::ShapeOffer, Self::ReceiveRequest];

    /// Its name in the contract, `shape-offer`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Describe => "describe",
            Self::ShapeOffer => "shape-offer",
            Self::ReceiveRequest => "receive-request",
        }
    }

    /// Name of the interface a component exports for it.
    pub(crate) fn export(self) -> &'static str {
        match self {
            Self::Describe => "porchlight:plugin/describe@0.1.0",
            Self::ShapeOffer => "porchlight:plugin/shape-offer@0.1.0",
            Self::ReceiveRequest => "porchlight:plugin/receive-request@0.1.0",
        }
    }

    /// What one call may cost.
    pub fn limits(self) -> HookLimits {
        match self {
            Self::Describe => HookLimits { cpu: Duration::from_millis(100), wall: Duration::from_secs(1) },
            Self::ShapeOffer | Self::ReceiveRequest => {
                HookLimits { cpu: Duration::from_millis(20), wall: Duration::from_millis(250) }
            }
        }
    }
}
