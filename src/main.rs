//! The `touchbase` program.

use std::process::ExitCode;
use touchbase::app;
use touchbase::app::host::Host;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    ExitCode::from(app::run(&arguments, &mut Host::of_process()))
}
