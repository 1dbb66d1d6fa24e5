//! A mail taken apart into its parts, each with a header of its own (RFC 2046, section 5.1).
//!
//! The parser of the library reads headers and decodes texts; that parts may hold parts, and mails mails, is followed here, and
//! only so far: whatever strangers nest, it costs a few passes over the mail.

use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders};

use super::Unreadable;

/// The most parts of a mail, and how deep they may lie in each other.
const PARTS: usize = 200;
const DEPTH: usize = 10;

/// The most bytes of one header.
const HEADER_BYTES: usize = 128 << 10;

/// A part that holds no further ones.
pub(super) struct Leaf<'a> {
    /// Its media type in lower case, `text/plain`.
    pub media: String,
    /// The name it was sent under.
    pub name: Option<String>,
    /// Whether it is meant to be kept as a file.
    pub is_file: bool,
    /// Whether it is in base64.
    pub is_base64: bool,
    /// Whether its lines may be joined (RFC 3676), and whether the blank goes then.
    pub flowed: Option<Flowed>,
    /// Its header and its body.
    pub whole: &'a [u8],
    /// Its body, as it was sent.
    pub body: &'a [u8],
}

/// How lines of `format=flowed` are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flowed {
    /// The blank at the end of a line stays.
    Spaced,
    /// It goes: `delsp=yes`.
    Unspaced,
}

/// The header of a mail, or of a part, without its body.
pub(super) fn header(part: &[u8]) -> Result<Message<'_>, Unreadable> {
    MessageParser::default().parse_headers(head(part)?).ok_or(Unreadable::NoHeader)
}

/// Every part that holds no further ones, in order.
pub(super) fn leaves(mail: &[u8]) -> Result<Vec<Leaf<'_>>, Unreadable> {
    let mut leaves = Vec::new();
    walk(mail, 0, &mut leaves)?;
    Ok(leaves)
}

fn walk<'a>(part: &'a [u8], depth: usize, leaves: &mut Vec<Leaf<'a>>) -> Result<(), Unreadable> {
    if depth > DEPTH || leaves.len() >= PARTS {
        return Err(Unreadable::TooManyParts);
    }
    let head_bytes = head(part)?;
    let body = &part[head_bytes.len()..];
    let header = MessageParser::default().parse_headers(head_bytes);
    match header.as_ref().and_then(boundary) {
        Some(boundary) => {
            for inner in split(body, boundary.as_bytes())? {
                walk(inner, depth + 1, leaves)?;
            }
        }
        None => leaves.push(leaf(header.as_ref(), part, body)),
    }
    Ok(())
}

/// All up to the empty line that ends a header, and with it.
fn head(part: &[u8]) -> Result<&[u8], Unreadable> {
    let mut length = 0;
    for line in part.split_inclusive(|byte| *byte == b'\n') {
        length += line.len();
        if line == b"\n" || line == b"\r\n" {
            break;
        }
        if length > HEADER_BYTES {
            return Err(Unreadable::HeaderTooLarge);
        }
    }
    Ok(&part[..length])
}

/// What divides the parts of a part, if it has any.
fn boundary(header: &Message<'_>) -> Option<String> {
    let content =
        header.root_part().content_type().filter(|content| content.ctype().eq_ignore_ascii_case("multipart"))?;
    content.attribute("boundary").filter(|boundary| !boundary.is_empty()).map(str::to_owned)
}

/// The parts between lines that are `--boundary`; what stands before the first and after the last is nobody's. A mail that
/// broke off ends its last part.
fn split<'a>(body: &'a [u8], boundary: &[u8]) -> Result<Vec<&'a [u8]>, Unreadable> {
    let (mut parts, mut begun, mut at) = (Vec::new(), None, 0);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let after = at + line.len();
        if let Some(rest) = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary)) {
            let ends = rest.trim_ascii_end() == b"--";
            if ends || rest.trim_ascii().is_empty() {
                parts.extend(begun.map(|begun: usize| &body[begun..at]));
                if parts.len() > PARTS {
                    return Err(Unreadable::TooManyParts);
                }
                begun = (!ends).then_some(after);
                if ends {
                    break;
                }
            }
        }
        at = after;
    }
    parts.extend(begun.map(|begun| &body[begun..]));
    Ok(parts)
}

fn leaf<'a>(header: Option<&Message<'_>>, whole: &'a [u8], body: &'a [u8]) -> Leaf<'a> {
    let part = header.map(Message::root_part);
    let content = part.and_then(|part| part.content_type());
    let media = content.map_or_else(
        || "text/plain".to_owned(),
        |content| format!("{}/{}", content.ctype(), content.subtype().unwrap_or("plain")).to_ascii_lowercase(),
    );
    let says = |name: &str, value: &str| {
        content.and_then(|content| content.attribute(name)).is_some_and(|said| said.eq_ignore_ascii_case(value))
    };
    let flowed = says("format", "flowed").then(|| if says("delsp", "yes") { Flowed::Unspaced } else { Flowed::Spaced });
    let name = part.and_then(|part| part.attachment_name()).map(super::one_line).filter(|name| !name.is_empty());
    let is_file = part.and_then(|part| part.content_disposition()).is_some_and(|said| said.is_attachment());
    let encoding = header.and_then(|header| header.header(HeaderName::ContentTransferEncoding));
    let is_base64 = encoding.and_then(|said| said.as_text()).is_some_and(|said| said.eq_ignore_ascii_case("base64"));
    Leaf { media, name, is_file, is_base64, flowed, whole, body }
}
