//! A disk that is soon full.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{
    process::Process,
    wait::{PATIENCE, wait_until},
};

/// What the holder says once the disk is there.
const MOUNTED: &str = "mounted";

/// A file system in memory, of few bytes. It is mounted in a mount namespace of its own, which a process holds: nobody else
/// sees it, and nothing of it is left behind however the test ends.
#[derive(Debug)]
pub struct SmallDisk {
    holder: Process,
    folder: TempDir,
    with_user: bool,
}

impl SmallDisk {
    /// Mounts a disk of this many MiB: as root, or else as the root of a user namespace of our own. `None`, and the reason
    /// printed, where the machine allows neither.
    pub async fn mount(mebibytes: u32) -> Result<Option<Self>> {
        let mut reasons = Vec::new();
        for with_user in [false, true] {
            match Self::try_mount(mebibytes, with_user).await? {
                Ok(disk) => return Ok(Some(disk)),
                Err(reason) => reasons.push(reason),
            }
        }
        println!("LEFT OUT: this machine lets us mount no small disk: {}", reasons.join("; "));
        Ok(None)
    }

    async fn try_mount(mebibytes: u32, with_user: bool) -> Result<Result<Self, String>> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let mut command = Command::new("unshare");
        command.arg("--mount").args(with_user.then_some("--map-root-user"));
        let script =
            format!(r#"mount -t tmpfs -o size={mebibytes}m none "$0" && echo {MOUNTED} && exec tail -f /dev/null"#);
        command.args(["sh", "-c", &script]).arg(folder.path());
        let mut holder = Process::start(&mut command).context("`unshare` of util-linux is needed")?;
        let mounted = wait_until("a small disk", PATIENCE, || {
            let outcome = holder.ended().map(Err).or(holder.out().contains(MOUNTED).then_some(Ok(())));
            async move { outcome }
        });
        Ok(match mounted.await? {
            Ok(()) => Ok(Self { holder, folder, with_user }),
            Err(_) => Err(holder.err().trim().to_owned()),
        })
    }

    /// The disk's folder, as programs see it that were started through its entrance.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The disk's folder, as everybody else sees it.
    pub fn seen_from_outside(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder.id()));
        root.join(self.folder.path().strip_prefix("/").unwrap_or(self.folder.path()))
    }

    /// What to put before a command so that it sees the disk. The command keeps its process number.
    pub fn entrance(&self) -> Vec<OsString> {
        let holder = self.holder.id().to_string();
        let mut words = vec!["nsenter", "--target", &holder, "--mount"];
        if self.with_user {
            words.extend(["--user", "--preserve-credentials"]);
        }
        words.into_iter().map(OsString::from).collect()
    }
}
