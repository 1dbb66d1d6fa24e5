use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
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
