//! Configuration: what the operator and the owners wrote, checked, with the place of every mistake.

pub mod answers;
pub mod attachments;
pub mod diagnostic;
pub mod document;
pub mod host;
pub mod retention;
pub mod site;
pub mod site_file;
