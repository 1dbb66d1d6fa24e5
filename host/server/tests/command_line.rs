//! The command line: sites checked, applied, exported; requests listed, handed over, erased; mistakes named with their place.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, samples::Sample};
use serde_json::Value;
use tempfile::TempDir;

const SITE: &str = r#"key = "corner"
name = "Corner shop"
reference_prefix = "CS"
locale = "en"
time_zone = "Europe/Sofia"
holidays = "BG"
hours = "Mo-Fr 09:00-18:00; PH off"

[[channels]]
kind = "phone"
value = "+359 2 981 0101"
expected_reply = "1m"

[forms.message]
expected_reply = "2h"
"#;

fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_porchlight"))
}

fn porchlight(data: &Path, arguments: &[&str]) -> Result<Output> {
    Ok(Command::new(binary()).args(arguments).arg("--data").arg(data).output()?)
}

/// A folder with the site, one piece of it replaced.
fn site(from: &str, to: &str) -> Result<(TempDir, PathBuf)> {
    let folder = tempfile::tempdir()?;
    assert!(SITE.contains(from), "{from} is in the site");
    fs::write(folder.path().join("site.toml"), SITE.replace(from, to))?;
    let path = folder.path().to_path_buf();
    Ok((folder, path))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn every_mistake_in_a_site_is_named_with_file_line_and_key() -> Result<()> {
    let data = tempfile::tempdir()?;
    for (from, to, mistake) in [
        ("name =", "nmae =", "site.toml:2:1: `nmae`: there is no such key"),
        ("Europe/Sofia", "Europe/Sofja", "site.toml:5:1: `time_zone`: `Europe/Sofja` is not an IANA time zone"),
        ("\"BG\"", "\"XX\"", "site.toml:6:1: `holidays`: there is no holiday calendar of `XX`"),
        (
            "Mo-Fr 09:00-18:00",
            "Mo-Fri 9-18",
            "site.toml:7:1: `hours`: `Mo-Fri 9-18; PH off` is not an opening hours expression",
        ),
        (
            "+359 2 981 0101",
            "+359 (000)",
            "site.toml:11:1: `channels[0].value`: `+359 (000)` is not a telephone number",
        ),
        ("\"1m\"", "\"soon\"", "site.toml:12:1: `channels[0].expected_reply`: `soon` is not a duration"),
        ("\"phone\"", "\"fax\"", "site.toml:10:1: `channels[0].kind`:"),
        (
            "[forms.message]",
            "[[webhooks]]\nurl = \"http://10.1.2.3/\"\nsecret = \"CRM\"\n\n[forms.message]",
            "site.toml:15:1: `webhooks[0].url`: a private address, and nothing is sent there unless `[egress] allow`",
        ),
        ("key = \"corner\"", "key = \"Corner!\"", "site.toml:1:1: `key`:"),
        ("locale = \"en\"", "locale = \"en", "site.toml:4:"),
        ("reference_prefix = \"CS\"\n", "", "the key `reference_prefix` is missing"),
        (
            "[forms.message]",
            "[retention]\nrequests = \"1y\"\n[forms.message]",
            "site.toml:15:1: `retention.requests`: `1y` is not a number of days: write `365d`",
        ),
        (
            "[forms.message]",
            "[retention]\nopen_requests = \"12h\"\n[forms.message]",
            "`retention.open_requests`: `12h` is not between one day and a hundred years",
        ),
        (
            "[forms.message]",
            "[retention]\nrequest = \"365d\"\n[forms.message]",
            "`retention.request`: there is no such key",
        ),
    ] {
        let (_kept, folder) = site(from, to)?;
        let check = porchlight(data.path(), &["check", &folder.display().to_string()])?;
        assert_eq!(check.status.code(), Some(1), "{to}");
        assert!(said(&check).contains(mistake), "{to}: {}", said(&check));
        let apply = porchlight(data.path(), &["site", "apply", &folder.display().to_string()])?;
        assert_eq!(apply.status.code(), Some(1), "a site with mistakes is not applied");
    }
    Ok(())
}

#[test]
fn applied_site_comes_back_byte_for_byte() -> Result<()> {
    let data = tempfile::tempdir()?;
    let (_kept, folder) = site("Corner shop", "Corner shop")?;
    let apply = || porchlight(data.path(), &["site", "apply", &folder.display().to_string()]);
    let first = apply()?;
    assert!(first.status.success(), "{}", said(&first));
    assert_eq!(String::from_utf8_lossy(&first.stdout), "site `corner`: version 1\n");
    assert_eq!(String::from_utf8_lossy(&apply()?.stdout), "site `corner`: version 1\n", "nothing changed");
    fs::write(folder.join("site.toml"), SITE.replace("2h", "3h"))?;
    assert_eq!(String::from_utf8_lossy(&apply()?.stdout), "site `corner`: version 2\n");
    let list = porchlight(data.path(), &["site", "list"])?;
    assert_eq!(String::from_utf8_lossy(&list.stdout), "corner\tversion 2\n");
    let back = tempfile::tempdir()?;
    let export = porchlight(data.path(), &["site", "export", "corner", &back.path().display().to_string()])?;
    assert!(export.status.success(), "{}", said(&export));
    assert_eq!(fs::read(back.path().join("site.toml"))?, fs::read(folder.join("site.toml"))?);
    assert_eq!(porchlight(data.path(), &["site", "export", "nobody", "x"])?.status.code(), Some(1));
    Ok(())
}

#[test]
fn plugin_that_is_none_is_refused_before_it_is_applied() -> Result<()> {
    let data = tempfile::tempdir()?;
    let (_kept, folder) = site("key = \"corner\"", "key = \"corner\"")?;
    let plugin = "\n[[plugins]]\nname = \"p\"\ncomponent = \"plugins/p.wasm\"\n";
    fs::write(folder.join("site.toml"), format!("{SITE}{plugin}"))?;
    let check = || porchlight(data.path(), &["check", &folder.display().to_string()]);
    assert!(
        said(&check()?).contains("`plugins[0].component`: there is no file `plugins/p.wasm`"),
        "{}",
        said(&check()?)
    );
    fs::create_dir(folder.join("plugins"))?;
    for (content, mistake) in [
        (&b"not a component"[..], "site.toml:19:1: `plugins[0].component`: `plugins/p.wasm`:"),
        (b"\0asm\x01\0\0\0", "wasm32-wasip2"),
        (b"\0asm\x0d\0\x01\0", "`plugins[0].component`"),
    ] {
        fs::write(folder.join("plugins/p.wasm"), content)?;
        let refused = check()?;
        assert_eq!(refused.status.code(), Some(1));
        assert!(said(&refused).contains(mistake), "{mistake}: {}", said(&refused));
    }
    Ok(())
}

#[test]
fn settings_are_checked_with_their_place() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("porchlight.toml");
    fs::write(&file, "listen = \"127.0.0.1:0\"\n\n[mail]\nsevrer = \"smtp://x\"\n")?;
    let check = porchlight(folder.path(), &["check", "--config", &file.display().to_string()])?;
    assert_eq!(check.status.code(), Some(1));
    assert!(said(&check).contains("porchlight.toml:4:1: `mail.sevrer`: there is no such key"), "{}", said(&check));
    let missing = porchlight(folder.path(), &["check", "--config", "/nowhere/porchlight.toml"])?;
    assert!(said(&missing).contains("/nowhere/porchlight.toml: cannot be read"), "{}", said(&missing));
    Ok(())
}

#[test]
fn what_is_not_understood_exits_with_two() -> Result<()> {
    for arguments in [&["sreve"][..], &["demo", "--clock", "yesterday"], &["site"]] {
        let output = Command::new(binary()).args(arguments).output()?;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    Ok(())
}

#[tokio::test]
async fn request_is_listed_handed_over_and_erased_while_the_host_serves() -> Result<()> {
    let host = Host::start(binary(), HostOptions::demo()).await?;
    let post = host.post("/v1/sites/pet-shop/requests", &Sample::message("Канарейка-вопрос").body());
    let receipt: Value = post.send().await?.json().await?;
    let reference = receipt["reference"].as_str().context("a reference")?;
    let list = porchlight(host.data(), &["requests", "list"])?;
    assert!(String::from_utf8_lossy(&list.stdout).contains(reference), "{list:?}");
    let spoken = reference.to_lowercase().replace('-', " ");
    let export = porchlight(host.data(), &["requests", "export", &spoken])?;
    let exported: Value = serde_json::from_slice(&export.stdout).with_context(|| said(&export))?;
    assert_eq!(exported["requester"]["email"], "anna@example.com");
    assert_eq!(exported["entries"][0]["text"], "Канарейка-вопрос");
    let erase = porchlight(host.data(), &["requests", "erase", reference])?;
    assert!(erase.status.success(), "{}", said(&erase));
    assert_eq!(porchlight(host.data(), &["requests", "export", reference])?.status.code(), Some(1));
    let token = receipt["tracking_token"].as_str().context("a token")?;
    assert_eq!(host.get("/v1/request").bearer_auth(token).send().await?.status(), reqwest::StatusCode::NOT_FOUND);
    for wrong in ["PS-0000001", "nonsense", ""] {
        assert_eq!(porchlight(host.data(), &["requests", "export", wrong])?.status.code(), Some(1), "{wrong}");
    }
    Ok(())
}

async fn submitted(host: &Host, body: &Sample) -> Result<String> {
    let receipt: Value = host.post("/v1/sites/pet-shop/requests", &body.body()).send().await?.json().await?;
    Ok(receipt["reference"].as_str().with_context(|| receipt.to_string())?.to_owned())
}

#[tokio::test]
async fn all_of_a_person_is_handed_over_and_erased_while_the_host_serves() -> Result<()> {
    let host = Host::start(binary(), HostOptions::demo().unlimited()).await?;
    let hers = submitted(&host, &Sample::message("Канарейка-вопрос")).await?;
    let again = submitted(&host, &Sample::message("И ещё").with("phone", "+7 916 123-45-67")).await?;
    let his = submitted(&host, &Sample::message("Чужое").with("email", "boris@example.com")).await?;
    let seen: Value =
        host.post("/v1/sites/pet-shop/requests", &Sample::message("С файлом").body()).send().await?.json().await?;
    let token = seen["tracking_token"].as_str().context("a token")?;
    let file = host.request(reqwest::Method::POST, "/v1/request/attachments").bearer_auth(token);
    assert_eq!(
        file.header("Content-Type", "text/plain; name=a.txt").body("40 × 60").send().await?.status(),
        reqwest::StatusCode::CREATED
    );
    let with_file = seen["reference"].as_str().context("a reference")?;

    let export = porchlight(host.data(), &["requests", "export", "--email", "Anna@Example.com"])?;
    assert!(export.status.success(), "{}", said(&export));
    let dossier: Value = serde_json::from_slice(&export.stdout)?;
    let requests = dossier["requests"].as_array().context("requests")?;
    let references: Vec<_> = requests.iter().map(|entry| entry["request"]["reference"].as_str()).collect();
    assert_eq!(references, [Some(with_file), Some(again.as_str()), Some(hers.as_str())]);
    assert_eq!(requests[0]["files"][0]["id"], requests[0]["request"]["entries"][1]["attachments"][0]["id"]);
    assert_eq!(requests[0]["files"][0]["content"], "NDAgw5cgNjA=");
    let first = &requests[2];
    assert_eq!(first["request"]["entries"][0]["text"], "Канарейка-вопрос");
    assert_eq!(first["request"]["events"][0]["event"], "received");
    assert!(first["request"]["consent"]["text"].as_str().is_some_and(|text| text.contains("соглашаетесь")));
    assert!(first["request"]["consent"]["at"].is_string());
    let told: Vec<_> = first["deliveries"].as_array().context("deliveries")?.iter().collect();
    assert_eq!((told.len(), &told[0]["tells"]["letter"]), (2, &Value::from("new-to-business")));
    let nowhere = porchlight(host.data(), &["requests", "export", "--email", "anna@example.com", "--site", "corner"])?;
    assert_eq!(nowhere.status.code(), Some(1));

    let unsure = porchlight(host.data(), &["requests", "erase", "--phone", "+7 (916) 123-45-67"])?;
    assert_eq!(unsure.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&unsure.stdout), format!("{again}\n"));
    assert!(said(&unsure).contains("1 would be erased, and there is no way back: add `--yes`"), "{}", said(&unsure));
    let erase = porchlight(host.data(), &["requests", "erase", "--email", "anna@example.com", "--yes"])?;
    assert_eq!(String::from_utf8_lossy(&erase.stdout), "3 erased\n", "{}", said(&erase));
    let list = porchlight(host.data(), &["requests", "list"])?;
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    assert!(list.contains(&his) && !list.contains(&hers) && !list.contains(&again), "{list}");
    let told = async || {
        let page = host.get("/demo/mail").send().await.ok()?.text().await.ok()?;
        page.contains(&format!("{hers}: посетитель отменил")).then_some(())
    };
    porchlight_testkit::wait_until("the letter", porchlight_testkit::PATIENCE, told).await?;
    let none = porchlight(host.data(), &["requests", "erase", "--email", "anna@example.com", "--yes"])?;
    assert_eq!(none.status.code(), Some(1));
    assert!(said(&none).contains("nothing is kept of this person"), "{}", said(&none));
    Ok(())
}

#[test]
fn a_person_is_named_in_one_way_that_can_be_read() -> Result<()> {
    let data = tempfile::tempdir()?;
    for (arguments, code, mistake) in [
        (&["requests", "export"][..], 2, "required"),
        (&["requests", "export", "PS-7K4Q2MX", "--email", "anna@example.com"], 2, "cannot be used with"),
        (&["requests", "erase", "--phone", "+79161234567", "--email", "anna@example.com"], 2, "cannot be used with"),
        (&["requests", "erase", "PS-7K4Q2MX", "--site", "corner"], 2, "cannot be used with"),
        (&["requests", "export", "--email", "anna"], 1, "`anna`: not an e-mail address"),
        (&["requests", "export", "--phone", "916 123-45-67"], 1, "write it with its country code"),
    ] {
        let output = porchlight(data.path(), arguments)?;
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(mistake), "{arguments:?}: {}", said(&output));
    }
    Ok(())
}

#[tokio::test]
async fn form_token_of_another_site_is_refused() -> Result<()> {
    let host = Host::start(binary(), HostOptions::demo()).await?;
    let (_kept, folder) = site("Corner shop", "Corner shop")?;
    let apply = porchlight(host.data(), &["site", "apply", &folder.display().to_string()])?;
    assert!(apply.status.success(), "{}", said(&apply));
    let offer = async || -> Option<Value> {
        let answer = host.get("/v1/sites/corner/offer").send().await.ok()?;
        if answer.status().is_success() { answer.json().await.ok() } else { None }
    };
    let patience = std::time::Duration::from_secs(20);
    let offer = porchlight_testkit::wait_until("the site to be taken up", patience, offer).await?;
    let foreign = Sample::message("Чужой токен").with("form_token", offer["form_token"].clone());
    let refused = host.post("/v1/sites/pet-shop/requests", &foreign.body()).send().await?;
    assert_eq!(refused.status(), reqwest::StatusCode::UNPROCESSABLE_ENTITY);
    let problem: Value = refused.json().await?;
    assert_eq!(problem["errors"][0]["pointer"], "/form_token");
    Ok(())
}

#[tokio::test]
async fn running_host_takes_up_what_is_applied_and_keeps_the_good_version_over_a_bad_one() -> Result<()> {
    let data = tempfile::tempdir()?;
    let (_kept, folder) = site("Corner shop", "Corner shop")?;
    let options =
        HostOptions::with_arguments(["serve"]).data(data.path()).environment("PORCHLIGHT_LISTEN", "127.0.0.1:0");
    let host = Host::start(binary(), options.argument("--watch").argument(&folder)).await?;
    let name = async || {
        let offer: Value = host.get("/v1/sites/corner/offer").send().await.ok()?.json().await.ok()?;
        offer["site"]["name"].as_str().map(str::to_owned)
    };
    assert_eq!(name().await.as_deref(), Some("Corner shop"));
    fs::write(folder.join("site.toml"), SITE.replace("Corner shop", "Corner shop 2"))?;
    let renamed = async || name().await.filter(|name| name == "Corner shop 2");
    porchlight_testkit::wait_until("the new name", std::time::Duration::from_secs(20), renamed).await?;
    fs::write(folder.join("site.toml"), SITE.replace("Mo-Fr", "Nonsense"))?;
    let told = async || host.log().contains("site.toml:7:1").then_some(());
    porchlight_testkit::wait_until("the mistake in the log", std::time::Duration::from_secs(20), told).await?;
    assert_eq!(name().await.as_deref(), Some("Corner shop 2"));
    Ok(())
}

/// Runs `porchlight agent …` with something on standard input.
fn agent(data: &Path, arguments: &[&str], typed: &str) -> Result<Output> {
    let mut command = Command::new(binary());
    command.arg("agent").args(arguments).arg("--data").arg(data);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn()?;
    // It may end before it reads.
    drop(child.stdin.take().context("a pipe")?.write_all(typed.as_bytes()));
    Ok(child.wait_with_output()?)
}

#[test]
fn agents_are_added_listed_and_removed() -> Result<()> {
    let data = tempfile::tempdir()?;
    let (_kept, folder) = site("Corner shop", "Corner shop")?;
    let apply = porchlight(data.path(), &["site", "apply", &folder.display().to_string()])?;
    assert!(apply.status.success(), "{}", said(&apply));
    let password = "correct horse battery staple\n";
    let vera = ["add", "vera@shop.example", "--name", "Вера", "--role", "owner"];
    let boris = ["add", "boris@shop.example", "--name", "Борис", "--role", "agent", "--site", "corner"];
    for arguments in [&vera[..], &boris[..]] {
        let added = agent(data.path(), arguments, password)?;
        assert!(added.status.success(), "{}", said(&added));
        assert!(!String::from_utf8_lossy(&added.stdout).contains("horse"), "{added:?}");
    }
    let list = agent(data.path(), &["list"], "")?;
    assert_eq!(
        String::from_utf8_lossy(&list.stdout),
        "vera@shop.example\towner\tВера\tall sites\nboris@shop.example\tagent\tБорис\tcorner\n"
    );
    assert!(agent(data.path(), &["remove", "BORIS@shop.example"], "")?.status.success());
    let list = agent(data.path(), &["list"], "")?;
    assert_eq!(String::from_utf8_lossy(&list.stdout).lines().count(), 1);
    Ok(())
}

#[test]
fn mistakes_about_agents_are_named_with_their_mend() -> Result<()> {
    let data = tempfile::tempdir()?;
    let add = |email, role| ["add", email, "--name", "Вера", "--role", role];
    let good = "correct horse battery staple\n";
    assert!(agent(data.path(), &add("vera@shop.example", "owner"), good)?.status.success());
    let elsewhere = [&add("zoya@shop.example", "agent")[..], &["--site", "nowhere"]].concat();
    for (arguments, typed, mistake) in [
        (add("Vera@Shop.Example", "agent").to_vec(), good, "an agent signs in by `Vera@Shop.Example` already"),
        (add("vera", "agent").to_vec(), good, "not an e-mail address"),
        (add("zoya@shop.example", "agent").to_vec(), "short\n", "a password needs at least 12 characters"),
        (add("zoya@shop.example", "agent").to_vec(), "", "a password needs at least 12 characters"),
        (add("zoya@shop.example", "agent").to_vec(), "zoya@shop.example\n", "this password is easily guessed"),
        (elsewhere, good, "there is no site `nowhere`: `porchlight site list` names them"),
        (vec!["password", "zoya@shop.example"], good, "no agent signs in by `zoya@shop.example`"),
        (vec!["remove", "zoya@shop.example"], "", "no agent signs in by `zoya@shop.example`"),
    ] {
        let refused = agent(data.path(), &arguments, typed)?;
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        assert!(said(&refused).contains(mistake), "{arguments:?}: {}", said(&refused));
    }
    assert_eq!(agent(data.path(), &add("zoya@shop.example", "king"), good)?.status.code(), Some(2), "not understood");
    let list = agent(data.path(), &["list"], "")?;
    assert_eq!(String::from_utf8_lossy(&list.stdout).lines().count(), 1, "nothing was added");
    Ok(())
}
