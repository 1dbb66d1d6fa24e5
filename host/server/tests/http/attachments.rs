//! Files of a conversation: what is taken, how much, and how they come back.

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, samples::Sample};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, redirect::Policy};
use serde_json::{Value, json};

use crate::{
    console::people::{self, AGENT, Left, Person},
    desk::{Asked, asked},
    shop,
};

mod broken_off;

/// The beginning of a photo, and then noise up to a length.
fn photo(length: usize) -> Vec<u8> {
    let noise =
        (0_u32..).flat_map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()).filter(|byte| *byte != b'<');
    b"\xff\xd8\xff\xe0\0\x10JFIF\0".iter().copied().chain(noise).take(length).collect()
}

fn send(host: &Host, token: &str, name: &str, said: &str, content: Vec<u8>) -> RequestBuilder {
    let said = format!("{said}; name*=UTF-8''{name}");
    host.request(Method::POST, "/v1/request/attachments").bearer_auth(token).header("Content-Type", said).body(content)
}

async fn received(host: &Host) -> Result<String> {
    let sample = Sample::message("Щенок боится будки").body();
    let receipt = shop::json(host.post("/v1/sites/pet-shop/requests", &sample), StatusCode::CREATED).await?;
    Ok(receipt["tracking_token"].as_str().context("a token")?.to_owned())
}

async fn within(name: &str, value: &str) -> Result<Host> {
    let options = HostOptions::demo().clock(shop::SUNDAY_NIGHT).unlimited();
    Host::start(shop::binary(), options.environment(&format!("PORCHLIGHT_ATTACHMENTS__{name}"), value)).await
}

fn id(file: &Value) -> Result<&str> {
    file["id"].as_str().context("an id")
}

/// Checks that a file comes as a download that no browser shows, and gives it.
async fn downloaded(answer: Response) -> Result<Vec<u8>> {
    assert_eq!(answer.status(), StatusCode::OK);
    let headers = answer.headers().clone();
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let disposition = said("content-disposition");
    assert!(disposition.starts_with("attachment; filename*=UTF-8''"), "{disposition}");
    assert!(disposition.is_ascii() && !disposition.contains(['"', '\r', '\n']), "{disposition}");
    assert_eq!(said("content-type"), "application/octet-stream");
    assert_eq!(said("x-content-type-options"), "nosniff");
    assert_eq!(said("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(said("cross-origin-resource-policy"), "same-origin");
    assert_eq!(said("cache-control"), "private, no-store");
    let content = answer.bytes().await?.to_vec();
    assert_eq!(said("content-length"), content.len().to_string());
    Ok(content)
}

#[tokio::test]
async fn a_photo_goes_to_the_business_and_comes_back_to_both_sides_as_it_was() -> Result<()> {
    let host = people::shop().await?;
    let agent = Person::signed_in(&host, AGENT).await?;
    let Left { id: request, token, .. } =
        people::left_with_file(&host, &agent, Sample::message("Щенок боится будки")).await?;
    let content = photo(1_000_001);
    let sent = send(&host, &token, "%D0%B1%D1%83%D0%B4%D0%BA%D0%B0.JPG", "image/jpeg", content.clone());
    let file = shop::json(sent, StatusCode::CREATED).await?;
    assert_eq!(
        file,
        json!({"id": id(&file)?, "name": "будка.JPG", "type": "image/jpeg", "size": 1_000_001}),
        "and nothing more"
    );
    let seen = people::seen(&host, &token).await?;
    assert_eq!(seen["entries"][2]["attachments"], json!([file]));
    assert_eq!((&seen["entries"][2]["from"], &seen["entries"][2]["text"]), (&json!("requester"), &json!("")));
    let whole = agent.get(&format!("requests/{request}")).await?;
    assert_eq!(whole["entries"][2]["attachments"], json!([file]));
    assert_eq!((&whole["preview"], &whole["waiting"]), (&json!("будка.JPG"), &json!("business")));

    let path = format!("attachments/{}", id(&file)?);
    let theirs = host.get(&format!("/v1/request/{path}")).bearer_auth(&token).send().await?;
    assert!(downloaded(theirs).await? == content);
    let agents = agent.call("GET", &format!("requests/{request}/{path}")).send().await?;
    assert!(downloaded(agents).await? == content);
    Ok(())
}

#[tokio::test]
async fn a_file_of_an_agent_reaches_its_requester_alone() -> Result<()> {
    let host = people::shop().await?;
    let agent = Person::signed_in(&host, AGENT).await?;
    let Left { id: request, token, .. } =
        people::left_with_file(&host, &agent, Sample::message("Щенок боится будки")).await?;
    let other = received(&host).await?;
    let path = format!("requests/{request}/attachments");
    let said = "application/pdf; name=\"../check.pdf\"";
    let sent = agent.call("POST", &path).header("Content-Type", said).header("Idempotency-Key", "k");
    let content = b"%PDF-1.4\n%%EOF\n".to_vec();
    let file = shop::json(sent.try_clone().context("again")?.body(content.clone()), StatusCode::CREATED).await?;
    let again = shop::json(sent.body(content.clone()), StatusCode::CREATED).await?;
    assert_eq!((&file["name"], &file), (&json!("check.pdf"), &again));
    let seen = people::seen(&host, &token).await?;
    assert_eq!((&seen["status"], &seen["entries"][2]["from"]), (&json!("in-progress"), &json!("agent")));
    assert!(seen["entries"].as_array().is_some_and(|entries| entries.len() == 3), "once: {seen}");

    let path = format!("/v1/request/attachments/{}", id(&file)?);
    assert!(downloaded(host.get(&path).bearer_auth(&token).send().await?).await? == content);
    assert_eq!(host.get(&path).bearer_auth(&other).send().await?.status(), StatusCode::NOT_FOUND);
    assert_eq!(host.get(&path).send().await?.status(), StatusCode::UNAUTHORIZED);
    let letter = shop::mailed_link(&host, "check.pdf", "/r/pet-shop/").await?;
    let closed = host.get(&format!("{letter}/attachments/{}", id(&file)?)).send().await?;
    assert_eq!(closed.status(), StatusCode::NOT_FOUND, "the link was not opened here");
    Ok(())
}

#[tokio::test]
async fn a_file_that_lies_about_its_type_is_refused_and_nothing_of_it_is_kept() -> Result<()> {
    let host = shop::at_night().await?;
    let token = received(&host).await?;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    let zip = [photo(70_000), b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x2e\0\0\0\x40\0\0\0\0\0".to_vec()].concat();
    for (name, said, content, code) in [
        ("a.jpg", "image/jpeg", svg.clone(), "/file file-type"),
        ("a.svg", "image/svg+xml", svg, "/file file-type"),
        ("a.txt", "text/plain", b"<!doctype html><script>alert(1)</script>".to_vec(), "/file file-type"),
        ("a.txt", "text/plain", b"#!/bin/sh".to_vec(), "/file file-type"),
        ("a.jpg", "image/jpeg", zip, "/file file-type"),
        ("a.exe", "application/octet-stream", b"MZ\x90\0".to_vec(), "/file file-type"),
        ("a.png", "image/png", photo(100), "/file file-mismatch"),
        ("a.html", "text/html", b"just words".to_vec(), "/file file-mismatch"),
        ("a.js", "text/javascript", b"alert(1)".to_vec(), "/file file-mismatch"),
        ("a.jpg", "image/jpeg", vec![], "/file required"),
    ] {
        let problem = shop::json(send(&host, &token, name, said, content), StatusCode::UNPROCESSABLE_ENTITY).await?;
        assert_eq!(shop::codes(&problem), [code], "{name} as {said}");
    }
    let packed = send(&host, &token, "a.jpg", "image/jpeg", photo(100)).header("Content-Encoding", "gzip");
    assert_eq!(packed.send().await?.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let seen = people::seen(&host, &token).await?;
    assert_eq!(seen["entries"].as_array().map(Vec::len), Some(1), "{seen}");
    Ok(())
}

#[tokio::test]
async fn names_are_cleaned_and_never_break_out_of_a_header() -> Result<()> {
    let host = shop::at_night().await?;
    let token = received(&host).await?;
    for (given, kept) in [
        ("..%2F..%2Fetc%2Fpasswd", "passwd.jpg"),
        ("C%3A%5Cphotos%5Cpuppy.jpg", "puppy.jpg"),
        ("a%0D%0ASet-Cookie%3A%20x.jpg", "aSet-Cookie_ x.jpg"),
        ("%E2%80%AEgpj.exe", "gpj.exe.jpg"),
        ("%22%3B%20filename%3D%22x.html", "_; filename=_x.html.jpg"),
        ("", "file.jpg"),
    ] {
        let file = shop::json(send(&host, &token, given, "", photo(100)), StatusCode::CREATED).await?;
        assert_eq!(file["name"], kept, "{given}");
        let path = format!("/v1/request/attachments/{}", id(&file)?);
        downloaded(host.get(&path).bearer_auth(&token).send().await?).await?;
    }
    let broken = shop::json(send(&host, &token, "%FF%FE", "", photo(100)), StatusCode::CREATED).await?;
    assert_eq!(broken["name"], "file.jpg");
    let path = "/v1/request/attachments?name=secret.jpg";
    let in_address = host.request(Method::POST, path).bearer_auth(&token).body(photo(100));
    assert_eq!(shop::json(in_address, StatusCode::CREATED).await?["name"], "file.jpg", "an address names nothing");
    Ok(())
}

#[tokio::test]
async fn the_same_file_with_its_key_is_there_once_however_often_it_is_sent_at_once() -> Result<()> {
    let host = within("AT_ONCE", "20").await?;
    let token = received(&host).await?;
    let keyed = |content| send(&host, &token, "a.jpg", "image/jpeg", content).header("Idempotency-Key", "one");
    let first = shop::json(keyed(photo(600_000)), StatusCode::CREATED).await?;
    let again = shop::json(keyed(photo(600_000)), StatusCode::CREATED).await?;
    assert_eq!(first, again);
    let other = shop::json(keyed(photo(600_001)), StatusCode::UNPROCESSABLE_ENTITY).await?;
    assert_eq!(other["type"], "urn:porchlight:error:key-reused");
    let many = (0..10).map(|_| keyed(photo(600_000)).send());
    for answer in futures_util::future::join_all(many).await {
        let status = answer?.status();
        assert!([StatusCode::CREATED, StatusCode::SERVICE_UNAVAILABLE].contains(&status), "{status}");
    }
    assert_eq!(people::seen(&host, &token).await?["entries"].as_array().map(Vec::len), Some(2));
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_too_large_is_told_so_and_how_large_it_may_be() -> Result<()> {
    let host = within("FILE_BYTES", "1048576").await?;
    let token = received(&host).await?;
    let too_large = send(&host, &token, "a.jpg", "image/jpeg", photo(1_048_577)).header("Accept-Language", "ru");
    let problem = shop::json(too_large, StatusCode::PAYLOAD_TOO_LARGE).await?;
    assert_eq!(problem["type"], "urn:porchlight:error:file-too-large");
    assert!(problem["title"].as_str().is_some_and(|title| title.contains("1 МБ")), "{problem}");
    shop::json(send(&host, &token, "a.jpg", "image/jpeg", photo(1_048_576)), StatusCode::CREATED).await?;
    Ok(())
}

#[tokio::test]
async fn a_request_has_room_for_so_many_files_and_a_site_for_so_many_bytes() -> Result<()> {
    let host = within("PER_REQUEST", "2").await?;
    let token = received(&host).await?;
    for _ in 0..2 {
        shop::json(send(&host, &token, "a.jpg", "image/jpeg", photo(100)), StatusCode::CREATED).await?;
    }
    let full = shop::json(send(&host, &token, "a.jpg", "image/jpeg", photo(100)), StatusCode::CONFLICT).await?;
    assert_eq!(full["type"], "urn:porchlight:error:no-room");
    drop(host);

    let host = within("SITE_BYTES", "1000").await?;
    let (token, other) = (received(&host).await?, received(&host).await?);
    shop::json(send(&host, &token, "a.jpg", "image/jpeg", photo(900)), StatusCode::CREATED).await?;
    let full = send(&host, &other, "a.jpg", "image/jpeg", photo(101)).send().await?;
    assert_eq!((full.status(), full.headers()["retry-after"].to_str()?), (StatusCode::SERVICE_UNAVAILABLE, "3600"));
    assert!(host.log().contains("attachments.site_bytes"), "the operator is told");
    let erased = host.request(Method::DELETE, "/v1/request").bearer_auth(&token).send().await?.status();
    assert_eq!(erased, StatusCode::NO_CONTENT);
    shop::json(send(&host, &other, "a.jpg", "image/jpeg", photo(101)), StatusCode::CREATED).await?;
    Ok(())
}

#[tokio::test]
async fn a_cancelled_request_takes_no_file_and_an_answered_one_is_reopened_by_it() -> Result<()> {
    let asked = asked(&Sample::message("Щенок боится будки").body()).await?.opened().await?;
    asked.answer("Да.", "&resolve=yes").await?;
    shop::json(send(&asked.host, &asked.token, "a.jpg", "image/jpeg", photo(100)), StatusCode::CREATED).await?;
    assert_eq!(asked.status().await?["status"], "in-progress");
    let cancel = asked.host.request(Method::PATCH, "/v1/request").bearer_auth(&asked.token);
    shop::json(cancel.json(&json!({"status": "cancelled"})), StatusCode::OK).await?;
    let refused = send(&asked.host, &asked.token, "b.jpg", "image/jpeg", photo(100));
    assert_eq!(shop::json(refused, StatusCode::CONFLICT).await?["type"], "urn:porchlight:error:final");
    Ok(())
}

/// The status page of a request left without JavaScript, and how whoever left it comes back.
async fn page(host: &Host) -> Result<(String, String)> {
    let form = "kind=message&text=Puppy&email=anna%40example.com&consent=true&locale=en";
    let client = Client::builder().redirect(Policy::none()).build()?;
    let sent =
        client.post(host.url("/c/pet-shop")).header("Content-Type", "application/x-www-form-urlencoded").body(form);
    let led = sent.send().await?;
    assert_eq!(led.status(), StatusCode::SEE_OTHER);
    let text = |name: &str| led.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let cookie = text("set-cookie").context("a cookie")?.split(';').next().unwrap_or_default().to_owned();
    Ok((text("location").context("a way")?, cookie))
}

/// What a browser sends of a form with a file, behind another field (RFC 7578).
fn form(content: Vec<u8>, name: &str, said: &str) -> Vec<u8> {
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n{}\r\n--edge\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {said}\r\n\r\n",
        "x".repeat(1_000)
    );
    [head.into_bytes(), content, b"\r\n--edge--\r\n".to_vec()].concat()
}

const FORM: &str = "multipart/form-data; boundary=edge";

#[tokio::test]
async fn without_javascript_a_file_is_sent_by_a_form_and_read_by_both() -> Result<()> {
    let host = shop::at_night().await?;
    let (path, cookie) = page(&host).await?;
    let client = Client::builder().redirect(Policy::none()).build()?;
    let url = host.url(&format!("{path}/attachments"));
    let english = || client.post(&url).header("Accept-Language", "en");
    let bare = |form: Vec<u8>| english().header("Content-Type", FORM).body(form);
    let post = |form| bare(form).header("Cookie", &cookie).send();
    let sent = post(form(photo(600_000), "pup%22py.jpg", "image/jpeg")).await?;
    assert_eq!(
        (sent.status(), sent.headers()["location"].to_str()?),
        (StatusCode::SEE_OTHER, &*format!("{path}?said=sent"))
    );
    let lie = post(form(photo(100), "puppy.png", "image/png")).await?;
    assert_eq!(lie.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let shown = lie.text().await?;
    assert!(shown.contains("something else than it says"), "{shown}");
    assert_eq!(post(form(vec![], "", "application/octet-stream")).await?.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let large = post(form(photo(9 << 20), "puppy.jpg", "image/jpeg")).await?;
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(large.text().await?.contains("at most 8 MB"));
    let foreign = bare(form(photo(100), "a.jpg", "image/jpeg")).header("Cookie", &cookie);
    let foreign = foreign.header("Origin", "https://evil.example").send().await?;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    let nobody = bare(form(photo(100), "a.jpg", "image/jpeg")).send().await?;
    assert_eq!(nobody.status(), StatusCode::GONE);

    let links: Vec<&str> = shown.split('"').filter(|part| part.contains("/attachments/")).collect();
    assert_eq!(links.len(), 1, "one was kept: {shown}");
    let read = |cookie: &str| client.get(host.url(links[0])).header("Cookie", cookie).send();
    assert!(downloaded(read(&cookie).await?).await? == photo(600_000));
    assert_eq!(read("").await?.status(), StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn the_business_reads_a_file_on_the_page_of_its_letter() -> Result<()> {
    let asked: Asked = asked(&Sample::message("Щенок боится будки").body()).await?.opened().await?;
    shop::json(send(&asked.host, &asked.token, "a.jpg", "image/jpeg", photo(1_500_000)), StatusCode::CREATED).await?;
    let shown = asked.shown().await?;
    assert!(shown.contains("Файл: a.jpg, 1,5 МБ"), "{shown}");
    let link = shown.split('"').find(|part| part.contains("/attachments/")).context("a link")?;
    assert!(downloaded(asked.fetched(link).await?).await? == photo(1_500_000));
    assert_eq!(asked.host.get(link).send().await?.status(), StatusCode::NOT_FOUND, "without the cookie");
    Ok(())
}
