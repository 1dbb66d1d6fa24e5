//! E-mails as they go over the wire: RFC 5322, text in UTF-8.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::{
    Address, Message,
    message::{
        Mailbox, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use porchlight_model::{contact::EmailAddress, delivery::Mail};
use uuid::Uuid;

use crate::SendError;

/// A decided e-mail as a message from `from`, dated `now`.
///
/// Its `Message-ID` is the delivery's id at the sender's domain, so that a receiver can tell a repetition. It says of itself
/// that no person sent it (`Auto-Submitted`, RFC 3834), so that nobody's "out of office" answers.
pub(crate) fn message(delivery: Uuid, mail: &Mail, from: &Address, now: Timestamp) -> Result<Message, SendError> {
    let mut message = Message::builder()
        .message_id(Some(format!("<{delivery}@{}>", from.domain())))
        .date(SystemTime::from(now))
        .from(Mailbox::new(Some(one_line(&mail.from_name)), from.clone()))
        .to(Mailbox::new(None, address(&mail.to)?))
        .subject(one_line(&mail.subject))
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    if let Some(reply_to) = &mail.reply_to {
        message = message.reply_to(Mailbox::new(None, address(reply_to)?));
    }
    let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(mail.text.clone());
    message.singlepart(text).map_err(|_| SendError::Address)
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

    fn formatted(mail: &Mail) -> Vec<u8> {
        let now = "2026-11-22T19:30:00Z".parse().expect("a moment");
        let from = address(&email("help@пёс.рф")).expect("an address");
        message(Uuid::from_u128(7), mail, &from, now).expect("a message").formatted()
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
            let refused = message(Uuid::nil(), &mail, &from, Timestamp::UNIX_EPOCH);
            assert!(matches!(refused, Err(SendError::Address)), "{hostile}");
        }
    }

    #[test]
    fn a_domain_of_another_alphabet_is_sent_in_ascii() {
        assert_eq!(address(&email("анна@пёс.рф")).expect("an address").domain(), "xn--o1ae1c.xn--p1ai");
    }
}
