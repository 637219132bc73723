//! A digest as a page of HTML for a mail: nothing outside of it is loaded, nothing in it runs.

use super::Digest;
use super::words::{self, Section};
use crate::domain::context::Context;
use crate::error::{Error, ErrorKind, Result};
use minijinja::{AutoEscape, Environment, context};

/// The template.
const TEMPLATE: &str = include_str!("page.html");

/// The page of a digest.
///
/// # Errors
/// When the template does not fit.
pub fn page(digest: &Digest, context: &Context) -> Result<String> {
    let sections: Vec<Section> = words::sections(digest, context);
    let mut environment = Environment::new();
    // Names come from outside: everything is escaped, whatever the template is called.
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    let drawn = environment.render_str(
        TEMPLATE,
        context! { title => words::title(digest), summary => digest.summary(), sections },
    );
    drawn.map_err(|error| Error::new(ErrorKind::Bug, format!("cannot draw the digest: {error}")))
}
