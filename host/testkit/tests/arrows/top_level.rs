//! What stands at the top of the repository.

use std::{collections::BTreeSet, path::Path, process::Command};

/// The names of the design.
const HOUSE: [&str; 9] =
    ["Cargo.toml", "Cargo.lock", "LICENSE", "README.md", "host", "sdk", "plugins", "wit", "examples"];

/// Names at the top of what git keeps, but for dot files.
pub fn names(root: &Path) -> BTreeSet<String> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output().expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let paths = String::from_utf8(output.stdout).expect("paths are text");
    let names = paths.split('\0').filter_map(|path| path.split('/').next());
    names.filter(|name| !name.is_empty() && !name.starts_with('.')).map(str::to_owned).collect()
}

/// Names that do not belong there.
pub fn strays(names: &BTreeSet<String>) -> Vec<String> {
    names.iter().filter(|name| !HOUSE.contains(&name.as_str())).cloned().collect()
}

#[test]
fn stray_folder_is_found() {
    let names = ["host", "scripts", "README.md"].map(str::to_owned);
    assert_eq!(strays(&BTreeSet::from(names)), ["scripts"]);
}
