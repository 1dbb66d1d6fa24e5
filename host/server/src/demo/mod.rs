//! What the demo has beside the host: the shop's pages, and a mailbox to read its e-mails in.

mod mailbox;
mod place;
mod shop;

use std::path::PathBuf;

use axum::{Router, routing::get};

pub use place::Place;

/// The demo's own routes: the shop at the root, the mailbox at `/demo/mail`.
pub fn routes(place: &Place, mailbox: PathBuf) -> Router {
    Router::new()
        .route("/demo/mail", get(mailbox::list))
        .route("/demo/mail/{id}", get(mailbox::read))
        .with_state(mailbox)
        .merge(shop::routes(&place.example.join("pages")))
}
