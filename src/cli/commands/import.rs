//! `touchbase import`: files of other programs, with a report on every row.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::progress::Progress;
use crate::cli::work::Work;
use crate::domain::kind_by_name;
use crate::error::{Error, Result};
use crate::services::import::report::ImportReport;
use crate::services::import::{ImportRequest, OnDuplicate, import};
use crate::services::snapshot::kind_names;
use clap::{ArgMatches, Args, FromArgMatches as _};
use serde_json::json;
use std::path::{Path, PathBuf};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "import",
    group: Group::Exchange,
    about: "Import files of other programs; one undo takes it all back",
    examples: "  touchbase import contacts.vcf\n  touchbase import people.csv --kind contact -n\n  \
               touchbase import deals.csv --kind deal --map value=Amount --map-stage Closed=won",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// The files; `-` reads standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// csv, vcard, json or jsonl [default: recognised]
    #[arg(long)]
    format: Option<String>,
    /// What the rows are: contact, company, deal, activity, follow-up [default: guessed]
    #[arg(long)]
    kind: Option<String>,
    /// The column that fills a field
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// What to do with rows that are there already
    #[arg(long, value_name = "WHAT", default_value = "skip",
          value_parser = ["skip", "update", "create"])]
    on_duplicate: String,
    /// The pipeline of imported deals
    #[arg(long, value_name = "NAME")]
    pipeline: Option<String>,
    /// The stage of ours that a stage of theirs is
    #[arg(long, value_name = "THEIRS=OURS")]
    map_stage: Vec<String>,
    /// Add stages that the pipeline does not have
    #[arg(long)]
    create_stages: bool,
    /// Do not make companies that rows name
    #[arg(long)]
    no_create_companies: bool,
    /// Write what became of each row to a CSV file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let kind =
        match arguments.kind.as_deref() {
            None => None,
            Some(name) => Some(kind_by_name(name).filter(|kind| !kind.hidden).ok_or_else(
                || {
                    Error::usage(format!("there is no kind `{name}`"))
                        .hint(format!("choose one of: {}", kind_names()))
                },
            )?),
        };
    let mut files = Vec::new();
    for path in &arguments.files {
        files.push((name_of(path), read(work, path)?));
    }
    let mut progress = Progress::new(work.shows_progress, "rows");
    let request = ImportRequest {
        files,
        format: arguments.format.clone(),
        kind,
        map: pairs(&arguments.map, "--map")?,
        on_duplicate: match arguments.on_duplicate.as_str() {
            "update" => OnDuplicate::Update,
            "create" => OnDuplicate::Create,
            _ => OnDuplicate::Skip,
        },
        dry_run: work.dry_run,
        pipeline: arguments.pipeline.clone(),
        map_stage: pairs(&arguments.map_stage, "--map-stage")?,
        create_stages: arguments.create_stages,
        no_create_companies: arguments.no_create_companies,
        progress: &mut |done, all| progress.show(done, all),
    };
    let session = work.session()?;
    let (env, kept) = (&mut work.env, &work.kept);
    let report = session.lend(|slot| import(slot, env, request, &mut || kept.open_alone()))?;
    progress.finish();
    if let Some(path) = &arguments.report {
        crate::cli::files::write(path, &report.csv())?;
    }
    Ok(answer(&report, work.dry_run))
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn read(work: &mut Work<'_>, path: &Path) -> Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        work.piped()?
            .read_to_end(&mut bytes)
            .map_err(|error| Error::io("cannot read standard input", error))?;
        return Ok(bytes);
    }
    std::fs::read(path)
        .map_err(|error| Error::io(format!("cannot read `{}`", path.display()), error))
}

/// `NAME=VALUE` pairs of a repeated flag.
fn pairs(texts: &[String], flag: &str) -> Result<Vec<(String, String)>> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) => Ok((name.trim().to_owned(), value.trim().to_owned())),
        None => Err(Error::usage(format!("`{flag} {text}` has no `=`"))),
    };
    texts.iter().map(pair).collect()
}

/// The report: totals and reasons for people, the same as JSON. Rows that failed make the
/// command fail, although the others came in.
fn answer(report: &ImportReport, dry_run: bool) -> Output {
    let mut lines = report.lines();
    lines.extend(
        report
            .warnings
            .iter()
            .map(|warning| format!("note: {warning}")),
    );
    match report.change {
        Some(number) => lines.push(format!("undo: touchbase undo {number}")),
        None if dry_run => lines.push("dry run: nothing was changed".to_owned()),
        None => lines.push("nothing had to be changed".to_owned()),
    }
    let totals = report.totals;
    let reasons: Vec<_> = report
        .reasons()
        .into_iter()
        .map(|(outcome, words, count, first)| {
            let (file, line) = (&*first.file, first.line);
            json!({ "outcome": outcome, "reason": words, "rows": count,
                    "first": { "file": file, "line": line } })
        })
        .collect();
    let json = json!({
        "change": report.change,
        "rows": totals.rows(),
        "imported": totals.imported,
        "updated": totals.updated,
        "skipped": totals.skipped,
        "failed": totals.failed,
        "companies-created": report.companies_created,
        "links": report.links_made,
        "unlinked": report.unlinked,
        "reasons": reasons,
    });
    let page = Output::Page(lines, json);
    if totals.failed > 0 {
        Output::WithCode(Box::new(page), 1)
    } else {
        page
    }
}
