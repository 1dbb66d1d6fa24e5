//! Lines for the operator's log. At most 64 a call, each cut after 1,024 characters; never put a visitor's data into one.
//!
//! In native tests they go to the standard error output.

/// How much a line matters.
pub use crate::bindings::imports::porchlight::plugin::log::Level;

/// Writes one line; the host adds plugin, site and hook.
pub fn write(level: Level, line: &str) {
    #[cfg(target_family = "wasm")]
    crate::bindings::imports::porchlight::plugin::log::write(level, line);
    #[cfg(not(target_family = "wasm"))]
    eprintln!("{level:?}: {line}");
}

/// Writes a line for whoever develops the plugin.
pub fn debug(line: &str) {
    write(Level::Debug, line);
}

/// Writes a line that is good to know.
pub fn info(line: &str) {
    write(Level::Info, line);
}

/// Writes a line that somebody should look at.
pub fn warn(line: &str) {
    write(Level::Warn, line);
}

/// Writes a line about something wrong.
pub fn error(line: &str) {
    write(Level::Error, line);
}
