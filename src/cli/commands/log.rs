//! `touchbase log`: something happened, in one line.

mod mail;
mod prompt;

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::domain::context::Context;
use crate::domain::field::Shape;
use crate::domain::values::dates::Moment;
use crate::domain::values::{Minutes, Value};
use crate::domain::{company, contact, deal, follow_up, read, when};
use crate::error::{Error, ErrorKind, Result};
use crate::services::intent::{Intent, LogEntry, NewContact, NextStep};
use crate::services::who::{self, Reach};
use crate::services::{Env, words};
use crate::store::session::Session;
use clap::{ArgMatches, Args, FromArgMatches as _};
use std::path::PathBuf;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "log",
    group: Group::Happened,
    about: "Log a call, a mail, a meeting, a note",
    examples: "  touchbase log ana \"wants a quote by friday\" --follow-up fri\n  \
               touchbase log ana -t call --for 12m --in\n  \
               touchbase log ana,bo \"kick-off\" -t meeting --at 'yesterday 3pm'\n  \
               touchbase log --mail message.eml --follow-up fri",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// With whom: a name, an e-mail, a phone number, an id; several between commas; or a company
    who: Option<String>,
    /// What was said or done; `-` reads it from standard input
    text: Option<String>,
    /// What it was: call, email, meeting, message, visit or note
    #[arg(
        short = 't',
        long = "type",
        value_name = "TYPE",
        default_value = "call"
    )]
    kind: String,
    /// When it was [default: now]
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    at: Option<String>,
    /// How long it took: 12m, 1h 30m
    #[arg(long = "for", value_name = "TIME")]
    duration: Option<String>,
    /// They reached you
    #[arg(long = "in", conflicts_with = "out")]
    incoming: bool,
    /// You reached them
    #[arg(long = "out")]
    out: bool,
    /// How it ended: answered, no-answer, interested
    #[arg(long, value_name = "WORD")]
    outcome: Option<String>,
    /// About which deal
    #[arg(long, value_name = "DEAL")]
    deal: Option<String>,
    /// What comes next, and when
    #[arg(long, value_name = "WHEN[: TEXT]", allow_hyphen_values = true)]
    follow_up: Option<String>,
    /// Make a contact of a name that nobody has
    #[arg(long)]
    create: bool,
    /// Log this mail message, `-` from standard input: with whom, what and when is in it
    #[arg(long, value_name = "FILE",
          conflicts_with_all = ["text", "kind", "at", "duration", "outcome"])]
    mail: Option<PathBuf>,
    /// The follow-up that this does
    #[arg(long = "done", value_name = "FOLLOW-UP")]
    answers: Option<String>,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    if let Some(path) = &arguments.mail {
        return mail::run(work, &arguments, path);
    }
    let who = match &arguments.who {
        Some(who) => who.clone(),
        None if work.can_ask => prompt::whom(work)?,
        None => return Err(nobody_named()),
    };
    let context = work.env.context;
    let mut entry = LogEntry {
        kind: arguments.kind.to_lowercase(),
        at: arguments.at(&context)?,
        duration: arguments.duration(&context)?,
        direction: arguments.direction(),
        outcome: arguments.outcome.clone(),
        follow_up: arguments.next_step(&context)?,
        ..LogEntry::default()
    };
    let mut session = work.session()?;
    name_people(&session, &work.env, &arguments, &who, &mut entry)?;
    arguments.name_records(&session, &work.env, &mut entry)?;
    match &arguments.text {
        Some(text) if text != "-" => entry.text.clone_from(text),
        None if !work.can_ask => {}
        text => {
            // A store is never held while a person thinks, or another program works.
            drop(session);
            match text {
                Some(text) => entry.text = work.text_or_input(text)?,
                None => prompt::what(work, &mut entry, &who)?,
            }
            session = work.session()?;
        }
    }
    work.perform(session, Intent::Log(entry))
}

fn nobody_named() -> Error {
    Error::usage("say with whom: a name, an e-mail, a phone number, an id")
        .hint("touchbase log ana \"wants a quote by friday\"")
}

impl Arguments {
    fn at(&self, context: &Context) -> Result<Option<Moment>> {
        let at = self.at.as_deref();
        at.map(|at| moment(at, context)).transpose()
    }

    fn duration(&self, context: &Context) -> Result<Option<Minutes>> {
        let time = self.duration.as_deref();
        time.map(|time| duration(time, context)).transpose()
    }

    fn direction(&self) -> Option<String> {
        match (self.incoming, self.out) {
            (true, _) => Some("in".to_owned()),
            (_, true) => Some("out".to_owned()),
            _ => None,
        }
    }

    fn next_step(&self, context: &Context) -> Result<Option<NextStep>> {
        let next = self.follow_up.as_deref();
        next.map(|next| next_step(next, context)).transpose()
    }

    /// Fills in the deal and the follow-up that the entry is about.
    fn name_records(&self, session: &Session, env: &Env, entry: &mut LogEntry) -> Result<()> {
        let find = |kind, name: &Option<String>| {
            let name = name.as_deref();
            name.map(|name| who::find(session, env, kind, name, Reach::Working))
                .transpose()
        };
        if let Some(deal) = find(&deal::KIND, &self.deal)? {
            entry.deal = Some(deal.id);
        }
        if let Some(answered) = find(&follow_up::KIND, &self.answers)? {
            entry.answers = Some(answered.id);
        }
        Ok(())
    }
}

/// Fills in the contacts and the company that a list of names means. A miss makes a contact
/// only where that was asked for.
fn name_people(
    session: &Session,
    env: &Env,
    arguments: &Arguments,
    who: &str,
    entry: &mut LogEntry,
) -> Result<()> {
    for name in who
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        let kinds = [&contact::KIND, &company::KIND];
        let found = match who::of_kinds(session, env, &kinds, name, Reach::Working) {
            Err(error) if arguments.create && error.kind == ErrorKind::NotFound => {
                entry.new_contacts.push(NewContact::named(name));
                continue;
            }
            found => found?,
        };
        if found.kind == &contact::KIND {
            entry.contacts.push(found.id);
        } else if entry.company.replace(found.id).is_some() {
            return Err(Error::invalid(
                "an activity is with one company, not several",
            ));
        }
    }
    if entry.contacts.is_empty() && entry.new_contacts.is_empty() && entry.company.is_none() {
        return Err(Error::invalid(format!("`{who}` names nobody"))
            .hint("name one or more with commas between: `touchbase log ana,bo TEXT`"));
    }
    Ok(())
}

fn moment(text: &str, context: &Context) -> Result<Moment> {
    when::moment(text, context)
        .map_err(|error| words::value_named(&format!("--at `{text}`"), error))
}

fn duration(text: &str, context: &Context) -> Result<Minutes> {
    let wrong = |error| words::value_named(&format!("--for `{text}`"), error);
    match read::value(Shape::Minutes, text, context).map_err(wrong)? {
        Value::Minutes(minutes) => Ok(minutes),
        _ => Err(Error::invalid(format!("--for `{text}` is not understood"))),
    }
}

/// `WHEN` or `WHEN: TEXT`.
pub(super) fn next_step(text: &str, context: &Context) -> Result<NextStep> {
    let (when_text, what) = text
        .split_once(": ")
        .unwrap_or((text.trim_end_matches(':'), ""));
    let due = when::due(when_text, context)
        .map_err(|error| words::value_named(&format!("follow-up `{text}`"), error))?;
    Ok(NextStep {
        due,
        text: what.trim().to_owned(),
    })
}
