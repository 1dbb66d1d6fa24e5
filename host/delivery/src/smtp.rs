//! E-mail by SMTP.
//!
//! One connection per e-mail, driven here rather than by lettre's pool: the pool has no time limit once it is connected, and
//! a send that is given up leaves it a connection in the middle of a message.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use lettre::{
    Address, Message,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use porchlight_model::{
    contact::EmailAddress,
    delivery::{Delivery, Mail},
};
use tokio::time::timeout;
use uuid::Uuid;

use crate::{Mailer, SendError, message};

mod address;

pub use address::SmtpUrlError;
use address::{Security, ServerAddress};

/// How long the server has for one e-mail, from the connection to its acceptance.
const LIMIT: Duration = Duration::from_secs(60);

/// How long it has to say goodbye; the e-mail is accepted by then.
const GOODBYE: Duration = Duration::from_secs(5);

/// Sends e-mails to the operator's mail server.
pub struct SmtpMailer {
    server: ServerAddress,
    tls: Option<TlsParameters>,
    from: Address,
    hello: ClientId,
    limit: Duration,
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpMailer({}:{})", self.server.host, self.server.port)
    }
}

impl SmtpMailer {
    /// A mail server by its URL, and the address e-mails come from. Nothing is connected yet.
    ///
    /// `smtps://user:password@host:465` is TLS from the start, `smtp://user:password@host:587?tls=required` by STARTTLS,
    /// `?tls=opportunistic` where the server offers it, `smtp://127.0.0.1:1025` none at all. Special characters in user and
    /// password are percent-encoded.
    pub fn new(url: &str, from: &EmailAddress) -> Result<Self, SmtpUrlError> {
        let server = ServerAddress::parse(url)?;
        let from = message::address(from).map_err(|_| SmtpUrlError::From)?;
        let tls = match server.security {
            Security::None => None,
            _ => Some(TlsParameters::new(server.host.clone()).map_err(|error| SmtpUrlError::Tls(Box::new(error)))?),
        };
        Ok(Self { server, tls, from, hello: ClientId::default(), limit: LIMIT })
    }

    async fn accepted(&self, message: &Message) -> Result<AsyncSmtpConnection, Error> {
        let mut connection = self.connect().await?;
        if let Some((user, password)) = self.server.credentials.clone() {
            connection.auth(DEFAULT_MECHANISMS, &Credentials::new(user, password)).await?;
        }
        connection.send(message.envelope(), &message.formatted()).await?;
        Ok(connection)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let server = (self.server.host.as_str(), self.server.port);
        let wrapped = self.tls.clone().filter(|_| self.server.security == Security::Wrapped);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.limit), &self.hello, wrapped, None).await?;
        if let Some(tls) = self.tls.clone().filter(|_| self.upgrades(&connection)) {
            connection.starttls(tls, &self.hello).await?;
        }
        Ok(connection)
    }

    fn upgrades(&self, connection: &AsyncSmtpConnection) -> bool {
        match self.server.security {
            Security::Required => true,
            Security::Opportunistic => connection.can_starttls(),
            Security::Wrapped | Security::None => false,
        }
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, delivery: &Delivery, mail: &Mail, now: Timestamp) -> Result<(), SendError> {
        self.pass_on(&message::message(delivery, mail, &self.from, now)?).await
    }
}

impl SmtpMailer {
    /// Sends an e-mail as a person would: nothing in it says that a program wrote it. Only to see whether mail comes back; letters
    /// go by [`Mailer::send`].
    pub async fn send_unmarked(&self, id: Uuid, mail: &Mail, now: Timestamp) -> Result<(), SendError> {
        self.pass_on(&message::unmarked(id, mail, &self.from, now)?).await
    }

    async fn pass_on(&self, message: &Message) -> Result<(), SendError> {
        let sent = timeout(self.limit, self.accepted(message)).await;
        let mut connection = sent.map_err(|_| self.silent())?.map_err(|error| self.failed(error))?;
        // The e-mail is theirs: whether and how they say goodbye changes nothing.
        timeout(GOODBYE, connection.abort()).await.ok();
        Ok(())
    }

    fn silent(&self) -> SendError {
        SendError::Timeout { seconds: self.limit.as_secs() }
    }

    /// A refusal is told by its code alone: servers like to repeat addresses in their replies.
    fn failed(&self, error: Error) -> SendError {
        match error.status().map(u16::from) {
            Some(code) if error.is_permanent() => SendError::Refused { code },
            Some(code) => SendError::RefusedForNow { code },
            None if error.is_timeout() => self.silent(),
            None if error.is_client() || error.is_response() => SendError::Protocol,
            None => SendError::Connection(Box::new(error)),
        }
    }
}

#[cfg(test)]
mod tests;
