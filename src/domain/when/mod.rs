//! Dates and times as people type them.

use super::context::Context;
use super::values::ValueError;
use super::values::dates::{Due, Moment};

/// Reads a day, or a day and time.
///
/// # Errors
/// The part that is not understood.
pub fn due(text: &str, context: &Context) -> Result<Due, ValueError> {
    let _ = context;
    Err(ValueError::When(text.to_owned()))
}

/// Reads a moment: a day without a time means the present time of that day.
///
/// # Errors
/// The part that is not understood.
pub fn moment(text: &str, context: &Context) -> Result<Moment, ValueError> {
    let _ = context;
    Err(ValueError::When(text.to_owned()))
}
