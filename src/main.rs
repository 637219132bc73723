//! The `touchbase` program.

use std::process::ExitCode;
use touchbase::app;
use touchbase::app::host::Host;

fn main() -> ExitCode {
    // Whatever the program makes is for its user alone, whatever the shell's umask.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    app::panics::install();
    // A file that may not grow is an error of the write, not the end of the program.
    let is_too_large = std::sync::Arc::default();
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, is_too_large);
    let arguments: Vec<_> = std::env::args_os().collect();
    ExitCode::from(app::run(&arguments, &mut Host::of_process()))
}
