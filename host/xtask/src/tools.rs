//! Tools that the tests need beside Rust and Node: a browser, mail servers, a tracer, checkers.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

use crate::{
    manifests::Workspace,
    run::{output, run, succeeds},
};

/// The mail server's version, pinned.
const AIOSMTPD: &str = "aiosmtpd==1.4.6";

/// The version of what receives webhooks, pinned.
const STANDARDWEBHOOKS: &str = "standardwebhooks==1.1.0";

/// The version of what tries the interface by its description, pinned.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// Runs rustup.
pub fn rustup(arguments: &[&str]) -> Result<()> {
    run(Command::new("rustup").args(arguments))
}

/// Adds rustfmt and clippy where the toolchain came without them.
pub fn require_components() -> Result<()> {
    for (program, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        if !succeeds(program, &["--version"]) {
            rustup(&["component", "add", component])
                .with_context(|| format!("{component} is missing and rustup could not add it"))?;
        }
    }
    Ok(())
}

/// Path of the browser's WebDriver; installs Debian's browser and driver where they are missing and we may.
pub fn require_browser() -> Result<PathBuf> {
    if find("chromedriver").is_none() || find("chromium").is_none() {
        install(&["chromium", "chromium-driver", "fonts-noto-core"]).context("the browser tests need them")?;
    }
    find("chromedriver").context("`chromedriver` is still not on the PATH")
}

/// Path of strace, which lets the disk fail; installs Debian's where it is missing and we may.
pub fn require_strace() -> Result<PathBuf> {
    if find("strace").is_none() {
        install(&["strace"]).context("the tests of a failing disk need it")?;
    }
    find("strace").context("`strace` is still not on the PATH")
}

/// Path of the library that turns a program's clock; installs Debian's where it is missing and we may.
pub fn require_faketime() -> Result<PathBuf> {
    if find_faketime().is_none() {
        install(&["libfaketime"]).context("the test of an hour's outage needs it")?;
    }
    find_faketime().context("`faketime/libfaketime.so.1` is in none of the folders of /usr/lib")
}

/// Debian keeps it below a folder that is named by the machine's kind.
fn find_faketime() -> Option<PathBuf> {
    let kinds = std::fs::read_dir("/usr/lib").ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    kinds.map(|kind| kind.join("faketime/libfaketime.so.1")).find(|library| library.is_file())
}

/// Path of Dovecot, a mailbox to look into; installs Debian's where it is missing and we may. What runs it needs no root.
pub fn require_dovecot() -> Result<PathBuf> {
    if find_daemon("dovecot").is_none() {
        install(&["dovecot-imapd"]).context("the tests of incoming mail need it")?;
    }
    find_daemon("dovecot").context("`dovecot` is neither on the PATH nor in /usr/sbin")
}

/// A program on the `PATH`, or where only root's leads.
fn find_daemon(program: &str) -> Option<PathBuf> {
    find(program).or_else(|| Some(PathBuf::from("/usr/sbin").join(program)).filter(|path| path.is_file()))
}

/// Installs packages of Debian, which only root may.
fn install(packages: &[&str]) -> Result<()> {
    if output(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!("missing, and only root can install it: sudo apt-get install {}", packages.join(" "));
    }
    run(Command::new("apt-get").arg("update"))?;
    run(Command::new("apt-get")
        .args(["install", "--yes", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

/// The Python that has the mail server, in a virtual environment of its own below `target/tools/`.
pub fn require_smtp(workspace: &Workspace) -> Result<PathBuf> {
    require_python(workspace, "smtp", "aiosmtpd", AIOSMTPD)
}

/// The Python that checks webhooks, in a virtual environment of its own below `target/tools/`.
pub fn require_webhooks(workspace: &Workspace) -> Result<PathBuf> {
    require_python(workspace, "webhooks", "standardwebhooks", STANDARDWEBHOOKS)
}

/// Path of schemathesis, in a virtual environment of its own below `target/tools/`.
pub fn require_schemathesis(workspace: &Workspace) -> Result<PathBuf> {
    let python = require_python(workspace, "schemathesis", "schemathesis", SCHEMATHESIS)?;
    Ok(python.with_file_name("schemathesis"))
}

fn require_python(workspace: &Workspace, folder: &str, module: &str, package: &str) -> Result<PathBuf> {
    let folder = workspace.target().join("tools").join(folder);
    let python = folder.join("bin/python");
    if !succeeds(&python.to_string_lossy(), &["-c", &format!("import {module}")]) {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))
            .context("the tests need Python 3 with venv: sudo apt-get install python3-venv")?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]))?;
    }
    Ok(python)
}

/// A program on the `PATH`.
fn find(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_on_the_path() {
        assert!(find("sh").is_some_and(|path| path.ends_with("sh")));
        assert_eq!(find("no-such-program"), None);
    }
}
