//! `/v1/console/…`: the interface of the agents' console.
//!
//! For pages of this host alone: no other origin is answered (`cors`), what changes something has to come from one of our pages
//! (`CsrfLayer`), and the cookie is `SameSite=Strict`. Which routes there are, and what each needs, stands in `routes`.

mod account;
mod agents;
mod attachments;
mod audit;
mod body;
mod duty;
mod entering;
mod handling;
mod list;
mod read;
mod replies;
mod report;
pub mod routes;
mod session;
mod signed_in;

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    extract::Request,
    http::Method,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use self::routes::{Endpoint, Needs, ROUTES, Route};
use super::{locale, problem::Fault, walls};
use crate::app::App;

/// Every route of the console, with what surrounds it.
pub fn routes(app: &App) -> Router<App> {
    let router = ROUTES.iter().fold(Router::new(), |router, route| router.route(route.path, guarded(route, app)));
    let foreign = |_: ProtectionError| Unsaid::from(Fault::ForeignPage).into_response();
    let guard = CsrfLayer::new().with_rejection_response(foreign);
    // An address that is no origin is never one that a browser sends.
    let guard = guard.clone().add_trusted_origin(&app.public_url).unwrap_or(guard);
    router
        .route_layer(guard)
        .route_layer(middleware::from_fn(said))
        .route_layer(middleware::from_fn_with_state(app.clone(), walls::of_interface))
}

/// What answers at a route, to whom it may.
fn guarded(route: &Route, app: &App) -> MethodRouter<App> {
    match route.needs {
        Needs::Nothing => handler(route),
        Needs::Session | Needs::Site | Needs::OwnerOfSite | Needs::Owner => {
            handler(route).route_layer(middleware::from_fn_with_state(app.clone(), signed_in::required))
        }
    }
}

/// What answers at a route. Every endpoint of the table has its handler: one that is forgotten does not build.
fn handler(route: &Route) -> MethodRouter<App> {
    let method = filter(route.method);
    match route.endpoint {
        Endpoint::SignIn => on(method, session::sign_in),
        Endpoint::WhoAmI => on(method, session::read),
        Endpoint::SignOut => on(method, session::sign_out),
        Endpoint::SignOutEverywhere => on(method, session::sign_out_everywhere),
        Endpoint::ChangePassword => on(method, account::change_password),
        Endpoint::Enrol => on(method, account::enrol),
        Endpoint::Confirm => on(method, account::confirm),
        Endpoint::Disenrol => on(method, account::disenrol),
        Endpoint::TakeUpInvitation => on(method, account::take_up),
        Endpoint::ListAgents => on(method, agents::list),
        Endpoint::AddAgent => on(method, agents::add),
        Endpoint::RemoveAgent => on(method, agents::remove),
        Endpoint::ListRequests => on(method, list::read),
        Endpoint::EnterRequest => on(method, entering::enter),
        Endpoint::Colleagues => on(method, agents::colleagues),
        Endpoint::ReadRequest => on(method, read::read),
        Endpoint::EraseRequest => on(method, handling::erase),
        Endpoint::Act => on(method, handling::act),
        Endpoint::Assign => on(method, handling::assign),
        Endpoint::Answer => on(method, handling::answer),
        Endpoint::Attach => on(method, attachments::send),
        Endpoint::ReadAttachment => on(method, attachments::read),
        Endpoint::Note => on(method, handling::note),
        Endpoint::Tag => on(method, handling::tag),
        Endpoint::RenderReplies => on(method, replies::rendered),
        Endpoint::ListReplies => on(method, replies::list),
        Endpoint::WriteReply => on(method, replies::write),
        Endpoint::RewriteReply => on(method, replies::rewrite),
        Endpoint::RemoveReply => on(method, replies::remove),
        Endpoint::SetDuty => on(method, duty::set),
        Endpoint::ReadAudit => on(method, audit::read),
        Endpoint::ReadReport => on(method, report::read),
        Endpoint::ReadReportTable => on(method, report::table),
    }
}

fn filter(method: &str) -> MethodFilter {
    let method = Method::from_bytes(method.as_bytes()).ok();
    // `routes` has a test that every method of the table is one.
    method.and_then(|method| MethodFilter::try_from(method).ok()).unwrap_or(MethodFilter::TRACE)
}

/// A refusal that has yet to be said in the agent's language, by [`said`].
#[derive(Clone)]
pub struct Unsaid(Arc<Mutex<Option<Fault>>>);

impl<E> From<E> for Unsaid
where
    Fault: From<E>,
{
    fn from(error: E) -> Self {
        Self(Arc::new(Mutex::new(Some(error.into()))))
    }
}

impl IntoResponse for Unsaid {
    fn into_response(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(self);
        response
    }
}

/// Says refusals in the language of the agent's browser.
async fn said(request: Request, next: Next) -> Response {
    let locale = locale::of_headers(request.headers());
    let mut response = next.run(request).await;
    let Some(Unsaid(fault)) = response.extensions_mut().remove() else { return response };
    let fault = fault.lock().unwrap_or_else(PoisonError::into_inner).take();
    fault.map_or(response, |fault| fault.said_in(locale).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_of_the_table_is_one() {
        for route in ROUTES {
            let method = Method::from_bytes(route.method.as_bytes()).expect("a method");
            assert_ne!(filter(route.method), MethodFilter::TRACE, "{method} {}", route.path);
        }
    }
}
