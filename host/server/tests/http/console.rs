//! The agents' console: signing in, and the interface behind it.

mod doors;
mod managing;
pub mod people;
#[path = "../../src/http/console/routes.rs"]
#[expect(dead_code, reason = "the test reads the table alone")]
mod routes;
mod signing_in;
mod working;
