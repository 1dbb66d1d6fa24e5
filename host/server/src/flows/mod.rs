//! The flows of the host, each readable from top to bottom in its file.

pub mod answer;
pub mod brought;
pub mod offer;
pub mod own;
pub mod request;
