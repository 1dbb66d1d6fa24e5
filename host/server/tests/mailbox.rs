//! E-mail both ways, whole: letters leave by a real SMTP server, and what is answered comes back from a real mailbox.

use std::path::Path;

use anyhow::{Context, Result};
use porchlight_testkit::{
    Host, HostOptions, PATIENCE, SmtpSink,
    imap::{ImapServer, Mark},
    mail::ReceivedMail,
    samples::Sample,
    wait_until,
};
use serde_json::Value;

/// The pet shop, sending by one server and looking into the mailbox of another.
async fn shop(sink: &SmtpSink, mailbox: &ImapServer) -> Result<Host> {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/pet-shop").canonicalize()?;
    let options = HostOptions::with_arguments(["serve", "--watch"]).argument(example);
    let options = options
        .unlimited()
        .environment("PORCHLIGHT_LISTEN", "127.0.0.1:0")
        .environment("PORCHLIGHT_MAIL__SERVER", &format!("smtp://127.0.0.1:{}", sink.port()))
        .environment("PORCHLIGHT_MAIL__FROM", "help@shop.example")
        .environment("PORCHLIGHT_MAIL__REPLIES", "help@shop.example")
        .environment("PORCHLIGHT_MAIL__INBOUND_BYTES", "65536")
        .environment("PORCHLIGHT_MAIL__IMAP", &mailbox.url());
    Host::start(Path::new(env!("CARGO_BIN_EXE_porchlight")), options).await
}

/// An answer to a letter as a mail program writes it.
fn answer(letter: &ReceivedMail, text: &str) -> Result<Vec<u8>> {
    let (from, to) = (&letter.envelope_to[0], letter.reply_to.as_ref().context("a way to answer")?);
    let id = letter.message_id.as_ref().context("an id")?;
    let quoted: Vec<String> = letter.text.lines().map(|line| format!("> {line}")).collect();
    Ok(format!(
        "From: {from}\r\nTo: {to}\r\nMessage-ID: <answer-{id}>\r\nIn-Reply-To: <{id}>\r\nSubject: Re: x\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\r\nOn Sun, 22 Nov 2026 at 22:31, Shop <{to}> wrote:\r\n{}\r\n",
        quoted.join("\r\n")
    )
    .into_bytes())
}

/// The letter to somebody that says something.
async fn letter(sink: &SmtpSink, to: &str, says: &str) -> Result<ReceivedMail> {
    wait_until(&format!("a letter to {to}"), PATIENCE, async || {
        let mails = sink.mails().ok()?;
        mails.into_iter().find(|mail| mail.envelope_to == [to] && mail.text.contains(says))
    })
    .await
}

async fn marked(mailbox: &ImapServer, mark: Mark, count: usize) -> Result<()> {
    let marked = async || (mailbox.marked(mark).ok()? == count).then_some(());
    wait_until(&format!("{count} mails marked {mark:?}"), PATIENCE, marked).await
}

#[tokio::test]
async fn conversation_goes_on_by_mail_alone_in_both_directions() -> Result<()> {
    let (sink, mailbox) = (SmtpSink::start().await?, ImapServer::start().await?);
    let host = shop(&sink, &mailbox).await?;
    let body = Sample::message("Щенок боится будки").body();
    let receipt: Value = host.post("/v1/sites/pet-shop/requests", &body).send().await?.json().await?;
    let token = receipt["tracking_token"].as_str().context("a token")?;

    mailbox.deliver(&answer(&letter(&sink, "owner@shop.example", "боится").await?, "Поставьте миску внутрь.")?)?;
    let answered = letter(&sink, "anna@example.com", "Поставьте миску внутрь.").await?;
    marked(&mailbox, Mark::Seen, 1).await?;
    mailbox.deliver(&answer(&answered, "Помогло, спасибо!")?)?;
    letter(&sink, "owner@shop.example", "> Помогло, спасибо!").await?;
    marked(&mailbox, Mark::Seen, 2).await?;

    let own: Value = host.get("/v1/request").bearer_auth(token).send().await?.json().await?;
    let entries = own["entries"].as_array().context("entries")?;
    let said: Vec<_> = entries.iter().map(|entry| (entry["from"].as_str(), entry["text"].as_str())).collect();
    assert_eq!(
        said,
        [
            (Some("requester"), Some("Щенок боится будки")),
            (Some("agent"), Some("Поставьте миску внутрь.")),
            (Some("requester"), Some("Помогло, спасибо!"))
        ]
    );
    let (status, log) = host.stop().await?;
    assert!(status.success() && !log.contains("anna@") && !log.contains("owner@"), "{log}");
    Ok(())
}

#[tokio::test]
async fn mail_that_cannot_be_read_is_flagged_that_of_others_left_alone_and_ours_taken() -> Result<()> {
    let (sink, mailbox) = (SmtpSink::start().await?, ImapServer::start().await?);
    let large = format!("From: a@b.example\r\nTo: help@shop.example\r\n\r\n{}\r\n", "x\r\n".repeat(30_000));
    mailbox.deliver(large.as_bytes())?;
    let parts = "--b\r\n\r\nx\r\n".repeat(300);
    let crowded = format!("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{parts}");
    mailbox.deliver(crowded.as_bytes())?;
    mailbox.deliver(b"From: boris@example.com\r\nTo: accounts@shop.example\r\n\r\nFor somebody else.\r\n")?;
    mailbox.deliver(
        b"From: anna@example.com\r\nTo: ask@shop.example\r\nSubject: Kennel\r\n\r\nDo you have a kennel?\r\n",
    )?;
    let host = shop(&sink, &mailbox).await?;
    letter(&sink, "owner@shop.example", "> Do you have a kennel?").await?;
    letter(&sink, "anna@example.com", "PS-").await?;
    marked(&mailbox, Mark::Seen, 1).await?;
    marked(&mailbox, Mark::Flagged, 2).await?;
    marked(&mailbox, Mark::None, 1).await?;
    let log = host.log();
    assert!(log.contains("too large: it is flagged and left") && log.contains("is not taken: it is flagged"), "{log}");
    assert!(!log.contains("b.example"), "{log}");
    Ok(())
}

#[tokio::test]
async fn mail_of_twenty_megabytes_is_flagged_without_being_fetched_and_the_next_one_is_taken() -> Result<()> {
    const LINES: usize = 20 * 1024 * 1024 / 78;
    let (sink, mailbox) = (SmtpSink::start().await?, ImapServer::start().await?);
    let host = shop(&sink, &mailbox).await?;
    let before = host.memory()?;
    let huge =
        format!("From: a@b.example\r\nTo: ask@shop.example\r\n\r\n{}", format!("{}\r\n", "x".repeat(76)).repeat(LINES));
    mailbox.deliver(huge.as_bytes())?;
    mailbox.deliver(
        b"From: anna@example.com\r\nTo: ask@shop.example\r\nSubject: Kennel\r\n\r\nDo you have a kennel?\r\n",
    )?;
    letter(&sink, "owner@shop.example", "> Do you have a kennel?").await?;
    marked(&mailbox, Mark::Flagged, 1).await?;
    let grown = host.memory()?.saturating_sub(before);
    assert!(grown < 10 * 1024, "the mail was fetched: {grown} KiB more are used");
    Ok(())
}

#[tokio::test]
async fn mailbox_that_is_away_is_looked_for_again() -> Result<()> {
    let (sink, mailbox) = (SmtpSink::start().await?, ImapServer::start().await?);
    let url = mailbox.url();
    drop(mailbox);
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/pet-shop").canonicalize()?;
    let options = HostOptions::with_arguments(["serve", "--watch"]).argument(example);
    let options = options
        .environment("PORCHLIGHT_LISTEN", "127.0.0.1:0")
        .environment("PORCHLIGHT_MAIL__SERVER", &format!("smtp://127.0.0.1:{}", sink.port()))
        .environment("PORCHLIGHT_MAIL__FROM", "help@shop.example")
        .environment("PORCHLIGHT_MAIL__IMAP", &url);
    let host = Host::start(Path::new(env!("CARGO_BIN_EXE_porchlight")), options).await?;
    let said = async || (host.log().matches("incoming mail cannot be read").count() >= 2).then_some(());
    wait_until("two attempts in the log", PATIENCE, said).await?;
    assert!(!host.log().contains("p%40ss") && !host.log().contains("p@ss"), "{}", host.log());
    assert_eq!(host.get("/readyz").send().await?.status(), 200, "everything else goes on");
    Ok(())
}
