//! Measures Porchlight beside the bare things it is made of, and writes one table: `cargo xtask bench`.

mod bare;
mod client;
mod machine;
mod parts;
mod process;
mod rounds;
mod setting;
mod sites;
mod table;

use std::{fs, path::Path, process::ExitCode};

use anyhow::{Context, Result};

use setting::{Pace, Setting};
use table::Part;

/// What stands around the table in `README.md`.
const PAGE: &str = include_str!("page.md");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["bare-hyper", head, body] => bare::hyper::run(Path::new(head), Path::new(body)),
        _ => run(arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Vec<String>) -> Result<()> {
    let setting = Setting::of(arguments)?;
    let load = machine::load()?;
    let parts = parts::measure(&setting)?;
    let page = page(&parts, &machine::described(&setting, &load)?);
    println!("{}", table::markdown(&parts));
    if setting.parts.is_empty() && setting.pace == Pace::Whole {
        let path = setting.root.join("host/bench/README.md");
        fs::write(&path, page).with_context(|| format!("`{}` cannot be written", path.display()))?;
        eprintln!("written to {}", path.display());
    } else {
        eprintln!("not written to host/bench/README.md: only a whole run is");
    }
    Ok(())
}

fn page(parts: &[Part], machine: &str) -> String {
    PAGE.replace("{table}", table::markdown(parts).trim_end()).replace("{machine}", machine.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Row;

    #[test]
    fn the_page_holds_table_and_machine() {
        let part = Part { title: "Offers".to_owned(), rows: vec![Row::new("one plugin", "9/s")] };
        let page = page(&[part], "- machine: a small one\n");
        assert!(page.contains("| one plugin | 9/s |"), "{page}");
        assert!(page.contains("- machine: a small one\n"));
        assert!(!page.contains("{table}") && !page.contains("{machine}"));
    }
}
