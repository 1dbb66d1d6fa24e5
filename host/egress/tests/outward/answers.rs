//! What comes back, and what is not followed.

use porchlight_egress::{EgressError, StatusCode};

use crate::bench::{Door, PLAIN, QUICK, plain_client, post, server};

#[tokio::test]
async fn answer_comes_back_whole_and_the_request_is_what_was_asked_for() {
    let (address, heard) =
        server(&[Some("HTTP/1.1 202 Accepted\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\nok")]).await;
    let door = Door::to(address);
    let answer = post(&plain_client(&door, QUICK), PLAIN).await.expect("an answer");
    assert_eq!((answer.status, answer.body.as_ref()), (StatusCode::ACCEPTED, b"ok".as_slice()));
    assert_eq!(answer.headers["retry-after"], "7");
    assert_eq!(door.tried(), ["10.1.2.3:8080"]);
    let request = heard.lock().expect("a lock")[0].clone();
    assert!(request.starts_with("POST /hooks?key=s HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nhost: 10.1.2.3:8080\r\n") && !request.contains("evil.example"), "{request}");
    assert!(request.contains("\r\ncontent-length: 2\r\n") && !request.contains("chunked"), "{request}");
    assert!(request.contains("\r\nconnection: close\r\n") && request.ends_with("\r\n\r\n{}"), "{request}");
}

#[tokio::test]
async fn redirect_is_a_failure_wherever_it_leads() {
    for answer in [
        &[Some("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:6379/\r\nContent-Length: 0\r\n\r\n")],
        &[Some("HTTP/1.1 307 Temporary Redirect\r\nLocation: https://shop.example/\r\nContent-Length: 0\r\n\r\n")],
        &[Some("HTTP/1.1 308 Permanent Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")],
    ] {
        let (address, heard) = server(answer).await;
        let door = Door::to(address);
        let error = post(&plain_client(&door, QUICK), PLAIN).await.expect_err("a redirect");
        assert!(matches!(error, EgressError::Redirected { .. }), "{error:?}");
        assert_eq!((door.tried().len(), heard.lock().expect("a lock").len()), (1, 1), "it is not followed");
    }
}

#[tokio::test]
async fn what_is_not_http_is_an_error() {
    for answer in [
        &[Some("220 mail.shop.example ESMTP\r\n")],
        &[Some("")],
        &[Some("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok")],
    ] {
        let (address, _) = server(answer).await;
        let error = post(&plain_client(&Door::to(address), QUICK), PLAIN).await.expect_err("no HTTP");
        assert!(matches!(error, EgressError::Http(_)), "{error:?}");
    }
}
