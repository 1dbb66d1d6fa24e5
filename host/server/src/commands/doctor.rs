//! `porchlight doctor`.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use porchlight_store::SiteVersion;
use serde_json::{Value, json};

use super::{DATABASE, open_keys, open_store, read_settings, serve::smtp, start_runtime};
use crate::{
    cli::{DoctorOptions, Settings},
    config::host::HostConfig,
    doctor::{Doctor, Finding, OwnHost, Verdict},
    outgoing::Outgoing,
    wiring::clock::Clock,
};

/// Looks at the host and its sites, and fails where something is not as it should be.
pub async fn doctor(settings: &Settings, options: &DoctorOptions) -> anyhow::Result<()> {
    let config = read_settings(settings)?;
    let database = config.data.join(DATABASE);
    ensure!(
        database.is_file(),
        "there is no database `{}`: say by `--data` what the host serves from",
        database.display()
    );
    let store = open_store(&config.data)?;
    let (keys, outgoing) = (open_keys(&config.data)?, Outgoing::new(&config));
    let doctor = Doctor {
        own: OwnHost::new(&options.url.clone().unwrap_or_else(|| url(&config))).await?,
        client: outgoing.client().context("TLS cannot be used on this machine")?,
        runtime: start_runtime(None)?,
        mailer: smtp(&config.mail)?,
        clock: Clock::real(),
        patience: Duration::from_secs(options.wait),
        store,
        keys,
        outgoing,
        config,
    };
    let sites = sites(&doctor, options.site.as_deref()).await?;
    let mut failed = 0;
    let mut tell = |site: Option<&str>, found: Finding| {
        failed += usize::from(found.verdict == Verdict::Failed);
        println!("{}", if options.json { json_line(site, &found) } else { line(site, &found) });
    };
    let answers = doctor.look_at_host(&mut |found| tell(None, found)).await;
    for version in &sites {
        doctor.look_at_site(version, answers, &mut |found| tell(Some(&version.key), found)).await;
    }
    if failed > 0 {
        bail!("{failed} of what was looked at failed");
    }
    Ok(())
}

/// How the host is reached where nobody says.
fn url(config: &HostConfig) -> String {
    let here = || {
        let mut listen = config.listen;
        if listen.ip().is_unspecified() {
            listen.set_ip(if listen.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() });
        }
        format!("http://{listen}")
    };
    config.public_url.clone().unwrap_or_else(here)
}

async fn sites(doctor: &Doctor, only: Option<&str>) -> anyhow::Result<Vec<SiteVersion>> {
    let mut sites = Vec::new();
    for (key, _) in doctor.store.site_versions().await? {
        if only.is_none_or(|only| only == key) {
            sites.extend(doctor.store.lookup_site(&key).await?);
        }
    }
    match only {
        Some(key) if sites.is_empty() => {
            bail!("there is no site `{key}`; `porchlight site list` names those there are")
        }
        None if sites.is_empty() => {
            bail!("there are no sites yet: `porchlight site apply DIR` puts one into the store")
        }
        _ => Ok(sites),
    }
}

fn line(site: Option<&str>, found: &Finding) -> String {
    match site {
        Some(site) => format!("{:<8}{site}: {found}", found.verdict),
        None => format!("{:<8}{found}", found.verdict),
    }
}

fn json_line(site: Option<&str>, found: &Finding) -> String {
    let mut line = json!(found);
    if let (Some(site), Value::Object(members)) = (site, &mut line) {
        members.insert("site".to_owned(), site.into());
    }
    line.to_string()
}
