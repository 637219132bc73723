//! The `touchbase` program.

use std::process::ExitCode;
use touchbase::app;
use touchbase::app::host::Host;

fn main() -> ExitCode {
    // Whatever the program makes is for its user alone, whatever the shell's umask.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    app::panics::install();
    let arguments: Vec<_> = std::env::args_os().collect();
    ExitCode::from(app::run(&arguments, &mut Host::of_process()))
}
