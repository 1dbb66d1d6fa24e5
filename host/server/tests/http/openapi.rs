//! The document of the interface: that it tells of every route, of no other, and of each what is so.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context, Result};
use porchlight_testkit::Host;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::{console::routes::ROUTES, shop};

/// Where the router's paths are written.
const ROUTER: &str = include_str!("../../src/http/mod.rs");

/// The copy whose changes are seen in reviews.
const COPY: &str = "openapi.json";

/// The document.
pub async fn document(host: &Host) -> Result<Value> {
    shop::json(host.get("/v1/openapi.json"), StatusCode::OK).await
}

/// Every operation of a document: method, path, what is said of it.
pub fn operations(document: &Value) -> Vec<(Method, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let of_path = |(path, item)| {
        let item: &Value = item;
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, said)| (method, path, said))
    };
    let method = |written: &String| Method::from_bytes(written.to_ascii_uppercase().as_bytes()).expect("a method");
    paths
        .flat_map(of_path)
        .map(|(written, path, said): (_, &String, _)| (method(written), path.as_str(), said))
        .collect()
}

/// The paths that the router's source names.
fn routed() -> BTreeSet<&'static str> {
    let routes = ROUTER.split(".route(").skip(1);
    routes.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split_once('"')).map(|(path, _)| path).collect()
}

#[tokio::test]
async fn document_tells_of_every_route_and_of_no_other() -> Result<()> {
    let host = shop::at_night().await?;
    let document = document(&host).await?;
    let console: BTreeSet<&str> = ROUTES.iter().map(|route| route.path).collect();
    let routed: BTreeSet<&str> = routed().union(&console).copied().collect();
    assert!(routed.len() >= 40, "the router was read: {routed:?}");
    let told: BTreeSet<&str> = operations(&document).iter().map(|(_, path, _)| *path).collect();
    let untold: Vec<_> = routed.difference(&told).collect();
    assert!(untold.is_empty(), "describe them in `src/http/openapi/`: {untold:?}");
    let unrouted: Vec<_> = told.difference(&routed).collect();
    assert!(unrouted.is_empty(), "there are no such routes: {unrouted:?}");
    Ok(())
}

#[tokio::test]
async fn document_tells_every_method_of_a_route_and_no_other() -> Result<()> {
    let host = shop::at_night().await?;
    let document = document(&host).await?;
    for (path, item) in document["paths"].as_object().context("paths")? {
        // A method that no route has is answered with those it has.
        let answer = host.request(Method::from_bytes(b"PROPFIND")?, path).send().await?;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        let allowed = answer.headers()["allow"].to_str()?.to_owned();
        let allowed: BTreeSet<&str> = allowed.split(',').map(str::trim).filter(|method| *method != "HEAD").collect();
        let told: BTreeSet<String> = item.as_object().context("methods")?.keys().map(|it| it.to_uppercase()).collect();
        assert_eq!(told.iter().map(String::as_str).collect::<BTreeSet<_>>(), allowed, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn names_of_the_document_stand_for_one_thing_each() -> Result<()> {
    let host = shop::at_night().await?;
    let document = document(&host).await?;
    assert_eq!(document["openapi"], "3.1.0");
    let operations = operations(&document);
    let names: BTreeSet<_> = operations.iter().map(|(_, _, said)| said["operationId"].to_string()).collect();
    assert_eq!(names.len(), operations.len());
    let schemas = document["components"]["schemas"].as_object().context("schemas")?;
    // Two types of one name would be told apart by a number.
    let numbered: Vec<_> = schemas.keys().filter(|name| name.ends_with(|last: char| last.is_ascii_digit())).collect();
    assert!(numbered.is_empty(), "rename them by `#[schemars(rename = …)]`: {numbered:?}");
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(it, _)| it) {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
    }
    assert!(!text.contains("\"null\""), "there are no nulls");
    Ok(())
}

#[tokio::test]
async fn document_is_as_the_copy_has_it() -> Result<()> {
    let host = shop::at_night().await?;
    let served = host.get("/v1/openapi.json").send().await?.text().await? + "\n";
    let copy = Path::new(env!("CARGO_MANIFEST_DIR")).join(COPY);
    if std::env::var_os("PORCHLIGHT_RENEW").is_some() {
        std::fs::write(&copy, &served)?;
    }
    let kept = std::fs::read_to_string(&copy).unwrap_or_default();
    let line = served.lines().zip(kept.lines()).position(|(now, before)| now != before).map_or(0, |line| line + 1);
    assert!(
        served == kept,
        "the interface has changed (line {line} of `host/server/openapi.json`). If it should, renew the copy: \
         PORCHLIGHT_RENEW=1 cargo test -p porchlight --test http document_is_as_the_copy_has_it"
    );
    Ok(())
}

#[tokio::test]
async fn document_is_sent_once_to_who_keeps_it_and_small() -> Result<()> {
    let host = shop::at_night().await?;
    let whole = host.get("/v1/openapi.json").send().await?;
    let etag = whole.headers()["etag"].clone();
    let length = whole.bytes().await?.len();
    let again = host.get("/v1/openapi.json").header("If-None-Match", etag).send().await?;
    assert_eq!((again.status(), again.bytes().await?.len()), (StatusCode::NOT_MODIFIED, 0));
    let small = host.get("/v1/openapi.json").header("Accept-Encoding", "gzip, br").send().await?;
    assert_eq!(small.headers()["content-encoding"], "br");
    assert!(small.bytes().await?.len() * 5 < length);
    Ok(())
}
