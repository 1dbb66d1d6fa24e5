//! HTTP: routes, and what surrounds every request.

pub mod answers;
pub mod attachments;
pub mod body;
pub mod calendar;
mod console;
pub mod conversation;
pub mod cors;
pub mod desk;
pub mod feedback;
pub mod file_name;
pub mod health;
pub mod hosted;
pub mod inbound;
pub mod link;
pub mod links;
pub mod listener;
pub mod live;
pub mod locale;
pub mod mine;
pub mod offer;
pub mod openapi;
pub mod own;
pub mod own_pages;
pub mod page;
pub mod pieces;
pub mod problem;
pub mod progress;
pub mod schemas;
pub mod slots;
pub mod submit;
pub mod surroundings;
pub mod visit;
pub mod walls;
pub mod widget;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::HeaderMap,
    middleware,
    routing::{get, post},
};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
};

use crate::app::App;
use problem::{Fault, Problem};

/// Every route of the host, with what surrounds them.
pub fn routes(app: App) -> Router {
    let api = Router::new()
        .route("/v1/sites/{site}/offer", get(offer::read))
        .route("/v1/sites/{site}/slots", get(slots::read))
        .route("/v1/sites/{site}/answers", get(answers::search))
        .route("/v1/sites/{site}/answers/{id}/feedback", post(feedback::say))
        .route("/v1/sites/{site}/requests", post(submit::submit))
        .route("/v1/sites/{site}/links", post(links::ask))
        .route("/v1/sites/{site}/links/{id}", post(links::exchange))
        .route("/v1/requests", get(links::list))
        .route("/v1/inbound/mail", post(inbound::mail))
        .route("/v1/request", get(own::read).patch(own::change).delete(own::erase))
        .route("/v1/request/entries", post(conversation::write))
        .route("/v1/request/attachments", post(attachments::send))
        .route("/v1/request/attachments/{file}", get(attachments::read))
        .route("/v1/request/rating", post(conversation::rate))
        .route("/v1/request/events", get(live::follow))
        .route("/v1/request/calendar", get(calendar::by_token))
        .route_layer(middleware::from_fn_with_state(app.clone(), walls::of_interface));
    let pages = Router::new()
        .route("/c/{site}", get(hosted::read).post(hosted::forms::submit))
        .route("/c/{site}/answers/{id}", post(feedback::by_page))
        .route("/r/{site}/{id}", get(link::read).post(link::act))
        .route("/r/{site}/{id}/calendar.ics", get(calendar::by_link))
        .route("/r/{site}/{id}/attachments", post(link::files::send))
        .route("/r/{site}/{id}/attachments/{file}", get(link::files::read))
        .route("/desk/{site}/{id}/attachments/{file}", get(link::files::read_at_desk))
        .route("/mine/{site}", get(mine::form).post(mine::ask))
        .route("/mine/{site}/{id}", get(mine::read).post(mine::act))
        .route("/desk/{site}/{id}", get(desk::read).post(desk::act))
        .route_layer(middleware::from_fn_with_state(app.clone(), walls::counted))
        .route_layer(middleware::from_fn_with_state(app.clone(), own_pages::answered));
    let files = Router::new()
        .route("/w/{file}", get(widget::of_site))
        .route("/assets/{file}", get(widget::asset))
        .route_layer(middleware::map_response(widget::for_every_page));
    Router::new()
        .merge(api)
        .merge(pages)
        .merge(files)
        .merge(console::routes(&app))
        .route("/v1/openapi.json", get(openapi::read))
        .route("/schema/site.json", get(schemas::site))
        .route("/schema/porchlight.json", get(schemas::host))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
        .layer(DefaultBodyLimit::disable())
        .with_state(app)
}

/// Puts around a router what every request has: a name, a log line, one host, CORS, a time limit, careful headers; compression.
pub fn surrounded(routes: Router, app: &App) -> Router {
    // Files that people send are photos and documents, which are compressed by themselves.
    let worth_compressing = DefaultPredicate::new().and(NotForContentType::const_new("application/octet-stream"));
    // One layer for most of it: each costs a request more than what it does.
    routes
        .layer(middleware::from_fn_with_state(app.clone(), surroundings::surrounded))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_compressing))
}

async fn not_found(headers: HeaderMap) -> Problem {
    Fault::NotFound.said_in(locale::of_headers(&headers))
}

async fn method_not_allowed(headers: HeaderMap) -> Problem {
    Fault::MethodNotAllowed.said_in(locale::of_headers(&headers))
}
