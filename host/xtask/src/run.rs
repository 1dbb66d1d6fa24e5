//! Running other programs.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Runs a command with its output shown as it comes; fails when it does not start or does not succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let line = command_line(command);
    let status = command.status().with_context(|| format!("`{line}` did not start"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// What a command prints to its standard output; fails when it does not start or does not succeed.
pub fn output(command: &mut Command) -> Result<String> {
    let line = command_line(command);
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("`{line}` did not start"))?;
    if !output.status.success() {
        bail!("`{line}` ended with {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed something else than text"))
}

/// Replaces this process, so that signals and the exit code are the program's own.
#[cfg(unix)]
pub fn become_program(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(anyhow::Error::new(command.exec()).context(format!("`{}` did not start", command.get_program().display())))
}

#[cfg(not(unix))]
pub fn become_program(command: &mut Command) -> Result<()> {
    run(command)
}

/// Whether a command is there and succeeds; nothing it prints is shown.
pub fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The cargo that runs us.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments);
    cargo
}

fn command_line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failing_command_is_named_with_its_exit_code() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).expect_err("it failed");
        assert_eq!(error.to_string(), "`sh -c exit 3` ended with exit status: 3");
    }

    #[test]
    fn missing_command_is_named() {
        let error = run(&mut Command::new("no-such-program")).expect_err("there is none");
        assert_eq!(error.to_string(), "`no-such-program` did not start");
        assert!(!succeeds("no-such-program", &[]));
    }

    #[test]
    fn output_is_what_was_printed() {
        assert_eq!(output(Command::new("echo").arg("guten Tag")).expect("echo works"), "guten Tag\n");
    }
}
