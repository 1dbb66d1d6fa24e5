//! Telephone numbers and e-mail addresses.

mod email;
mod phone;

pub use self::{
    email::{EmailAddress, EmailError},
    phone::{Phone, PhoneError},
};
