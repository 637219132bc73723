//! Import: files of other programs, and our own, to records in one change.
//!
//! Start with [`import`]. A file's headers become roles (`mapping`), its rows drafts (`row`,
//! `value`, `dates`), their links records (`link`, `known`); what is there already is found and
//! treated in `merge`, what is new is completed in `finish`. Nothing of a row is dropped: what
//! is not understood becomes a field of the user's own, and every row is in the report.

mod dates;
mod file;
mod finish;
mod known;
mod link;
mod mapping;
mod merge;
mod modules;
pub mod report;
mod row;
mod stage;
mod value;
mod whole;

use super::Env;
use super::hooks::{self, Reopen};
use super::plan::Plan;
use super::words;
use crate::domain::change::{Cause, ChangeSet, Who};
use crate::domain::field::Shape;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::record::Record;
use crate::domain::{company, deal};
use crate::error::Result;
use crate::formats::Row;
use crate::store::session::Session;
use file::File;
use known::Known;
use mapping::Role;
use report::{ImportReport, Outcome, RowOutcome};
use row::{Columns, Draft, Wish};
use stage::Stages;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What to do with a row that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDuplicate {
    /// Leave what is there.
    #[default]
    Skip,
    /// Bring what the row says into what is there.
    Update,
    /// Make another record.
    Create,
}

/// Files to import, and how.
pub struct ImportRequest<'a> {
    /// The files: names and contents.
    pub files: Vec<(String, Vec<u8>)>,
    /// The format; recognised when not given.
    pub format: Option<String>,
    /// What the rows are; guessed from names of files and headers when not given.
    pub kind: Option<&'static Kind>,
    /// Fields with the columns that fill them.
    pub map: Vec<(String, String)>,
    /// What to do with rows that are there already.
    pub on_duplicate: OnDuplicate,
    /// Whether nothing is to be changed.
    pub dry_run: bool,
    /// The pipeline of imported deals; the default one when not given.
    pub pipeline: Option<String>,
    /// Stages of the files with the stages of ours that they are.
    pub map_stage: Vec<(String, String)>,
    /// Whether stages that the pipeline does not have are added to it.
    pub create_stages: bool,
    /// Whether companies that rows name are not to be made.
    pub no_create_companies: bool,
    /// Told how many rows are done, and of how many.
    pub progress: &'a mut dyn FnMut(usize, usize),
}

/// What of a request holds for all rows.
pub(super) struct Options<'a> {
    on_duplicate: OnDuplicate,
    pipeline: Option<String>,
    map: &'a [(String, String)],
    map_stage: &'a [(String, String)],
    create_stages: bool,
    no_create_companies: bool,
}

/// Imports files as one change, and says what became of each row. `slot` holds the session, or
/// gets the one that is open afterwards.
///
/// # Errors
/// When a file cannot be read at all, its rows' kind is not clear, a column or pipeline that
/// was named does not exist, a hook refuses, or the store does. Nothing is changed then.
pub fn import(
    slot: &mut Option<Session>,
    env: &mut Env,
    mut request: ImportRequest<'_>,
    reopen: Reopen<'_>,
) -> Result<ImportReport> {
    if request.dry_run {
        let session = match slot {
            Some(session) => session,
            empty => empty.insert(reopen()?),
        };
        return plan_import(session, env, &mut request).map(|(report, _)| report);
    }
    let mut report = ImportReport::default();
    let mut planner = |session: &Session, env: &mut Env| {
        let (planned, change) = plan_import(session, env, &mut request)?;
        report = planned;
        Ok((change, Vec::new(), Vec::new()))
    };
    let receipt = hooks::make(slot, env, &mut planner, reopen)?;
    report.change = receipt.number;
    report.warnings = receipt.warnings;
    Ok(report)
}

/// What an import would change, and what would become of each row.
///
/// # Errors
/// As for [`import`], without hooks.
pub fn plan_import(
    session: &Session,
    env: &mut Env,
    request: &mut ImportRequest<'_>,
) -> Result<(ImportReport, ChangeSet)> {
    let mut files = Vec::new();
    for (name, bytes) in &request.files {
        files.push(File::read(
            name,
            bytes,
            request.format.as_deref(),
            request.kind,
        )?);
    }
    // Companies first, so that people and deals find them.
    files.sort_by_key(|file| rank(file.main_kind()));
    let total = files.iter().map(|file| file.rows.len()).sum();
    let known = Known::load(session, total)?;
    let plan = Plan::new(session, env)?;
    let options = Options {
        on_duplicate: request.on_duplicate,
        pipeline: stage::wanted(&plan.pipelines, request.pipeline.as_deref())?,
        map: &request.map,
        map_stage: &request.map_stage,
        create_stages: request.create_stages,
        no_create_companies: request.no_create_companies,
    };
    let mut importer = Importer {
        plan,
        known,
        options,
        stages: Stages::default(),
        report: ImportReport::default(),
        late: Vec::new(),
        custom: BTreeSet::new(),
    };
    let coming: whole::Coming = files.iter().flat_map(File::ids).collect();
    let mut done = 0;
    for file in files {
        importer.take_file(file, &coming, &mut |rows| {
            done += rows;
            (request.progress)(done, total);
        })?;
    }
    let (report, mut change) = importer.finish()?;
    change.who = Who::Import;
    Ok((report, change))
}

const fn rank(kind: Option<&Kind>) -> u8 {
    match kind {
        // The numbers of company and contact; deals, activities and the rest follow in order.
        Some(kind) if kind.number == 2 => 0,
        Some(kind) => kind.number,
        None => 1,
    }
}

/// An import in the making.
pub(super) struct Importer<'a> {
    plan: Plan<'a>,
    known: Known,
    options: Options<'a>,
    stages: Stages,
    report: ImportReport,
    /// Links between records of one kind: the other one may stand further down.
    late: Vec<(usize, Id, Wish)>,
    custom: BTreeSet<String>,
}

impl Importer<'_> {
    fn take_file(
        &mut self,
        file: File,
        coming: &whole::Coming,
        progress: &mut dyn FnMut(usize),
    ) -> Result<()> {
        let mut columns: HashMap<u8, Columns> = HashMap::new();
        let (context, own) = (self.plan.context(), self.plan.env.custom);
        let kinds: BTreeSet<u8> = file
            .rows
            .iter()
            .flatten()
            .filter_map(|(_, kind)| *kind)
            .map(|kind| kind.number)
            .collect();
        for kind in kinds.into_iter().filter_map(crate::domain::kind_by_number) {
            let of_kind = file.columns(kind, context, own, &self.options)?;
            self.open_stages(&file, &of_kind);
            columns.insert(kind.number, of_kind);
        }
        let mut since = 0;
        for row in file.rows {
            let outcome = match row {
                Err(error) => RowOutcome {
                    file: Arc::clone(&file.name),
                    line: error.line,
                    kind: None,
                    outcome: Outcome::Failed(error.reason),
                    title: String::new(),
                    warnings: Vec::new(),
                },
                Ok((row, kind)) => {
                    let of_kind = kind.and_then(|kind| columns.get(&kind.number));
                    self.take(&file.name, &row, of_kind, coming)?
                }
            };
            self.report.rows.push(outcome);
            since += 1;
            if since == 100 {
                progress(since);
                since = 0;
            }
        }
        progress(since);
        Ok(())
    }

    /// Adds the stages that a file names in their order, before the first deal needs one.
    fn open_stages(&mut self, file: &File, columns: &Columns) {
        if columns.kind != &deal::KIND || !self.options.create_stages {
            return;
        }
        let is_stage = |role: &Role| matches!(role, Role::Field { field, .. } if *field == deal::STAGE.number());
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for (row, kind) in file.rows.iter().flatten() {
            for cell in row.cells.iter().filter(|_| *kind == Some(&deal::KIND)) {
                let text = cell.value.trim();
                if columns.roles.get(&cell.name).is_some_and(is_stage)
                    && !text.is_empty()
                    && seen.insert(text)
                {
                    let pipeline = self.options.pipeline.as_deref();
                    self.stages
                        .resolve(&mut self.plan.pipelines, pipeline, text, &self.options);
                }
            }
        }
    }

    fn take(
        &mut self,
        file: &Arc<str>,
        row: &Row,
        columns: Option<&Columns>,
        coming: &whole::Coming,
    ) -> Result<RowOutcome> {
        let mut taken = RowOutcome {
            file: Arc::clone(file),
            line: row.line,
            kind: columns.map(|columns| columns.kind),
            outcome: Outcome::Imported,
            title: String::new(),
            warnings: row.notes.clone(),
        };
        if let Some(json) = &row.whole {
            let (outcome, record) = self.take_whole(json, coming, &mut taken.warnings)?;
            taken.kind = record.as_ref().map(|record| record.kind).or(taken.kind);
            taken.title = record
                .map(|record| record.title().to_owned())
                .unwrap_or_default();
            taken.outcome = outcome;
            return Ok(taken);
        }
        let Some(columns) = columns else {
            taken.outcome = Outcome::Failed("what it is is not clear".to_owned());
            return Ok(taken);
        };
        let id = self.plan.env.ids.next_id(columns.context.now);
        let mut draft = columns.draft(row, id);
        taken.outcome = self.take_draft(&mut draft, columns)?;
        taken.title = draft.record.title().to_owned();
        taken.warnings = draft.warnings;
        Ok(taken)
    }

    fn take_draft(&mut self, draft: &mut Draft, columns: &Columns) -> Result<Outcome> {
        if let Err(reason) = self.place(draft) {
            return Ok(Outcome::Failed(reason));
        }
        let companies = self.link(draft)?;
        let company_name = self.company_name(draft, &companies);
        finish::complete(self, draft, columns.module);
        finish::title(draft, &company_name);
        if draft.record.title().trim().is_empty() {
            let title = columns
                .kind
                .title_field()
                .map_or("title", |field| field.name);
            return Ok(Outcome::Failed(format!("has no {title}")));
        }
        let known = match self.options.on_duplicate {
            OnDuplicate::Create => None,
            _ => self.duplicate_of(draft, !companies.is_empty())?,
        };
        if let Some(id) = known {
            return self.merge(draft, id);
        }
        let is_plain = draft.record.external.is_empty() && draft.id.is_none();
        if is_plain
            && self.options.on_duplicate != OnDuplicate::Create
            && known::is_anonymous(columns.kind)
            && self.known.take_same(&draft.record)
        {
            return Ok(Outcome::Skipped("is in the store already".to_owned()));
        }
        self.make(draft, companies)?;
        Ok(Outcome::Imported)
    }

    /// The pipeline and stage of a deal.
    fn place(&mut self, draft: &mut Draft) -> std::result::Result<(), String> {
        if draft.record.kind != &deal::KIND {
            return Ok(());
        }
        let named = draft.pipeline.take();
        let known = named
            .as_deref()
            .and_then(|name| self.plan.pipelines.get(Some(name)));
        let pipeline = known
            .map(|pipeline| pipeline.name.clone())
            .or_else(|| self.options.pipeline.clone());
        if let (None, Some(name)) = (known, named) {
            draft.keep("pipeline", &name);
        }
        if let Some(name) = &pipeline {
            draft.record.set(deal::PIPELINE, name.clone());
        }
        let Some(text) = draft.stage.clone() else {
            return Ok(());
        };
        let pipelines = &mut self.plan.pipelines;
        match self
            .stages
            .resolve(pipelines, pipeline.as_deref(), &text, &self.options)
        {
            Some(stage) => {
                draft.record.set(deal::STAGE, stage);
                Ok(())
            }
            None => {
                *self.report.stages_missing.entry(text.clone()).or_default() += 1;
                Err(format!("the pipeline has no stage `{text}`"))
            }
        }
    }

    /// The name of the company that a draft belongs to.
    fn company_name(&self, draft: &Draft, new: &[(u16, String)]) -> String {
        if let Some((_, name)) = new.first() {
            return name.clone();
        }
        let links = draft.record.kind.fields.iter();
        let mut links = links.filter(|field| matches!(field.shape, Shape::Link("company")));
        let linked = links.find_map(|field| draft.record.linked(field).first().copied());
        let company = linked.and_then(|id| self.plan.get(&company::KIND, id).ok());
        company
            .map(|company| company.title().to_owned())
            .unwrap_or_default()
    }

    /// Puts a new record into the plan, with the companies that it names.
    fn make(&mut self, draft: &mut Draft, companies: Vec<(u16, String)>) -> Result<()> {
        for (number, name) in companies {
            // The row before may have made it.
            let found = self
                .known
                .by_name(self.plan.session, &company::KIND, &name)?;
            let id = match found[..] {
                [one] => one,
                _ => self.make_company(&name)?,
            };
            if let Some(field) = draft.record.kind.field_by_number(number) {
                link::add(&mut draft.record, number, field.shape, id);
            }
        }
        if let Some(id) = draft.id {
            draft.record.id = id;
        }
        let record = draft.record.clone();
        for wish in std::mem::take(&mut draft.wishes) {
            self.late.push((self.report.rows.len(), record.id, wish));
        }
        self.count_links(&record);
        self.custom.extend(record.custom.keys().cloned());
        self.known.make(&record);
        self.plan.put(record.clone())?;
        self.follow(&record)
    }

    fn make_company(&mut self, name: &str) -> Result<Id> {
        let mut made = self.plan.blank(&company::KIND);
        made.set(company::NAME, name.trim().to_owned());
        let id = made.id;
        self.known.make(&made);
        self.plan.put(made)?;
        self.report.companies_created += 1;
        Ok(id)
    }

    fn count_links(&mut self, record: &Record) {
        for field in record.kind.fields {
            let links = match field.shape {
                Shape::Link(_) | Shape::Links(_) => record.linked(field).len(),
                _ => 0,
            };
            if links > 0 {
                let name = format!("{} {}", record.kind.name, field.name);
                *self.report.links_made.entry(name).or_default() += links;
            }
        }
    }

    /// Makes the links between records of one kind, now that all are there.
    fn link_late(&mut self) -> Result<()> {
        for (place, id, wish) in std::mem::take(&mut self.late) {
            let Some(kind) = link::linked_kind(wish.field.shape) else {
                continue;
            };
            let mut record = self.plan.get(kind, id)?;
            let found = match self.find(kind, &wish, &record)? {
                link::Found::New => link::Found::One(self.make_company(&wish.text)?),
                found => found,
            };
            match found {
                link::Found::One(other) if other != id => {
                    link::add(&mut record, wish.field.number, wish.field.shape, other);
                    let name = format!("{} {}", kind.name, wish.field.name);
                    *self.report.links_made.entry(name).or_default() += 1;
                }
                link::Found::One(_) | link::Found::New => continue,
                link::Found::None(why) => {
                    record
                        .custom
                        .insert(wish.header.to_string(), wish.text.clone());
                    let warning = format!("`{}` is kept as text: {why}", wish.header);
                    if let Some(row) = self.report.rows.get_mut(place) {
                        row.warnings.push(warning);
                    }
                }
            }
            self.plan.put(record)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(ImportReport, crate::domain::change::ChangeSet)> {
        self.link_late()?;
        self.report.stages_created = self.stages.names();
        std::mem::take(&mut self.stages).put(&mut self.plan)?;
        let mut report = self.report;
        report.count();
        report.custom_fields = self.custom.into_iter().collect();
        for warning in report.rows.iter().flat_map(|row| &row.warnings) {
            if let Some(missed) = warning
                .strip_prefix('`')
                .filter(|text| text.contains("` is kept as text: "))
            {
                let name = missed.replacen("` is kept as text", "", 1);
                *report.unlinked.entry(name).or_default() += 1;
            }
        }
        report.summary = summary(&report);
        let (change, _) = self.plan.finish(report.summary.clone(), Cause::Plain);
        Ok((report, change))
    }
}

/// `imported 85 companies and 2 contacts from a.csv, updated 3`.
fn summary(report: &ImportReport) -> String {
    let mut made = Vec::new();
    for kind in crate::domain::KINDS {
        let rows = report.rows.iter().filter(|row| row.kind == Some(*kind));
        let count = rows.filter(|row| row.outcome == Outcome::Imported).count();
        let more = if *kind == &company::KIND {
            report.companies_created
        } else {
            0
        };
        if count + more > 0 {
            made.push(words::count(count + more, kind));
        }
    }
    let mut files: Vec<String> = Vec::new();
    for row in &report.rows {
        let base = row.file.rsplit('/').next().unwrap_or(&row.file);
        if files.last().is_none_or(|last| last != base) {
            files.push(base.to_owned());
        }
    }
    let made = match made.split_last() {
        None => "nothing new".to_owned(),
        Some((one, [])) => one.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    };
    let updated = match report.totals.updated {
        0 => String::new(),
        count => format!(", updated {count}"),
    };
    format!("imported {made} from {}{updated}", words::names(&files))
}
