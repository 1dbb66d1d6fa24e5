//! E-mail that comes in: answers of both sides, questions, and what nobody should send.

mod told_apart;

use std::{collections::HashSet, fs, path::Path, process::Command};

use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use mail_parser::MessageParser;
use porchlight_testkit::{Host, HostOptions, PATIENCE, samples::Sample, wait_until};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::{desk, hosted, shop};

const SECRET: &str = "0123456789-a-long-secret";
const OWNER: &str = "owner@shop.example";
const ANNA: &str = "anna@example.com";

fn options() -> HostOptions {
    HostOptions::demo()
        .clock(shop::SUNDAY_NIGHT)
        .environment("PORCHLIGHT_MAIL__REPLIES", "help@shop.example")
        .environment("PORCHLIGHT_MAIL__INBOUND_SECRET", SECRET)
}

async fn shop_with_mail() -> Result<Host> {
    Host::start(shop::binary(), options().unlimited()).await
}

/// A letter that was sent.
struct Letter {
    raw: Vec<u8>,
    id: String,
    reply_to: String,
    subject: String,
    text: String,
}

/// Every letter to somebody.
fn letters(host: &Host, to: &str) -> Result<Vec<Letter>> {
    let files = fs::read_dir(host.data().join("mailbox"))?.map(|file| Ok(file?.path()));
    let files =
        files.filter(|path: &Result<_>| path.as_ref().is_ok_and(|path| path.extension() == Some("eml".as_ref())));
    let read = |path: std::path::PathBuf| -> Result<Option<Letter>> {
        let raw = fs::read(path)?;
        let mail = MessageParser::default().parse(&raw).context("a mail")?;
        let address = |of: Option<&mail_parser::Address<'_>>| Some(of?.first()?.address()?.to_owned());
        let letter = Letter {
            id: mail.message_id().context("an id")?.to_owned(),
            reply_to: address(mail.reply_to()).unwrap_or_default(),
            subject: mail.subject().context("a subject")?.to_owned(),
            text: mail.body_text(0).context("a text")?.into_owned(),
            raw: raw.clone(),
        };
        Ok((address(mail.to()).as_deref() == Some(to)).then_some(letter))
    };
    files.filter_map(|path| path.and_then(read).transpose()).collect()
}

/// The letter to somebody that says something.
async fn letter(host: &Host, to: &str, says: &str) -> Result<Letter> {
    wait_until(&format!("a letter to {to} that says `{says}`"), PATIENCE, async || {
        letters(host, to).ok()?.into_iter().find(|letter| letter.text.contains(says) || letter.subject.contains(says))
    })
    .await
}

fn bring(host: &Host, mail: impl Into<Vec<u8>>) -> RequestBuilder {
    let post = host.request(reqwest::Method::POST, "/v1/inbound/mail").bearer_auth(SECRET);
    post.header("Content-Type", "message/rfc822").body(mail.into())
}

async fn kept(host: &Host, mail: impl Into<Vec<u8>>) -> Result<()> {
    let answer = shop::json(bring(host, mail), StatusCode::ACCEPTED).await?;
    assert_eq!(answer, serde_json::json!({"outcome": "kept"}));
    Ok(())
}

/// Why a mail was not kept.
async fn dropped(host: &Host, mail: impl Into<Vec<u8>>) -> Result<String> {
    let answer = shop::json(bring(host, mail), StatusCode::OK).await?;
    assert_eq!(answer["outcome"], "dropped");
    Ok(answer["reason"].as_str().context("a reason")?.to_owned())
}

/// An answer to a letter, as Gmail writes it.
fn answer(letter: &Letter, from: &str, text: &str) -> String {
    let quoted: Vec<String> = letter.text.lines().map(|line| format!("> {line}")).collect();
    format!(
        "From: {from}\r\nTo: {to}\r\nMessage-ID: <{text_id}.{id}>\r\nIn-Reply-To: <{id}>\r\nSubject: Re: {reference}\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\r\nвс, 22 нояб. 2026 г. в 22:31, Пёс и Кот <{to}>:\r\n\r\n{quoted}\r\n",
        to = letter.reply_to,
        text_id = text.len(),
        id = letter.id,
        reference = letter.subject.split(':').next().unwrap_or_default(),
        quoted = quoted.join("\r\n"),
    )
}

/// A question to the shop.
fn question(id: &str, from: &str, text: &str) -> String {
    format!(
        "From: {from}\r\nTo: Ask@Shop.example\r\nMessage-ID: <{id}@example.com>\r\nSubject: Kennel\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
}

/// A message that was left by the form.
struct Asked {
    host: Host,
    token: String,
}

async fn asked() -> Result<Asked> {
    asked_at(shop_with_mail().await?).await
}

async fn asked_at(host: Host) -> Result<Asked> {
    let body = Sample::message("Щенок боится будки").body();
    let receipt = shop::json(host.post("/v1/sites/pet-shop/requests", &body), StatusCode::CREATED).await?;
    Ok(Asked { token: receipt["tracking_token"].as_str().context("a token")?.to_owned(), host })
}

impl Asked {
    async fn own(&self) -> Result<Value> {
        shop::json(self.host.get("/v1/request").bearer_auth(&self.token), StatusCode::OK).await
    }

    /// Who said what.
    async fn said(&self) -> Result<Vec<(String, String)>> {
        let own = self.own().await?;
        let of = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        let entries = own["entries"].as_array().context("entries")?;
        Ok(entries.iter().map(|entry| (of(entry, "from"), of(entry, "text"))).collect())
    }

    /// The business says by its page that it is answered.
    async fn resolve(&self) -> Result<()> {
        let page = self.host.url(&shop::mailed_link(&self.host, "боится", "/desk/pet-shop/").await?);
        let opened = desk::post(&page, "action=open", "").await?;
        let cookie = opened.headers()["set-cookie"].to_str()?.split(';').next().unwrap_or_default().to_owned();
        let shown = reqwest::Client::new().get(&page).header("Cookie", &cookie).send().await?.text().await?;
        let pressed = format!("action=resolve&revision={}", hosted::hidden(&shown, "revision")?);
        assert_eq!(desk::post(&page, &pressed, &cookie).await?.status(), StatusCode::SEE_OTHER);
        Ok(())
    }
}

fn said(from: &str, text: &str) -> (String, String) {
    (from.to_owned(), text.to_owned())
}

/// References of all requests that are kept.
fn references(data: &Path) -> Result<HashSet<String>> {
    let mut list = Command::new(shop::binary());
    let list = list.args(["requests", "list", "--json", "--limit", "1000", "--data"]).arg(data).output()?;
    let lines = String::from_utf8(list.stdout)?;
    let reference = |line: &str| -> Result<String> {
        let request: Value = serde_json::from_str(line)?;
        Ok(request["reference"].as_str().context("a reference")?.to_owned())
    };
    lines.lines().map(reference).collect()
}

#[tokio::test]
async fn answer_of_the_business_becomes_an_entry_and_reaches_the_visitor() -> Result<()> {
    let asked = asked().await?;
    let letter_to_owner = letter(&asked.host, OWNER, "боится").await?;
    let local = letter_to_owner.reply_to.strip_suffix("@shop.example").context("the reply address")?;
    assert!(local.starts_with("help+") && local.len() <= 64, "{local}");
    let mail =
        answer(&letter_to_owner, "Хозяин <OWNER@Shop.example>", "Поставьте миску внутрь.\r\n\r\n-- \r\nПёс и Кот");
    kept(&asked.host, mail.clone()).await?;
    let seen = asked.own().await?;
    assert_eq!(seen["status"], "in-progress");
    assert!(seen["expected_reply"].is_null(), "{seen}");
    assert_eq!(asked.said().await?[1], said("agent", "Поставьте миску внутрь."));
    let to_anna = letter(&asked.host, ANNA, "Поставьте миску внутрь.").await?;
    assert_ne!(to_anna.reply_to, letter_to_owner.reply_to, "each answers for oneself");

    for _ in 0..2 {
        kept(&asked.host, mail.clone()).await?;
    }
    assert_eq!(asked.said().await?.len(), 2, "the same mail is one entry");
    Ok(())
}

#[tokio::test]
async fn visitor_who_answers_by_mail_after_the_end_reopens_the_request() -> Result<()> {
    let asked = asked().await?;
    let first = letter(&asked.host, ANNA, "Номер обращения").await?;
    asked.resolve().await?;
    assert_eq!(asked.own().await?["status"], "resolved");
    kept(&asked.host, answer(&first, "anna@EXAMPLE.com", "А доставка есть?")).await?;
    assert_eq!(asked.own().await?["status"], "in-progress");
    assert_eq!(asked.said().await?.last(), Some(&said("requester", "А доставка есть?")));
    letter(&asked.host, OWNER, "> А доставка есть?").await?;
    Ok(())
}

#[tokio::test]
async fn answer_to_a_forged_or_cut_address_is_dropped() -> Result<()> {
    let asked = asked().await?;
    let mut to_owner = letter(&asked.host, OWNER, "боится").await?;
    let whole = to_owner.reply_to.clone();
    // Another character in the middle of the mark, which base 32 has too.
    let (before, after) = whole.split_at(20);
    let changed = format!("{before}{}{}", if after.starts_with('c') { 'd' } else { 'c' }, &after[1..]);
    for forged in [whole.replace("@", "a@"), whole[..20].to_owned() + "@shop.example", changed] {
        assert_ne!(forged, whole);
        to_owner.reply_to = forged;
        assert_eq!(dropped(&asked.host, answer(&to_owner, OWNER, "Да.")).await?, "forged");
    }
    to_owner.reply_to = "nobody@shop.example".to_owned();
    assert_eq!(dropped(&asked.host, answer(&to_owner, OWNER, "Да.")).await?, "nobody");
    assert_eq!(asked.said().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn question_by_mail_becomes_a_request_once() -> Result<()> {
    let host = shop_with_mail().await?;
    let mail = question("one", "=?utf-8?B?0JDQvdC90LA=?= <anna@example.com>", "Есть ли будка для овчарки?");
    for _ in 0..3 {
        kept(&host, mail.clone()).await?;
    }
    let (one, other) = tokio::join!(kept(&host, mail.clone()), kept(&host, mail.clone()));
    one.and(other)?;
    assert_eq!(references(host.data())?.len(), 1);
    let to_owner = letter(&host, OWNER, "> Есть ли будка для овчарки?").await?;
    assert!(to_owner.text.contains("> Kennel") && to_owner.text.contains("Анна"), "{}", to_owner.text);
    let to_anna = letter(&host, ANNA, "Номер обращения: PS-").await?;
    assert!(!to_anna.text.contains("овчарки"), "nobody has shown that the address is theirs: {}", to_anna.text);
    kept(&host, answer(&to_anna, ANNA, "И ещё миска.")).await?;
    letter(&host, OWNER, "> И ещё миска.").await?;
    assert_eq!(references(host.data())?.len(), 1, "the answer belongs to it");
    Ok(())
}

#[tokio::test]
async fn photo_that_comes_by_mail_is_kept_and_what_is_not_taken_is_named() -> Result<()> {
    let host = shop_with_mail().await?;
    let photo = [b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec(), vec![0x5a; 300_000]].concat();
    let part = |name: &str, media: &str, content: &[u8]| {
        let content = BASE64.encode(content);
        format!(
            "--edge\r\nContent-Type: {media}; name={name}\r\nContent-Disposition: attachment\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{content}\r\n"
        )
    };
    let mail = |id: &str, text: &str| {
        format!(
            "From: anna@example.com\r\nTo: ask@shop.example\r\nMessage-ID: <{id}@example.com>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=edge\r\n\r\n--edge\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
             {text}\r\n{}{}{}--edge--\r\n",
            part("dog.jpg", "image/jpeg", &photo),
            part("evil.jpg", "image/jpeg", b"<svg onload='alert(1)'/>"),
            part("run.exe", "application/octet-stream", b"MZ\x90\0"),
        )
    };
    for _ in 0..2 {
        kept(&host, mail("one", "Вот она.")).await?;
    }
    kept(&host, mail("two", "")).await?;
    let to_owner = letter(&host, OWNER, "> Файл: dog.jpg, 293 КБ").await?;
    assert_eq!(references(host.data())?.len(), 2);
    assert!(to_owner.text.contains("здесь не хранится: evil.jpg"), "{}", to_owner.text);
    let person = ["requests", "export", "--email", ANNA, "--data"];
    let export = Command::new(shop::binary()).args(person).arg(host.data()).output()?;
    let dossier: Value = serde_json::from_slice(&export.stdout)?;
    for entry in dossier["requests"].as_array().context("requests")? {
        let said = &entry["request"]["entries"][0];
        assert_eq!(said["attachments"].as_array().map(Vec::len), Some(1), "{said}");
        assert_eq!(
            (&said["attachments"][0]["type"], &said["attachments"][0]["size"]),
            (&json!("jpeg"), &json!(300_011))
        );
        assert!(
            said["text"].as_str().is_some_and(|text| text.contains("run.exe") && !text.contains("dog.jpg")),
            "{said}"
        );
        let content = entry["files"][0]["content"].as_str().context("its content")?;
        assert!(BASE64.encode(&photo) == content);
    }
    Ok(())
}

#[tokio::test]
async fn question_is_read_in_the_charsets_of_old_mail_programs() -> Result<()> {
    let host = shop_with_mail().await?;
    for (charset, hello) in [("koi8-r", b"\xf0\xd2\xc9\xd7\xc5\xd4"), ("windows-1251", b"\xcf\xf0\xe8\xe2\xe5\xf2")] {
        let mail = question(charset, "anna@example.com", "TEXT").replace("utf-8", charset);
        let (before, after) = mail.split_once("TEXT").context("a place")?;
        kept(&host, [before.as_bytes(), hello, charset.as_bytes(), after.as_bytes()].concat()).await?;
        letter(&host, OWNER, &format!("> Привет{charset}")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn two_hosts_do_not_answer_each_other() -> Result<()> {
    let (asked, other) = (asked().await?, shop_with_mail().await?);
    for to in [OWNER, ANNA] {
        let mine = letter(&asked.host, to, "PS-").await?;
        let forwarded = [b"Delivered-To: ask@shop.example\r\n".as_slice(), &mine.raw].concat();
        for host in [&other, &asked.host] {
            assert_eq!(dropped(host, mine.raw.clone()).await?, "nobody");
            assert_eq!(dropped(host, forwarded.clone()).await?, "automatic");
        }
    }
    let first = letter(&asked.host, ANNA, "Номер обращения").await?;
    let away = answer(&first, ANNA, "Я в отпуске.").replace("Subject:", "Auto-Submitted: auto-replied\r\nSubject:");
    assert_eq!(dropped(&asked.host, away).await?, "automatic");
    let bounce = answer(&first, "MAILER-DAEMON@example.com", "Unknown user");
    assert_eq!(dropped(&asked.host, bounce).await?, "no-reply");
    assert_eq!((asked.said().await?.len(), references(other.data())?.len()), (1, 0));
    Ok(())
}

#[tokio::test]
async fn programs_that_do_not_say_so_are_held_back_by_the_hour() -> Result<()> {
    let slow = options()
        .environment("PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE", "6")
        .environment("PORCHLIGHT_ABUSE__LETTERS_PER_HOUR", "3");
    let asked = asked_at(Host::start(shop::binary(), slow).await?).await?;
    let first = letter(&asked.host, ANNA, "Номер обращения").await?;
    for number in 1..=2 {
        kept(&asked.host, answer(&first, ANNA, &"Вот ответ.".repeat(number))).await?;
    }
    assert_eq!(dropped(&asked.host, answer(&first, ANNA, &"Вот ответ.".repeat(3))).await?, "too-many");
    for number in 1..=3 {
        kept(&asked.host, question(&format!("{number}"), "robot@example.com", "Hello")).await?;
    }
    assert_eq!(dropped(&asked.host, question("4", "robot+4@example.com", "Hello")).await?, "too-many");
    assert_eq!(asked.said().await?.len(), 3);
    Ok(())
}

#[tokio::test]
async fn mail_without_sense_is_dropped_and_the_host_goes_on() -> Result<()> {
    let host = shop_with_mail().await?;
    let noise: Vec<u8> = (0..60_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for mail in [vec![], b"\r\n\r\n".to_vec(), noise, b"From: a\r\n".repeat(20_000)] {
        let answer = shop::json(bring(&host, mail), StatusCode::OK).await?;
        assert_eq!(answer["outcome"], "dropped");
    }
    let broken = "From: anna@example.com\r\nTo: ask@shop.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
                  --b\r\nContent-Type: text/plain; charset=no-such\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!\r\n--b\r\nbroken";
    assert!(bring(&host, broken).send().await?.status().is_success());
    assert_eq!(dropped(&host, "From: anna@example.com\r\nTo: ask@shop.example\r\n\r\n \r\n").await?, "empty");
    assert_eq!(dropped(&host, "To: ask@shop.example\r\n\r\nhello\r\n").await?, "no-sender");
    kept(&host, question("after", "anna@example.com", "Still there?")).await?;
    Ok(())
}

#[tokio::test]
async fn mail_that_is_too_large_is_refused_and_a_large_one_is_taken() -> Result<()> {
    let host = shop_with_mail().await?;
    let with_file = |bytes: usize| {
        let text = "--b\r\nContent-Type: text/plain\r\n\r\nSee the picture.\r\n--b\r\n\
                    Content-Type: image/jpeg; name=dog.jpg\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n";
        let lines = format!("{}\r\n", "A".repeat(76)).repeat(bytes / 78);
        question("large", "anna@example.com", &format!("{text}{lines}--b--"))
            .replace("text/plain; charset=utf-8", "multipart/mixed; boundary=b")
    };
    kept(&host, with_file(9 << 20)).await?;
    let to_owner = letter(&host, OWNER, "> See the picture.").await?;
    assert!(to_owner.text.contains("> Приложено к письму, здесь не хранится: dog.jpg, "), "{}", to_owner.text);
    let refused = bring(&host, with_file(20 << 20)).send().await;
    // It may hang up on a client that goes on sending.
    assert!(refused.is_err() || refused.is_ok_and(|answer| answer.status() == StatusCode::PAYLOAD_TOO_LARGE));
    let small = options().unlimited().environment("PORCHLIGHT_MAIL__INBOUND_BYTES", "65536");
    let host = Host::start(shop::binary(), small).await?;
    let problem = shop::json(bring(&host, with_file(100_000)), StatusCode::PAYLOAD_TOO_LARGE).await?;
    assert_eq!(problem["type"], "urn:porchlight:error:too-large");
    Ok(())
}

#[tokio::test]
async fn only_who_knows_the_secret_brings_mail() -> Result<()> {
    let host = shop_with_mail().await?;
    let mail = || {
        let post = host.request(reqwest::Method::POST, "/v1/inbound/mail").header("Content-Type", "message/rfc822");
        post.body(question("one", "anna@example.com", "Hello"))
    };
    for wrong in ["", "x", &SECRET[1..], &format!("{SECRET}x"), &SECRET.to_uppercase()] {
        shop::json(mail().bearer_auth(wrong), StatusCode::UNAUTHORIZED).await?;
    }
    shop::json(mail(), StatusCode::UNAUTHORIZED).await?;
    shop::json(mail().basic_auth(SECRET, Some(SECRET)), StatusCode::UNAUTHORIZED).await?;
    let json = host.post("/v1/inbound/mail", &serde_json::json!({})).bearer_auth(SECRET);
    shop::json(json, StatusCode::UNSUPPORTED_MEDIA_TYPE).await?;
    shop::json(mail().header("authorization", format!("bearer {SECRET}")), StatusCode::ACCEPTED).await?;
    let without = shop::at_night().await?;
    shop::json(bring(&without, question("one", "anna@example.com", "Hello")), StatusCode::NOT_FOUND).await?;
    Ok(())
}

#[tokio::test]
async fn nothing_can_be_written_into_a_header_by_mail() -> Result<()> {
    let host = shop_with_mail().await?;
    let injected = "=?utf-8?Q?Anna=0D=0ABcc:_all=40evil.example=0D=0A=0D=0Abody?=";
    let mail = question("one", &format!("{injected} <anna@example.com>"), "Hello\r\n> X-Evil: yes");
    kept(&host, mail.replace("Subject: Kennel", &format!("Subject: {injected}"))).await?;
    for to in [OWNER, ANNA] {
        let letter = letter(&host, to, "PS-").await?;
        let read = MessageParser::default().parse(&letter.raw).context("a mail")?;
        assert!(read.bcc().is_none() && read.header("X-Evil").is_none());
        assert!(!letter.text.lines().any(|line| line.starts_with("Bcc:") || line == "body"), "{}", letter.text);
    }
    Ok(())
}

#[tokio::test]
async fn mail_that_cannot_be_kept_is_asked_for_again() -> Result<()> {
    let script = "trap '' XFSZ; ulimit -f 4096; exec \"$0\" \"$@\"";
    let program = shop::binary().display().to_string();
    let options = HostOptions::with_arguments(["-c", script, &program, "demo", "--listen", "127.0.0.1:0"]).unlimited();
    let options = options.environment("PORCHLIGHT_MAIL__INBOUND_SECRET", SECRET);
    let host = Host::start(Path::new("/bin/bash"), options).await?;
    for number in 0..5_000 {
        let sent = bring(&host, question(&number.to_string(), &format!("a{number}@example.com"), &"long ".repeat(900)));
        match sent.send().await?.status() {
            StatusCode::ACCEPTED => {}
            status => {
                assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
                return Ok(());
            }
        }
    }
    anyhow::bail!("the disk never became full")
}
