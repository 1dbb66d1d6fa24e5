//! What the agents' console sees.

pub mod agent;
pub mod audit;
pub mod list;
pub mod reply;
pub mod report;
pub mod request;
