//! The pet shop's own plugins, and plugins that fail: the host's answer stands.

#[expect(dead_code, reason = "the runtime's own tests use more of it")]
#[expect(clippy::expect_used, reason = "a test may break off where it is")]
#[path = "../../runtime/tests/guests/text.rs"]
mod guest;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, guests::built_guest, samples::Sample};
use reqwest::StatusCode;
use serde_json::Value;
use tempfile::TempDir;

const REQUESTS: &str = "/v1/sites/pet-shop/requests";

fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_porchlight"))
}

async fn at(moment: &str) -> Result<Host> {
    Host::start(binary(), HostOptions::demo().clock(moment).unlimited()).await
}

async fn submitted(host: &Host, body: &Sample) -> Result<(StatusCode, Value)> {
    let answer = host.post(REQUESTS, &body.body()).send().await?;
    Ok((answer.status(), answer.json().await?))
}

fn exported(host: &Host, receipt: &Value) -> Result<Value> {
    let reference = receipt["reference"].as_str().with_context(|| receipt.to_string())?;
    let export = Command::new(binary()).args(["requests", "export", reference, "--data"]).arg(host.data()).output()?;
    Ok(serde_json::from_slice(&export.stdout)?)
}

#[tokio::test]
async fn request_is_routed_to_its_team() -> Result<()> {
    let host = at("2026-11-22T19:30:00Z").await?;
    let (status, receipt) = submitted(&host, &Sample::message("Хочу вернуть лежанку, срочно")).await?;
    assert_eq!(status, StatusCode::CREATED);
    let request = exported(&host, &receipt)?;
    assert_eq!(request["routing"]["team"], "returns");
    assert_eq!(request["routing"]["priority"], "high");
    Ok(())
}

#[tokio::test]
async fn unwanted_content_is_refused_at_its_field_in_the_visitors_language() -> Result<()> {
    let host = at("2026-11-22T19:30:00Z").await?;
    let mut messages = std::collections::HashSet::new();
    for locale in ["ru", "en", "bg"] {
        let spam = Sample::message("Продвижение сайта недорого").with("locale", locale);
        let (status, problem) = submitted(&host, &spam).await?;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&"/text".into(), &"refused".into())
        );
        messages.insert(problem["errors"][0]["message"].as_str().context("a message")?.to_owned());
    }
    assert_eq!(messages.len(), 3, "each in its own language: {messages:?}");
    Ok(())
}

#[tokio::test]
async fn rush_lengthens_the_promise_that_is_then_kept_with_the_request() -> Result<()> {
    let rush = at("2026-12-21T09:00:00Z").await?;
    let offer: Value = rush.get("/v1/sites/pet-shop/offer?locale=ru").send().await?.json().await?;
    assert!(
        offer["notices"][0]["text"].as_str().is_some_and(|text| text.contains("Новым годом")),
        "{}",
        offer["notices"]
    );
    let shown = &offer["forms"]["message"]["expected_reply"]["by"];
    assert_eq!(shown.as_str().map(|by| &by[..16]), Some("2026-12-21T15:00"));
    let (_, receipt) = submitted(&rush, &Sample::message("Успеете до праздника?")).await?;
    assert_eq!(receipt["expected_reply"]["by"].as_str().map(|by| &by[..16]), shown.as_str().map(|by| &by[..16]));
    let calm = at("2026-11-25T09:00:00Z").await?;
    let offer: Value = calm.get("/v1/sites/pet-shop/offer?locale=ru").send().await?.json().await?;
    assert_eq!(offer["notices"], serde_json::json!([]));
    assert_eq!(
        offer["forms"]["message"]["expected_reply"]["by"].as_str().map(|by| &by[..16]),
        Some("2026-11-25T11:00")
    );
    Ok(())
}

/// A site with one plugin, kept in a store of its own.
struct Site {
    data: TempDir,
    folder: TempDir,
}

impl Site {
    fn with_plugin(component: &[u8], settings: &str) -> Result<Self> {
        let (data, folder) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let site = format!(
            "key = \"pet-shop\"\nname = \"P\"\nreference_prefix = \"PS\"\nlocale = \"ru\"\ntime_zone = \"Europe/Moscow\"\n\
             hours = \"24/7\"\n\n[forms.message]\nexpected_reply = \"2h\"\n\n[[plugins]]\nname = \"rule\"\n\
             component = \"plugins/rule.wasm\"\nsettings = {{ {settings} }}\n"
        );
        fs::write(folder.path().join("site.toml"), site)?;
        fs::create_dir(folder.path().join("plugins"))?;
        fs::write(folder.path().join("plugins/rule.wasm"), component)?;
        Ok(Self { data, folder })
    }

    fn folder(&self) -> PathBuf {
        self.folder.path().to_path_buf()
    }

    async fn serve(&self) -> Result<Host> {
        let options = HostOptions::with_arguments(["serve"])
            .data(self.data.path())
            .environment("PORCHLIGHT_LISTEN", "127.0.0.1:0")
            .environment("PORCHLIGHT_METRICS__LISTEN", "127.0.0.1:0");
        Host::start(binary(), options.unlimited().argument("--watch").argument(self.folder())).await
    }
}

#[tokio::test]
async fn settings_that_break_the_plugins_schema_are_named_with_file_line_and_key() -> Result<()> {
    let component = fs::read(built_guest("request-routing")?)?;
    let site = Site::with_plugin(&component, "max_links = \"two\"")?;
    let check = Command::new(binary()).arg("check").arg(site.folder()).arg("--data").arg(site.data.path()).output()?;
    let said = String::from_utf8_lossy(&check.stderr).into_owned();
    assert_eq!(check.status.code(), Some(1));
    assert!(said.contains("site.toml:14:14: `plugins[0].settings.max_links`"), "{said}");
    Ok(())
}

#[tokio::test]
async fn plugin_that_crashes_or_spins_leaves_offer_and_request_as_they_were() -> Result<()> {
    for (body, outcome) in [("unreachable", "trap"), ("(loop (br 0)) unreachable", "limit")] {
        let component = guest::Guest { shape: Some(body), receive: Some(body), ..guest::Guest::default() }.build();
        let site = Site::with_plugin(&component, "")?;
        let host = site.serve().await?;
        let offer = host.get("/v1/sites/pet-shop/offer").send().await?;
        assert_eq!(offer.status(), StatusCode::OK, "{outcome}");
        let (status, receipt) = submitted(&host, &Sample::message("Слышно?").without("consent")).await?;
        assert_eq!(status, StatusCode::CREATED, "{outcome}: {receipt}");
        let printed = host.printed();
        let metrics = printed.lines().find_map(|line| line.strip_prefix("metrics on ")).context("an address")?;
        let page = reqwest::get(metrics).await?.text().await?;
        for hook in ["shape-offer", "receive-request"] {
            let counted = format!("hook=\"{hook}\",outcome=\"{outcome}\"");
            assert!(page.contains(&counted), "{counted} in {page}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn component_for_another_contract_is_refused_by_check() -> Result<()> {
    let other = "package porchlight:plugin@0.2.0; interface describe { describe: func() -> u32; }";
    let component = guest::Guest {
        contract: Some(other),
        world: "export porchlight:plugin/describe@0.2.0;",
        imports: "",
        shape: None,
        receive: None,
        ..guest::Guest::default()
    };
    let site = Site::with_plugin(&component.build(), "")?;
    let check = Command::new(binary()).arg("check").arg(site.folder()).arg("--data").arg(site.data.path()).output()?;
    let said = String::from_utf8_lossy(&check.stderr).into_owned();
    assert_eq!(check.status.code(), Some(1));
    assert!(said.contains("`plugins[0].component`") && said.contains("0.1.0"), "{said}");
    Ok(())
}

#[tokio::test]
async fn plugin_that_cannot_be_used_never_stands_in_the_way() -> Result<()> {
    let whole = fs::read(built_guest("request-routing")?)?;
    for broken in [&whole[..whole.len() / 2], b"just text", &[]] {
        let site = Site::with_plugin(broken, "")?;
        let host = site.serve().await?;
        let offer = host.get("/v1/sites/pet-shop/offer").send().await?;
        assert_eq!(offer.status(), StatusCode::OK);
        let (status, receipt) = submitted(&host, &Sample::message("Слышно?")).await?;
        assert_eq!(status, StatusCode::CREATED, "{receipt}");
        assert!(host.log().contains("plugins[0].component"), "the operator sees why: {}", host.log());
    }
    Ok(())
}
