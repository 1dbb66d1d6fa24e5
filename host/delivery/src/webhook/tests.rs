use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Mutex,
};

use porchlight_egress::{Limits, Resolver, TcpConnector, Vetting};
use porchlight_model::delivery::{News, Notice, Payload};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use uuid::Uuid;

use super::*;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn now() -> Timestamp {
    "2026-11-22T19:30:00Z".parse().expect("a moment")
}

fn delivery() -> Delivery {
    let notice = Notice { endpoint: "crm".to_owned(), news: News::Event { place: 0 } };
    let (id, site) = (Uuid::from_u128(7), "pet-shop".to_owned());
    Delivery { id, site, request: None, since: now(), due_at: now(), attempts: 0, payload: Payload::Notice(notice) }
}

/// Writes the same to one address.
struct Writer(SocketAddr);

#[async_trait]
impl Notices for Writer {
    async fn write(&self, _: &Delivery, _: Timestamp) -> Result<Option<WrittenNotice>, NoticeError> {
        let destination = Destination::parse(&format!("http://{}/hooks", self.0)).map_err(NoticeError::Url)?;
        let secret = SigningSecret::parse(SECRET).expect("a secret");
        Ok(Some(WrittenNotice { destination, secret, body: r#"{"type":"request.received"}"#.to_owned() }))
    }
}

/// No name is known: all goes to addresses.
struct Nameless;

#[async_trait]
impl Resolver for Nameless {
    async fn resolve(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        Err(io::Error::other("no names here"))
    }
}

/// Sends a notice to an endpoint that answers so; what became of it, and what the endpoint heard.
async fn sent_to(answer: &'static str) -> (Result<Sent, SendError>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let heard = Arc::new(Mutex::new(String::new()));
    let notes = heard.clone();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        while !notes.lock().expect("a lock").ends_with('}') {
            let mut buffer = [0; 4_096];
            let read = stream.read(&mut buffer).await.expect("a request");
            notes.lock().expect("a lock").push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        stream.write_all(answer.as_bytes()).await.expect("an answer");
    });
    let vetting = Vetting::new(vec!["127.0.0.1/32".parse().expect("a block")]);
    let client = Client::new(Arc::new(Nameless), Arc::new(TcpConnector), vetting, Limits::default()).expect("a client");
    let sent = WebhookSender::new(Arc::new(Writer(address)), client).send(&delivery(), now()).await;
    let heard = heard.lock().expect("a lock").clone();
    (sent, heard)
}

#[tokio::test]
async fn notice_carries_id_time_and_signature() {
    let (sent, heard) = sent_to("HTTP/1.1 204 No Content\r\n\r\n").await;
    assert_eq!(sent.expect("sent"), Sent::Taken);
    assert!(heard.starts_with("POST /hooks HTTP/1.1\r\n"), "{heard}");
    for field in [
        "content-type: application/json",
        "webhook-id: 00000000-0000-0000-0000-000000000007",
        "webhook-timestamp: 1795375800",
        "webhook-signature: v1,",
    ] {
        assert!(heard.contains(&format!("\r\n{field}")), "{heard}");
    }
    assert!(heard.ends_with("\r\n\r\n{\"type\":\"request.received\"}") && !heard.contains("MfKQ9r8"), "{heard}");
}

#[tokio::test]
async fn answers_other_than_2xx_are_failures() {
    let (gone, _) = sent_to("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n").await;
    assert!(gone.as_ref().is_err_and(SendError::is_final), "{gone:?}");
    let (busy, _) = sent_to("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n").await;
    let busy = busy.expect_err("busy");
    assert_eq!(
        (busy.to_string(), busy.rest()),
        ("the endpoint answered with 429".to_owned(), Some(SignedDuration::from_secs(120)))
    );
    let (moved, _) = sent_to("HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n").await;
    let moved = moved.expect_err("moved");
    assert_eq!((moved.class(), moved.is_final(), moved.blames_target()), ("redirected", false, true));
}

#[test]
fn signature_is_that_of_the_specification() {
    // The example of the specification, section "Signature scheme".
    let secret = SigningSecret::parse(SECRET).expect("a secret");
    let signature = secret.0.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
    assert_eq!(signature.expect("signed"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn what_is_no_secret_is_refused_and_what_is_one_is_not_shown() {
    for written in
        ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base 64 but quite long enough"]
    {
        assert_eq!(SigningSecret::parse(written).err(), Some(BadSecret), "{written}");
    }
    assert_eq!(format!("{:?}", SigningSecret::parse(SECRET)), "Ok(SigningSecret)");
}

#[test]
fn rest_is_read_in_seconds_and_as_a_date_within_an_hour() {
    let rest = |written: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, written.parse().expect("a value"));
        super::rest(&headers, now()).map(|rest| rest.as_secs())
    };
    assert_eq!(rest("120"), Some(120));
    assert_eq!(rest("4000000000"), Some(3_600));
    assert_eq!(rest("Sun, 22 Nov 2026 19:31:00 GMT"), Some(60));
    for nothing in ["0", "-5", "soon", "Sun, 22 Nov 2026 19:29:00 GMT", "99999999999999"] {
        assert_eq!(rest(nothing), None, "{nothing}");
    }
}
