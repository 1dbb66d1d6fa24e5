//! Webhooks as the Standard Webhooks specification has them (version 1.0.0): one POST of JSON, signed.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use porchlight_egress::{Client, Destination, HeaderMap, Method, Request, StatusCode, header};
use porchlight_model::delivery::Delivery;
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};

use crate::{SendError, Sender, Sent};

/// The longest rest that an endpoint is given because it asks for it.
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(1);

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// Bytes of a secret (specification, section "Signature scheme").
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// What the sender calls itself.
const USER_AGENT: &str = concat!("Porchlight/", env!("CARGO_PKG_VERSION"));

/// Writes notices when they are sent. The server joins it to the sites and the requests they are about.
#[async_trait]
pub trait Notices: Send + Sync + 'static {
    /// What a delivery says, and where; `None` where there is nothing to say any more, because the request or the endpoint is gone.
    async fn write(&self, delivery: &Delivery, now: Timestamp) -> Result<Option<WrittenNotice>, NoticeError>;
}

/// A notice as written; id, time and signature are added when it is sent.
#[derive(Clone, Debug)]
pub struct WrittenNotice {
    /// Where it goes.
    pub destination: Destination,
    /// What it is signed with.
    pub secret: SigningSecret,
    /// JSON.
    pub body: String,
}

/// A notice could not be written now. None of these texts names a person, or says a secret.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// Its site is not served: it cannot be read, or its key was given up.
    #[error("its site is not served")]
    NoSite,
    /// The secret it is to be signed with is not set.
    #[error("the secret `{name}` is not set: write it into `[secrets]` of `porchlight.toml`")]
    NoSecret {
        /// The secret's name.
        name: String,
    },
    /// The secret it is to be signed with is none to sign with.
    #[error("the secret `{name}` is none to sign with: {why}")]
    BadSecret {
        /// The secret's name.
        name: String,
        /// Why.
        #[source]
        why: BadSecret,
    },
    /// The site file names an address that no request may go to.
    #[error("its address in the site file is refused: {0}")]
    Url(#[source] porchlight_egress::UrlRefused),
    /// Its request could not be read.
    #[error("its request could not be read")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What notices are signed with: `whsec_` and 24 to 64 bytes in base 64. It is never shown.
#[derive(Clone)]
pub struct SigningSecret(Arc<Webhook>);

/// It is no secret to sign with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write `whsec_` and 24 to 64 random bytes in base 64; `echo whsec_$(head -c 32 /dev/urandom | base64)` makes one"
)]
pub struct BadSecret;

impl SigningSecret {
    /// Reads a secret.
    pub fn parse(written: &str) -> Result<Self, BadSecret> {
        let encoded = written.strip_prefix(PREFIX).ok_or(BadSecret)?;
        let bytes = encoded.trim_end_matches('=').len() * 3 / 4;
        let secret = Webhook::new(written).map_err(|_| BadSecret)?;
        if SECRET_BYTES.contains(&bytes) { Ok(Self(Arc::new(secret))) } else { Err(BadSecret) }
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret")
    }
}

/// Has notices written, signs them and posts them.
pub struct WebhookSender {
    notices: Arc<dyn Notices>,
    client: Client,
}

impl WebhookSender {
    /// Who writes, and the way out.
    pub fn new(notices: Arc<dyn Notices>, client: Client) -> Self {
        Self { notices, client }
    }
}

#[async_trait]
impl Sender for WebhookSender {
    async fn send(&self, delivery: &Delivery, now: Timestamp) -> Result<Sent, SendError> {
        let Some(notice) = self.notices.write(delivery, now).await? else { return Ok(Sent::NothingToSay) };
        let headers = signed(delivery, &notice, now)?;
        let WrittenNotice { destination, body, .. } = notice;
        let request = Request { method: Method::POST, destination, headers, body: body.into() };
        let answer = self.client.send(request).await?;
        match answer.status {
            status if status.is_success() => Ok(Sent::Taken),
            StatusCode::GONE => Err(SendError::Gone),
            status => Err(SendError::Answered { status: status.as_u16(), rest: rest(&answer.headers, now) }),
        }
    }
}

/// The fields of a notice. Its id is the delivery's, so that whoever gets it twice can tell.
fn signed(delivery: &Delivery, notice: &WrittenNotice, now: Timestamp) -> Result<HeaderMap, SendError> {
    let (id, at) = (delivery.id.to_string(), now.as_second());
    let signature = notice.secret.0.sign(&id, at, notice.body.as_bytes()).map_err(|_| SendError::Unsigned)?;
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (header::CONTENT_TYPE.as_str(), "application/json"),
        (header::USER_AGENT.as_str(), USER_AGENT),
        (HEADER_WEBHOOK_ID, &id),
        (HEADER_WEBHOOK_TIMESTAMP, &at.to_string()),
        (HEADER_WEBHOOK_SIGNATURE, &signature),
    ] {
        let name = header::HeaderName::try_from(name).map_err(|_| SendError::Unsigned)?;
        headers.insert(name, value.parse().map_err(|_| SendError::Unsigned)?);
    }
    Ok(headers)
}

/// How long an endpoint asks to be left alone, in seconds or until a date; no longer than an hour.
fn rest(headers: &HeaderMap, now: Timestamp) -> Option<SignedDuration> {
    let written = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let rest = match written.parse::<u32>() {
        Ok(seconds) => SignedDuration::from_secs(i64::from(seconds)),
        Err(_) => rfc2822::parse(written).ok()?.timestamp().duration_since(now),
    };
    Some(rest.min(LONGEST_REST)).filter(SignedDuration::is_positive)
}

#[cfg(test)]
mod tests;
