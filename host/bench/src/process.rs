//! Servers that run beside the measuring, and what they use.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::client;

/// How long a server may take until it listens, and is ready.
const PATIENCE: Duration = Duration::from_secs(120);
/// Clock ticks of `/proc/PID/stat` in a second: a constant of the interface on Linux (`USER_HZ`).
const TICKS: f64 = 100.0;

/// A running server. Dropping it ends it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
    /// Kept open: who closes it would end a server that prints.
    _printed: BufReader<ChildStdout>,
}

/// Memory of a process, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// All that is resident, shared pages included.
    pub resident: u64,
    /// Shared pages counted in part.
    pub proportional: u64,
}

impl Server {
    /// Starts a command that prints `listening on http://ADDRESS`; its log goes into a file.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let log_file =
            File::options().create(true).append(true).open(log).with_context(|| format!("`{}`", log.display()))?;
        let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log_file);
        let mut child = piped.spawn().with_context(|| format!("`{name}` did not start"))?;
        let printed = child.stdout.take().context("its output is piped")?;
        match listening(BufReader::new(printed)) {
            Ok((address, printed)) => Ok(Self { child, address, _printed: printed }),
            Err(error) => {
                end(&mut child);
                Err(error
                    .context(format!("`{name}` does not listen:\n{}", fs::read_to_string(log).unwrap_or_default())))
            }
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until it says that it is ready.
    pub fn wait_until_ready(&self) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if client::get(self.address, "/readyz", &[])?.is_success() {
                return Ok(());
            }
        }
        bail!("not ready within {} s", PATIENCE.as_secs())
    }

    /// CPU time it has used so far, in seconds: user and system, all threads.
    pub fn cpu(&self) -> Result<f64> {
        cpu_of(self.child.id())
    }

    /// Memory it holds now.
    pub fn memory(&self) -> Result<Memory> {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id()))?;
        memory_in(&rollup).with_context(|| format!("`{rollup}` is no smaps_rollup"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// CPU time that a process has used so far, in seconds: user and system, all threads.
pub fn cpu_of(process: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    seconds_in(&stat).with_context(|| format!("`{stat}` is no line of /proc/PID/stat"))
}

fn end(child: &mut Child) {
    if let Err(error) = child.kill().and_then(|()| child.wait()) {
        eprintln!("a server could not be ended: {error}");
    }
}

/// Reads up to the line that names the address.
fn listening(mut printed: BufReader<ChildStdout>) -> Result<(SocketAddr, BufReader<ChildStdout>)> {
    let mut line = String::new();
    while printed.read_line(&mut line)? > 0 {
        if let Some(address) = line.trim().strip_prefix("listening on http://") {
            return Ok((address.parse()?, printed));
        }
        line.clear();
    }
    bail!("it ended without an address")
}

/// Fields 14 and 15, counted after the name, which may hold anything in its brackets.
fn seconds_in(stat: &str) -> Option<f64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS)
}

fn memory_in(rollup: &str) -> Option<Memory> {
    let bytes = |name: &str| {
        let line = rollup.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? << 10)
    };
    Some(Memory { resident: bytes("Rss:")?, proportional: bytes("Pss:")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_user_and_system_together() {
        let stat = "77 (a) b) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 9 0 1 2 3";
        assert_eq!(seconds_in(stat), Some(2.0));
        assert_eq!(seconds_in("nonsense"), None);
    }

    #[test]
    fn memory_is_read_in_bytes() {
        let rollup = "5581 7ffd [rollup]\nRss:                2048 kB\nPss:                1024 kB\nPss_Dirty:  1 kB\n";
        assert_eq!(memory_in(rollup), Some(Memory { resident: 2 << 20, proportional: 1 << 20 }));
    }
}
