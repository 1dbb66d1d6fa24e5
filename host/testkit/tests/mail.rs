//! The mail server itself, spoken to by hand.
#![cfg(feature = "mail-tests")]

use std::time::Duration;

use anyhow::Result;
use porchlight_testkit::{SmtpSink, mail::free_port};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

const MAIL: &str = "From: =?utf-8?B?0J/RkdGBINC4INCa0L7Rgg==?= <shop@shop.example>\r\nTo: anna@example.com\r\nMessage-ID: <1@shop.example>\r\n\
    Subject: =?utf-8?B?0JfQsNGP0LLQutCw?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nПерезвоним завтра.\r\n.\r\n";

async fn send(port: u16) -> Result<()> {
    let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", port)).await?);
    let commands =
        ["HELO test\r\n", "MAIL FROM:<shop@shop.example>\r\n", "RCPT TO:<anna@example.com>\r\n", "DATA\r\n", MAIL];
    for command in commands {
        let mut answer = String::new();
        stream.read_line(&mut answer).await?;
        assert!(answer.starts_with(['2', '3']), "{answer}");
        stream.write_all(command.as_bytes()).await?;
    }
    Ok(())
}

#[tokio::test]
async fn mail_arrives_decoded_with_its_envelope() -> Result<()> {
    let sink = SmtpSink::start().await?;
    assert!(sink.mails()?.is_empty());
    send(sink.port()).await?;
    let mails = sink.wait_for(1).await?;
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!((mail.from_name.as_deref(), mail.from.as_str()), (Some("Пёс и Кот"), "shop@shop.example"));
    assert_eq!((mail.subject.as_str(), mail.text.trim()), ("Заявка", "Перезвоним завтра."));
    assert_eq!(
        (mail.envelope_from.as_str(), &*mail.envelope_to),
        ("shop@shop.example", &["anna@example.com".to_owned()][..])
    );
    assert_eq!(mail.message_id.as_deref(), Some("1@shop.example"));
    Ok(())
}

#[tokio::test]
async fn server_can_be_down_first_and_come_up_on_its_port_later() -> Result<()> {
    let port = free_port()?;
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
    let sink = SmtpSink::start_on(port).await?;
    send(port).await?;
    let counted = tokio::time::timeout(Duration::from_secs(30), sink.wait_for(1)).await??;
    assert_eq!(counted.len(), 1);
    Ok(())
}
