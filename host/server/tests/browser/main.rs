//! What visitors do, played in a real browser against the real program serving the pet shop.

mod callback;
mod elsewhere;
mod faults;
mod files;
mod helped;
mod hosted;
mod keyboard;
mod languages;
mod message;
mod opening;
mod origins;
mod own;
mod quiet;
mod relay;
#[cfg(all(feature = "imap-tests", feature = "mail-tests"))]
mod story;
mod talk;
mod unseen;
mod visit;
