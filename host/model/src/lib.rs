//! Porchlight's nouns and rules: sites, support hours, promises, offers, requests.
//!
//! Pure by invariant: nothing here is async, reads a clock, draws a random number or touches a file or a socket.
//! Whoever decides by time receives `now`; whoever needs chance receives bytes.

pub mod agent;
pub mod answers;
pub mod attachment;
pub mod channel;
pub mod checkup;
pub mod contact;
pub mod delivery;
pub mod finding;
#[cfg(test)]
mod fixture;
pub mod form;
pub mod holidays;
pub mod hours;
pub mod letters;
pub mod locale;
pub mod measure;
pub mod notices;
pub mod offer;
pub mod plugin;
pub mod reference;
pub mod reply;
pub mod request;
pub mod retention;
pub mod site;
pub mod slots;
pub mod submission;
pub mod texts;
pub mod web;
