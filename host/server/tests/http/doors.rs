//! Every route of the document that is not the console's, tried with what must not open it: nothing, what is forged, cut off,
//! over, or of another site, another request or another kind. (The console's routes have tests of their own, `console/doors.rs`.)

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, PATIENCE, samples::Sample, wait_until};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    console::people::{self, AGENT, Left, Person},
    hosted::browser,
    openapi::{document, operations},
    shop,
};

const TEXT: &str = "Щенок боится будки";
const MAIL_SECRET: &str = "0123456789-a-long-secret";

/// Routes that are there for everybody.
const OPEN: [&str; 7] = [
    "/w/{file}",
    "/assets/{file}",
    "/v1/openapi.json",
    "/schema/site.json",
    "/schema/porchlight.json",
    "/healthz",
    "/readyz",
];

/// How a route of the document is got into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    /// By a token, of this kind.
    Token(Kind),
    /// By the one-time id of a mailed link, at its site.
    Link,
    /// By anybody, at a site there is.
    Site,
    /// By anybody.
    Open,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Tracking,
    Requester,
    Mail,
}

/// What the document says of a route's door. One that this test does not know has to be taught to it.
fn door(path: &str, said: &Value) -> Door {
    let schemes: Vec<&str> = said["security"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one.as_object()?.keys().next().map(String::as_str))
        .collect();
    match schemes[..] {
        ["tracking"] => Door::Token(Kind::Tracking),
        ["requester"] => Door::Token(Kind::Requester),
        ["mail"] => Door::Token(Kind::Mail),
        ["visit"] => Door::Link,
        [] if path.ends_with("/links/{id}") => Door::Link,
        [] if path.contains("{site}") => Door::Site,
        [] if OPEN.contains(&path) => Door::Open,
        _ => panic!("what opens {path}? {schemes:?}"),
    }
}

/// The routes of the document that are not the console's.
fn routes(document: &Value) -> Vec<(Method, &str, Door)> {
    let all = operations(document).into_iter().filter(|(_, path, _)| !path.starts_with("/v1/console/"));
    all.map(|(method, path, said)| (method, path, door(path, said))).collect()
}

/// What opens things at the pet shop.
struct Keys {
    left: Left,
    requester: String,
    /// Path of a link to the request, for its requester; not opened yet.
    link: String,
    /// Path of a link to it, for the business; not opened yet.
    desk: String,
    /// Path of a link to all of its requester's; not opened yet.
    list: String,
    session: String,
}

fn options() -> HostOptions {
    HostOptions::demo().environment("PORCHLIGHT_MAIL__INBOUND_SECRET", MAIL_SECRET).unlimited()
}

async fn keys(host: &Host) -> Result<Keys> {
    people::people_of(host)?;
    people::add_cinema(host).await?;
    let agent = Person::signed_in(host, AGENT).await?;
    let left = people::left(host, &agent, Sample::message(TEXT)).await?;
    let answer = json!({"text": "Приходите завтра, мы поможем"});
    agent.post(&format!("requests/{}/entries", left.id), answer, StatusCode::CREATED).await?;
    let [list, other] = two_lists(host).await?;
    let link = shop::mailed_link(host, "вам ответили", "/r/pet-shop/").await?;
    let desk = shop::mailed_link(host, "", "/desk/pet-shop/").await?;
    let exchange = host.post(&format!("/v1/sites/pet-shop/links/{}", id(&other)), &json!({}));
    let requester = shop::json(exchange, StatusCode::OK).await?["requester_token"].clone();
    let requester = requester.as_str().context("a token")?.to_owned();
    Ok(Keys { left, requester, link, desk, list, session: agent.cookies.clone() })
}

/// Asks for two links to all requests of an address: the paths that the letters lead to.
pub async fn two_lists(host: &Host) -> Result<[String; 2]> {
    for _ in 0..2 {
        let wish = host.post("/v1/sites/pet-shop/links", &json!({"email": "anna@example.com", "locale": "ru"}));
        shop::json(wish, StatusCode::ACCEPTED).await?;
    }
    wait_until("two letters", PATIENCE, async || {
        let mailbox = host.get("/demo/mail").send().await.ok()?.text().await.ok()?;
        let mut links = BTreeSet::new();
        for path in mailbox.split('"').filter(|part| part.starts_with("/demo/mail/")) {
            let letter = host.get(path).send().await.ok()?.text().await.ok()?;
            let link = letter.find("/mine/pet-shop/").and_then(|at| letter[at..].split(['"', '<']).next());
            links.extend(link.map(str::to_owned));
        }
        Vec::from_iter(links).try_into().ok()
    })
    .await
}

/// The one-time id at the end of a link's path.
pub fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The last letter but one made another: what is signed is not as it was.
fn forged(token: &str) -> String {
    let (kept, end) = token.split_at(token.len() - 2);
    let other = if end.starts_with('A') { 'B' } else { 'A' };
    format!("{kept}{other}{}", &end[1..])
}

fn cut(token: &str) -> &str {
    &token[..token.len() / 2]
}

/// A path with something in every place.
fn filled(path: &str, site: &str, id: &str) -> String {
    let path = path.replace("{site}", site).replace("{id}", id);
    let mut parts = path.split('{');
    let begun = parts.next().unwrap_or_default().to_owned();
    parts.fold(begun, |path, rest| {
        let rest = rest.split_once('}').map_or("", |(_, rest)| rest);
        path + "00000000-0000-0000-0000-000000000000" + rest
    })
}

/// A call with a body of the kind that is read there.
fn call(host: &Host, method: &Method, route: &str, path: &str) -> Result<RequestBuilder> {
    let call = browser()?.request(method.clone(), host.url(path));
    Ok(match *method {
        Method::GET | Method::DELETE => call,
        _ if route == "/v1/inbound/mail" => call.body("From: anna@example.com\r\n\r\nx"),
        _ if route.starts_with("/v1/") => call.json(&json!({"text": "x", "stars": 5, "status": "cancelled"})),
        _ => call.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body("action=open&text=x"),
    })
}

/// What is answered, which must say nothing of the request.
async fn said(call: RequestBuilder, keys: &Keys, what: &str) -> Result<StatusCode> {
    let answer = call.send().await?;
    let status = answer.status();
    let set = answer.headers().contains_key(header::SET_COOKIE);
    let text = answer.text().await?;
    let tells = text.contains(&keys.left.reference) || text.contains(TEXT) || text.contains("anna@");
    assert!(!tells && !set, "{what}: {status} {text}");
    Ok(status)
}

#[tokio::test]
async fn no_route_that_takes_a_token_takes_another_one() -> Result<()> {
    let host = Host::start(shop::binary(), options().clock(shop::SUNDAY_NIGHT)).await?;
    let (keys, document) = (keys(&host).await?, document(&host).await?);
    let before = people::seen(&host, &keys.left.token).await?;
    let session = keys.session.split(['=', ';']).nth(1).context("a session")?;
    let mut tried = 0;
    for (method, route, door) in routes(&document) {
        let Door::Token(kind) = door else { continue };
        let own = match kind {
            Kind::Tracking => keys.left.token.as_str(),
            Kind::Requester => keys.requester.as_str(),
            Kind::Mail => MAIL_SECRET,
        };
        let of_others =
            [keys.left.token.as_str(), &keys.requester, MAIL_SECRET, session, id(&keys.link), id(&keys.list)];
        let of_others = of_others.into_iter().filter(|token| *token != own).map(|token| format!("Bearer {token}"));
        let wrong =
            [format!("Bearer {}", forged(own)), format!("Bearer {}", cut(own)), format!("Basic {own}"), own.to_owned()];
        let path = filled(route, "pet-shop", "x");
        for shown in wrong.into_iter().chain(of_others).chain(["Bearer ".to_owned(), String::new()]) {
            let call = call(&host, &method, route, &path)?.header(header::COOKIE, &keys.session);
            let call = if shown.is_empty() { call } else { call.header(header::AUTHORIZATION, &shown) };
            let what = format!("{method} {route} with `{shown}`");
            assert_eq!(said(call, &keys, &what).await?, StatusCode::UNAUTHORIZED, "{what}");
            tried += 1;
        }
        // A token stands in the header, never in an address, which is written into logs.
        let call = call(&host, &method, route, &format!("{path}?access_token={own}&token={own}"))?;
        assert_eq!(said(call, &keys, route).await?, StatusCode::UNAUTHORIZED, "{method} {route}");
    }
    assert!(tried >= 80, "the document was read: {tried}");
    assert_eq!(people::seen(&host, &keys.left.token).await?, before, "nothing was done by all that");
    Ok(())
}

#[tokio::test]
async fn no_link_opens_anything_at_another_site_or_elsewhere() -> Result<()> {
    let host = Host::start(shop::binary(), options().clock(shop::SUNDAY_NIGHT)).await?;
    let (keys, document) = (keys(&host).await?, document(&host).await?);
    let before = people::seen(&host, &keys.left.token).await?;
    let mut tried = 0;
    for (method, route, _) in routes(&document).into_iter().filter(|(_, _, door)| *door == Door::Link) {
        let own = [&keys.link, &keys.desk, &keys.list].map(|path| id(path));
        let of_route = if route.starts_with("/r/") {
            own[0]
        } else if route.starts_with("/desk/") {
            own[1]
        } else {
            own[2]
        };
        let refused = if route.starts_with("/v1/") { StatusCode::UNAUTHORIZED } else { StatusCode::NOT_FOUND };
        let others = own.into_iter().filter(|other| *other != of_route).map(|other| ("pet-shop", other.to_owned()));
        let wrong = [
            ("cinema", of_route.to_owned()),
            ("pet-shop", forged(of_route)),
            ("pet-shop", cut(of_route).to_owned()),
            ("pet-shop", keys.left.token.clone()),
            ("pet-shop", keys.left.id.clone()),
            ("pet-shop", keys.left.reference.clone()),
        ];
        for (site, shown) in wrong.into_iter().chain(others) {
            let call = call(&host, &method, route, &filled(route, site, &shown))?.header(header::COOKIE, &keys.session);
            let what = format!("{method} {route} at {site} with `{shown}`");
            assert_eq!(said(call, &keys, &what).await?, refused, "{what}");
            tried += 1;
        }
        let nowhere = call(&host, &method, route, &filled(route, "no-such-site", of_route))?;
        assert_eq!(said(nowhere, &keys, route).await?, StatusCode::NOT_FOUND, "{method} {route}");
    }
    assert!(tried >= 60, "the document was read: {tried}");
    assert_eq!(people::seen(&host, &keys.left.token).await?, before, "nothing was done by all that");
    // They were good all the same, and are not used up.
    for path in [&keys.link, &keys.desk, &keys.list] {
        let opened = call(&host, &Method::POST, "/r/", path)?.send().await?;
        assert_eq!(opened.status(), StatusCode::SEE_OTHER, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn cookie_of_one_link_opens_no_other() -> Result<()> {
    let host = Host::start(shop::binary(), options().clock(shop::SUNDAY_NIGHT)).await?;
    let (keys, document) = (keys(&host).await?, document(&host).await?);
    let cookie = async |path: &str| -> Result<String> {
        let opened = call(&host, &Method::POST, "/r/", path)?.send().await?;
        Ok(opened.headers()[header::SET_COOKIE].to_str()?.split(';').next().unwrap_or_default().to_owned())
    };
    let (of_link, of_list) = (cookie(&keys.link).await?, cookie(&keys.list).await?);
    let mut tried = 0;
    for (method, route, _) in routes(&document).into_iter().filter(|(_, _, door)| *door == Door::Link) {
        let (path, cookies) = if route.starts_with("/r/") {
            (id(&keys.link), [of_list.clone(), forged(&of_link), cut(&of_link).to_owned()])
        } else if route.starts_with("/mine/") {
            (id(&keys.list), [of_link.clone(), forged(&of_list), cut(&of_list).to_owned()])
        } else {
            (id(&keys.desk), [of_link.clone(), of_list.clone(), forged(&of_link)])
        };
        // The business's link is still shut: whoever comes sees its button, and nothing of the request.
        let is_shut = route.starts_with("/desk/") && method == Method::GET;
        for cookie in cookies.iter().filter(|_| !route.starts_with("/v1/") && method == Method::GET) {
            let call = call(&host, &method, route, &filled(route, "pet-shop", path))?.header(header::COOKIE, cookie);
            let what = format!("{method} {route} with `{cookie}`");
            let status = said(call, &keys, &what).await?;
            let refused = [StatusCode::GONE, StatusCode::NOT_FOUND].contains(&status);
            assert!(refused || is_shut && status == StatusCode::OK, "{what}: {status}");
            tried += 1;
        }
    }
    assert!(tried >= 15, "the document was read: {tried}");
    Ok(())
}

#[tokio::test]
async fn what_is_over_opens_nothing() -> Result<()> {
    let data = tempfile::tempdir()?;
    let host = Host::start(shop::binary(), options().clock(shop::SUNDAY_NIGHT).data(data.path())).await?;
    let keys = keys(&host).await?;
    host.stop().await?;
    // Thirty days and an hour later.
    let host = Host::start(shop::binary(), options().clock("2026-12-22T20:30:00Z").data(data.path())).await?;
    let document = document(&host).await?;
    let mut tried = 0;
    for (method, route, door) in routes(&document) {
        let (shown, expected) = match door {
            Door::Token(Kind::Requester) => ("x", StatusCode::UNAUTHORIZED),
            Door::Link if route.starts_with("/v1/") => (id(&keys.list), StatusCode::UNAUTHORIZED),
            Door::Link if route.starts_with("/r/") => (id(&keys.link), StatusCode::NOT_FOUND),
            Door::Link if route.starts_with("/desk/") => (id(&keys.desk), StatusCode::NOT_FOUND),
            Door::Link => (id(&keys.list), StatusCode::NOT_FOUND),
            // Tracking tokens are good as long as there is their request, and the secret of the mail's is the operator's.
            Door::Token(Kind::Tracking | Kind::Mail) | Door::Site | Door::Open => continue,
        };
        let call = call(&host, &method, route, &filled(route, "pet-shop", shown))?.bearer_auth(&keys.requester);
        assert_eq!(said(call, &keys, route).await?, expected, "{method} {route}");
        tried += 1;
    }
    assert!(tried >= 9, "the document was read: {tried}");
    Ok(())
}

#[tokio::test]
async fn erased_request_opens_to_nobody() -> Result<()> {
    let host = Host::start(shop::binary(), options().clock(shop::SUNDAY_NIGHT)).await?;
    let (keys, document) = (keys(&host).await?, document(&host).await?);
    let erase = host.request(Method::DELETE, "/v1/request").bearer_auth(&keys.left.token);
    shop::json(erase, StatusCode::NO_CONTENT).await?;
    let mut tried = 0;
    for (method, route, door) in routes(&document) {
        let shown = match door {
            Door::Token(Kind::Tracking) => "x",
            Door::Link if route.starts_with("/r/") => id(&keys.link),
            Door::Link if route.starts_with("/desk/") => id(&keys.desk),
            _ => continue,
        };
        let call = call(&host, &method, route, &filled(route, "pet-shop", shown))?.bearer_auth(&keys.left.token);
        assert_eq!(said(call, &keys, route).await?, StatusCode::NOT_FOUND, "{method} {route}");
        tried += 1;
    }
    assert!(tried >= 12, "the document was read: {tried}");
    Ok(())
}

#[tokio::test]
async fn site_that_is_not_served_has_no_route() -> Result<()> {
    let host = shop::at_night().await?;
    let document = document(&host).await?;
    let mut tried = 0;
    for (method, route, _) in routes(&document).into_iter().filter(|(_, _, door)| *door == Door::Site) {
        for site in ["no-such-site", "PET-SHOP", "pet-shop%00", "..%2fpet-shop", "%D0%BF"] {
            let answer = call(&host, &method, route, &filled(route, site, "x"))?.send().await?;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{method} {route} {site}");
            tried += 1;
        }
    }
    assert!(tried >= 40, "the document was read: {tried}");
    Ok(())
}
