//! What the agents' console sees.

pub mod agent;
pub mod audit;
pub mod report;
pub mod request;
