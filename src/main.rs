//! Front door: the words of the user go in, an exit code comes out.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main().into()
}
