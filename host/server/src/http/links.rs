//! POST `/v1/sites/{site}/links`, POST `/v1/sites/{site}/links/{id}`, GET `/v1/requests`: all requests of whoever reads the mail
//! of an address. A link is mailed; its one-time id is exchanged for a token; the token gives the list.

use axum::{
    Extension, Json,
    body::Body,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
};
use porchlight_model::{
    contact::EmailAddress,
    submission::{Problem as FieldProblem, ProblemCode},
    texts::Texts,
};
use porchlight_store::{Place, Spending};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    body,
    listener::Peer,
    locale,
    offer::require_site,
    own::bearer,
    problem::{Fault, Problem, field},
    walls::changing,
};
use crate::{
    app::App,
    flows::mailbox::{self, Wanted},
    tokens,
    wire::listing::{Listing, RequesterToken, read_cursor},
};

/// Requests in one part of the list.
const USUAL: u32 = 50;
const MOST: u32 = 100;

/// How long whoever comes when too many wait is told to wait, in seconds.
const BUSY: u64 = 30;

/// Takes a wish for a link; says the same, as soon, whether the address is known or not.
pub async fn ask(
    State(app): State<App>,
    Path(site): Path<String>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    sent: Body,
) -> Result<StatusCode, Problem> {
    let live = require_site(&app, &site, &headers)?;
    let usual = locale::negotiate(None, &headers, &live.site);
    let wish = wish(&app, peer, &headers, sent).await.map_err(|fault| fault.said_in(usual))?;
    let locale = locale::negotiate(wish.locale.as_deref(), &headers, &live.site);
    let email = address(&wish).map_err(|fault| fault.said_in(locale))?;
    want(&app, Wanted { live, email, locale }).map_err(|fault| fault.said_in(locale))?;
    Ok(StatusCode::ACCEPTED)
}

/// Lets a wish wait for its turn.
pub fn want(app: &App, wanted: Wanted) -> Result<(), Fault> {
    app.wanted.try_send(wanted).map_err(|_| Fault::RateLimited(BUSY))
}

/// What is asked for, as it was written.
#[derive(Debug, Default)]
pub struct Wish {
    /// The address.
    pub email: Option<String>,
    /// The language.
    pub locale: Option<String>,
}

async fn wish(app: &App, peer: Peer, headers: &HeaderMap, sent: Body) -> Result<Wish, Fault> {
    body::require_json(headers)?;
    let bytes = body::read(sent, &app.limits).await?;
    let members = body::object(&bytes)?;
    changing(app, peer, headers)?;
    read(members)
}

fn read(members: Map<String, Value>) -> Result<Wish, Fault> {
    let (mut wish, mut problems) = (Wish::default(), vec![]);
    for (name, value) in members {
        let place = match name.as_str() {
            "email" => &mut wish.email,
            "locale" => &mut wish.locale,
            _ => {
                problems.push(FieldProblem { field: name, code: ProblemCode::UnknownField });
                continue;
            }
        };
        match value {
            Value::String(text) => *place = Some(text),
            _ => problems.push(FieldProblem { field: name, code: ProblemCode::WrongType }),
        }
    }
    if wish.locale.as_deref().is_some_and(|tag| !is_tag(tag)) {
        problems.push(FieldProblem { field: "locale".to_owned(), code: ProblemCode::UnknownValue });
    }
    if problems.is_empty() { Ok(wish) } else { Err(Fault::Fields(problems)) }
}

/// Whether something can be the tag of a language (RFC 5646), whether there are texts in it or not.
fn is_tag(written: &str) -> bool {
    written.len() <= 35 && written.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// The address asked for; blanks around it do not belong to it.
pub fn address(wish: &Wish) -> Result<EmailAddress, Fault> {
    let written = wish.email.as_deref().map(str::trim).filter(|written| !written.is_empty());
    let written = written.ok_or_else(|| field("email", ProblemCode::Required))?;
    EmailAddress::parse(written).map_err(|_| field("email", ProblemCode::EmailInvalid))
}

/// Gives a token for the one-time id of a mailed link, and uses the link up.
pub async fn exchange(
    State(app): State<App>,
    Path((site, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<RequesterToken>, Problem> {
    let live = require_site(&app, &site, &headers)?;
    let locale = locale::negotiate(None, &headers, &live.site);
    let token = exchanged(&app, &site, &id).await.map_err(|fault| fault.said_in(locale))?;
    Ok(Json(token))
}

async fn exchanged(app: &App, site: &str, id: &str) -> Result<RequesterToken, Fault> {
    let link = mailbox::read_link(app, site, id).ok_or(Fault::Unauthorized)?;
    match app.store.spend(mailbox::spent_by(&link, id), app.now()).await? {
        Spending::Now => Ok(RequesterToken::new(mailbox::token(app, &link.mailbox))),
        Spending::Before(_) => Err(Fault::Unauthorized),
    }
}

/// Which part of the list is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// The list, the request received last first.
pub async fn list(
    State(app): State<App>,
    query: Result<Query<ListQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Json<Listing>, Problem> {
    listed(&app, query, &headers).await.map_err(|fault| fault.said_in(locale::of_headers(&headers)))
}

async fn listed(
    app: &App,
    query: Result<Query<ListQuery>, QueryRejection>,
    headers: &HeaderMap,
) -> Result<Json<Listing>, Fault> {
    let token = bearer(headers).ok_or(Fault::Unauthorized)?;
    let mailbox = mailbox::read_token(app, token).ok_or(Fault::Unauthorized)?;
    let live = app.sites.lookup(&mailbox.site).ok_or(Fault::UnknownSite)?;
    let Query(ListQuery { cursor, limit }) = query.map_err(|_| Fault::BadQuery)?;
    let limit = limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Fault::BadQuery);
    }
    let page = mailbox::requests(app, &mailbox, place(cursor.as_deref())?, limit).await?;
    let locale = locale::accepted(headers).or_else(|| page.listing.requests.first().map(|newest| newest.locale));
    let texts = Texts::of(locale.unwrap_or(live.site.locale));
    let token = |id| tokens::tracking(&app.keys, id);
    Ok(Json(Listing::new(&page, &live.site, texts, token, app.now())))
}

/// The place that a cursor names, where one is given.
pub fn place(cursor: Option<&str>) -> Result<Option<Place>, Fault> {
    cursor.map(|written| read_cursor(written).ok_or(Fault::BadQuery)).transpose()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn asked(body: &Value) -> Result<EmailAddress, Fault> {
        read(body.as_object().expect("an object").clone()).and_then(|wish| address(&wish))
    }

    #[test]
    fn an_address_is_asked_for_and_nothing_else_is_understood() {
        assert_eq!(asked(&json!({"email": " anna@example.com "})).expect("an address").as_str(), "anna@example.com");
        for body in [
            json!({}),
            json!({"email": ""}),
            json!({"email": 7}),
            json!({"email": "anna"}),
            json!({"email": "anna@example.com\r\nBcc: b@example.com"}),
            json!({"email": "anna@example.com", "phone": "+79161234567"}),
            json!({"email": "anna@example.com", "locale": ["ru"]}),
        ] {
            assert!(matches!(asked(&body), Err(Fault::Fields(_))), "{body}");
        }
    }
}
