//! What stands at the top of the repository.

use std::{fs, path::Path};

/// The names of the design.
const HOUSE: [&str; 9] =
    ["Cargo.toml", "Cargo.lock", "LICENSE", "README.md", "host", "sdk", "plugins", "wit", "examples"];

/// Names at the top, but for dot files and what git ignores there.
pub fn names(root: &Path) -> Vec<String> {
    let ignored = fs::read_to_string(root.join(".gitignore")).expect("there is a `.gitignore`");
    let entries = fs::read_dir(root).expect("the root can be read");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let is_ignored = |name: &str| ignored.lines().any(|line| line.trim_matches('/') == name);
    names.filter(|name| !name.starts_with('.') && !is_ignored(name)).collect()
}

/// Names that do not belong there.
pub fn strays(names: &[String]) -> Vec<String> {
    names.iter().filter(|name| !HOUSE.contains(&name.as_str())).cloned().collect()
}

#[test]
fn stray_folder_is_found() {
    let names = ["host", "scripts", "README.md"].map(str::to_owned);
    assert_eq!(strays(&names), ["scripts"]);
}
