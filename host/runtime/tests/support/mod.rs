//! What the tests share: a site, an offer, a submission, and guests written in the text format.

pub mod guests;
pub mod shop;
