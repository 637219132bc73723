//! A follow-up in one line: `fri 9am: send the quote`.

use crate::domain::context::Context;
use crate::domain::values::ValueError;
use crate::domain::when;
use crate::services::intent::NextStep;

/// Reads `WHEN` or `WHEN: TEXT`, where the time itself may hold a colon.
///
/// # Errors
/// What is not understood of the time.
pub(crate) fn parse(text: &str, context: &Context) -> Result<NextStep, ValueError> {
    let whole = text.trim();
    let first = match when::due(whole, context) {
        Ok(due) => {
            return Ok(NextStep {
                due,
                text: String::new(),
            });
        }
        Err(error) => error,
    };
    for (at, _) in whole.match_indices(':') {
        if let Ok(due) = when::due(whole[..at].trim(), context) {
            let text = whole[at + 1..].trim().to_owned();
            return Ok(NextStep { due, text });
        }
    }
    match whole.split_once(':') {
        Some((time, _)) => Err(when::due(time.trim(), context).err().unwrap_or(first)),
        None => Err(first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::sample::context;

    #[test]
    fn the_text_begins_behind_the_first_colon_that_ends_a_time() {
        for (typed, expect) in [
            ("fri: send the quote", Some("send the quote")),
            ("fri 15:30: call: again", Some("call: again")),
            ("fri 15:30", Some("")),
            ("+3d", Some("")),
            ("soonish: call", None),
            (": call", None),
            ("", None),
        ] {
            let read = parse(typed, &context()).ok().map(|next| next.text);
            assert_eq!(read.as_deref(), expect, "{typed}");
        }
    }
}
