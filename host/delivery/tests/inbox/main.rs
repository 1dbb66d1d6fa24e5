//! Reading e-mail: mails as the usual programs write them, and what nobody should send.
//!
//! `corpus` holds a mail a file, and beside it the words of its writer that are kept. Its name says what it is; those of a program
//! begin with why it is taken for one.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says so by panicking")]

mod hostile;

use std::{collections::BTreeMap, fs, path::Path};

use porchlight_delivery::inbox::{self, Attachment, Automatic, Incoming, USUAL_BYTES};

/// Every mail by its name, with what it should say.
fn corpus() -> BTreeMap<String, (Vec<u8>, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inbox/corpus");
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    let mails = files.filter(|path| path.extension().is_some_and(|extension| extension == "eml"));
    let pair = |path: std::path::PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let words = fs::read_to_string(path.with_extension("txt")).expect("its words");
        (name, (fs::read(path).expect("a mail"), words.trim_end().to_owned()))
    };
    mails.map(pair).collect()
}

fn read(name: &str) -> Incoming {
    let (mail, _) = corpus().remove(name).expect("a mail of the corpus");
    inbox::read(&mail, USUAL_BYTES).expect("it can be read")
}

#[test]
fn of_every_mail_the_own_words_of_its_writer_are_kept() {
    let corpus = corpus();
    assert!(corpus.len() > 30, "{}", corpus.len());
    let read = |mail: &[u8]| inbox::read(mail, USUAL_BYTES).expect("it can be read").text;
    let differing: Vec<String> = corpus
        .iter()
        .filter(|(_, (mail, words))| read(mail) != *words)
        .map(|(name, (mail, words))| format!("== {name}\n{}\n-- instead of\n{words}\n", read(mail)))
        .collect();
    assert!(differing.is_empty(), "{}", differing.concat());
}

#[test]
fn what_a_program_wrote_is_told_from_what_a_person_wrote() {
    for (name, (mail, _)) in corpus() {
        let expected = match name.split('-').next().expect("a word") {
            "automatic" => Some(Automatic::Said),
            "bulk" => Some(Automatic::Bulk),
            "report" => Some(Automatic::Report),
            "no" => Some(Automatic::NoReply),
            _ => None,
        };
        assert_eq!(inbox::read(&mail, USUAL_BYTES).expect("it can be read").automatic, expected, "{name}");
    }
}

#[test]
fn header_says_who_wrote_to_whom() {
    let mail = read("gmail-ru");
    assert_eq!(mail.message_id.as_deref(), Some("gmail-ru@example.com"));
    let from = mail.from.expect("a sender");
    assert_eq!((from.address.as_str(), from.name.as_deref()), ("anna@example.com", Some("Анна Смирнова")));
    assert_eq!(mail.recipients, ["help+aeaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@shop.example"]);
    assert_eq!(mail.subject.as_deref(), Some("Re: PS-7K4Q2MX: получили ваше обращение"));
    assert_eq!(read("plain-question").subject.as_deref(), Some("Будка для овчарки"));
}

#[test]
fn attachments_are_named_with_their_size() {
    let named = |it: &Attachment| (it.name.clone().unwrap_or_default(), it.bytes, it.content.len(), it.media.clone());
    let attached: Vec<_> = read("with-attachments").attachments.iter().map(named).collect();
    let file = |name: &str, bytes, media: &str| (name.to_owned(), bytes, bytes, media.to_owned());
    assert_eq!(attached, [file("будка 1.jpg", 30_000, "image/jpeg"), file("bill.pdf", 4, "application/pdf")]);
    assert!(read("gmail-en").attachments.is_empty(), "HTML beside the text is none");
}

#[test]
fn mail_of_two_writers_has_no_sender() {
    for from in ["a@one.example, b@two.example", "a@one.example\r\nFrom: b@two.example", "", "undisclosed:;"] {
        let mail = format!("From: {from}\r\nTo: help@shop.example\r\n\r\nhello\r\n");
        let read = inbox::read(mail.as_bytes(), USUAL_BYTES).expect("it can be read");
        assert_eq!(read.from.filter(|from| !from.address.is_empty()), None, "{from}");
    }
}

#[test]
fn names_and_subjects_are_one_line_whatever_they_hold() {
    let encoded = "=?utf-8?Q?Anna=0D=0ABcc:_all=40evil.example=00=E2=80=AEx?=";
    let mail = format!("From: {encoded} <anna@example.com>\r\nSubject: {encoded}\r\n\r\nhello\r\n");
    let read = inbox::read(mail.as_bytes(), USUAL_BYTES).expect("it can be read");
    let name = read.from.expect("a sender").name.expect("a name");
    for line in [name, read.subject.expect("a subject")] {
        assert!(line.starts_with("Anna") && !line.contains(|c: char| c.is_control() || c == '\u{202e}'), "{line:?}");
    }
}
