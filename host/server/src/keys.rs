//! The host's secret keys: made once, kept beside the database.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::wiring::chance;

/// Name of their file within the data folder.
pub const FILE: &str = "keys.json";

/// The secret keys that tokens are signed with, the current one first. A key has an id, so that it can be replaced while
/// tokens signed with the one before still hold.
#[derive(Clone, Debug)]
pub struct Keys(Vec<Key>);

/// One secret key.
#[derive(Clone, Debug)]
pub struct Key {
    /// Stands at the beginning of every token signed with it.
    pub id: u8,
    /// 256 random bits.
    pub secret: [u8; 32],
    /// HMAC that has taken in the secret, which is half the work.
    keyed: Hmac<Sha256>,
}

impl Key {
    fn new(id: u8, secret: [u8; 32]) -> Self {
        Self { id, secret, keyed: keyed(&secret) }
    }

    /// A key for one purpose alone, which tells nothing of this one.
    pub fn derived(&self, purpose: &[u8]) -> [u8; 32] {
        self.hmac(&[purpose])
    }

    /// HMAC-SHA-256 (RFC 2104) of some pieces, one after the other, under this key.
    pub fn hmac(&self, pieces: &[&[u8]]) -> [u8; 32] {
        finished(self.keyed.clone(), pieces)
    }
}

/// HMAC-SHA-256 (RFC 2104) of some pieces, one after the other.
pub fn hmac(key: &[u8], pieces: &[&[u8]]) -> [u8; 32] {
    finished(keyed(key), pieces)
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104)")]
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("any key length")
}

fn finished(mut mac: Hmac<Sha256>, pieces: &[&[u8]]) -> [u8; 32] {
    pieces.iter().for_each(|piece| mac.update(piece));
    mac.finalize().into_bytes().into()
}

#[derive(Serialize, Deserialize)]
struct KeyFile {
    keys: Vec<KeyEntry>,
}

#[derive(Serialize, Deserialize)]
struct KeyEntry {
    id: u8,
    secret: String,
}

impl Keys {
    /// The keys in `keys.json` of a folder; made, and durably written, where there are none yet.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => Self::parse(&bytes).ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidData, format!("`{}` is not a key file", path.display()))
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(folder, &path),
            Err(error) => Err(error),
        }
    }

    /// The key that new tokens are signed with.
    pub fn current(&self) -> &Key {
        &self.0[0]
    }

    /// Every key that still holds, the current one first.
    pub fn iter(&self) -> impl Iterator<Item = &Key> {
        self.0.iter()
    }

    /// The key of this id, if it still holds.
    pub fn lookup(&self, id: u8) -> Option<&Key> {
        self.0.iter().find(|key| key.id == id)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let file: KeyFile = serde_json::from_slice(bytes).ok()?;
        let keys = file.keys.iter().map(KeyEntry::decode).collect::<Option<Vec<_>>>()?;
        (!keys.is_empty()).then_some(Self(keys))
    }

    fn create(folder: &Path, path: &Path) -> io::Result<Self> {
        let key = Key::new(1, chance::bytes());
        let entry = KeyEntry { id: key.id, secret: URL_SAFE_NO_PAD.encode(key.secret) };
        let text = serde_json::to_vec_pretty(&KeyFile { keys: vec![entry] })?;
        let temporary = folder.join("keys.json.new");
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&temporary, path)?;
        fs::File::open(folder)?.sync_all()?;
        Ok(Self(vec![key]))
    }

    /// Keys for tests.
    #[cfg(test)]
    pub fn fixed(ids: &[u8]) -> Self {
        Self(ids.iter().map(|id| Key::new(*id, [*id; 32])).collect())
    }
}

impl KeyEntry {
    fn decode(&self) -> Option<Key> {
        let secret = URL_SAFE_NO_PAD.decode(&self.secret).ok()?.try_into().ok()?;
        Some(Key::new(self.id, secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_found_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let made = Keys::open(folder.path()).expect("new keys");
        let found = Keys::open(folder.path()).expect("the same keys");
        assert_eq!(made.current().secret, found.current().secret);
    }

    #[test]
    fn a_damaged_key_file_is_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("keys.json"), "{}").expect("a file");
        assert!(Keys::open(folder.path()).is_err());
        assert_eq!(fs::read(folder.path().join("keys.json")).expect("still there"), b"{}");
    }
}
