//! What a file is, by its content: a few kinds that people send to a shop, and nothing that a browser or a system would run.
//!
//! The beginnings are those of each format's specification. A file that is two things at once is none of them: one whose archive or
//! document begins further back (a zip is found by its end, a PDF within its first kilobyte), or an image with markup in it.

use serde::{Deserialize, Serialize};

/// Kinds of files that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileType {
    /// A photo.
    Jpeg,
    /// An image without loss.
    Png,
    /// An image, perhaps moving.
    Gif,
    /// An image of newer browsers.
    Webp,
    /// A photo of newer phones.
    Heic,
    /// A document.
    Pdf,
    /// Plain text in UTF-8.
    Text,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is none of the kinds that are taken.
    #[error("the file is of a kind that is not taken")]
    Unknown,
    /// It is something else than it says.
    #[error("the file is something else than it says")]
    Mismatch,
}

impl FileType {
    /// Every kind.
    pub const ALL: [Self; 7] = [Self::Jpeg, Self::Png, Self::Gif, Self::Webp, Self::Heic, Self::Pdf, Self::Text];

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        self.media_types()[0]
    }

    /// The endings of names that fit it, the usual one first.
    pub(super) fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Gif => &["gif"],
            Self::Webp => &["webp"],
            Self::Heic => &["heic", "heif"],
            Self::Pdf => &["pdf"],
            Self::Text => &["txt"],
        }
    }

    /// What browsers and mail programs call it, its own media type first.
    fn media_types(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["image/jpeg", "image/jpg", "image/pjpeg"],
            Self::Png => &["image/png"],
            Self::Gif => &["image/gif"],
            Self::Webp => &["image/webp"],
            Self::Heic => &["image/heic", "image/heif"],
            Self::Pdf => &["application/pdf", "application/x-pdf"],
            Self::Text => &["text/plain", "text/csv", "text/markdown"],
        }
    }
}

/// The kind of a file. What it says of itself (a media type, perhaps with parameters) may be missing or say nothing
/// (`application/octet-stream`).
///
/// # Errors
/// Why it is not taken.
pub fn recognised(content: &[u8], said: Option<&str>) -> Result<FileType, NotTaken> {
    if content.is_empty() {
        return Err(NotTaken::Empty);
    }
    let kind = FileType::ALL.into_iter().find(|kind| begins_as(content, *kind)).ok_or(NotTaken::Unknown)?;
    if is_something_else_too(content, kind) {
        return Err(NotTaken::Unknown);
    }
    if fits(kind, said) { Ok(kind) } else { Err(NotTaken::Mismatch) }
}

fn fits(kind: FileType, said: Option<&str>) -> bool {
    let essence = said.and_then(|said| said.split(';').next()).unwrap_or_default().trim();
    let says_nothing = essence.is_empty() || essence.eq_ignore_ascii_case("application/octet-stream");
    says_nothing || kind.media_types().iter().any(|known| essence.eq_ignore_ascii_case(known))
}

fn begins_as(content: &[u8], kind: FileType) -> bool {
    match kind {
        FileType::Jpeg => content.starts_with(b"\xff\xd8\xff"),
        FileType::Png => content.starts_with(b"\x89PNG\r\n\x1a\n") && content.get(12..16) == Some(b"IHDR"),
        FileType::Gif => content.starts_with(b"GIF87a") || content.starts_with(b"GIF89a"),
        FileType::Webp => content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP"),
        FileType::Heic => is_heic(content),
        FileType::Pdf => content.starts_with(b"%PDF-") && found(tail(content, KILOBYTE), b"%%EOF"),
        FileType::Text => is_text(content),
    }
}

/// The brands of HEVC images (ISO 14496-12, section 4.3, and 23008-12, annex B.4).
fn is_heic(content: &[u8]) -> bool {
    if content.get(4..8) != Some(b"ftyp") {
        return false;
    }
    let length = content.first_chunk().map_or(0, |length| u32::from_be_bytes(*length) as usize);
    let brands = content.get(8..length.min(256)).unwrap_or_default();
    brands
        .chunks_exact(4)
        .any(|brand| [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"].iter().any(|heic| brand == *heic))
}

/// UTF-8 without control characters, that begins neither as markup nor as a script.
fn is_text(content: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(content) else { return false };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let begins_as_code = text.trim_start().starts_with(['<', '%']) || text.starts_with("#!");
    let is_plain = text.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}'));
    is_plain && !begins_as_code && !has_markup(content)
}

const KILOBYTE: usize = 1_024;

/// A zip's end record is at most this far from the end of its file: 22 bytes and a comment.
const ZIP_END: usize = 22 + 65_535;

/// How the end of a zip of one part begins.
const ZIP_ENDS: &[u8] = b"PK\x05\x06\0\0\0\0";

/// How other archives begin, wherever their programs look for that.
const ARCHIVES: [&[u8]; 2] = [b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"];

fn is_something_else_too(content: &[u8], kind: FileType) -> bool {
    let head = &content[..content.len().min(KILOBYTE)];
    let is_archive = found(tail(content, ZIP_END), ZIP_ENDS) || ARCHIVES.iter().any(|begin| found(content, begin));
    let is_document = kind != FileType::Pdf && found(head, b"%PDF-");
    let where_markup_counts = if kind == FileType::Pdf { head } else { content };
    is_archive || is_document || has_markup(where_markup_counts)
}

/// What no image, no text for people and no head of a document holds, in any case of letters.
fn has_markup(content: &[u8]) -> bool {
    let begins = content.iter().enumerate().filter(|(_, byte)| **byte == b'<').map(|(place, _)| &content[place..]);
    const MARKUP: [&[u8]; 6] = [b"<script", b"<!doctype html", b"<html>", b"<html ", b"<svg ", b"<?php"];
    let is_markup = |rest: &[u8]| {
        MARKUP.iter().any(|tag| rest.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag)))
    };
    begins.into_iter().any(is_markup)
}

fn tail(content: &[u8], length: usize) -> &[u8] {
    &content[content.len().saturating_sub(length)..]
}

fn found(content: &[u8], wanted: &[u8]) -> bool {
    content.windows(wanted.len()).any(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01";
    const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n%%EOF\n";
    const HEIC: &[u8] = b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic\0\0";
    const ZIP_TAIL: &[u8] = b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x2e\0\0\0\x40\0\0\0\0\0";

    fn joined(parts: &[&[u8]]) -> Vec<u8> {
        parts.concat()
    }

    fn unsaid(content: &[u8]) -> Result<FileType, NotTaken> {
        recognised(content, None)
    }

    #[test]
    fn each_kind_is_recognised_by_its_content() {
        assert_eq!(unsaid(b"\xff\xd8\xff\xe0\0\x10JFIF"), Ok(FileType::Jpeg));
        assert_eq!(unsaid(PNG), Ok(FileType::Png));
        assert_eq!(unsaid(b"GIF89a\x01\0"), Ok(FileType::Gif));
        assert_eq!(unsaid(b"RIFF\x24\0\0\0WEBPVP8 "), Ok(FileType::Webp));
        assert_eq!(unsaid(HEIC), Ok(FileType::Heic));
        assert_eq!(unsaid(PDF), Ok(FileType::Pdf));
        assert_eq!(unsaid("Размеры: 40 × 60\r\n".as_bytes()), Ok(FileType::Text));
    }

    #[test]
    fn what_a_file_says_of_itself_must_be_so() {
        assert_eq!(recognised(PNG, Some("image/png")), Ok(FileType::Png));
        assert_eq!(recognised(PNG, Some("IMAGE/PNG; q=1")), Ok(FileType::Png));
        assert_eq!(recognised(PNG, Some("application/octet-stream")), Ok(FileType::Png));
        for lie in ["image/jpeg", "text/html", "text/plain", "application/pdf", "nonsense", "image/png2"] {
            assert_eq!(recognised(PNG, Some(lie)), Err(NotTaken::Mismatch), "{lie}");
        }
        assert_eq!(recognised(b"a,b\n", Some("text/csv; charset=utf-8")), Ok(FileType::Text));
        assert_eq!(recognised(b"alert(1)", Some("text/javascript")), Err(NotTaken::Mismatch));
    }

    #[test]
    fn what_browsers_and_systems_run_is_not_taken_whatever_it_says() {
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
        let programs: [&[u8]; 14] = [
            svg,
            b"\xef\xbb\xbf  \n<!DOCTYPE html><p>",
            b"<?xml version=\"1.0\"?><svg/>",
            b"<p>hello",
            b"#!/bin/sh\nrm -rf /\n",
            b"MZ\x90\0\x03",
            b"\x7fELF\x02\x01",
            b"\xca\xfe\xba\xbe\0\0",
            b"PK\x03\x04\x14\0",
            b"\x1f\x8b\x08",
            b"Rar!\x1a\x07\0",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"\0asm\x01\0\0\0",
            b"text with a NUL\0 in it",
        ];
        for program in programs {
            for said in [None, Some("image/jpeg"), Some("text/plain"), Some("image/svg+xml"), Some("text/html")] {
                assert_eq!(recognised(program, said), Err(NotTaken::Unknown), "{program:?}");
            }
        }
    }

    #[test]
    fn what_is_two_things_at_once_is_not_taken() {
        let jpeg: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
        let between = vec![0x7f; 70_000];
        let twofold = [
            joined(&[jpeg, &between, b"PK\x03\x04", &between, ZIP_TAIL]),
            joined(&[jpeg, &between, ZIP_TAIL, &vec![b'x'; 60_000]]),
            joined(&[PDF, b"PK\x03\x04", ZIP_TAIL, b"%%EOF"]),
            joined(&[b"GIF89a/*", b"%PDF-1.4"]),
            joined(&[jpeg, &between, b"Rar!\x1a\x07\x01\0"]),
            joined(&[PNG, &between, b"<ScRiPt>alert(1)</script>"]),
            joined(&[b"GIF89a", b"<html><body>"]),
            joined(&[b"%PDF-1.4\n", b"<html >", b"%%EOF"]),
            joined(&[jpeg, b"<?php system($_GET[0]); ?>"]),
            joined(&["Здравствуйте".as_bytes(), b"<script>"]),
        ];
        for (number, content) in twofold.iter().enumerate() {
            assert_eq!(unsaid(content), Err(NotTaken::Unknown), "{number}");
        }
        let motion = joined(&[jpeg, &between, b"\xff\xd9\0\0\0\x18ftypmp42"]);
        assert_eq!(unsaid(&motion), Ok(FileType::Jpeg), "phones put a film behind a photo");
    }

    #[test]
    fn what_is_cut_off_or_nearly_something_is_not_taken() {
        assert_eq!(unsaid(b""), Err(NotTaken::Empty));
        let nearly: [&[u8]; 8] = [
            b"\xff\xd8",
            b"\x89PNG\r\n\x1a\n",
            b"GIF88a\xff",
            b"RIFF\xff\xff\xff\xffWAVE",
            b"%PDF-1.7 without an end",
            b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
            b"\xff\xff\xff\xffftyp",
            b"\xcf\xf0\xe8\xe2\xe5\xf2",
        ];
        for content in nearly {
            assert_eq!(unsaid(content), Err(NotTaken::Unknown), "{content:?}");
        }
    }
}
