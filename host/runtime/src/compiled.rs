//! Compiled components, kept in a folder from one start to the next: a start that compiles two takes 400 ms, one that opens
//! them 70 (`host/bench/README.md`), and what is mapped from a file takes memory only where it runs.
//!
//! What is kept is machine code, and wasmtime runs it as it stands. A file therefore counts only with a tag beside it: an
//! HMAC-SHA-256 of it under a key of the host's. Without one, or where wasmtime was told otherwise or is another version, the
//! component is compiled again.

use std::{
    fs::{self, DirBuilder},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::SystemTime,
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use wasmtime::{Engine, component::Component};

/// Files that are kept; beyond, the oldest goes.
const FILES: usize = 256;

/// Where compiled components are kept.
#[derive(Clone, PartialEq, Eq)]
pub struct CompiledFolder {
    /// A folder that nobody else writes to; made where it is not there.
    pub folder: PathBuf,
    /// What files are tagged with. Secret, so that a file brought from elsewhere is not run.
    pub key: [u8; 32],
}

impl std::fmt::Debug for CompiledFolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CompiledFolder({})", self.folder.display())
    }
}

impl CompiledFolder {
    /// The compiled form of the component with this SHA-256, if it was kept and can be used by this engine.
    pub fn open(&self, engine: &Engine, sha256: &str) -> Option<Component> {
        let [code, tag] = self.files(sha256);
        let expected = fs::read(&tag).ok()?;
        self.mac(sha256, &fs::read(&code).ok()?).verify_slice(&expected).ok()?;
        #[expect(unsafe_code, reason = "the tag proves that this host's wasmtime wrote these bytes")]
        // SAFETY: `keep` wrote the file, which is never changed in place, only replaced by renaming. Whoever else can write
        // into this folder can write into the database beside it, too.
        let opened = unsafe { Component::deserialize_file(engine, &code) };
        match opened {
            Ok(component) => Some(component),
            Err(reason) => {
                tracing::debug!(sha256, %reason, "a compiled plugin of another version is compiled again");
                None
            }
        }
    }

    /// Keeps the compiled form of a component.
    pub fn keep(&self, bytes: &[u8], sha256: &str) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let [code, tag] = self.files(sha256);
        replace(&code, bytes)?;
        replace(&tag, &self.mac(sha256, bytes).finalize().into_bytes())?;
        self.prune()
    }

    fn files(&self, sha256: &str) -> [PathBuf; 2] {
        ["cwasm", "tag"].map(|extension| self.folder.join(sha256).with_extension(extension))
    }

    fn mac(&self, sha256: &str, bytes: &[u8]) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104)")]
        let mut mac = Hmac::new_from_slice(&self.key).expect("any key length");
        mac.update(sha256.as_bytes());
        mac.update(bytes);
        mac
    }

    fn prune(&self) -> io::Result<()> {
        let mut kept: Vec<(SystemTime, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.path().extension().is_some_and(|extension| extension == "cwasm") {
                kept.push((entry.metadata()?.modified()?, entry.path()));
            }
        }
        kept.sort();
        for (_, path) in kept.iter().take(kept.len().saturating_sub(FILES)) {
            fs::remove_file(path)?;
            fs::remove_file(path.with_extension("tag"))?;
        }
        Ok(())
    }
}

/// Bytes written at once. Linux keeps in one piece what was written at once, and where one page of a piece is touched it maps the
/// whole: code takes memory only where it runs if the pieces are small.
const PIECE: usize = 16 << 10;

/// Puts a file in another's place at once, so that whoever has the other open keeps it.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = path.with_added_extension(std::process::id().to_string());
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    let written = bytes.chunks(PIECE).try_for_each(|piece| file.write_all(piece));
    let replaced = written.and_then(|()| fs::rename(&temporary, path));
    if replaced.is_err() {
        // On a full disk the rest belongs to what visitors send.
        fs::remove_file(&temporary)?;
    }
    replaced
}

#[cfg(test)]
mod tests {
    use wasmtime::Config;

    use super::*;

    const SHA256: &str = "00ff";

    struct Kept {
        compiled: CompiledFolder,
        engine: Engine,
        _folder: tempfile::TempDir,
    }

    fn kept() -> Kept {
        let folder = tempfile::tempdir().expect("a folder");
        let compiled = CompiledFolder { folder: folder.path().join("compiled"), key: [7; 32] };
        let engine = Engine::new(Config::new().wasm_component_model(true)).expect("an engine");
        compiled.keep(&code(&engine), SHA256).expect("room on the disk");
        Kept { compiled, engine, _folder: folder }
    }

    fn code(engine: &Engine) -> Vec<u8> {
        engine.precompile_component(&wat::parse_str("(component)").expect("text")).expect("a component")
    }

    #[test]
    fn what_was_kept_is_opened_again() {
        let Kept { compiled, engine, .. } = &kept();
        assert!(compiled.open(engine, SHA256).is_some());
        assert!(compiled.open(engine, "11ff").is_none(), "another component");
    }

    #[test]
    fn a_file_that_was_changed_or_tagged_by_another_is_not_run() {
        let Kept { compiled, engine, .. } = &kept();
        let other = CompiledFolder { key: [8; 32], ..compiled.clone() };
        assert!(other.open(engine, SHA256).is_none(), "another host's key");
        let [code, _] = compiled.files(SHA256);
        let mut bytes = fs::read(&code).expect("it is there");
        bytes[100] ^= 1;
        replace(&code, &bytes).expect("room on the disk");
        assert!(compiled.open(engine, SHA256).is_none());
    }

    #[test]
    fn one_component_does_not_pass_for_another() {
        let Kept { compiled, engine, .. } = &kept();
        for (from, to) in compiled.files(SHA256).iter().zip(compiled.files("11ff")) {
            fs::copy(from, to).expect("room on the disk");
        }
        assert!(compiled.open(engine, "11ff").is_none());
    }

    #[test]
    fn an_engine_that_was_told_otherwise_compiles_again() {
        let Kept { compiled, .. } = &kept();
        let other = Engine::new(Config::new().wasm_component_model(true).epoch_interruption(true)).expect("an engine");
        assert!(compiled.open(&other, SHA256).is_none());
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let Kept { compiled, engine, .. } = &kept();
        let code = code(engine);
        for number in 0..FILES {
            compiled.keep(&code, &format!("{number:04x}")).expect("room on the disk");
        }
        let left = fs::read_dir(&compiled.folder).expect("a folder").count();
        assert_eq!(left, 2 * FILES);
    }
}
