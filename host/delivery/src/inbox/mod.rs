//! Incoming e-mail: bytes that anybody may have written, read into what they say.
//!
//! Pure and bounded: `parts` takes a mail apart into a limited number of parts, `automatic` tells whether a program wrote it,
//! `body` finds and decodes its text, `reply` keeps what its writer added to it.

mod automatic;
mod body;
mod parts;
mod reply;

use mail_parser::{Address, HeaderValue, Message};

pub use automatic::Automatic;

/// The usual most bytes of a mail: 10 MiB.
pub const USUAL_BYTES: usize = 10 << 20;

/// The most recipients that are looked at.
const RECIPIENTS: usize = 200;

/// Header fields in which mail servers note whom they delivered a mail to.
const DELIVERED_TO: [&str; 4] = ["delivered-to", "x-original-to", "envelope-to", "x-rcptto"];

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Its `Message-ID` without angle brackets.
    pub message_id: Option<String>,
    /// Who says to have written it; nobody where that is not exactly one address. Nothing proves it.
    pub from: Option<Sender>,
    /// Every address it was sent to, as written: by its header, and by what mail servers noted.
    pub recipients: Vec<String>,
    /// Its subject, decoded, on one line.
    pub subject: Option<String>,
    /// Why a program is taken to have written it, if it is.
    pub automatic: Option<Automatic>,
    /// What its writer said: without what it answers and without signature. Lines end with `\n`; no control characters.
    pub text: String,
    /// What came with it.
    pub attachments: Vec<Attachment>,
}

/// Who says to have written a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Their address as written.
    pub address: String,
    /// Their name, on one line.
    pub name: Option<String>,
}

/// A file that came with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, on one line; some have none.
    pub name: Option<String>,
    /// Its size in bytes, as good as its encoding tells.
    pub bytes: usize,
    /// What it is said to be: a media type.
    pub media: String,
    /// Its content; empty where it cannot be decoded, or is a mail itself.
    pub content: Vec<u8>,
}

/// Why a mail cannot be read. None of these texts says anything of the mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is larger than it may be.
    #[error("the mail is larger than {limit} bytes")]
    TooLarge {
        /// The most bytes it may have.
        limit: usize,
    },
    /// It has no header.
    #[error("the mail has no header")]
    NoHeader,
    /// The header of the mail, or of one of its parts, is larger than any that is needed.
    #[error("a header of the mail is too large")]
    HeaderTooLarge,
    /// It has more parts, or parts within parts, than any mail that a person sends.
    #[error("the mail has too many parts")]
    TooManyParts,
    /// It cannot be decoded.
    #[error("the mail cannot be decoded")]
    Broken,
}

impl Unreadable {
    /// A short name for logs and metrics.
    pub fn class(self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too-large",
            Self::NoHeader => "no-header",
            Self::HeaderTooLarge => "header-too-large",
            Self::TooManyParts => "too-many-parts",
            Self::Broken => "broken",
        }
    }
}

/// Reads a mail (RFC 5322, MIME) of at most `limit` bytes.
///
/// # Errors
/// [`Unreadable`]: nothing of it is guessed then.
pub fn read(mail: &[u8], limit: usize) -> Result<Incoming, Unreadable> {
    if mail.len() > limit {
        return Err(Unreadable::TooLarge { limit });
    }
    // The parser is not ours and reads what strangers send: should it break off, one mail is lost and nothing else.
    let reading = std::panic::catch_unwind(|| read_within_limit(mail));
    reading.unwrap_or(Err(Unreadable::Broken))
}

fn read_within_limit(mail: &[u8]) -> Result<Incoming, Unreadable> {
    let header = parts::header(mail)?;
    let leaves = parts::leaves(mail)?;
    let written = body::text(&leaves);
    Ok(Incoming {
        message_id: header.message_id().map(str::to_owned),
        from: sender(&header),
        recipients: recipients(&header),
        subject: header.subject().map(one_line).filter(|subject| !subject.is_empty()),
        automatic: automatic::of(&header),
        text: reply::own_words(&written),
        attachments: body::attachments(&leaves),
    })
}

fn sender(header: &Message<'_>) -> Option<Sender> {
    let mut writers = header.header_values("From").filter_map(HeaderValue::as_address).flat_map(Address::iter);
    let (writer, more) = (writers.next()?, writers.next());
    if more.is_some() {
        return None;
    }
    let name = writer.name().map(one_line).filter(|name| !name.is_empty());
    Some(Sender { address: writer.address()?.trim().to_owned(), name })
}

fn recipients(header: &Message<'_>) -> Vec<String> {
    let written = ["To", "Cc", "Bcc"].into_iter().flat_map(|name| header.header_values(name));
    let written = written.filter_map(HeaderValue::as_address).flat_map(Address::iter);
    let written = written.filter_map(|to| to.address()).map(|to| to.trim().to_owned());
    let noted =
        header.headers_raw().filter(|(name, _)| DELIVERED_TO.iter().any(|known| known.eq_ignore_ascii_case(name)));
    let noted = noted.flat_map(|(_, value)| value.split(',')).map(|to| to.trim().trim_matches(['<', '>']).to_owned());
    let mut all: Vec<String> = noted.chain(written).take(RECIPIENTS).collect();
    all.sort();
    all.dedup();
    all
}

/// What somebody wrote, on one line: whatever controls or turns a line counts as a blank.
fn one_line(value: &str) -> String {
    let blank = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let line: String = value.chars().map(|c| if blank(c) { ' ' } else { c }).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
