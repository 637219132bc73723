//! `touchbase digest`: the morning, or the evening, on one page.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::domain::when;
use crate::error::Result;
use crate::services::digest::{self, Hour};
use crate::services::notify::{self, Message, Way};
use crate::services::words;
use clap::{ArgMatches, Args, FromArgMatches as _};
use serde_json::json;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "digest",
    group: Group::Needs,
    about: "The morning on one page: due, losing touch, stale, hot, and yesterday's results",
    examples: "  touchbase digest\n  touchbase digest --evening\n  touchbase digest --mail   # in \
               cron, to your own address",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// The evening instead: what was done today, what is left, what comes tomorrow
    #[arg(long)]
    evening: bool,
    /// Of another day
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    day: Option<String>,
    /// Mail it to your own address and print nothing
    #[arg(long)]
    mail: bool,
    /// How to print: text, html or json
    #[arg(long, value_parser = ["text", "html", "json"], hide_possible_values = true)]
    format: Option<String>,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let settings = &work.env.settings;
    if arguments.mail {
        // Another program takes its time, and nobody may hold the store meanwhile.
        work.whole_store()?;
        notify::check(Way::Mail, &settings.remind)?;
    }
    let context = work.env.context;
    let day = match arguments.day.as_deref() {
        Some(text) => when::due(text, &context)
            .map_err(|error| words::value_named(&format!("--day `{text}`"), error))?
            .day(context.zone),
        None => context.today(),
    };
    let hour = if arguments.evening {
        Hour::Evening
    } else {
        Hour::Morning
    };
    let context = digest::as_of(day, hour, context);
    let session = work.session()?;
    let snapshot = work.snapshot(&session)?;
    drop(session);
    let digest = digest::digest(&snapshot, &context, settings, hour);
    let text = digest::text(&digest, &context);
    if arguments.mail {
        let message = Message {
            subject: digest.subject(),
            short: Vec::new(),
            text,
            html: Some(digest::page(&digest, &context)?),
            json: json!({ "schema": 1, "data": digest.json(&context) }),
        };
        let vars = &work.outside.vars;
        notify::send(Way::Mail, &message, &settings.remind, &work.env, vars)?;
        return Ok(Output::Nothing);
    }
    Ok(match arguments.format.as_deref() {
        Some("html") => Output::Bytes(digest::page(&digest, &context)?.into_bytes()),
        _ => Output::Page(text, digest.json(&context)),
    })
}
