//! Programs that run beside a test and end with it.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::wait::wait_until;

/// A running program. Dropping it kills it; it stays in the test's process group, so that a runner that ends a hanging test
/// ends it too.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    out: Printed,
    err: Printed,
}

impl Process {
    /// Starts a command, collecting what it prints.
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().with_context(|| format!("`{name}` did not start"))?;
        let out = Printed::collect(child.stdout.take());
        let err = Printed::collect(child.stderr.take());
        Ok(Self { name, child, out, err })
    }

    /// What it printed to standard output so far; all of it once it has ended.
    pub fn out(&self) -> String {
        self.out.so_far()
    }

    /// What it printed to standard error so far; all of it once it has ended.
    pub fn err(&self) -> String {
        self.err.so_far()
    }

    /// The operating system's number of it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the first line of standard output that `read` makes something of; fails when the program ends without one.
    pub async fn wait_for_line<T>(
        &mut self,
        what: &str,
        within: Duration,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        let found = wait_until(what, within, || {
            let ended = self.ended();
            let found = self.out().lines().find_map(&read);
            async move {
                match (found, ended) {
                    (Some(found), _) => Some(Ok(found)),
                    (None, Some(status)) => Some(Err(status)),
                    (None, None) => None,
                }
            }
        });
        match found.await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(status)) => bail!("`{}` ended with {status} instead of giving {what}:\n{}", self.name, self.err()),
            Err(error) => Err(error.context(format!("`{}` printed:\n{}{}", self.name, self.out(), self.err()))),
        }
    }

    /// Sends a signal by its name, `TERM`.
    pub fn signal(&self, name: &str) -> Result<()> {
        let script = format!("kill -{name} {}", self.id());
        let status = Command::new("sh").args(["-c", &script]).status().context("`sh` did not start")?;
        if !status.success() {
            bail!("`{script}` ended with {status}");
        }
        Ok(())
    }

    /// Waits until it has ended by itself.
    pub async fn wait(&mut self, within: Duration) -> Result<ExitStatus> {
        let what = format!("the end of `{}`", self.name);
        wait_until(&what, within, || {
            let ended = self.ended();
            async move { ended }
        })
        .await
    }

    /// Kills it at once, as `kill -9` does, and waits until it is gone.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill().with_context(|| format!("`{}` could not be killed", self.name))?;
        self.child.wait().with_context(|| format!("`{}` could not be waited for", self.name))?;
        Ok(())
    }

    /// How it ended, if it did; then everything it printed has been collected.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.try_wait().ok().flatten()?;
        self.finish();
        Some(status)
    }

    /// Collects the rest of what it printed, once it has ended.
    pub fn finish(&mut self) {
        self.out.finish();
        self.err.finish();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            eprintln!("{error:#}");
        }
    }
}

/// What a program printed, collected by a thread that ends with the pipe.
#[derive(Debug)]
struct Printed {
    text: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Printed {
    fn collect(pipe: Option<impl Read + Send + 'static>) -> Self {
        let text = Arc::<Mutex<String>>::default();
        let collected = Arc::clone(&text);
        let reader = pipe.map(|pipe| std::thread::spawn(move || append_lines(BufReader::new(pipe), &collected)));
        Self { text, reader }
    }

    /// Waits for the end of the pipe.
    fn finish(&mut self) {
        if let Some(Err(panic)) = self.reader.take().map(JoinHandle::join) {
            std::panic::resume_unwind(panic);
        }
    }

    fn so_far(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn append_lines(mut pipe: impl BufRead, text: &Mutex<String>) {
    let mut line = Vec::new();
    while matches!(pipe.read_until(b'\n', &mut line), Ok(length) if length > 0) {
        text.lock().unwrap_or_else(PoisonError::into_inner).push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wait::PATIENCE;

    fn shell(script: &str) -> Process {
        Process::start(Command::new("sh").args(["-c", script])).expect("there is a shell")
    }

    fn runs(id: u32) -> bool {
        Command::new("sh").args(["-c", &format!("kill -0 {id} 2>/dev/null")]).status().expect("a shell").success()
    }

    #[tokio::test]
    async fn line_is_found_among_others() {
        let mut process = shell("echo nothing; echo port 81; exec sleep 60");
        let port =
            process.wait_for_line("a port", PATIENCE, |line| line.strip_prefix("port ").map(str::to_owned)).await;
        assert_eq!(port.expect("it is printed"), "81");
    }

    #[tokio::test]
    async fn early_end_is_told_with_what_was_printed() {
        let mut process = shell("echo no luck >&2; exit 4");
        let outcome = process.wait_for_line("a port", PATIENCE, |_| None::<()>).await;
        let error = outcome.expect_err("it ended").to_string();
        assert!(error.contains("exit status: 4 instead of giving a port"), "{error}");
    }

    #[tokio::test]
    async fn dropped_process_is_gone() {
        let process = shell("exec sleep 60");
        let id = process.id();
        assert!(runs(id));
        drop(process);
        assert!(!runs(id));
    }

    #[tokio::test]
    async fn signal_reaches_the_process() {
        let mut process = shell("trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done");
        process.wait_for_line("ready", PATIENCE, |line| (line == "ready").then_some(())).await.expect("it is printed");
        process.signal("TERM").expect("it is there");
        assert_eq!(process.wait(PATIENCE).await.expect("it ends").code(), Some(7));
    }
}
