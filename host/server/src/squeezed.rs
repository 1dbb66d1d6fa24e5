//! The widget's files, compressed as small as they get, once: they are sent to every visitor of every page.
//!
//! What is made anew for each answer is compressed on its way instead, quickly (`CompressionLayer`).

use std::{
    collections::HashMap,
    io::{self, Write},
    sync::{Mutex, PoisonError},
};

use axum::{
    body::Bytes,
    http::{HeaderMap, header},
};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

/// How many compressed files are kept; beyond, they are made anew.
const FILES: usize = 4_096;

/// A content coding (RFC 9110, section 8.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coding {
    /// `br` (RFC 7932).
    Brotli,
    /// `gzip` (RFC 1952).
    Gzip,
}

impl Coding {
    /// The best coding that a client takes; `None` where it wants the file as it is.
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
        let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
        let named: Vec<&str> = lines.flat_map(|line| line.split(',')).filter_map(wanted).collect();
        let has = |name: &str| named.iter().any(|named| named.eq_ignore_ascii_case(name));
        [Self::Brotli, Self::Gzip].into_iter().find(|coding| has(coding.name()))
    }

    /// Its name in `Content-Encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    fn squeeze(self, mut content: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Brotli => {
                let smallest = BrotliEncoderParams { quality: 11, size_hint: content.len(), ..Default::default() };
                let mut squeezed = Vec::new();
                brotli::BrotliCompress(&mut content, &mut squeezed, &smallest)?;
                Ok(squeezed)
            }
            Self::Gzip => {
                let mut squeezed = GzEncoder::new(Vec::new(), Compression::best());
                squeezed.write_all(content)?;
                squeezed.finish()
            }
        }
    }
}

/// `br;q=0.8` → `br`; `br;q=0` is not wanted (RFC 9110, section 12.4.2).
fn wanted(item: &str) -> Option<&str> {
    let (name, weight) = item.split_once(';').unwrap_or((item, ""));
    let refused = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok()) == Some(0.0);
    (!refused).then_some(name.trim())
}

/// Files in their compressed form.
#[derive(Debug, Default)]
pub struct Squeezed(Mutex<HashMap<(String, Coding), Bytes>>);

impl Squeezed {
    /// A file in a coding. Its name changes with its content.
    pub async fn file(&self, name: &str, coding: Coding, content: Bytes) -> io::Result<Bytes> {
        let key = (name.to_owned(), coding);
        if let Some(known) = self.files().get(&key) {
            return Ok(known.clone());
        }
        // The smallest form takes its time, and no worker should wait for it.
        let squeezed =
            tokio::task::spawn_blocking(move || coding.squeeze(&content)).await.map_err(io::Error::other)??;
        let squeezed = Bytes::from(squeezed);
        let mut files = self.files();
        if files.len() >= FILES {
            files.clear();
        }
        files.insert(key, squeezed.clone());
        Ok(squeezed)
    }

    fn files(&self) -> std::sync::MutexGuard<'_, HashMap<(String, Coding), Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn accepted(line: &'static str) -> Option<Coding> {
        Coding::accepted(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(line))]))
    }

    #[test]
    fn best_coding_that_is_wanted_is_taken() {
        assert_eq!(accepted("gzip, deflate, br, zstd"), Some(Coding::Brotli));
        assert_eq!(accepted("GZIP;q=0.5"), Some(Coding::Gzip));
        assert_eq!(accepted("br;q=0, gzip;q=1.0"), Some(Coding::Gzip));
        assert_eq!(accepted("br; q=0.0"), None);
        assert_eq!(accepted("identity, brx"), None);
        assert_eq!(Coding::accepted(&HeaderMap::new()), None);
    }

    #[tokio::test]
    async fn file_is_squeezed_once_and_is_the_same_again() {
        let squeezed = Squeezed::default();
        let content = Bytes::from("Мы ответим сегодня до 17:00. ".repeat(100));
        for coding in [Coding::Brotli, Coding::Gzip] {
            let first = squeezed.file("a.js", coding, content.clone()).await.expect("squeezed");
            assert!(first.len() * 10 < content.len(), "{} of {}", first.len(), content.len());
            let again = squeezed.file("a.js", coding, Bytes::new()).await.expect("known");
            assert_eq!(first, again);
            assert_eq!(opened(coding, &first), content);
        }
    }

    fn opened(coding: Coding, squeezed: &[u8]) -> Vec<u8> {
        let mut opened = Vec::new();
        match coding {
            Coding::Brotli => brotli::BrotliDecompress(&mut &*squeezed, &mut opened).expect("brotli"),
            Coding::Gzip => {
                let mut reader = flate2::read::GzDecoder::new(squeezed);
                io::copy(&mut reader, &mut opened).map(drop).expect("gzip");
            }
        }
        opened
    }
}
