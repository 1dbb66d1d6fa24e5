//! Signing in: passwords, second factors, sessions, and the devices that are known. Rules and secrets; what happens with them is
//! in `flows/sign_in.rs`.

pub mod cookies;
pub mod passwords;
pub mod secrets;
pub mod session;
pub mod totp;
