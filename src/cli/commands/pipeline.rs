//! `touchbase pipeline`: the board as text.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::table::{Cell, Head, Row, Table};
use crate::cli::work::Work;
use crate::domain::pipeline::{Outcome, Pipeline};
use crate::domain::record::Record;
use crate::domain::values::Value;
use crate::domain::values::money::{Currency, Money};
use crate::domain::{deal, derived, lookup::Lookup as _};
use crate::error::{Error, Result};
use crate::services::deals::lane_order;
use crate::services::list::SessionLookup;
use crate::services::words;
use crate::store::session::Session;
use clap::{ArgMatches, Args, FromArgMatches as _};
use serde_json::json;

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "pipeline",
    group: Group::Pipeline,
    about: "The board as text: stages with their deals and totals",
    examples: "  touchbase pipeline\n  touchbase pipeline --totals",
    changes: false,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// Which pipeline [default: the first]
    #[arg(long, value_name = "NAME")]
    pipeline: Option<String>,
    /// Only the totals of each stage
    #[arg(long)]
    totals: bool,
    /// Won and lost deals too
    #[arg(long)]
    closed: bool,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let session = work.session()?;
    let lookup = SessionLookup::new(&session, &work.env);
    let pipelines = lookup.pipelines();
    let wanted = arguments.pipeline.as_deref();
    let pipeline = pipelines.get(wanted).ok_or_else(|| {
        let names: Vec<&str> = pipelines.0.iter().map(|one| one.name.as_str()).collect();
        Error::not_found(format!(
            "there is no pipeline `{}`",
            wanted.unwrap_or_default()
        ))
        .hint(format!("there are: {}", names.join(", ")))
    })?;
    let is_first = pipelines.get(None) == Some(pipeline);
    let lanes = lanes(
        &session,
        pipeline,
        is_first,
        arguments.closed || arguments.totals,
    )?;
    let table = if arguments.totals {
        totals(&lanes, &lookup)
    } else {
        cards(work, &session, &lanes, &lookup)
    };
    Ok(Output::Table(table))
}

/// Deals by stage, each lane in its order.
fn lanes(
    session: &Session,
    pipeline: &Pipeline,
    is_first: bool,
    closed: bool,
) -> Result<Vec<(String, Vec<Record>)>> {
    let mut lanes: Vec<(String, Vec<Record>)> = Vec::new();
    for stage in pipeline
        .stages
        .iter()
        .filter(|stage| closed || stage.outcome == Outcome::Open)
    {
        let compared = crate::domain::values::text::fold(&stage.name);
        let ids = session
            .find_exact(&deal::KIND, deal::STAGE.number(), &compared)
            .map_err(words::store)?;
        let mut deals = Vec::new();
        for id in ids {
            let found = session.get(&deal::KIND, id).map_err(words::store)?;
            deals.extend(found.filter(|record| {
                let own = record.get(deal::PIPELINE);
                record.is_active() && own.map_or(is_first, |own| *own == pipeline.name)
            }));
        }
        deals.sort_by_cached_key(lane_order);
        lanes.push((stage.name.clone(), deals));
    }
    Ok(lanes)
}

/// A row per stage and currency: currencies are never added to each other.
fn totals(lanes: &[(String, Vec<Record>)], lookup: &SessionLookup<'_>) -> Table {
    let mut rows = Vec::new();
    for (stage, deals) in lanes {
        let mut sums: Vec<Sum> = Vec::new();
        for deal in deals {
            let value = deal.get(deal::VALUE).copied();
            let currency = value.map(|value| value.currency);
            let place = sums.iter().position(|sum| sum.currency == currency);
            let place = place.unwrap_or_else(|| {
                sums.push(Sum {
                    currency,
                    ..Sum::default()
                });
                sums.len() - 1
            });
            let sum = &mut sums[place];
            sum.deals += 1;
            let share = |value: Money| value.share(derived::chance(deal, lookup.pipelines()));
            sum.value = plus(sum.value, value);
            sum.weighted = plus(sum.weighted, value.map(share));
        }
        sums.sort_by_key(|sum| std::cmp::Reverse(sum.deals));
        if sums.is_empty() {
            sums.push(Sum::default());
        }
        rows.extend(sums.into_iter().map(|sum| Row {
            id: None,
            short_id: String::new(),
            cells: vec![
                Cell::text(stage.clone()),
                Cell::number(sum.deals),
                amount(sum.value),
                amount(sum.weighted),
            ],
        }));
    }
    let heads = vec![
        Head::left("stage"),
        Head::right("deals"),
        Head::right("value"),
        Head::right("weighted"),
    ];
    Table {
        heads,
        rows,
        ..Table::default()
    }
}

/// Deals of one stage in one currency; those without a value have none.
#[derive(Default)]
struct Sum {
    currency: Option<Currency>,
    deals: i64,
    value: Option<Money>,
    weighted: Option<Money>,
}

fn plus(sum: Option<Money>, more: Option<Money>) -> Option<Money> {
    match (sum, more) {
        (Some(sum), Some(more)) => sum.plus(more),
        (sum, more) => sum.or(more),
    }
}

fn amount(sum: Option<Money>) -> Cell {
    let Some(sum) = sum else {
        return Cell::default();
    };
    let (amount, code) = (sum.amount(), sum.currency.code().to_owned());
    Cell {
        words: sum.to_string(),
        plain: format!("{amount} {code}"),
        json: json!({ "amount": amount, "currency": code }),
    }
}

fn cards(
    work: &Work<'_>,
    session: &Session,
    lanes: &[(String, Vec<Record>)],
    lookup: &SessionLookup<'_>,
) -> Table {
    let context = &work.env.context;
    let columns = ["title", "company", "value", "chance", "age", "next-step"];
    let mut rows = Vec::new();
    for (stage, deals) in lanes {
        for deal in deals {
            let mut cells = vec![Cell::text(stage.clone())];
            for name in columns {
                let value = match deal.kind.field(name) {
                    Some(field) => deal.field(field).cloned(),
                    None => lookup.derived(deal, name),
                };
                let mut cell = Cell::value(value.as_ref(), context, lookup);
                if let (true, Some(Value::Days(days))) = (name == "age", &value) {
                    cell.words = format!("{}d", days.0);
                }
                cells.push(cell);
            }
            let short_id = session.short_id(deal.id).unwrap_or_else(|_| deal.id.text());
            rows.push(Row {
                id: Some(deal.id),
                short_id,
                cells,
            });
        }
    }
    let heads = std::iter::once("stage").chain(columns).map(|name| Head {
        name: name.to_owned(),
        right: matches!(name, "value" | "chance" | "age"),
    });
    Table {
        heads: heads.collect(),
        rows,
        with_ids: true,
        when_empty: "no open deals: `touchbase deal add TITLE` makes one".to_owned(),
    }
}
