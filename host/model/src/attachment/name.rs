//! The names of files: bounded, without paths, and honest about what the file is.

use super::FileType;
use crate::submission::characters::{is_unseen, turns_direction};

/// The most characters of a name before its ending.
const STEM: usize = 80;

/// The name a file is kept by: the last part of what was given, without what nobody sees or what turns text around, cut short, and
/// with an ending that fits what the file is. Where nothing is left it is called `file`.
///
/// An ending that says something else stays visible before the right one: `photo.exe` of a JPEG is `photo.exe.jpg`.
pub fn cleaned(given: &str, file_type: FileType) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control() && !is_unseen(*c) && !turns_direction(*c)).collect();
    let kept = kept.replace(['<', '>', ':', '"', '|', '?', '*'], "_").replace(char::is_whitespace, " ");
    let (stem, ending) = split(kept.trim_matches([' ', '.']), file_type);
    let stem: String = stem.chars().take(STEM).collect();
    let stem = stem.trim_end_matches([' ', '.']);
    format!("{}.{ending}", if stem.is_empty() { "file" } else { stem })
}

/// The name before its ending, where that fits; else all of it, and the ending it should have.
fn split(name: &str, file_type: FileType) -> (&str, String) {
    let endings = file_type.endings();
    match name.rsplit_once('.') {
        Some((stem, ending)) if endings.iter().any(|known| ending.eq_ignore_ascii_case(known)) => {
            (stem, ending.to_owned())
        }
        _ => (name, endings[0].to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(given: &str) -> String {
        cleaned(given, FileType::Jpeg)
    }

    #[test]
    fn an_honest_name_stays() {
        assert_eq!(jpeg("будка.jpg"), "будка.jpg");
        assert_eq!(jpeg("IMG_0001.JPEG"), "IMG_0001.JPEG");
        assert_eq!(jpeg("photo 1.2.jpg"), "photo 1.2.jpg");
    }

    #[test]
    fn an_ending_that_lies_is_followed_by_the_right_one() {
        assert_eq!(jpeg("photo.exe"), "photo.exe.jpg");
        assert_eq!(jpeg("photo"), "photo.jpg");
        assert_eq!(cleaned("run.bat", FileType::Text), "run.bat.txt");
        assert_eq!(cleaned("page.html", FileType::Text), "page.html.txt");
    }

    #[test]
    fn paths_and_what_nobody_sees_are_left_out() {
        assert_eq!(jpeg("../../etc/passwd.jpg"), "passwd.jpg");
        assert_eq!(jpeg("C:\\Users\\anna\\photo.jpg"), "photo.jpg");
        assert_eq!(jpeg("a\r\nX-Evil: yes\0.jpg"), "aX-Evil_ yes.jpg");
        assert_eq!(jpeg("photo\u{202e}gpj.exe"), "photogpj.exe.jpg");
        assert_eq!(jpeg("a\u{200b}\u{2066}b.jpg"), "ab.jpg");
        assert_eq!(jpeg("...hidden.jpg. . "), "hidden.jpg");
        assert_eq!(jpeg("\"quoted\";x.jpg"), "_quoted_;x.jpg");
    }

    #[test]
    fn a_name_is_bounded_and_keeps_its_ending() {
        let long = jpeg(&format!("{}.jpg", "я".repeat(5_000)));
        assert_eq!(long, format!("{}.jpg", "я".repeat(80)));
    }

    #[test]
    fn where_nothing_is_left_it_is_called_a_file() {
        for nothing in ["", "/", "..", "\u{202e}\u{200b}", "a/.jpg/.."] {
            assert_eq!(jpeg(nothing), "file.jpg", "{nothing:?}");
        }
        assert_eq!(jpeg(".jpg"), "jpg.jpg");
    }
}
