//! Starting and ending hosts, with a stand-in for the real binary.

use std::path::Path;

use anyhow::Result;
use porchlight_testkit::{Host, HostOptions, samples::Sample};

const STAND_IN: &str = env!("CARGO_BIN_EXE_stand-in");

async fn start(options: HostOptions) -> Result<Host> {
    Host::start(Path::new(STAND_IN), options).await
}

#[tokio::test]
async fn host_starts_ready_with_its_arguments_and_environment() -> Result<()> {
    let host = start(HostOptions::demo().clock("2026-11-22T22:30:00+03:00").unlimited()).await?;
    assert!(
        host.log().contains(r#"["demo", "--listen", "127.0.0.1:0", "--clock", "2026-11-22T22:30:00+03:00", "--data""#)
    );
    assert!(host.log().contains(r#"limit Some("1000000")"#));
    assert!(host.data().is_dir());
    assert_eq!(host.get("/readyz").send().await?.status(), 200);
    assert_eq!(host.post("/v1/sites/pet-shop/requests", &Sample::message("?").body()).send().await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn broken_host_is_told_with_its_log() {
    let error = start(HostOptions::demo().argument("--broken")).await.expect_err("it ends at once");
    let told = format!("{error:#}");
    assert!(told.contains("exit status: 1") && told.contains("--broken"), "{told}");
}

#[tokio::test]
async fn stopped_and_killed_hosts_are_gone_and_given_data_stays() -> Result<()> {
    let data = tempfile::tempdir()?;
    for way in ["stop", "kill", "drop"] {
        let host = start(HostOptions::demo().data(data.path())).await?;
        let address = host.url("/");
        match way {
            "stop" => assert!(!host.stop().await?.0.success(), "the stand-in dies of the signal"),
            "kill" => host.kill()?,
            _ => drop(host),
        }
        assert!(reqwest::get(&address).await.is_err(), "after {way}");
        assert!(data.path().is_dir());
    }
    Ok(())
}

#[tokio::test]
async fn own_data_is_deleted_with_the_host() -> Result<()> {
    let host = start(HostOptions::demo()).await?;
    let data = host.data().to_path_buf();
    drop(host);
    assert!(!data.exists());
    Ok(())
}
