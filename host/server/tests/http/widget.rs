//! Loader and assets.

use anyhow::{Context, Result};
use reqwest::StatusCode;

use crate::shop;

#[tokio::test]
async fn loader_is_cached_by_its_tag() -> Result<()> {
    let host = shop::at_night().await?;
    let first = host.get("/w/pet-shop.js").send().await?;
    assert_eq!(first.status(), StatusCode::OK);
    assert!(first.headers()["cache-control"].to_str()?.contains("max-age=300, stale-while-revalidate"));
    let etag = first.headers()["etag"].to_str()?.to_owned();
    let script = first.text().await?;
    assert!(script.contains("Пёс и Кот") && !script.contains("__PORCHLIGHT_SETTINGS__"));
    let again = host.get("/w/pet-shop.js").header("If-None-Match", &etag).send().await?;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(host.get("/w/nobody.js").send().await?.status(), StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn assets_named_by_the_loader_are_immutable_and_open_to_module_loading() -> Result<()> {
    let host = shop::at_night().await?;
    let script = host.get("/w/pet-shop.js").send().await?.text().await?;
    let begin = script.find("/assets/panel.").context("a panel")?;
    let end = script[begin..].find('"').context("its end")?;
    let panel = host.get(&script[begin..begin + end]).send().await?;
    assert_eq!(panel.status(), StatusCode::OK);
    assert_eq!(panel.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(panel.headers()["access-control-allow-origin"], "*");
    assert_eq!(panel.headers()["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(host.get("/assets/panel.000000000000.js").send().await?.status(), StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn widget_is_sent_as_small_as_the_browser_takes_it() -> Result<()> {
    let host = shop::at_night().await?;
    let client = reqwest::Client::builder().no_gzip().build()?;
    let script = host.get("/w/pet-shop.js").send().await?.text().await?;
    for coding in ["br", "gzip"] {
        let asked =
            || client.get(host.url("/w/pet-shop.js")).header("Accept-Encoding", format!("{coding}, identity;q=0.5"));
        let answer = asked().send().await?;
        assert_eq!(answer.headers()["content-encoding"], coding);
        assert!(answer.headers()["vary"].to_str()?.to_lowercase().contains("accept-encoding"));
        let etag = answer.headers()["etag"].clone();
        let squeezed = answer.bytes().await?;
        assert!(squeezed.len() * 5 < script.len() * 3, "{} of {}", squeezed.len(), script.len());
        assert_eq!(asked().send().await?.bytes().await?, squeezed);
        assert_eq!(asked().header("If-None-Match", etag).send().await?.status(), StatusCode::NOT_MODIFIED);
    }
    let plain = client.get(host.url("/w/pet-shop.js")).header("Accept-Encoding", "identity").send().await?;
    assert!(plain.headers().get("content-encoding").is_none());
    assert_eq!(plain.text().await?, script);
    Ok(())
}
