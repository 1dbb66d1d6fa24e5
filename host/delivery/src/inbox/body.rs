//! The text of a mail: which of its parts people read, and what that says.

use mail_parser::{MessageParser, PartType, decoders::html::html_to_text};

use super::{
    Attachment,
    parts::{Flowed, Leaf},
};

/// The most bytes of a text that are looked at; people write less.
const TEXT_BYTES: usize = 256 << 10;

/// The most attachments that are named.
const ATTACHMENTS: usize = 50;

/// A text as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// What it says; lines end with `\n`.
    pub text: String,
    /// What it says without what it answers, where its HTML tells the two apart.
    pub own: Option<String>,
}

/// The text of a mail: of its plain parts, or else of its HTML ones.
pub(super) fn text(leaves: &[Leaf<'_>]) -> Written {
    let of = |media: &str| leaves.iter().filter(|leaf| leaf.media == media && !is_attached(leaf)).collect::<Vec<_>>();
    let plain: Vec<String> = of("text/plain").into_iter().map(plain).filter(|text| !text.trim().is_empty()).collect();
    if !plain.is_empty() {
        return Written { text: plain.join("\n"), own: None };
    }
    let pages: Vec<String> = of("text/html").into_iter().filter_map(decoded).collect();
    let page = pages.join("<br>");
    let own = answered_at(&page).map(|end| readable(&html_text(&page[..end])));
    Written { text: readable(&html_text(&page)), own: own.filter(|own| !own.trim().is_empty()) }
}

/// What came with a mail beside its text.
pub(super) fn attachments(leaves: &[Leaf<'_>]) -> Vec<Attachment> {
    let attached = leaves.iter().filter(|leaf| is_attached(leaf));
    let attachment = |leaf: &Leaf<'_>| Attachment {
        name: leaf.name.clone(),
        bytes: size(leaf),
        media: leaf.media.clone(),
        content: content(leaf).unwrap_or_default(),
    };
    attached.take(ATTACHMENTS).map(attachment).collect()
}

/// The content of a file, decoded by its encoding; a text by its charset too. A mail that is attached is not followed.
fn content(leaf: &Leaf<'_>) -> Option<Vec<u8>> {
    if leaf.media.starts_with("message/") || leaf.media.starts_with("multipart/") {
        return None;
    }
    let message = MessageParser::default().parse(leaf.whole)?;
    match &message.root_part().body {
        PartType::Text(text) | PartType::Html(text) => Some(text.as_bytes().to_vec()),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => Some(bytes.to_vec()),
        PartType::Message(_) | PartType::Multipart(_) => None,
    }
}

fn is_attached(leaf: &Leaf<'_>) -> bool {
    leaf.is_file || leaf.name.is_some() || !matches!(leaf.media.as_str(), "text/plain" | "text/html")
}

/// Four characters of base64 are three bytes (RFC 4648, section 4).
fn size(leaf: &Leaf<'_>) -> usize {
    if !leaf.is_base64 {
        return leaf.body.trim_ascii_end().len();
    }
    leaf.body.iter().filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).count() * 3 / 4
}

fn plain(leaf: &Leaf<'_>) -> String {
    let text = readable(&decoded(leaf).unwrap_or_default());
    match leaf.flowed {
        Some(flowed) => joined(&text, flowed),
        None => text,
    }
}

/// A part's text, decoded by its encoding and its charset.
fn decoded(leaf: &Leaf<'_>) -> Option<String> {
    let message = MessageParser::default().parse(leaf.whole)?;
    let text = match &message.root_part().body {
        PartType::Text(text) | PartType::Html(text) => text.as_ref(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => &String::from_utf8_lossy(bytes),
        PartType::Message(_) | PartType::Multipart(_) => return None,
    };
    Some(text[..text.floor_char_boundary(TEXT_BYTES)].to_owned())
}

/// Lines that end with a blank go on in the next one (RFC 3676, section 4); quotations only with their like.
fn joined(text: &str, flowed: Flowed) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.len() - line.trim_start_matches('>').len();
        let said = line[depth..].strip_prefix(' ').unwrap_or(&line[depth..]);
        let is_signature = said == "-- ";
        if open.is_some_and(|before| before != depth) || (open.is_some() && is_signature) {
            joined.push('\n');
            open = None;
        }
        if open.is_none() && depth > 0 {
            joined.push_str(&line[..depth]);
            joined.push(' ');
        }
        let goes_on = said.ends_with(' ') && !is_signature;
        let kept = if goes_on && flowed == Flowed::Unspaced { &said[..said.len() - 1] } else { said };
        joined.push_str(kept);
        open = goes_on.then_some(depth);
        if !goes_on {
            joined.push('\n');
        }
    }
    joined
}

/// Lines that end with `\n`, without what no writer means: control characters.
fn readable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{c}'], "\n");
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .map(|c| if c == '\u{a0}' { ' ' } else { c })
        .collect()
}

/// Elements that end a line, beside those that the library knows of.
const LINES: [&str; 9] = ["</div>", "</tr>", "</li>", "</h1>", "</h2>", "</h3>", "</ul>", "</blockquote>", "<hr"];

fn html_text(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let mut broken = String::with_capacity(page.len());
    let mut from = 0;
    for (at, _) in lower.match_indices('<') {
        if LINES.iter().any(|tag| lower[at..].starts_with(tag)) {
            broken.push_str(&page[from..at]);
            broken.push_str("<br>");
            from = at;
        }
    }
    broken.push_str(&page[from..]);
    html_to_text(&broken)
}

/// What mail programs put around, or before, the mail that is answered.
const ANSWERED: [&str; 9] = [
    "<div class=\"gmail_quote",
    "<blockquote type=\"cite\"",
    "<div id=\"divrplyfwdmsg\"",
    "<div id=\"appendonsend\"",
    "<div id=\"yahoo_quoted",
    "<div class=\"yahoo_quoted",
    "<div class=\"moz-cite-prefix\"",
    "<div class=\"mail-quote-collapse\"",
    "<div style=\"border:none;border-top:solid",
];

/// Where in an HTML text the mail begins that it answers.
fn answered_at(page: &str) -> Option<usize> {
    let lower = page.to_ascii_lowercase();
    ANSWERED.iter().filter_map(|begins| lower.find(begins)).min()
}
