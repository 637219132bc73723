//! What a panic shows: the terminal is given back, and one line says where it happened. What the
//! panic speaks of may be somebody's name, so it is not printed.

use crate::store::guard;
use crate::tui::term;
use std::io::Write as _;

/// Installs the panic hook of the program.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        if guard::is_guarded_panic() {
            return;
        }
        term::give_back();
        let place = info.location().map_or_else(String::new, |place| {
            format!(" at {}:{}", place.file(), place.line())
        });
        // Nothing is left to tell it to when standard error is closed.
        let _ = writeln!(
            std::io::stderr(),
            "error: touchbase stopped because of a mistake in it{place}\n\
             hint: what was saved is safe; please report this line"
        );
    }));
}
