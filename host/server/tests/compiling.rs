//! `porchlight compile-plugin`: what a host starts to compile a plugin.

#[expect(dead_code, reason = "the runtime's own tests use more of it")]
#[expect(clippy::expect_used, reason = "a test may break off where it is")]
#[path = "../../runtime/tests/guests/text.rs"]
mod guest;

use std::{
    io::Write,
    os::unix::process::ExitStatusExt,
    process::{Command, Output, Stdio},
};

use anyhow::{Context, Result};
use porchlight_runtime::{Compiler, InProcess};

const PORCHLIGHT: &str = env!("CARGO_BIN_EXE_porchlight");

/// What a command says of a component.
fn said(command: &mut Command, component: &[u8]) -> Result<Output> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    // Who breaks off does not read it.
    drop(child.stdin.take().context("it is piped")?.write_all(component));
    Ok(child.wait_with_output()?)
}

fn compiled(component: &[u8]) -> Result<Output> {
    said(Command::new(PORCHLIGHT).arg("compile-plugin").env_clear(), component)
}

#[test]
fn code_is_what_the_runtime_itself_would_make() -> Result<()> {
    let component = guest::Guest::default().build();
    let output = compiled(&component)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout == InProcess.compile(&component)?, "the code differs");
    Ok(())
}

#[test]
fn what_is_no_component_is_refused_with_the_same_reason() -> Result<()> {
    let whole = guest::Guest::default().build();
    for broken in [&whole[..whole.len() / 2], b"just text", b""] {
        let output = compiled(broken)?;
        assert_eq!(output.status.code(), Some(3), "a status of its own");
        let reason = InProcess.compile(broken).expect_err("it is none").to_string();
        assert_eq!(String::from_utf8(output.stdout)?, reason);
    }
    Ok(())
}

#[test]
fn compiler_without_memory_breaks_off_and_gives_no_code() -> Result<()> {
    // The program starts within these 40 MB; so many functions need more.
    let functions = "(func (param i64) (result i64) (i64.mul (local.get 0) (i64.const 3)))".repeat(200_000);
    let component = guest::Guest { more: functions, ..guest::Guest::default() }.build();
    let limited = "ulimit -d 40000; exec \"$0\" compile-plugin";
    let output = said(Command::new("sh").args(["-c", limited, PORCHLIGHT]), &component)?;
    assert!(output.status.signal().is_some(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.is_empty());
    Ok(())
}

#[test]
fn command_is_for_hosts_and_not_shown_to_people() -> Result<()> {
    let help = Command::new(PORCHLIGHT).arg("--help").output()?;
    assert!(!String::from_utf8(help.stdout)?.contains("compile-plugin"));
    Ok(())
}
