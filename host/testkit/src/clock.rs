//! A clock to turn: Debian's `libfaketime`, loaded into a program before everything else.

use std::{ffi::OsString, fs, path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// The time of a running program, ahead of the machine's by as much as it has been turned. Only what it takes for the time of
/// day is turned, not what it measures waits by: an hour passes for its promises and retries, none for its timers.
#[derive(Debug)]
pub struct TurnableClock {
    library: OsString,
    folder: TempDir,
    ahead: Duration,
}

impl TurnableClock {
    /// One that shows the machine's own time.
    pub fn new() -> Result<Self> {
        let library = std::env::var_os("PORCHLIGHT_FAKETIME").context(
            "PORCHLIGHT_FAKETIME is not set: run `cargo xtask test`, or set it to the path of `libfaketime.so.1`",
        )?;
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let clock = Self { library, folder, ahead: Duration::ZERO };
        clock.show()?;
        Ok(clock)
    }

    /// Turns it on. A program sees that at its next look, a second later at most.
    pub fn turn(&mut self, by: Duration) -> Result<()> {
        self.ahead += by;
        self.show()
    }

    /// What a program has to find in its environment.
    pub fn environment(&self) -> [(&'static str, OsString); 5] {
        [
            ("LD_PRELOAD", self.library.clone()),
            ("FAKETIME_TIMESTAMP_FILE", self.file().into()),
            // In seconds: reading the file at every look would make a program slow.
            ("FAKETIME_CACHE_DURATION", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
            ("NO_FAKE_STAT", "1".into()),
        ]
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("ahead")
    }

    /// Puts the whole file in place at once, so that no half of it is read.
    fn show(&self) -> Result<()> {
        let new = self.folder.path().join("new");
        fs::write(&new, format!("+{}\n", self.ahead.as_secs()))?;
        fs::rename(new, self.file())?;
        Ok(())
    }
}
