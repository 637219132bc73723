//! `touchbase remind`: a follow-up.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::{Work, target};
use crate::domain::values::repeat::Repeat;
use crate::domain::{company, contact, deal, when};
use crate::error::Result;
use crate::services::intent::{Intent, Reminder};
use crate::services::who::{self, Reach};
use crate::services::words;
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "remind",
    group: Group::Plan,
    about: "Be reminded of someone, a company or a deal",
    examples: "  touchbase remind ana 'fri 9am' 'send the quote'\n  \
               touchbase remind acme +2w --every 'month'",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// Whom or what it is about; `-` for nobody
    #[arg(allow_hyphen_values = true)]
    who: String,
    /// When: fri 9am, +3d, 2026-12-01
    #[arg(allow_hyphen_values = true)]
    when: String,
    /// What to do
    text: Option<String>,
    /// Comes again: 2 weeks, month, 1st monday, or an RRULE
    #[arg(long, value_name = "RULE")]
    every: Option<String>,
    /// low, normal or high
    #[arg(long)]
    priority: Option<String>,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let named = |text: &str| format!("`{text}`");
    let due = when::due(&arguments.when, &work.env.context)
        .map_err(|error| words::value_named(&named(&arguments.when), error))?;
    let repeat = arguments.every.as_deref().map(|rule| {
        Repeat::read(rule, &work.env.context).map_err(|error| {
            words::value_named(&format!("--every `{rule}`"), error)
                .hint("try: week, 2 weeks, month, 1st monday, mon,thu, 15th, or an RRULE")
        })
    });
    let repeat = repeat.transpose()?;
    let session = work.session()?;
    let mut about = Vec::new();
    for name in arguments
        .who
        .split(',')
        .map(str::trim)
        .filter(|name| !matches!(*name, "" | "-"))
    {
        let kinds = [&contact::KIND, &company::KIND, &deal::KIND];
        about.push(target(&who::of_kinds(
            &session,
            &work.env,
            &kinds,
            name,
            Reach::Working,
        )?));
    }
    let text = match &arguments.text {
        Some(text) => work.text_or_input(text)?,
        None => String::new(),
    };
    let reminder = Reminder {
        about,
        due,
        text,
        repeat,
        priority: arguments.priority,
    };
    work.perform(session, Intent::Remind(reminder))
}
