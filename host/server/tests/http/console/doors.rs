//! Every route of the console's interface, tried by everybody who must not get in.

use anyhow::Result;
use porchlight_testkit::samples::Sample;
use reqwest::StatusCode;
use serde_json::json;

use super::{
    people::{self, AGENT, Left, OWNER, Person, STRANGER},
    routes::{Needs, ROUTES, Route},
};
use crate::shop;

/// The path of a route, with what it is about.
fn path(route: &Route, left: &Left) -> String {
    let nil = "00000000-0000-0000-0000-000000000000";
    let path = route.path.trim_start_matches("/v1/console/");
    path.replace("{site}", "pet-shop")
        .replace("{request}", &left.id)
        .replace("{agent}", nil)
        .replace("{reply}", nil)
        .replace("{attachment}", &left.file)
}

fn needing(needs: &'static [Needs]) -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(move |route| needs.contains(&route.needs))
}

const A_SESSION: &[Needs] = &[Needs::Session, Needs::Site, Needs::OwnerOfSite, Needs::Owner];

#[tokio::test]
async fn no_route_that_needs_a_session_is_open_to_anybody_without_one() -> Result<()> {
    let host = people::shop().await?;
    let owner = Person::signed_in(&host, OWNER).await?;
    let left = people::left_with_file(&host, &owner, Sample::message("Щенок боится будки")).await?;
    let forged = owner.cookies.replace("porchlight=", "porchlight=A");
    let device_alone = owner.cookies.split("; ").find(|it| it.contains("device")).unwrap_or_default().to_owned();
    for cookies in [String::new(), "porchlight=".to_owned(), forged, device_alone, format!("{0}; {0}", owner.cookies)] {
        let nobody = Person { host: &host, cookies };
        for route in needing(A_SESSION) {
            let answer = nobody.call(route.method, &path(route, &left)).json(&json!({})).send().await?;
            let known = (answer.status(), answer.headers()["content-type"].to_str()?);
            assert_eq!(known, (StatusCode::UNAUTHORIZED, "application/problem+json"), "{}", route.path);
        }
    }
    assert!(needing(A_SESSION).count() >= 26, "the table was read");
    Ok(())
}

#[tokio::test]
async fn session_that_is_over_opens_nothing_and_keeps_nothing_of_what_was_being_written() -> Result<()> {
    let data = tempfile::tempdir()?;
    let first = people::later(data.path(), "2026-11-22T22:30:00+03:00").await?;
    people::people_of(&first)?;
    let agent = Person::signed_in(&first, AGENT).await?;
    let left = people::left_with_file(&first, &agent, Sample::message("Щенок боится будки")).await?;
    let cookies = agent.cookies.clone();
    first.stop().await?;
    for moment in ["2026-11-22T23:02:00+03:00", "2026-11-23T23:00:00+03:00"] {
        let host = people::later(data.path(), moment).await?;
        let late = Person { host: &host, cookies: cookies.clone() };
        let entry = json!({"text": "Приходите завтра, мы поможем", "then": "resolve"});
        late.post(&format!("requests/{}/entries", left.id), entry, StatusCode::UNAUTHORIZED).await?;
        for route in needing(A_SESSION) {
            let status = late.status(route.method, &path(route, &left)).await?;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{} at {moment}", route.path);
        }
        let seen = people::seen(&host, &left.token).await?;
        assert_eq!((&seen["status"], seen["entries"].as_array().map(Vec::len)), (&json!("received"), Some(2)));
        host.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn agent_of_another_site_is_told_that_nothing_is_there() -> Result<()> {
    let host = people::shop().await?;
    people::add_cinema(&host).await?;
    let owner = Person::signed_in(&host, OWNER).await?;
    let left = people::left_with_file(&host, &owner, Sample::message("Щенок боится будки")).await?;
    let stranger = Person::signed_in(&host, STRANGER).await?;
    for route in needing(&[Needs::Site, Needs::OwnerOfSite]) {
        let answer = stranger.call(route.method, &path(route, &left)).json(&json!({"text": "x"})).send().await?;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{} {}", route.method, route.path);
        let said = answer.text().await?;
        assert!(!said.contains(&left.reference) && !said.contains("Щенок"), "{said}");
    }
    let list = stranger.get("sites/cinema/requests?q=Щенок").await?;
    assert_eq!(list["requests"], json!([]));
    let me = stranger.get("session").await?;
    assert_eq!(me["sites"].as_array().map(Vec::len), Some(1), "{me}");
    let managed = stranger.get("agents").await?;
    assert_eq!(managed["agents"].as_array().map(Vec::len), Some(1), "not those of the shop: {managed}");
    Ok(())
}

#[tokio::test]
async fn agent_is_told_where_an_owner_is_needed_and_let_in_everywhere_else() -> Result<()> {
    let host = people::shop().await?;
    let agent = Person::signed_in(&host, AGENT).await?;
    let left = people::left_with_file(&host, &agent, Sample::message("Щенок боится будки")).await?;
    for route in needing(&[Needs::OwnerOfSite, Needs::Owner]) {
        let answer = agent.call(route.method, &path(route, &left)).json(&json!({"title": "t", "text": "x"})).send();
        assert_eq!(answer.await?.status(), StatusCode::FORBIDDEN, "{} {}", route.method, route.path);
    }
    for route in needing(&[Needs::Site]) {
        let status = agent.call(route.method, &path(route, &left)).json(&json!({})).send().await?.status();
        let expected = if route.method == "GET" { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        assert_eq!(status, expected, "{} {}", route.method, route.path);
    }
    assert_eq!(people::seen(&host, &left.token).await?["status"], "received", "nothing was done by all that");
    Ok(())
}

#[tokio::test]
async fn page_of_another_site_cannot_act_for_an_agent() -> Result<()> {
    let host = people::shop().await?;
    let owner = Person::signed_in(&host, OWNER).await?;
    let left = people::left_with_file(&host, &owner, Sample::message("Щенок боится будки")).await?;
    for route in ROUTES {
        let path = path(route, &left);
        for origin in ["https://evil.example", "null", "https://shop.example"] {
            let answer = owner.call(route.method, &path).header("Origin", origin).json(&json!({})).send().await?;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{origin} {}", route.path);
            assert!(answer.headers().get("access-control-allow-origin").is_none(), "{origin} {}", route.path);
        }
        if route.method != "GET" {
            for site in ["cross-site", "same-site"] {
                let foreign = owner.call(route.method, &path).header("Sec-Fetch-Site", site).json(&json!({}));
                let problem = shop::json(foreign, StatusCode::FORBIDDEN).await?;
                assert_eq!(problem["type"], "urn:porchlight:error:foreign-page");
            }
        }
    }
    let own = owner.call("GET", "session").header("Origin", host.address()).header("Sec-Fetch-Site", "same-origin");
    shop::json(own, StatusCode::OK).await?;
    Ok(())
}

#[tokio::test]
async fn body_that_a_form_could_send_is_not_taken() -> Result<()> {
    let host = people::shop().await?;
    let owner = Person::signed_in(&host, OWNER).await?;
    let left = people::left_with_file(&host, &owner, Sample::message("Щенок боится будки")).await?;
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let mut note = owner.call("POST", &format!("requests/{}/notes", left.id)).body(r#"{"text":"x"}"#);
        if !kind.is_empty() {
            note = note.header("Content-Type", kind);
        }
        shop::json(note, StatusCode::UNSUPPORTED_MEDIA_TYPE).await?;
    }
    Ok(())
}
