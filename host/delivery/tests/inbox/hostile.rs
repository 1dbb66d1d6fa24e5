//! What nobody should send: it is read or refused, in a moment, and never breaks anything.

use std::time::{Duration, Instant};

use porchlight_delivery::inbox::{self, USUAL_BYTES, Unreadable};
use proptest::prelude::*;

use super::corpus;

/// The longest that one mail may take on a slow machine that does other things too.
const MOMENT: Duration = Duration::from_secs(10);

/// Reads a mail, and says what it gave if that was in time.
fn in_time(mail: &[u8]) -> Result<inbox::Incoming, Unreadable> {
    let begun = Instant::now();
    let read = inbox::read(mail, USUAL_BYTES);
    assert!(begun.elapsed() < MOMENT, "{:?} for {} bytes", begun.elapsed(), mail.len());
    if let Ok(read) = &read {
        assert!(!read.text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')), "a control character");
    }
    read
}

/// So often that it is as large as a mail may be.
fn filled(before: &str, repeated: &str) -> Vec<u8> {
    let mut mail = before.as_bytes().to_vec();
    while mail.len() + repeated.len() <= USUAL_BYTES {
        mail.extend(repeated.as_bytes());
    }
    mail
}

#[test]
fn mail_that_is_too_large_is_refused_by_its_limit() {
    let mail = filled("From: a@b.example\r\n\r\n", "0123456789abcdef\r\n");
    assert!(in_time(&mail).is_ok());
    let larger = [mail, vec![b'x'; 100]].concat();
    assert_eq!(inbox::read(&larger, USUAL_BYTES), Err(Unreadable::TooLarge { limit: USUAL_BYTES }));
    assert_eq!(inbox::read(b"From: a@b.example\r\n\r\nx", 10), Err(Unreadable::TooLarge { limit: 10 }));
}

#[test]
fn mail_with_too_many_parts_or_too_deep_ones_is_refused() {
    let many = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    assert_eq!(in_time(&filled(many, "--b\r\n\r\nx\r\n")), Err(Unreadable::TooManyParts));
    let deep: String =
        (0..50).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n")).collect();
    assert_eq!(in_time(format!("From: a@b.example\r\n{deep}").as_bytes()), Err(Unreadable::TooManyParts));
}

#[test]
fn mails_within_mails_are_not_followed() {
    let nested = filled("From: a@b.example\r\n", "Content-Type: message/rfc822\r\n\r\n");
    assert_eq!(in_time(&nested).map(|mail| mail.attachments.len()), Ok(1));
    let unseen = filled(
        "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=p\r\n\r\n",
        "--p\r\nContent-Type: multipart/mixed; boundary=zz\r\n\r\n",
    );
    assert_eq!(in_time(&unseen), Err(Unreadable::TooManyParts));
}

#[test]
fn header_without_end_is_refused() {
    assert_eq!(in_time(&filled("From: a@b.example\r\n", "X-Long: yes\r\n")), Err(Unreadable::HeaderTooLarge));
    assert_eq!(in_time(&filled("", "x")), Err(Unreadable::HeaderTooLarge));
    assert!(in_time(b"").is_err());
    assert!(in_time(b"\r\n\r\n").is_err());
}

#[test]
fn texts_made_to_be_slow_are_read_in_a_moment() {
    let head = "From: a@b.example\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\n\r\n";
    for line in [
        "x\r\n",
        "111 <@>:\r\n> y\r\nx\r\n",
        "> \r\n",
        ">>>>>>>> \r\n",
        "from: x\r\n",
        "-- \r\n",
        "on 111 wrote\r\n",
        "a \r\n",
    ] {
        assert!(in_time(&filled(head, line)).is_ok(), "{line}");
    }
    let page = "From: a@b.example\r\nContent-Type: text/html\r\n\r\n";
    for tag in ["<", "<div>", "&", "&#x110000;", "<!--", "</div>", "<blockquote type=\"cite\"", "&amp", "\u{fffd}&"] {
        assert!(in_time(&filled(page, tag)).is_ok(), "{tag}");
    }
}

#[test]
fn every_beginning_of_every_mail_is_read_or_refused() {
    for (name, (mail, _)) in corpus() {
        let step = (mail.len() / 200).max(1);
        for end in (0..mail.len()).step_by(step) {
            let read = in_time(&mail[..end]);
            assert!(read.is_ok() || end < 2_000, "{name} up to {end}: {read:?}");
        }
    }
}

/// A mail of the corpus with some bytes changed, moved, doubled or cut out.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let mails: Vec<Vec<u8>> = corpus().into_values().map(|(mail, _)| mail).collect();
    let change = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4_u8, any::<u8>());
    (prop::sample::select(mails), prop::collection::vec(change, 1..12)).prop_map(|(mut mail, changes)| {
        for (at, to, how, byte) in changes {
            if mail.is_empty() {
                break;
            }
            let (at, to) = (at.index(mail.len()), to.index(mail.len()));
            let (from, until) = (at.min(to), at.max(to));
            match how {
                0 => mail[at] = byte,
                1 => drop(mail.drain(from..until)),
                2 => {
                    let piece = mail[from..until].to_vec();
                    mail.splice(at..at, piece);
                }
                _ => mail.swap(at, to),
            }
        }
        mail
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if std::env::var_os("PORCHLIGHT_FULL").is_some() { 20_000 } else { 500 }))]

    #[test]
    fn mutated_mails_are_read_or_refused(mail in mutated()) {
        drop(in_time(&mail));
    }

    #[test]
    fn bytes_without_sense_are_read_or_refused(mail in prop::collection::vec(any::<u8>(), 0..5_000)) {
        drop(in_time(&mail));
    }

    #[test]
    fn headers_without_sense_are_read_or_refused(mail in "(From|To|Subject|Content-Type|Delivered-To|Return-Path|Auto-Submitted|Precedence): ?[ -~\u{400}-\u{4ff}\r\n;=\"<>@?/()]{0,300}\r\n\r\n.{0,200}") {
        drop(in_time(mail.as_bytes()));
    }
}
