//! Compiling plugins in a process of our own program, which can be ended: a component made to keep the compiler busy, or to
//! fill its memory, costs no more than that process. What the compiler worked with is given back with it, too.
//!
//! The process reads the component from its standard input and writes the machine code to its standard output, or there the
//! reason for refusing it (see `commands::compile`). It has neither our environment nor our files.

use std::{
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use porchlight_runtime::{CompileError, Compiler};

use crate::cli::{COMPILE_PLUGIN, PLUGIN_REFUSED};

/// How long compiling one component may take. Those that ship with us take a fifth of a second.
const TIME: Duration = Duration::from_secs(30);
/// How often it is looked whether the process has ended.
const LOOK: Duration = Duration::from_millis(1);
/// The most machine code that is taken, in bytes; it has two to three times the size of its component.
const CODE_BYTES: u64 = 128 << 20;
/// Characters of a reason that are kept.
const REASON_CHARS: usize = 2_048;

/// Compiles in a process of its own.
#[derive(Debug)]
pub struct ChildCompiler {
    program: PathBuf,
    arguments: &'static [&'static str],
    time: Duration,
}

impl ChildCompiler {
    /// Our own program, told to compile.
    pub fn new() -> io::Result<Self> {
        Ok(Self { program: own_program()?, arguments: &[COMPILE_PLUGIN], time: TIME })
    }

    fn start(&self) -> io::Result<Ended> {
        let mut command = Command::new(&self.program);
        command.args(self.arguments).env_clear().current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map(Ended)
    }
}

/// The file of our program. On Linux by a name that leads to this very version, whatever has been put in its place since.
fn own_program() -> io::Result<PathBuf> {
    let this_version = Path::new("/proc/self/exe");
    if this_version.exists() { Ok(this_version.to_owned()) } else { std::env::current_exe() }
}

impl Compiler for ChildCompiler {
    fn compile(&self, component: &[u8]) -> Result<Vec<u8>, CompileError> {
        let child = self.start().map_err(|error| CompileError::NotStarted(error.to_string()))?;
        let (ended, said) =
            converse(child, component, self.time).map_err(|error| CompileError::BrokeOff(error.to_string()))?;
        match ended {
            None => Err(CompileError::TooSlow { allowed: self.time }),
            Some(status) if status.success() => Ok(said),
            Some(status) if status.code() == Some(PLUGIN_REFUSED) => Err(CompileError::Refused(reason(&said))),
            Some(status) => Err(CompileError::BrokeOff(status.to_string())),
        }
    }
}

/// A process that has ended, and is forgotten by the system, when this is dropped, whatever happened.
struct Ended(Child);

impl Ended {
    fn end(&mut self) {
        // Both fail for one that has ended by itself.
        drop(self.0.kill().and_then(|()| self.0.wait()));
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.end();
    }
}

/// Gives a process its input, and takes what it says until it has ended; `None` where it had to be ended.
fn converse(mut child: Ended, input: &[u8], time: Duration) -> io::Result<(Option<ExitStatus>, Vec<u8>)> {
    let (mut told, said) = (child.0.stdin.take(), child.0.stdout.take());
    thread::scope(|scope| {
        // Who ends before it has read everything says why by how it ends.
        let telling = move || told.as_mut().map(|told| told.write_all(input));
        thread::Builder::new().spawn_scoped(scope, telling).inspect_err(|_| child.end())?;
        let listening = move || {
            let mut bytes = Vec::new();
            said.map_or(Ok(0), |said| said.take(CODE_BYTES).read_to_end(&mut bytes)).map(|_| bytes)
        };
        let said = thread::Builder::new().spawn_scoped(scope, listening).inspect_err(|_| child.end())?;
        let ended = wait(&mut child.0, time).inspect_err(|_| child.end())?;
        let said = said.join().map_err(|_| io::Error::other("what it said could not be read"))??;
        Ok((ended, said))
    })
}

/// Waits until a process has ended; ends it when its time is over, and then gives `None`.
fn wait(child: &mut Child, time: Duration) -> io::Result<Option<ExitStatus>> {
    let begun = Instant::now();
    while begun.elapsed() < time {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(LOOK);
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

fn reason(said: &[u8]) -> String {
    String::from_utf8_lossy(said).chars().filter(|char| !char.is_control()).take(REASON_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program in the compiler's place.
    fn shell(script: &'static str) -> Result<Vec<u8>, CompileError> {
        let arguments: &'static [&'static str] = Vec::leak(vec!["-c", script]);
        let compiler = ChildCompiler { program: "/bin/sh".into(), arguments, time: Duration::from_millis(300) };
        // More than a pipe holds, so that who does not read it keeps nobody waiting.
        compiler.compile(&vec![b'x'; 1 << 20])
    }

    #[test]
    fn a_child_says_the_code_or_the_reason() {
        assert_eq!(shell("exec wc -c"), Ok(b"1048576\n".to_vec()));
        assert_eq!(shell("echo 'type mismatch'; exit 3"), Err(CompileError::Refused("type mismatch".to_owned())));
    }

    #[test]
    fn a_child_that_hangs_is_ended() {
        let allowed = Duration::from_millis(300);
        assert_eq!(shell("exec sleep 60"), Err(CompileError::TooSlow { allowed }));
        assert_eq!(shell("exec sleep 60 >&- <&-"), Err(CompileError::TooSlow { allowed }), "with its pipes closed");
        assert_eq!(shell("while :; do echo xxxxxxxxxxxxxxxx; done"), Err(CompileError::TooSlow { allowed }), "busily");
    }

    #[test]
    fn a_child_that_dies_is_said() {
        for (script, how) in [
            ("kill -9 $$", "signal: 9 (SIGKILL)"),
            ("kill -6 $$", "signal: 6 (SIGABRT)"),
            ("exit 101", "exit status: 101"),
            ("echo machine code; exit 1", "exit status: 1"),
        ] {
            let Err(CompileError::BrokeOff(said)) = shell(script) else { panic!("{script}: it did not break off") };
            assert!(said.starts_with(how), "{script}: {said}");
        }
    }

    #[test]
    fn a_child_that_is_not_there_is_said() {
        let compiler = ChildCompiler { program: "/nowhere".into(), arguments: &[], time: TIME };
        assert!(matches!(compiler.compile(b""), Err(CompileError::NotStarted(_))));
    }

    #[test]
    fn a_child_has_not_our_environment() {
        assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some(), "ours, while tests run");
        assert_eq!(shell("cat > /dev/null; echo \"${CARGO_MANIFEST_DIR-none}\""), Ok(b"none\n".to_vec()));
    }
}
