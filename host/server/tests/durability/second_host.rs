//! Two hosts, one data folder.

use anyhow::Result;
use porchlight_testkit::{Host, HostOptions, PATIENCE};
use reqwest::{Client, StatusCode};
use tokio::{process::Command, time::timeout};

use crate::{
    binary,
    kept::kept,
    visitors::{Acknowledged, submit},
};

#[tokio::test]
async fn second_host_on_a_data_folder_in_use_is_refused_and_the_first_serves_on() -> Result<()> {
    let data = tempfile::tempdir()?;
    let host = Host::start(binary(), HostOptions::demo().data(data.path()).unlimited()).await?;
    for command in ["demo", "serve"] {
        let mut second = Command::new(binary());
        second.arg(command).arg("--data").arg(data.path()).env("PORCHLIGHT_LISTEN", "127.0.0.1:0");
        if command == "demo" {
            second.args(["--listen", "127.0.0.1:0"]);
        }
        let ended = timeout(PATIENCE, second.kill_on_drop(true).output()).await??;
        let said = String::from_utf8(ended.stderr)?;
        assert_eq!(ended.status.code(), Some(1), "{command}: {said}");
        let expected = format!(
            "another porchlight (process {}) serves from the folder `{}`: stop it first, or give this one a folder of its own with `--data`",
            host.process(),
            data.path().display()
        );
        assert!(said.contains(&expected), "{command}: {said}");
    }
    let answer = submit(&Client::new(), host.address(), "a").await?;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let Acknowledged { reference, .. } = Acknowledged::read("a", answer).await?;
    assert!(kept(data.path()).await?.contains_key(&reference), "commands that look into the store run beside a host");
    Ok(())
}
