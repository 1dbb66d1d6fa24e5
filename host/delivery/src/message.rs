//! E-mails as they go over the wire: RFC 5322, text in UTF-8.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MessageBuilder, MultiPart, MultiPartKind, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use porchlight_model::{
    contact::EmailAddress,
    delivery::{Delivery, Mail, Reader},
};
use uuid::Uuid;

use crate::{SendError, html};

/// A decided e-mail as a message from `from`, dated `now`.
///
/// Its `Message-ID` is the delivery's id at the sender's domain, so that a receiver can tell a repetition. All letters about one
/// request to one reader answer the same first letter, which was never sent: so every mail program shows them, and what is
/// answered to them, as one thread (RFC 5322, section 3.6.4). It says of itself that no person sent it (`Auto-Submitted`, RFC
/// 3834), so that nobody's "out of office" answers. It holds the same text twice, plain and as HTML (RFC 2046, section 5.1.4).
pub(crate) fn message(delivery: &Delivery, mail: &Mail, from: &Address, now: Timestamp) -> Result<Message, SendError> {
    let mut message = heading(delivery.id, mail, from, now)?
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    if let Some(first) = first_of_thread(delivery, from) {
        message = message.in_reply_to(first.clone()).references(first);
    }
    message.multipart(alternatives(delivery, mail)).map_err(|_| SendError::Address)
}

/// The same, but for what makes it known as a program's: plain text alone, as a person may have written it.
pub(crate) fn unmarked(id: Uuid, mail: &Mail, from: &Address, now: Timestamp) -> Result<Message, SendError> {
    heading(id, mail, from, now)?.body(mail.text.clone()).map_err(|_| SendError::Address)
}

fn heading(id: Uuid, mail: &Mail, from: &Address, now: Timestamp) -> Result<MessageBuilder, SendError> {
    let heading = Message::builder()
        .message_id(Some(format!("<{id}@{}>", from.domain())))
        .date(SystemTime::from(now))
        .from(Mailbox::new(Some(one_line(&mail.from_name)), from.clone()))
        .to(Mailbox::new(None, address(&mail.to)?))
        .subject(one_line(&mail.subject));
    let Some(reply_to) = &mail.reply_to else { return Ok(heading) };
    Ok(heading.reply_to(Mailbox::new(None, address(reply_to)?)))
}

/// The text, plain first and then as HTML: a reader takes the last that it understands. A delivery that is tried again has the
/// same boundary.
fn alternatives(delivery: &Delivery, mail: &Mail) -> MultiPart {
    let part = |media, text| SinglePart::builder().header(media).body(text);
    let boundary = format!("porchlight-{}", delivery.id.simple());
    MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(boundary)
        .singlepart(part(ContentType::TEXT_PLAIN, mail.text.clone()))
        .singlepart(part(ContentType::TEXT_HTML, html::of_text(&mail.text)))
}

/// The id of the letter that all letters of a thread answer.
fn first_of_thread(delivery: &Delivery, from: &Address) -> Option<String> {
    let reader = match delivery.payload.reader() {
        Reader::Business => "business",
        Reader::Requester => "requester",
    };
    Some(format!("<{}.{reader}@{}>", delivery.request?.0.simple(), from.domain()))
}

/// An address with its domain in ASCII (RFC 5891), as mail servers without SMTPUTF8 need it.
pub(crate) fn address(written: &EmailAddress) -> Result<Address, SendError> {
    let (user, domain) = written.as_str().rsplit_once('@').ok_or(SendError::Address)?;
    let domain = idna::domain_to_ascii(domain).map_err(|_| SendError::Address)?;
    Address::new(user, domain).map_err(|_| SendError::Address)
}

fn one_line(value: &str) -> String {
    value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use mail_parser::{HeaderValue as Parsed, MessageParser};
    use porchlight_model::{
        delivery::{Letter, Payload},
        request::RequestId,
    };
    use uuid::Uuid;

    use super::*;

    const SUBJECT: &str =
        "PS-7K4Q2MX: посетитель изменил обращение, позвонить в понедельник, 23 ноября в 10:30 — или позже";

    pub(crate) fn email(written: &str) -> EmailAddress {
        serde_json::from_value(serde_json::Value::from(written)).expect("an address")
    }

    pub(crate) fn mail() -> Mail {
        Mail {
            to: email("anna@example.com"),
            reply_to: Some(email("owner@shop.example")),
            from_name: "Пёс и Кот".to_owned(),
            subject: SUBJECT.to_owned(),
            text: "Здравствуйте, Анна!\n\n.\nЖдём вас.\n".to_owned(),
        }
    }

    pub(crate) fn delivery(id: u128, letter: Letter) -> Delivery {
        Delivery {
            id: Uuid::from_u128(id),
            site: "pet-shop".to_owned(),
            request: Some(RequestId(Uuid::from_u128(11))),
            since: Timestamp::UNIX_EPOCH,
            due_at: Timestamp::UNIX_EPOCH,
            attempts: 0,
            payload: Payload::Letter { letter },
        }
    }

    fn formatted(mail: &Mail) -> Vec<u8> {
        formatted_of(&delivery(7, Letter::NewToRequester), mail)
    }

    fn formatted_of(delivery: &Delivery, mail: &Mail) -> Vec<u8> {
        let now = "2026-11-22T19:30:00Z".parse().expect("a moment");
        let from = address(&email("help@пёс.рф")).expect("an address");
        message(delivery, mail, &from, now).expect("a message").formatted()
    }

    fn addressed(header: Option<&mail_parser::Address<'_>>) -> (String, String) {
        let one = header.and_then(|address| address.first()).expect("one address");
        (one.name().unwrap_or_default().to_owned(), one.address().unwrap_or_default().to_owned())
    }

    #[test]
    fn a_message_reads_back_as_it_was_decided() {
        let bytes = formatted(&mail());
        let read = MessageParser::default().parse(&bytes).expect("a message");
        assert_eq!(read.subject(), Some(SUBJECT));
        assert_eq!(addressed(read.from()), ("Пёс и Кот".to_owned(), "help@xn--o1ae1c.xn--p1ai".to_owned()));
        assert_eq!(addressed(read.to()), (String::new(), "anna@example.com".to_owned()));
        assert_eq!(addressed(read.reply_to()).1, "owner@shop.example");
        let text = read.body_text(0).expect("a text");
        assert_eq!(text.replace("\r\n", "\n").trim_end(), mail().text.trim_end());
    }

    #[test]
    fn a_message_is_ascii_with_its_charset_and_short_lines() {
        let bytes = formatted(&mail());
        assert!(bytes.is_ascii());
        let text = String::from_utf8(bytes).expect("text");
        assert!(text.contains("Content-Type: text/plain; charset=utf-8\r\n"), "{text}");
        assert!(text.contains("MIME-Version: 1.0\r\n"), "{text}");
        assert!(text.lines().all(|line| line.len() <= 78), "{text}");
    }

    #[test]
    fn id_and_date_are_those_of_the_delivery() {
        let text = String::from_utf8(formatted(&mail())).expect("text");
        assert!(text.contains("Message-ID: <00000000-0000-0000-0000-000000000007@xn--o1ae1c.xn--p1ai>\r\n"), "{text}");
        assert!(text.contains("Date: Sun, 22 Nov 2026 19:30:00 +0000\r\n"), "{text}");
        assert!(text.contains("Auto-Submitted: auto-generated\r\n"), "{text}");
        assert_eq!(formatted(&mail()), formatted(&mail()), "the same delivery is the same message");
    }

    #[test]
    fn letters_about_a_request_to_a_reader_are_one_thread() {
        let thread = |id, letter| {
            let bytes = formatted_of(&delivery(id, letter), &mail());
            let read = MessageParser::default().parse(&bytes).expect("a message");
            let said = [read.references(), read.in_reply_to()];
            let [references, answers] = said.map(|value| value.as_text().expect("one id").to_owned());
            assert_eq!(references, answers);
            references
        };
        let first = thread(1, Letter::NewToRequester);
        assert_eq!(first, "0000000000000000000000000000000b.requester@xn--o1ae1c.xn--p1ai");
        assert_eq!(thread(2, Letter::MissedToRequester), first);
        let to_business = thread(3, Letter::NewToBusiness);
        assert_ne!(to_business, first, "the two do not read each other's letters");
        assert_eq!(thread(4, Letter::ChangedToBusiness), to_business);
        let lonely = Delivery { request: None, ..delivery(5, Letter::NewToBusiness) };
        assert!(!String::from_utf8(formatted_of(&lonely, &mail())).expect("text").contains("References"));
    }

    #[test]
    fn unmarked_mail_says_nothing_of_a_program() {
        let from = address(&email("help@shop.example")).expect("an address");
        let message = unmarked(Uuid::from_u128(7), &mail(), &from, Timestamp::UNIX_EPOCH).expect("a message");
        let bytes = message.formatted();
        let read = crate::inbox::read(&bytes, bytes.len()).expect("a mail");
        assert_eq!(read.automatic, None);
        assert_eq!(read.text, mail().text.trim());
        let marked = formatted(&mail());
        assert!(crate::inbox::read(&marked, marked.len()).expect("a mail").automatic.is_some());
    }

    #[test]
    fn both_parts_say_the_same() {
        let hostile = "Имя: <b>Анна</b> & \"Co\"\n\n> <script>alert(1)</script>\n> https://evil.example\n";
        let bytes = formatted(&Mail { text: hostile.to_owned(), ..mail() });
        let read = MessageParser::default().parse(&bytes).expect("a message");
        assert_eq!((read.text_body_count(), read.html_body_count(), read.attachment_count()), (1, 1, 0));
        let html = read.body_html(0).expect("HTML").into_owned();
        assert!(!html.contains("<script") && !html.contains("<b>") && !html.contains("href"), "{html}");
        assert!(html.contains("&lt;b&gt;Анна&lt;/b&gt; &amp; &quot;Co&quot;"), "{html}");
    }

    #[test]
    fn nothing_can_be_written_into_the_header() {
        let injected = "x\r\nBcc: all@evil.example\r\n\r\nbody";
        let hostile = Mail { subject: injected.to_owned(), from_name: injected.to_owned(), ..mail() };
        let bytes = formatted(&hostile);
        let read = MessageParser::default().parse(&bytes).expect("a message");
        assert!(read.bcc().is_none());
        assert_eq!(read.header("Bcc").map(Parsed::is_empty), None);
        assert_eq!(read.subject(), Some("x  Bcc: all@evil.example    body"));
    }

    #[test]
    fn an_address_with_a_line_break_is_not_sent_to() {
        for hostile in ["anna@example.com\r\nBcc: x@evil.example", "anna\n@example.com", "anna", "a@b\n.example"] {
            let mail = Mail { to: email(hostile), ..mail() };
            let from = address(&email("help@shop.example")).expect("an address");
            let refused = message(&delivery(7, Letter::NewToRequester), &mail, &from, Timestamp::UNIX_EPOCH);
            assert!(matches!(refused, Err(SendError::Address)), "{hostile}");
        }
    }

    #[test]
    fn a_domain_of_another_alphabet_is_sent_in_ascii() {
        assert_eq!(address(&email("анна@пёс.рф")).expect("an address").domain(), "xn--o1ae1c.xn--p1ai");
    }
}
