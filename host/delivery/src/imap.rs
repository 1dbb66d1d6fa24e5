//! Incoming e-mail from a mailbox, by IMAP (RFC 3501).
//!
//! A mail is marked as seen only once what became of it is durable, so that one is read twice rather than lost; whoever takes it
//! knows it again. One that cannot be read is flagged, for a person to look at, and stays unseen; one that is for nobody here stays as
//! it is. The log names a mail by its
//! number in the mailbox alone.

use std::{
    collections::HashSet,
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use async_imap::{Client, Session};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;

mod address;
mod wire;

pub use address::ImapUrlError;
use address::{Security, ServerAddress};
use wire::Wire;

/// How often the mailbox is looked into when the server announces nothing.
const LOOK: Duration = Duration::from_secs(60);

/// How long the server has for one answer; for a whole mail too.
const LIMIT: Duration = Duration::from_secs(60);

/// How long a mail that was left is not looked at again.
const LEFT: Duration = Duration::from_secs(3_600);

/// The first wait after a failure; each further one doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(2);

/// The longest wait after a failure.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Mails that are taken from one look to the next.
const AT_ONCE: usize = 100;

/// Takes incoming mail. The server joins it to what becomes of it.
#[async_trait]
pub trait Intake: Send + Sync + 'static {
    /// Takes one mail. Returns only once what became of it is durable. The same mail may come again.
    async fn take(&self, mail: Vec<u8>) -> Received;
}

/// What became of a mail that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is kept, or need not be.
    Done,
    /// It is for nobody here: it stays as it is, for whoever else reads the mailbox.
    NotOurs,
    /// It is not taken, for this reason; somebody should look at it.
    Left(&'static str),
    /// It could not be kept now.
    NotNow,
}

/// A mailbox in which incoming mail is looked for.
pub struct ImapInbox {
    server: ServerAddress,
    tls: Option<TlsConnector>,
    limit: usize,
}

impl fmt::Debug for ImapInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ImapInbox({}:{})", self.server.host, self.server.port)
    }
}

/// Why the mailbox could not be read. None of these texts repeats what the server said: servers like to repeat addresses.
#[derive(Debug, thiserror::Error)]
enum ImapError {
    #[error("the mail server could not be reached, or not safely")]
    Connection(#[from] std::io::Error),
    #[error("the mail server did not answer within {} s", LIMIT.as_secs())]
    Timeout,
    #[error("user and password are refused")]
    Login,
    #[error("the mail server refused to {0}")]
    Refused(&'static str),
    #[error("the mail server answers something else than IMAP")]
    Protocol,
    #[error("a mail could not be kept")]
    NotKept,
}

type Outcome<T> = Result<T, ImapError>;

impl ImapInbox {
    /// A mailbox by its URL; a mail of more bytes than `limit` is left there. Nothing is connected yet.
    ///
    /// `imaps://user:password@host:993/INBOX` is TLS from the start, `imap://…:143/INBOX?tls=required` by STARTTLS,
    /// `imap://127.0.0.1/INBOX` none at all. Without a path it is `INBOX`. Special characters are percent-encoded.
    pub fn new(url: &str, limit: usize) -> Result<Self, ImapUrlError> {
        let server = ServerAddress::parse(url)?;
        let tls = match server.security {
            Security::None => None,
            Security::Required | Security::Wrapped => Some(wire::tls()?),
        };
        Ok(Self { server, tls, limit })
    }

    /// Gives what comes into the mailbox to `intake`, until `stop` is cancelled.
    pub async fn run(self, intake: Arc<dyn Intake>, stop: CancellationToken) {
        let (mut wait, mut left) = (FIRST_WAIT, Left::default());
        while let Some((looked, error)) = stop.run_until_cancelled(self.visit(intake.as_ref(), &mut left)).await {
            wait = if looked { FIRST_WAIT } else { wait };
            tracing::warn!(error = chain(&error), again_after_s = wait.as_secs(), "incoming mail cannot be read");
            if stop.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
                return;
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Connects and looks until something fails; whether it got as far as looking once.
    async fn visit(&self, intake: &dyn Intake, left: &mut Left) -> (bool, ImapError) {
        let (mut session, numbering) = match self.connect().await {
            Ok(connected) => connected,
            Err(error) => return (false, error),
        };
        left.keep_within(numbering);
        let mut looked = false;
        loop {
            if let Err(error) = self.look(&mut session, intake, left).await {
                return (looked, error);
            }
            looked = true;
            session = match pause(session).await {
                Ok(session) => session,
                Err(error) => return (looked, error),
            };
        }
    }

    /// Opens the mailbox; with the numbering that its mails have now (`UIDVALIDITY`).
    async fn connect(&self) -> Outcome<(Session<Wire>, Option<u32>)> {
        let server = &self.server;
        let stream = in_time(async { Ok(TcpStream::connect((server.host.as_str(), server.port)).await?) }).await?;
        let mut client = match (&self.tls, server.security) {
            (Some(tls), Security::Wrapped) => Client::new(in_time(wire::wrapped(tls, &server.host, stream)).await?),
            _ => Client::new(Wire::from(stream)),
        };
        in_time(async { client.read_response().await?.ok_or(ImapError::Protocol) }).await?;
        if let (Some(tls), Security::Required) = (&self.tls, server.security) {
            in_time(async { done("begin TLS", client.run_command_and_check_ok("STARTTLS", None).await) }).await?;
            client = Client::new(in_time(wire::wrapped(tls, &server.host, client.into_inner())).await?);
        }
        let logging_in =
            async { client.login(&server.user, &server.password).await.map_err(|(error, _)| login(error)) };
        let mut session = in_time(logging_in).await?;
        let mailbox = async { done("open the mailbox", session.select(&server.mailbox).await) };
        let numbering = in_time(mailbox).await?.uid_validity;
        Ok((session, numbering))
    }

    /// Takes every mail that is neither seen nor flagged, the oldest first.
    async fn look(&self, session: &mut Session<Wire>, intake: &dyn Intake, left: &mut Left) -> Outcome<()> {
        let found = in_time(async { done("search", session.uid_search("UNSEEN UNFLAGGED UNDELETED").await) }).await?;
        left.keep_for_a_while();
        left.uids.retain(|uid| found.contains(uid));
        let mut waiting: Vec<u32> = found.into_iter().filter(|uid| !left.uids.contains(uid)).collect();
        waiting.sort_unstable();
        let mut kept = Ok(());
        for uid in waiting.into_iter().take(AT_ONCE) {
            match self.take(session, uid, intake, left).await {
                // One that cannot be kept now stands in no other's way.
                Err(ImapError::NotKept) => kept = Err(ImapError::NotKept),
                Err(error) => return Err(left.passing_over(uid, error)),
                Ok(()) => {}
            }
        }
        kept
    }

    async fn take(&self, session: &mut Session<Wire>, uid: u32, intake: &dyn Intake, left: &mut Left) -> Outcome<()> {
        let Some(size) = fetched(session, uid, "(UID RFC822.SIZE)", |mail| mail.size).await? else { return Ok(()) };
        if size as usize > self.limit {
            tracing::warn!(uid, size_bytes = size, "an incoming mail is too large: it is flagged and left");
            return mark(session, uid, "\\Flagged").await;
        }
        let whole = fetched(session, uid, "(UID BODY.PEEK[])", |mail| mail.body().map(<[u8]>::to_vec)).await?;
        let Some(mail) = whole else { return Ok(()) };
        match intake.take(mail).await {
            Received::Done => mark(session, uid, "\\Seen").await,
            Received::NotOurs => {
                left.uids.insert(uid);
                Ok(())
            }
            Received::Left(why) => {
                tracing::warn!(uid, why, "an incoming mail is not taken: it is flagged and left");
                mark(session, uid, "\\Flagged").await
            }
            Received::NotNow => Err(ImapError::NotKept),
        }
    }
}

/// Mails that are for nobody here, or break a visit off, by their numbers: they are not read again for an hour. Bounded by what
/// waits unseen in the mailbox.
struct Left {
    numbering: Option<u32>,
    uids: HashSet<u32>,
    since: Instant,
}

impl Default for Left {
    fn default() -> Self {
        Self { numbering: None, uids: HashSet::new(), since: Instant::now() }
    }
}

impl Left {
    /// Forgets all where mails are numbered anew.
    fn keep_within(&mut self, numbering: Option<u32>) {
        if self.numbering != numbering || numbering.is_none() {
            *self = Self { numbering, ..Self::default() };
        }
    }

    /// Forgets all once it is an hour old: a site may have come to be there, or a server may have been mended.
    fn keep_for_a_while(&mut self) {
        if self.since.elapsed() > LEFT {
            *self = Self { numbering: self.numbering, ..Self::default() };
        }
    }

    /// The next visit begins behind a mail that broke this one off, rather than break off at it for ever.
    fn passing_over(&mut self, uid: u32, error: ImapError) -> ImapError {
        if matches!(error, ImapError::Protocol | ImapError::Timeout) {
            tracing::warn!(uid, "an incoming mail could not be fetched: it is passed over for an hour");
            self.uids.insert(uid);
        }
        error
    }
}

/// What a mail's entry in the mailbox says; nothing where it is gone by now.
async fn fetched<T>(
    session: &mut Session<Wire>,
    uid: u32,
    what: &str,
    read: impl Fn(&async_imap::types::Fetch) -> Option<T>,
) -> Outcome<Option<T>> {
    let fetching = async {
        let mails = done("fetch", session.uid_fetch(uid.to_string(), what).await)?;
        let mails: Vec<_> = done("fetch", mails.try_collect().await)?;
        Ok(mails.iter().filter(|mail| mail.uid == Some(uid)).find_map(read))
    };
    in_time(fetching).await
}

async fn mark(session: &mut Session<Wire>, uid: u32, flag: &str) -> Outcome<()> {
    let marking = async {
        let marked = done("mark a mail", session.uid_store(uid.to_string(), format!("+FLAGS.SILENT ({flag})")).await)?;
        done("mark a mail", marked.try_collect::<Vec<_>>().await).map(drop)
    };
    in_time(marking).await
}

/// Waits until the server announces something (IDLE, RFC 2177), or until it is time to look again.
async fn pause(mut session: Session<Wire>) -> Outcome<Session<Wire>> {
    let able = in_time(async { done("say what it can", session.capabilities().await) }).await?;
    if !able.has_str("IDLE") {
        tokio::time::sleep(LOOK).await;
        return Ok(session);
    }
    let mut idle = session.idle();
    in_time(async { done("wait", idle.init().await) }).await?;
    let (announced, _interrupt) = idle.wait_with_timeout(LOOK);
    done("wait", timeout(LOOK, announced).await.unwrap_or(Ok(async_imap::extensions::idle::IdleResponse::Timeout)))?;
    in_time(async { done("wait", idle.done().await) }).await
}

async fn in_time<T>(doing: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    timeout(LIMIT, doing).await.unwrap_or(Err(ImapError::Timeout))
}

fn done<T>(what: &'static str, outcome: async_imap::error::Result<T>) -> Outcome<T> {
    use async_imap::error::Error;
    outcome.map_err(|error| match error {
        Error::Io(error) => ImapError::Connection(error),
        Error::ConnectionLost => ImapError::Connection(std::io::ErrorKind::UnexpectedEof.into()),
        Error::No(_) | Error::Bad(_) | Error::Append => ImapError::Refused(what),
        _ => ImapError::Protocol,
    })
}

fn login(error: async_imap::error::Error) -> ImapError {
    match done::<()>("let us in", Err(error)) {
        Err(ImapError::Refused(_)) | Ok(()) => ImapError::Login,
        Err(error) => error,
    }
}

/// What happened with its causes, in one line.
fn chain(error: &ImapError) -> String {
    match error {
        ImapError::Connection(cause) => format!("{error}: {}", cause.kind()),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
