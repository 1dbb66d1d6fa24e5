//! The browser itself, on a page that stands in for one with a widget.
#![cfg(feature = "browser-tests")]

use anyhow::Result;
use porchlight_testkit::{Browser, Scheme, Screen};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const PAGE: &str = "data:text/html;charset=utf-8,<title>Page</title><button>before</button><porchlight-widget></porchlight-widget><script>\
    const root = document.querySelector('porchlight-widget').attachShadow({mode: 'open'});\
    root.innerHTML = '<button>Помощь</button><label>Имя <input></label><p id=said hidden>Здравствуйте</p>';\
    root.querySelector('button').onclick = () => { root.querySelector('%23said').hidden = false };</script>";

async fn page() -> Result<Browser> {
    let browser = Browser::start().await?;
    browser.open(PAGE).await?;
    Ok(browser)
}

#[tokio::test]
async fn visitor_clicks_and_reads_within_the_shadow_root() -> Result<()> {
    let browser = page().await?;
    assert!(!browser.widget_text().await?.contains("Здравствуйте"));
    browser.click("Помощь").await?;
    browser.widget_says("Здравствуйте").await?;
    browser.widget("input").await?.send_keys("Анна").await?;
    assert_eq!(browser.widget("input").await?.value().await?.as_deref(), Some("Анна"));
    Ok(())
}

#[tokio::test]
async fn keyboard_walks_through_the_shadow_root() -> Result<()> {
    let browser = page().await?;
    browser.tab_to("Помощь", 3).await?;
    browser.press(" ").await?;
    browser.widget_says("Здравствуйте").await?;
    browser.tab_to("Имя", 1).await?;
    browser.press("Анна").await?;
    assert_eq!(browser.widget("input").await?.value().await?.as_deref(), Some("Анна"));
    let lost = browser.tab_to("Нет такого", 2).await.expect_err("there is no such control");
    assert!(lost.to_string().starts_with("the tab key does not lead to `Нет такого`"), "{lost}");
    Ok(())
}

#[tokio::test]
async fn screen_colours_zone_and_language_are_the_visitors() -> Result<()> {
    let browser = Browser::start_in("bg").await?;
    browser.screen(Screen::Phone).await?;
    browser.scheme(Scheme::Dark).await?;
    browser.time_zone("Asia/Vladivostok").await?;
    browser.open(PAGE).await?;
    let seen = browser
        .script(
            "return [innerWidth >= 390, screen.width, devicePixelRatio, matchMedia('(prefers-color-scheme: dark)').matches,
             Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.language]",
        )
        .await?;
    assert_eq!(seen, json!([true, 390, 2, true, "Asia/Vladivostok", "bg"]));
    Ok(())
}

#[tokio::test]
async fn offline_loads_fail_until_the_network_is_back() -> Result<()> {
    let server = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", server.local_addr()?);
    tokio::spawn(answer_all(server));
    let browser = Browser::start().await?;
    browser.open(&address).await?;
    let fetch = "return fetch('/').then((it) => it.status, () => 'failed')";
    assert_eq!(browser.script(fetch).await?, json!(200));
    browser.go_offline().await?;
    assert_eq!(browser.script(fetch).await?, json!("failed"));
    assert!(!browser.console_errors().await?.is_empty());
    browser.go_online().await?;
    assert_eq!(browser.script(fetch).await?, json!(200));
    assert!(browser.loaded().await?.contains(&format!("{address}/")));
    Ok(())
}

async fn answer_all(server: TcpListener) -> Result<()> {
    loop {
        let (stream, _) = server.accept().await?;
        tokio::spawn(answer(stream));
    }
}

async fn answer(mut stream: TcpStream) -> Result<()> {
    let mut request = [0; 4096];
    if stream.read(&mut request).await? > 0 {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 4\r\nconnection: close\r\n\r\n";
        stream.write_all(format!("{head}<p>x").as_bytes()).await?;
    }
    Ok(())
}
