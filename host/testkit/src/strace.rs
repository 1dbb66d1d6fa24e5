//! `strace` beside a running program: sees its system calls, and lets some of them fail.

use std::{ffi::OsString, fs, process::Command};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::{
    process::Process,
    wait::{PATIENCE, wait_until},
};

/// A tracer at work. Dropping it lets the program go on alone.
#[derive(Debug)]
pub struct Strace {
    process: Process,
    folder: TempDir,
}

impl Strace {
    /// Attaches to all threads of a process, with further arguments such as `--trace=fsync`. Returns once every call is seen;
    /// `None`, and the reason printed, where the machine forbids it.
    pub async fn attach(to: u32, arguments: &[&str]) -> Result<Option<Self>> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let mut command = Command::new(strace()?);
        command.args(["--follow-forks", "--decode-fds=path", "--output"]).arg(folder.path().join("trace"));
        command.args(arguments).args(["--attach", &to.to_string()]);
        let mut process = Process::start(&mut command)?;
        let attached = wait_until("strace to attach", PATIENCE, || {
            let outcome = process.ended().map(Err).or(process.err().contains(" attached").then_some(Ok(())));
            async move { outcome }
        });
        match attached.await? {
            Ok(()) => Ok(Some(Self { process, folder })),
            Err(_) if process.err().contains("Operation not permitted") => {
                println!("LEFT OUT: this machine forbids tracing: {}", process.err().trim());
                println!("what a failed sync does is proven by host/store/tests/sync_failure.rs alone");
                Ok(None)
            }
            Err(status) => bail!("strace ended with {status}: {}", process.err()),
        }
    }

    /// Lets the program go on alone, and gives what was seen: a line a call, in the order of what happened.
    pub async fn detach(mut self) -> Result<String> {
        self.process.signal("INT")?;
        self.process.wait(PATIENCE).await?;
        let trace = fs::read(self.folder.path().join("trace")).context("no trace")?;
        Ok(String::from_utf8_lossy(&trace).into_owned())
    }

    /// What to put before a command so that it is traced from its first call on, with further arguments such as
    /// `--inject=fsync:error=EIO`. The command keeps its process number, and the tracer ends with it.
    pub fn entrance(arguments: &[&str]) -> Result<Vec<OsString>> {
        let words = ["--daemonize", "--follow-forks", "--output=/dev/null"].iter().chain(arguments);
        Ok([strace()?].into_iter().chain(words.map(OsString::from)).collect())
    }
}

fn strace() -> Result<OsString> {
    std::env::var_os("PORCHLIGHT_STRACE")
        .context("PORCHLIGHT_STRACE is not set: run `cargo xtask test`, or set it to the path of strace")
}
