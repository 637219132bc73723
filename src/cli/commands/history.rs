//! `touchbase history`: what was changed, by which door, from what to what.

use crate::cli::CommandDef;
use crate::cli::output::Output;
use crate::cli::table::{Cell, Head, Row, Table};
use crate::cli::work::Work;
use crate::domain::change::{ChangeHead, Edit, Who};
use crate::domain::id::Id;
use crate::domain::show;
use crate::error::Result;
use crate::services::history;
use crate::services::list::SessionLookup;
use crate::services::snapshot::visible_kinds;
use crate::services::who::{self, Reach};
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "history",
    about: "What was changed: in the store, or of one record",
    examples: "  touchbase history\n  touchbase history ana",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// Whose history [default: everything]
    record: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let session = work.session()?;
    let context = work.env.context;
    let row = |head: &ChangeHead, what: String| Row {
        id: None,
        short_id: String::new(),
        cells: vec![
            Cell::number(i64::try_from(head.number).unwrap_or(i64::MAX)),
            Cell {
                words: show::instant_words(head.at, &context),
                plain: head.at.to_rfc3339(),
                json: head.at.to_rfc3339().into(),
            },
            Cell::text(door(head.who)),
            Cell::text(head.summary.clone()),
            Cell::text(what),
        ],
    };
    let rows = match &arguments.record {
        None => {
            let heads = history::latest(&session, arguments.limit)?;
            heads.iter().map(|head| row(head, String::new())).collect()
        }
        Some(name) => {
            let kinds: Vec<_> = visible_kinds().collect();
            let record = who::of_kinds(&session, &work.env, &kinds, name, Reach::Everything)?;
            let lookup = SessionLookup::new(&session, &work.env);
            let name_of = |id: Id| lookup.title(id).unwrap_or_else(|| id.text());
            let changes = history::of_record(&session, record.id, arguments.limit)?;
            changes
                .iter()
                .map(|(head, edit)| row(head, differences(edit, &context, &name_of)))
                .collect()
        }
    };
    Ok(Output::Table(Table {
        heads: vec![
            Head::right("change"),
            Head::left("when"),
            Head::left("by"),
            Head::left("what"),
            Head::left("fields"),
        ],
        rows,
        with_ids: false,
        when_empty: "nothing was changed yet".to_owned(),
    }))
}

const fn door(who: Who) -> &'static str {
    match who {
        Who::Cli => "shell",
        Who::Tui => "screen",
        Who::Import => "import",
        Who::Rule => "rule",
    }
}

/// Each field that differs, from what to what.
fn differences(
    edit: &Edit,
    context: &crate::domain::context::Context,
    name_of: show::NameOf<'_>,
) -> String {
    let (Some(before), Some(after)) = (&edit.before, &edit.after) else {
        return String::new();
    };
    let mut parts = Vec::new();
    for field in after.kind.fields {
        let (was, is) = (before.field(field), after.field(field));
        if was != is {
            let words = |value: Option<&crate::domain::values::Value>| {
                value.map_or_else(
                    || "nothing".to_owned(),
                    |v| show::words(v, context, name_of),
                )
            };
            parts.push(format!("{}: {} → {}", field.name, words(was), words(is)));
        }
    }
    if before.state != after.state {
        parts.push("state".to_owned());
    }
    parts.join("; ")
}
