//! What a developer runs: `cargo xtask demo`, `cargo xtask test`, `cargo xtask bench`, `cargo xtask build-guests`.

mod bench;
mod demo;
mod guests;
mod manifests;
mod run;
mod test;
mod tools;

use std::process::ExitCode;

use manifests::Workspace;

const USAGE: &str = "usage: cargo xtask <command>

  demo [ARGUMENTS]   build all, serve the example pet shop; arguments go to `porchlight demo`, try `--help`
  test [--full]      check and test all; --full adds the long tests
  bench [--quick] [PART…]
                     measure beside the bare things, write host/bench/README.md; parts alone or --quick only print:
                     offers submissions calls starts memory widget
  build-guests       build the plugins to WebAssembly, print the folder they are in
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let workspace = Workspace::of_this_crate();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["demo", rest @ ..] => demo::demo(&workspace, rest),
        ["test"] => test::test(&workspace, test::Extent::Usual),
        ["test", "--full"] => test::test(&workspace, test::Extent::Full),
        ["bench", rest @ ..] => bench::bench(&workspace, rest),
        ["build-guests"] => guests::build(&workspace).map(|folder| println!("{}", folder.display())),
        ["--help" | "-h" | "help"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
