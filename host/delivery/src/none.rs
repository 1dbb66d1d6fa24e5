//! No mail server.

use async_trait::async_trait;
use jiff::Timestamp;
use porchlight_model::delivery::Mail;
use uuid::Uuid;

use crate::{Mailer, SendError};

/// Stands where no mail server is configured: every delivery fails, says so in the log, and waits for one.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMailServer;

#[async_trait]
impl Mailer for NoMailServer {
    async fn send(&self, _: Uuid, _: &Mail, _: Timestamp) -> Result<(), SendError> {
        Err(SendError::NoServer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::tests::mail;

    #[tokio::test]
    async fn without_a_mail_server_a_delivery_fails_and_says_what_to_set() {
        let error = NoMailServer.send(Uuid::nil(), &mail(), Timestamp::UNIX_EPOCH).await.expect_err("an error");
        assert_eq!(error.to_string(), "no mail server is configured: set `mail.server` in porchlight.toml");
    }
}
