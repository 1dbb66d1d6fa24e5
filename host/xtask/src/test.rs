//! `cargo xtask test`: every check there is, the tests themselves last.

use std::{
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use crate::{
    guests,
    manifests::Workspace,
    run::{become_program, cargo, run, succeeds},
    tools,
};

const CARGO_DENY: &str = "cargo-deny@0.20.2";
const CARGO_NEXTEST: &str = "cargo-nextest@0.9.143";

/// How much is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What every change has to pass.
    Usual,
    /// The long tests too.
    Full,
}

/// Runs every step in order; the first that fails stops the run with its name and a mend. The last one becomes the test
/// runner, so that its closing lines and its exit code are ours.
pub fn test(workspace: &Workspace, extent: Extent) -> Result<()> {
    let mut steps = Steps::default();
    let features = workspace.test_features()?.join(",");
    let at = |command: &mut Command| run(command.current_dir(workspace.path("")));

    steps.step("formatting", "cargo fmt --all", || {
        tools::require_components()?;
        at(&mut cargo(&["fmt", "--all", "--check"]))
    })?;
    steps.step("lints", "mend what clippy names, or `#[expect(…, reason = …)]`", || {
        at(&mut cargo(&["clippy", "--workspace", "--all-targets", "--features", &features, "--", "-D", "warnings"]))
    })?;
    steps.step("licences and bans", "see .deny.toml", || licences(workspace, extent))?;
    steps.step("widget", "in host/widget: npm run check, npm test, npm run build; commit its dist", || {
        widget(workspace)
    })?;
    let guests = steps.step("guests", "cargo xtask build-guests", || guests::build(workspace))?;
    let driver = steps.step("browser", "install chromium and chromium-driver", tools::require_browser)?;
    let python = steps.step("mail server", "install python3 and python3-venv", || tools::require_smtp(workspace))?;
    let dovecot = steps.step("mailbox", "install dovecot-imapd", tools::require_dovecot)?;
    let webhooks = steps
        .step("receiver of webhooks", "install python3 and python3-venv", || tools::require_webhooks(workspace))?;
    let schemathesis = steps.step("trier of the interface", "install python3 and python3-venv", || {
        tools::require_schemathesis(workspace)
    })?;
    let strace = steps.step("tracer", "install strace", tools::require_strace)?;
    let faketime = steps.step("clock to turn", "install libfaketime", tools::require_faketime)?;
    let shots = workspace.target().join("screenshots");
    let surroundings =
        Surroundings { guests, driver, python, dovecot, webhooks, schemathesis, strace, faketime, shots, extent };
    steps.step("documentation", "mend what rustdoc names", || {
        at(cargo(&["doc", "--workspace", "--no-deps", "--features", &features]).env("RUSTDOCFLAGS", "-D warnings"))?;
        at(&mut cargo(&["test", "--doc", "--workspace", "--features", &features]))
    })?;
    let runner = runner(extent)?;
    steps.print();
    println!("\n── tests ──");
    let mut tests = cargo(runner);
    tests.args(["--workspace", "--features", &features]).current_dir(workspace.path(""));
    become_program(surroundings.give(&mut tests))
}

/// What the tests find prepared, handed to them in their environment.
struct Surroundings {
    guests: PathBuf,
    driver: PathBuf,
    python: PathBuf,
    dovecot: PathBuf,
    webhooks: PathBuf,
    schemathesis: PathBuf,
    strace: PathBuf,
    faketime: PathBuf,
    shots: PathBuf,
    extent: Extent,
}

impl Surroundings {
    fn give<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("PORCHLIGHT_GUESTS", &self.guests)
            .env("PORCHLIGHT_CHROMEDRIVER", &self.driver)
            .env("PORCHLIGHT_AIOSMTPD", &self.python)
            .env("PORCHLIGHT_DOVECOT", &self.dovecot)
            .env("PORCHLIGHT_STANDARDWEBHOOKS", &self.webhooks)
            .env("PORCHLIGHT_SCHEMATHESIS", &self.schemathesis)
            .env("PORCHLIGHT_STRACE", &self.strace)
            .env("PORCHLIGHT_FAKETIME", &self.faketime)
            .env("PORCHLIGHT_SHOTS", &self.shots);
        match self.extent {
            Extent::Usual => command,
            Extent::Full => command.env("PORCHLIGHT_FULL", "1"),
        }
    }
}

/// Checks licences, banned crates and sources. Without cargo-deny it is left out, and said so: building it takes minutes.
fn licences(workspace: &Workspace, extent: Extent) -> Result<()> {
    if !succeeds("cargo", &["deny", "--version"]) {
        if extent == Extent::Usual {
            println!(
                "left out: cargo-deny is not installed (cargo install --locked {CARGO_DENY}, or cargo xtask test --full)"
            );
            return Ok(());
        }
        run(&mut cargo(&["install", "--locked", CARGO_DENY]))?;
    }
    let deny =
        &mut cargo(&["deny", "--log-level", "error", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"]);
    run(deny.current_dir(workspace.path("")))
}

/// Types, tests, and whether the committed build is what the sources give.
fn widget(workspace: &Workspace) -> Result<()> {
    let folder = workspace.path("host/widget");
    let npm = |arguments: &[&str]| run(Command::new("npm").args(arguments).current_dir(&folder));
    npm(&["ci", "--no-audit", "--no-fund"]).context("Node 20 or newer with npm is needed")?;
    npm(&["run", "check"])?;
    npm(&["test"])?;
    npm(&["run", "build", "--", "--check"]).context("the committed files are stale: npm run build, then commit")
}

/// The test runner: nextest, which gives every test a process and the browser tests a queue; without it cargo's own.
fn runner(extent: Extent) -> Result<&'static [&'static str]> {
    let nextest: &[&str] = &["nextest", "run"];
    if succeeds("cargo", &["nextest", "--version"]) {
        return Ok(nextest);
    }
    if extent == Extent::Full {
        run(&mut cargo(&["install", "--locked", CARGO_NEXTEST]))?;
        return Ok(nextest);
    }
    println!(
        "cargo-nextest is not installed (cargo install --locked {CARGO_NEXTEST}): `cargo test` runs the tests instead"
    );
    Ok(&["test", "--no-fail-fast", "--lib", "--bins", "--tests"])
}

/// What has been done, and how long it took.
#[derive(Debug, Default)]
struct Steps(Vec<(&'static str, Duration)>);

impl Steps {
    fn step<T>(&mut self, name: &'static str, mend: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n── {name} ──");
        let begin = Instant::now();
        let outcome = act().with_context(|| format!("{name} failed; mend: {mend}"))?;
        self.0.push((name, begin.elapsed()));
        Ok(outcome)
    }

    fn print(&self) {
        println!();
        for (name, took) in &self.0 {
            println!("{:>7.1} s  {name}", took.as_secs_f64());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failing_step_is_named_with_its_mend() {
        let mut steps = Steps::default();
        let outcome: Result<()> = steps.step("formatting", "cargo fmt --all", || anyhow::bail!("`x` ended with 1"));
        let error = outcome.expect_err("it failed");
        assert_eq!(format!("{error:#}"), "formatting failed; mend: cargo fmt --all: `x` ended with 1");
        assert!(steps.0.is_empty());
    }

    #[test]
    fn long_tests_are_asked_for_only_in_full() {
        let asks = |extent| {
            let path = || PathBuf::from("x");
            let (guests, driver, python, dovecot) = (path(), path(), path(), path());
            let (webhooks, schemathesis, strace, faketime, shots) = (path(), path(), path(), path(), path());
            let all = Surroundings {
                guests,
                driver,
                python,
                dovecot,
                webhooks,
                schemathesis,
                strace,
                faketime,
                shots,
                extent,
            };
            let mut command = Command::new("true");
            all.give(&mut command).get_envs().any(|(name, _)| name == "PORCHLIGHT_FULL")
        };
        assert!(asks(Extent::Full));
        assert!(!asks(Extent::Usual));
    }
}
