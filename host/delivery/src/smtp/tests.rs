use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

use porchlight_model::delivery::Letter;

use super::*;
use crate::message::tests::{delivery, email, mail};

/// A server that answers with these lines, each to one line received; the first is its greeting. Then it falls silent.
async fn server(answers: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("smtp://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a client");
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        for answer in answers {
            stream.write_all(answer.as_bytes()).await.expect("written");
            stream.read_line(&mut line).await.expect("read");
        }
        while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {}
    });
    url
}

async fn failure(answers: &'static [&'static str]) -> SendError {
    let url = server(answers).await;
    let mut mailer = SmtpMailer::new(&url, &email("help@shop.example")).expect("a mailer");
    mailer.limit = Duration::from_millis(300);
    mailer.send(&delivery(7, Letter::NewToRequester), &mail(), Timestamp::UNIX_EPOCH).await.expect_err("a failure")
}

#[tokio::test]
async fn a_permanent_refusal_is_told_by_its_code_alone() {
    let error =
        failure(&["220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "550 anna@example.com is unknown\r\n", "221 bye\r\n"]);
    let error = error.await;
    assert!(matches!(error, SendError::Refused { code: 550 }), "{error:?}");
    assert_eq!(error.chain(), "the mail server refused with 550");
}

#[tokio::test]
async fn a_passing_refusal_is_told_apart() {
    let error = failure(&["220 hi\r\n", "250 hi\r\n", "451 later\r\n", "221 bye\r\n"]).await;
    assert!(matches!(error, SendError::RefusedForNow { code: 451 }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up() {
    for answers in [&[][..], &["220 hi\r\n"], &["220 hi\r\n", "250 hi\r\n"]] {
        let error = failure(answers).await;
        assert!(matches!(error, SendError::Timeout { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_server_that_speaks_something_else_does_not_fit() {
    let error = failure(&["HTTP/1.1 400 Bad Request\r\n"]).await;
    assert!(matches!(error, SendError::Protocol), "{error:?}");
}

#[tokio::test]
async fn where_nobody_listens_the_connection_fails() {
    let port = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address").port();
    let mailer = SmtpMailer::new(&format!("smtp://127.0.0.1:{port}"), &email("help@shop.example")).expect("a mailer");
    let error =
        mailer.send(&delivery(7, Letter::NewToRequester), &mail(), Timestamp::UNIX_EPOCH).await.expect_err("a failure");
    assert_eq!(error.class(), "connection");
    assert!(error.chain().contains("refused"), "{}", error.chain());
}

#[tokio::test]
async fn without_starttls_nothing_is_sent_where_it_is_required() {
    let url = server(&["220 hi\r\n", "250 hi\r\n", "250 ok\r\n"]).await;
    let mailer = SmtpMailer::new(&format!("{url}?tls=required"), &email("help@shop.example")).expect("a mailer");
    let error =
        mailer.send(&delivery(7, Letter::NewToRequester), &mail(), Timestamp::UNIX_EPOCH).await.expect_err("a failure");
    assert!(matches!(error, SendError::Protocol), "{error:?}");
}

#[tokio::test]
async fn a_password_is_never_shown() {
    let mailer = SmtpMailer::new("smtp://user:secret@127.0.0.1:1", &email("help@shop.example")).expect("a mailer");
    assert_eq!(format!("{mailer:?}"), "SmtpMailer(127.0.0.1:1)");
}
