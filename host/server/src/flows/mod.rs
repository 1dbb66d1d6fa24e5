//! The flows of the host, each readable from top to bottom in its file.

pub mod agents;
pub mod attach;
pub mod brought;
pub mod change;
pub mod desk;
pub mod due;
pub mod duty;
pub mod erasure;
pub mod handle;
pub mod inbox;
pub mod links;
pub mod mailbox;
pub mod measuring;
pub mod offer;
pub mod own;
pub mod person;
pub mod request;
pub mod retention;
pub mod sign_in;
