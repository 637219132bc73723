//! What is being sold: open deals by pipeline and stage, with their sums and weighted sums.

use super::sums::Sums;
use super::{Cell, Input, Report, Table};
use crate::domain::pipeline::{Outcome, Pipeline};
use crate::domain::record::Record;
use crate::domain::values::text::fold;
use crate::domain::{deal, derived};

/// Open deals by stage.
pub(super) const REPORT: Report = Report {
    name: "pipeline",
    help: "Open deals by pipeline and stage: count, value, weighted value",
    period: "all",
    run,
};

#[derive(Clone, Default)]
struct Line {
    deals: usize,
    value: Sums,
    weighted: Sums,
}

impl Line {
    fn of(deals: &[&Record], input: &Input<'_>) -> Self {
        let mut line = Self {
            deals: deals.len(),
            ..Self::default()
        };
        for deal in deals {
            if let Some(value) = deal.get(deal::VALUE) {
                line.value.add(*value);
                line.weighted
                    .add(value.share(derived::chance(deal, input.pipelines)));
            }
        }
        line
    }

    fn cells(&self, pipeline: &str, stage: &str, input: &Input<'_>) -> Vec<Cell> {
        let own = input.context.currency;
        let sums = [self.value.cell(own), self.weighted.cell(own)];
        [
            Cell::text(pipeline),
            Cell::text(stage),
            Cell::count(self.deals),
        ]
        .into_iter()
        .chain(sums)
        .collect()
    }
}

fn run(input: &Input<'_>) -> Table {
    let all: Vec<&Record> = input
        .deals
        .iter()
        .copied()
        .filter(|deal| deal.is_active())
        .filter(|deal| derived::outcome(deal, input.pipelines) == Outcome::Open)
        .collect();
    let is_due = |deal: &Record| match deal.get(deal::EXPECTED_CLOSE) {
        Some(day) => input.period.contains(*day),
        None => input.period.is_all(),
    };
    let open: Vec<&Record> = all.iter().copied().filter(|deal| is_due(deal)).collect();
    let mut rows = Vec::new();
    let mut placed = 0;
    for pipeline in &input.pipelines.0 {
        let own: Vec<&Record> = open
            .iter()
            .copied()
            .filter(|d| is_of(d, pipeline, input))
            .collect();
        for stage in pipeline
            .stages
            .iter()
            .filter(|stage| stage.outcome == Outcome::Open)
        {
            let name = fold(&stage.name);
            let here: Vec<&Record> = own
                .iter()
                .copied()
                .filter(|deal| fold(deal.text(deal::STAGE)) == name)
                .collect();
            placed += here.len();
            rows.push(Line::of(&here, input).cells(&pipeline.name, &stage.name, input));
        }
    }
    if placed < open.len() {
        // A stage that the settings no longer have must not make its deals vanish.
        let lost = |deal: &&Record| input.pipelines.stage_of(deal).is_none();
        let homeless: Vec<&Record> = open.iter().copied().filter(lost).collect();
        rows.push(Line::of(&homeless, input).cells("", "no such stage", input));
    }
    Table {
        title: title(input),
        columns: vec!["pipeline", "stage", "deals", "value", "weighted"],
        rows,
        total: Some(Line::of(&open, input).cells("total", "", input)),
        notes: notes(&all, &open, input),
    }
}

fn is_of(deal: &Record, pipeline: &Pipeline, input: &Input<'_>) -> bool {
    let named = deal.get(deal::PIPELINE).map(String::as_str);
    input
        .pipelines
        .get(named)
        .is_some_and(|found| found.name == pipeline.name)
}

fn title(input: &Input<'_>) -> String {
    if input.period.is_all() {
        "open deals".to_owned()
    } else {
        format!(
            "open deals that are expected to close {}",
            input.period.name
        )
    }
}

fn notes(all: &[&Record], open: &[&Record], input: &Input<'_>) -> Vec<String> {
    let without = |key: &dyn Fn(&Record) -> bool, deals: &[&Record]| {
        deals.iter().filter(|deal| !key(deal)).count()
    };
    let has_value = |deal: &Record| deal.get(deal::VALUE).is_some();
    let has_day = |deal: &Record| deal.get(deal::EXPECTED_CLOSE).is_some();
    let is_stale = |deal: &Record| derived::is_stale(deal, input.context.now, input.pipelines);
    let day_less = if input.period.is_all() {
        0
    } else {
        without(&has_day, all)
    };
    let facts = [
        (
            open.iter().filter(|deal| is_stale(deal)).count(),
            "stale: nothing done for too long",
        ),
        (without(&has_value, open), "without a value"),
        (day_less, "left out: no expected close"),
    ];
    let known = facts.into_iter().filter(|(count, _)| *count > 0);
    known
        .map(|(count, words)| format!("{count} {words}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::tests::{check, deal, with};

    #[test]
    fn stages_have_counts_and_sums_of_each_currency() {
        let deals = [
            deal("proposal", "1,000 EUR", "2026-11-30"),
            deal("Proposal", "500 USD", "2027-02-01"),
            deal("proposal", "250 EUR", ""),
            deal("lead", "", "2026-12-01"),
            deal("won", "9,000 EUR", "2026-11-30"),
            with(deal("gone", "80 EUR", "2026-12-31"), |deal| {
                deal.set(deal::PROBABILITY, crate::domain::values::Percent::default());
            }),
        ];
        check(
            &REPORT,
            &deals,
            "all",
            &[
                "sales|lead|1||",
                "sales|qualified|0||",
                "sales|proposal|3|1250.00 EUR; 500.00 USD|625.00 EUR; 250.00 USD",
                "sales|negotiation|0||",
                "|no such stage|1|80.00 EUR|0.00 EUR",
                "total||5|1330.00 EUR; 500.00 USD|625.00 EUR; 250.00 USD",
                "1 without a value",
            ],
        );
        check(
            &REPORT,
            &deals,
            "this-quarter",
            &[
                "sales|lead|1||",
                "sales|qualified|0||",
                "sales|proposal|1|1000.00 EUR|500.00 EUR",
                "sales|negotiation|0||",
                "|no such stage|1|80.00 EUR|0.00 EUR",
                "total||3|1080.00 EUR|500.00 EUR",
                "1 without a value",
                "1 left out: no expected close",
            ],
        );
    }
}
