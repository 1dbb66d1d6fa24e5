//! How long a file is, as people say it.

use super::Attachment;
use crate::{locale::Locale, texts::Texts};

const KILOBYTE: u64 = 1_024;
const MEGABYTE: u64 = 1_024 * KILOBYTE;

impl Texts {
    /// A file in one line: its name, and how long it is.
    pub fn file(&self, file: &Attachment) -> String {
        self.say_with("file-line", &[("name", &file.name), ("size", &self.file_size(file.size))])
    }

    /// A length in bytes as people say it: "12 KB", "1.5 MB".
    pub fn file_size(&self, bytes: u64) -> String {
        if bytes < MEGABYTE {
            return self.say_with("file-kilobytes", &[("size", &bytes.div_ceil(KILOBYTE).to_string())]);
        }
        let tenths = (bytes * 10).div_ceil(MEGABYTE);
        let point = if self.locale() == Locale::En { '.' } else { ',' };
        let size = match tenths % 10 {
            0 => (tenths / 10).to_string(),
            rest => format!("{}{point}{rest}", tenths / 10),
        };
        self.say_with("file-megabytes", &[("size", &size)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_said_as_people_do() {
        let said = |locale, bytes| Texts::of(locale).file_size(bytes);
        assert_eq!(said(Locale::En, 1), "1 KB");
        assert_eq!(said(Locale::En, 1_024_000), "1000 KB");
        assert_eq!(said(Locale::En, 8 * MEGABYTE), "8 MB");
        assert_eq!(said(Locale::Ru, MEGABYTE * 3 / 2), "1,5 МБ");
        assert_eq!(said(Locale::Bg, MEGABYTE + 1), "1,1 MB");
    }
}
