//! `touchbase export`: everything, or some kinds, as a file.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::domain::kind_by_name;
use crate::error::{Error, Result};
use crate::services::export::{export, format_of_file};
use crate::services::snapshot::visible_kinds;
use clap::{ArgMatches, Args, FromArgMatches as _};
use serde_json::json;
use std::path::PathBuf;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "export",
    group: Group::Exchange,
    about: "Write records to a file or to standard output",
    examples: "  touchbase export -o everything.jsonl\n  touchbase export contact --format csv\n  \
               touchbase export contact -o phone.vcf --format vcard",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// Which kinds [default: all that the format can bear]
    kinds: Vec<String>,
    /// csv, vcard, json or jsonl [default: by the file's ending, else jsonl]
    #[arg(long)]
    format: Option<String>,
    /// The file [default: standard output]
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let mut kinds = Vec::new();
    for name in &arguments.kinds {
        kinds.push(
            kind_by_name(name)
                .filter(|kind| !kind.hidden)
                .ok_or_else(|| {
                    let names: Vec<&str> = visible_kinds().map(|kind| kind.name).collect();
                    Error::usage(format!("there is no kind `{name}`"))
                        .hint(format!("choose among: {}", names.join(", ")))
                })?,
        );
    }
    let by_ending = arguments
        .output
        .as_ref()
        .and_then(|path| format_of_file(&path.to_string_lossy()));
    let format = arguments.format.as_deref().or(by_ending);
    let session = work.session()?;
    let export = export(&session, &work.env, &kinds, format.unwrap_or("jsonl"))?;
    drop(session);
    match &arguments.output {
        None => Ok(Output::Bytes(export.bytes)),
        Some(path) => {
            crate::cli::files::write(path, &export.bytes)?;
            let line = format!("wrote {} records to {}", export.records, path.display());
            let json = json!({ "records": export.records, "file": path.display().to_string() });
            Ok(Output::Page(vec![line], json))
        }
    }
}
