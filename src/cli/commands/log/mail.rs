//! `touchbase log --mail`: one message, as a mail program or a filter pipes it in.

use super::Arguments;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::error::{Error, Result};
use crate::services::intent::{Intent, LogEntry};
use crate::services::mail;
use std::io::Read;
use std::path::Path;

/// The most bytes that a message may have.
const MOST: u64 = 50 << 20;

/// Logs the message of a file, or of standard input where that is `-`.
pub(super) fn run(work: &mut Work<'_>, arguments: &Arguments, path: &Path) -> Result<Output> {
    let bytes = read(work, path)?;
    let message = mail::read(&bytes)?;
    let context = work.env.context;
    let mut entry = LogEntry {
        direction: arguments.direction(),
        follow_up: arguments.next_step(&context)?,
        ..LogEntry::default()
    };
    let session = work.session()?;
    if let Some(who) = &arguments.who {
        super::name_people(&session, &work.env, arguments, who, &mut entry)?;
    }
    arguments.name_records(&session, &work.env, &mut entry)?;
    let (entry, warnings) = mail::entry(&session, &work.env, &message, entry, arguments.create)?;
    let mut receipt = work.receipt(session, Intent::Log(entry))?;
    receipt.warnings.extend(warnings);
    Ok(Output::Done(receipt))
}

fn read(work: &mut Work<'_>, path: &Path) -> Result<Vec<u8>> {
    let name = path.display().to_string();
    let fail = |error| Error::io(format!("cannot read `{name}`"), error);
    let mut bytes = Vec::new();
    if name == "-" {
        let mut input = work.piped()?.take(MOST + 1);
        input.read_to_end(&mut bytes).map_err(fail)?;
    } else {
        let file = std::fs::File::open(path).map_err(fail)?;
        file.take(MOST + 1).read_to_end(&mut bytes).map_err(fail)?;
    }
    if bytes.len() as u64 > MOST {
        return Err(
            Error::invalid(format!("the message is larger than {} MB", MOST >> 20))
                .hint("log it by hand: `touchbase log WHO TEXT -t email`"),
        );
    }
    Ok(bytes)
}
