//! request-routing
