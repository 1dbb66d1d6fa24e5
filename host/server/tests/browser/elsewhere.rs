//! A shop on a web server of its own: the widget runs on another origin than the host's.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use porchlight_testkit::{Browser, Host, HostOptions};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::visit::{Visit, binary};

/// A visitor of such a shop.
#[derive(Debug)]
pub struct Elsewhere {
    /// Whom the host belongs to that serves the widget alone.
    pub visit: Visit,
    /// Origin of the shop's pages.
    pub origin: String,
    _site: TempDir,
}

/// Which origins the site names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// The shop's own.
    Ours,
    /// Another one only.
    Another,
}

impl Elsewhere {
    /// A visitor in Moscow whose browser speaks a language, on a page of the shop: `/bg` is written in Bulgarian, `/` does not
    /// say in what, `/strict` has a content security policy that names the host alone.
    pub async fn visitor(named: Named, language: &str, page: &str) -> Result<Self> {
        Self::visitor_of(named, language, page, |options| options).await
    }

    /// The same with a host that is told more.
    pub async fn visitor_of(
        named: Named,
        language: &str,
        page: &str,
        more: impl FnOnce(HostOptions) -> HostOptions,
    ) -> Result<Self> {
        let pages = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", pages.local_addr()?);
        let site = site_of(if named == Named::Ours { &origin } else { "https://another.example" })?;
        let options = HostOptions::with_arguments(["serve", "--watch"]).argument(site.path()).unlimited();
        let host = Host::start(binary(), more(options.environment("PORCHLIGHT_LISTEN", "127.0.0.1:0"))).await?;
        tokio::spawn(serve(pages, host.address().to_owned()));
        let browser = Browser::start_in(language).await?;
        browser.time_zone("Europe/Moscow").await?;
        browser.open(&format!("{origin}{page}")).await?;
        Ok(Self { visit: Visit { host, browser }, origin, _site: site })
    }
}

/// The pet shop with another origin, open at whatever time the test runs, and without plugins, which it does as well without.
fn site_of(origin: &str) -> Result<TempDir> {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/pet-shop");
    let folder = tempfile::tempdir()?;
    let settings = fs::read_to_string(example.join("site.toml"))?;
    let settings = replaced(&settings, "origins = ", &format!("[\"{origin}\"]"))?;
    fs::write(folder.path().join("site.toml"), replaced(&settings, "hours = ", "\"24/7\"")?)?;
    fs::create_dir(folder.path().join("answers"))?;
    for answer in fs::read_dir(example.join("answers"))? {
        let answer = answer?;
        fs::copy(answer.path(), folder.path().join("answers").join(answer.file_name()))?;
    }
    Ok(folder)
}

/// A file with another value in its first line that begins so.
fn replaced(file: &str, key: &str, value: &str) -> Result<String> {
    let line = file.lines().find(|line| line.starts_with(key)).with_context(|| key.to_owned())?;
    Ok(file.replacen(line, &format!("{key}{value}"), 1))
}

async fn serve(pages: TcpListener, host: String) -> Result<()> {
    loop {
        let (stream, _) = pages.accept().await?;
        tokio::spawn(answer(stream, host.clone()));
    }
}

async fn answer(mut stream: TcpStream, host: String) -> Result<()> {
    let mut request = [0; 8192];
    let length = stream.read(&mut request).await?;
    let request = String::from_utf8_lossy(&request[..length]);
    let (policy, page) = match request.split(' ').nth(1) {
        Some("/strict") => (policy_for(&host), page("lang=\"ru\"", &host)),
        Some("/") | None => (String::new(), page("", &host)),
        Some(path) => (String::new(), page(&format!("lang=\"{}\"", &path[1..]), &host)),
    };
    let length = page.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n{policy}content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(format!("{head}{page}").as_bytes()).await?;
    Ok(())
}

fn policy_for(host: &str) -> String {
    format!("content-security-policy: default-src 'none'; img-src data:; script-src {host}; connect-src {host}\r\n")
}

fn page(language: &str, host: &str) -> String {
    format!(
        "<!doctype html><html {language}><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Shop</title><link rel=\"icon\" href=\"data:,\"><h1>Shop</h1><script async src=\"{host}/w/pet-shop.js\"></script></html>"
    )
}
