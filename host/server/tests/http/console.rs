//! The agents' console: signing in, and the interface behind it.

mod doors;
mod duty;
mod guessing;
mod managing;
pub mod people;
mod races;
mod reporting;
#[path = "../../src/http/console/routes.rs"]
#[expect(dead_code, reason = "the test reads the table alone")]
pub mod routes;
mod signing_in;
mod working;
