//! The real `porchlight`, running.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use reqwest::{Client, Method, RequestBuilder};
use tempfile::TempDir;

use crate::{
    clock::TurnableClock,
    disk::SmallDisk,
    process::Process,
    wait::{PATIENCE, wait_until},
};

/// What the binary's first line of standard output begins with; the address follows.
const LISTENING: &str = "listening on ";

/// How a host is started. [`HostOptions::demo`] is the usual one.
#[derive(Clone, Debug)]
pub struct HostOptions {
    entrance: Vec<OsString>,
    arguments: Vec<OsString>,
    data: Option<PathBuf>,
    environment: Vec<(String, OsString)>,
}

impl HostOptions {
    /// `porchlight demo` on a free port, with a data folder of its own.
    pub fn demo() -> Self {
        Self::with_arguments(["demo", "--listen", "127.0.0.1:0"])
    }

    /// Any arguments; the host must listen on a free port and print its address.
    pub fn with_arguments(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        Self { entrance: Vec::new(), arguments, data: None, environment: Vec::new() }
    }

    /// A clock that starts at this moment (RFC 3339) and runs on.
    pub fn clock(self, moment: &str) -> Self {
        self.argument("--clock").argument(moment)
    }

    /// A data folder that outlives the host; without one it gets a folder that is deleted with it.
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data = Some(folder.into());
        self
    }

    /// Through another program that is put before the host and becomes it.
    pub fn through(mut self, entrance: Vec<OsString>) -> Self {
        self.entrance = entrance;
        self
    }

    /// A data folder on a small disk, which outlives the host.
    pub fn on(self, disk: &SmallDisk) -> Self {
        self.through(disk.entrance()).data(disk.folder().join("data"))
    }

    /// One more argument.
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// A variable of its environment, `PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE`.
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// With a clock that the test turns.
    pub fn clocked_by(mut self, clock: &TurnableClock) -> Self {
        let variables = clock.environment().map(|(name, value)| (name.to_owned(), value));
        self.environment.extend(variables);
        self
    }

    /// Rate limits raised out of the way.
    pub fn unlimited(self) -> Self {
        self.environment("PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE", "1000000")
            .environment("PORCHLIGHT_ABUSE__SITE_REQUESTS_PER_MINUTE", "1000000")
    }

    fn command(&self, binary: &Path, data: &Path) -> Command {
        let mut line = self.entrance.iter().map(OsString::as_os_str).chain([binary.as_os_str()]);
        let mut command = Command::new(line.next().unwrap_or(binary.as_os_str()));
        command.args(line).args(&self.arguments).arg("--data").arg(data);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// How soon a host was ready.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// From the start of the process until `/readyz` said so.
    pub after: Duration,
    /// How much of that one of its threads stood in line for a core, at most: while other programs kept the machine busy.
    /// Zero where the system does not tell.
    pub in_line: Duration,
}

impl Readiness {
    /// How soon it would have been ready on a machine of its own.
    pub fn undisturbed(self) -> Duration {
        self.after.saturating_sub(self.in_line)
    }
}

/// A running host. Dropping it kills it.
#[derive(Debug)]
pub struct Host {
    process: Process,
    address: String,
    data: PathBuf,
    client: Client,
    readiness: Readiness,
    _own_data: Option<TempDir>,
}

impl Host {
    /// Starts the binary and waits until it is ready to serve.
    pub async fn start(binary: &Path, options: HostOptions) -> Result<Self> {
        let begun = Instant::now();
        let mut host = Self::start_unready(binary, options).await?;
        host.wait_until_ready().await?;
        host.readiness = Readiness { after: begun.elapsed(), in_line: in_line(host.process.id()) };
        Ok(host)
    }

    /// Starts the binary and waits until it listens, whether it is ready or not.
    pub async fn start_unready(binary: &Path, options: HostOptions) -> Result<Self> {
        let (data, own_data) = match &options.data {
            Some(folder) => (folder.clone(), None),
            None => own_folder()?,
        };
        let mut process = Process::start(&mut options.command(binary, &data))?;
        let address = process.wait_for_line("its address", PATIENCE, address_in).await?;
        let readiness = Readiness::default();
        Ok(Self { process, address, data, client: Client::new(), readiness, _own_data: own_data })
    }

    /// How soon it was ready.
    pub fn readiness(&self) -> Readiness {
        self.readiness
    }

    /// The operating system's number of it.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// Its address without a slash at the end, `http://127.0.0.1:41234`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The address of a path, `/w/pet-shop.js`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// The folder it keeps everything in.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// What it wrote to its log so far (standard error).
    pub fn log(&self) -> String {
        self.process.err()
    }

    /// What it printed so far (standard output).
    pub fn printed(&self) -> String {
        self.process.out()
    }

    /// The memory it takes, in KiB (`VmRSS` of Linux).
    pub fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(self.of_process("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no `VmRSS`")?;
        Ok(line.trim().trim_end_matches("kB").trim_end().parse()?)
    }

    /// How many sockets it has open: those it listens at, and its connections.
    pub fn sockets(&self) -> Result<usize> {
        let files = std::fs::read_dir(self.of_process("fd"))?;
        // A file may be closed while it is looked at: then it is none.
        let targets = files.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
        Ok(targets.filter(|target| target.to_string_lossy().starts_with("socket:")).count())
    }

    fn of_process(&self, file: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{file}", self.process.id()))
    }

    /// A GET of a path, to be sent.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    /// A POST of JSON to a path, to be sent.
    pub fn post(&self, path: &str, body: &serde_json::Value) -> RequestBuilder {
        self.client.post(self.url(path)).json(body)
    }

    /// A request of any method for a path, to be sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// Ends it as a power cut does: `kill -9`. Its data folder stays if it was given one.
    pub fn kill(mut self) -> Result<()> {
        self.process.kill()
    }

    /// Ends it the same way, and gives its whole log.
    pub fn killed(mut self) -> Result<String> {
        self.process.kill()?;
        self.process.finish();
        Ok(self.log())
    }

    /// Asks it to stop (SIGTERM) and waits until it has, for its exit status and its whole log.
    pub async fn stop(mut self) -> Result<(ExitStatus, String)> {
        self.process.signal("TERM")?;
        let status = self.process.wait(PATIENCE).await.with_context(|| self.log())?;
        Ok((status, self.log()))
    }

    async fn wait_until_ready(&self) -> Result<()> {
        let ready = wait_until("`/readyz`", PATIENCE, async || {
            let answer = self.get("/readyz").send().await.ok()?;
            answer.status().is_success().then_some(())
        });
        ready.await.with_context(|| self.log())
    }
}

/// The longest that a thread of a process has stood in line for a core: the second figure of `schedstat`, in nanoseconds.
fn in_line(process: u32) -> Duration {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let figures = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("schedstat")).ok());
    let waited = figures.filter_map(|figures| figures.split_whitespace().nth(1)?.parse().ok());
    Duration::from_nanos(waited.max().unwrap_or_default())
}

fn own_folder() -> Result<(PathBuf, Option<TempDir>)> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    Ok((folder.path().to_path_buf(), Some(folder)))
}

/// The address in a line such as `listening on http://127.0.0.1:41234`.
fn address_in(line: &str) -> Option<String> {
    let address = line.trim().strip_prefix(LISTENING)?.split_whitespace().next()?;
    Some(address.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_is_read_from_its_line_alone() {
        assert_eq!(address_in("listening on http://127.0.0.1:41234").as_deref(), Some("http://127.0.0.1:41234"));
        assert_eq!(address_in("mailbox at http://127.0.0.1:41234/mail"), None);
    }
}
