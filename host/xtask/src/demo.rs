//! `cargo xtask demo`: the example pet shop, from a fresh clone to an address.

use std::process::Command;

use anyhow::Result;

use crate::{
    guests,
    manifests::Workspace,
    run::{become_program, cargo, run},
};

/// Builds plugins and host with cargo's own progress, then becomes `porchlight demo`.
pub fn demo(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    eprintln!("Building the plugins …");
    guests::build(workspace)?;
    eprintln!("Building the host (the first time takes some minutes) …");
    run(cargo(&["build", "--package", "porchlight", "--bin", "porchlight"]).current_dir(workspace.path("")))?;
    let mut porchlight = Command::new(workspace.target().join("debug/porchlight"));
    become_program(porchlight.arg("demo").args(arguments))
}
