use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ClientConfig, RootCertStore, ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

use super::*;

/// Takes nothing: no test here gets as far.
struct Nobody;

#[async_trait]
impl Intake for Nobody {
    async fn take(&self, _: Vec<u8>) -> Received {
        panic!("there is no mail");
    }
}

/// Why a visit fails at a server that answers with these lines, each to one line received; the first is its greeting.
async fn failure(url: &str, answers: &'static [&'static str]) -> ImapError {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = url.replace("HOST", &listener.local_addr().expect("an address").to_string());
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a client");
        let mut stream = BufReader::new(stream);
        for answer in answers {
            stream.write_all(answer.as_bytes()).await.expect("written");
            stream.read_line(&mut String::new()).await.expect("read");
        }
    });
    let (looked, error) = ImapInbox::new(&url, 1_000).expect("an inbox").visit(&Nobody, &mut Left::default()).await;
    assert!(!looked);
    error
}

#[tokio::test]
async fn password_that_is_refused_is_said_without_what_the_server_says() {
    let error = failure("imap://anna:secret@HOST", &["* OK hi\r\n", "A0001 NO anna@example.com is locked\r\n"]).await;
    assert!(matches!(error, ImapError::Login), "{error:?}");
    assert_eq!(chain(&error), "user and password are refused");
}

#[tokio::test]
async fn server_that_speaks_something_else_or_hangs_up_is_said() {
    let error = failure("imap://anna:secret@HOST", &["HTTP/1.1 400 Bad Request\r\n"]).await;
    assert!(matches!(error, ImapError::Protocol | ImapError::Connection(_)), "{error:?}");
    assert!(matches!(failure("imap://anna:secret@HOST", &[]).await, ImapError::Protocol | ImapError::Connection(_)));
}

#[tokio::test]
async fn without_tls_nobody_logs_in_where_it_is_required() {
    let error = failure("imap://anna:secret@HOST?tls=required", &["* OK hi\r\n", "A0001 BAD no\r\n"]).await;
    assert_eq!(chain(&error), "the mail server refused to begin TLS");
    let plain = failure("imaps://anna:secret@HOST", &["* OK hi\r\n"]).await;
    assert!(matches!(plain, ImapError::Connection(_)), "{plain:?}");
}

#[test]
fn password_is_never_shown() {
    let inbox = ImapInbox::new("imaps://anna:secret@mail.example/INBOX", 1).expect("an inbox");
    assert_eq!(format!("{inbox:?}"), "ImapInbox(mail.example:993)");
}

/// A certificate of a server at this name, which nobody else vouches for.
fn certificate(name: &str) -> (CertificateDer<'static>, TlsAcceptor) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).expect("a certificate");
    let (certificate, key) = (cert.der().clone(), PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key"));
    let versions = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let versions = versions.with_safe_default_protocol_versions().expect("versions").with_no_client_auth();
    let config = versions.with_single_cert(vec![certificate.clone()], key).expect("a server");
    (certificate, TlsAcceptor::from(Arc::new(config)))
}

fn trusting(certificate: CertificateDer<'static>) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(certificate).expect("a root");
    let versions = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let versions = versions.with_safe_default_protocol_versions().expect("versions");
    TlsConnector::from(Arc::new(versions.with_root_certificates(roots).with_no_client_auth()))
}

/// Whether a log-in got as far as the server, whose answer to it is no.
async fn refuses_the_log_in(stream: impl AsyncRead + AsyncWrite + Unpin, greeting: &str) -> std::io::Result<bool> {
    let (mut stream, mut line) = (BufReader::new(stream), String::new());
    stream.write_all(greeting.as_bytes()).await?;
    stream.read_line(&mut line).await?;
    stream.write_all(b"A0001 NO not you\r\n").await?;
    stream.flush().await?;
    Ok(line.contains("LOGIN") && line.contains("secret"))
}

/// Why a visit fails at a server of this certificate, and whether it was told the password.
async fn visited(url: &str, name: &str, is_trusted: bool) -> (ImapError, bool) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = url.replace("HOST", &listener.local_addr().expect("an address").to_string());
    let (certificate, acceptor) = certificate(name);
    let is_upgraded = url.starts_with("imap:");
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await?;
        let mut stream = BufReader::new(stream);
        if is_upgraded {
            stream.write_all(b"* OK hi\r\n").await?;
            stream.read_line(&mut String::new()).await?;
            stream.write_all(b"A0001 OK begin\r\n").await?;
        }
        let greeting = if is_upgraded { "" } else { "* OK hi\r\n" };
        refuses_the_log_in(acceptor.accept(stream).await?, greeting).await
    });
    let mut inbox = ImapInbox::new(&url, 1_000).expect("an inbox");
    if is_trusted {
        inbox.tls = Some(trusting(certificate));
    }
    let (_, error) = inbox.visit(&Nobody, &mut Left::default()).await;
    (error, server.await.expect("it ends").unwrap_or(false))
}

#[tokio::test]
async fn log_in_goes_through_tls_from_the_start_and_by_starttls() {
    for url in ["imaps://anna:secret@HOST", "imap://anna:secret@HOST?tls=required"] {
        let (error, was_told) = visited(url, "127.0.0.1", true).await;
        assert!(matches!(error, ImapError::Login) && was_told, "{url}: {error:?}");
    }
}

#[tokio::test]
async fn server_that_nobody_vouches_for_is_not_told_the_password() {
    for url in ["imaps://anna:secret@HOST", "imap://anna:secret@HOST?tls=required"] {
        for (name, is_trusted) in [("127.0.0.1", false), ("mail.example", true)] {
            let (error, was_told) = visited(url, name, is_trusted).await;
            assert!(matches!(error, ImapError::Connection(_)) && !was_told, "{url} as {name}: {error:?}");
        }
    }
}
