//! What the open deals are worth, as the home view says it. Currencies are never added: the
//! bars are of the main one, the others stand below them.

use super::gather::open_deals;
use super::pane::{Content, Entry, Link};
use crate::domain::deal;
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::values::money::Money;
use crate::tui::marks::{self, Mark};
use crate::tui::model::Shared;

/// The worth in the main currency, of it in each stage (in each pipeline, where there are
/// several), and in every other currency.
pub(super) fn worth(shared: &Shared) -> Content {
    let all: Vec<&Record> = open_deals(shared).collect();
    if all.is_empty() {
        return Content::default();
    }
    let mut entries = currencies(&all, shared);
    let behind_main = entries.len().min(1);
    entries.splice(behind_main..behind_main, stages(&all, shared));
    let summary = vec![(Mark::None, format!("{} open", all.len()))];
    Content { summary, entries }
}

fn row(lead: String, count: usize, note: String, bar: usize) -> Entry {
    Entry {
        mark: Mark::None,
        lead,
        text: count.to_string(),
        detail: String::new(),
        note,
        bar,
        link: Link::View("pipeline"),
    }
}

/// A row for each currency: the sum, and what of it the chances leave.
fn currencies(all: &[&Record], shared: &Shared) -> Vec<Entry> {
    let (sum, weighted) = marks::sums(all.iter().copied(), shared);
    let pairs = sum.each().iter().zip(weighted.each());
    let entry = |(money, share): (&Money, &Money)| {
        let value = |deal: &&&Record| deal.get(deal::VALUE).copied();
        let same =
            |deal: &&&Record| value(deal).is_some_and(|value| value.currency == money.currency);
        let count = all.iter().filter(same).count();
        let note = format!("{}  ≈ {}", marks::bare(*money), marks::bare(*share));
        row(format!("in {}", money.currency.code()), count, note, 0)
    };
    pairs.map(entry).collect()
}

/// A row for each stage with a bar of its share of the main currency.
fn stages(all: &[&Record], shared: &Shared) -> Vec<Entry> {
    let main = marks::sums(all.iter().copied(), shared)
        .0
        .each()
        .first()
        .map(|sum| sum.currency);
    let of_main = |deals: &[&Record]| {
        let (sums, _) = marks::sums(deals.iter().copied(), shared);
        sums.each()
            .iter()
            .find(|sum| Some(sum.currency) == main)
            .copied()
    };
    let groups: Vec<(String, usize, Option<Money>)> = grouped(all, shared)
        .into_iter()
        .map(|(name, deals)| (name, deals.len(), of_main(&deals)))
        .collect();
    let minor = |money: Option<Money>| money.map_or(0, |money| money.minor.max(0));
    let longest = groups
        .iter()
        .map(|(_, _, money)| minor(*money))
        .max()
        .unwrap_or(0)
        .max(1);
    let entry = |(name, count, money): (String, usize, Option<Money>)| {
        let part = i128::from(minor(money)) * 1000 / i128::from(longest);
        let note = money.map_or_else(String::new, marks::whole);
        row(name, count, note, usize::try_from(part).unwrap_or(0))
    };
    groups.into_iter().map(entry).collect()
}

/// Open deals by stage; by pipeline, where there are several.
fn grouped<'a>(deals: &[&'a Record], shared: &Shared) -> Vec<(String, Vec<&'a Record>)> {
    let pipelines = shared.snapshot.pipelines();
    let several = pipelines.0.len() > 1;
    let mut groups: Vec<(String, Vec<&Record>)> = Vec::new();
    for pipeline in &pipelines.0 {
        let open = pipeline
            .stages
            .iter()
            .filter(|stage| stage.outcome == Outcome::Open);
        if several {
            groups.push((pipeline.name.clone(), Vec::new()));
        } else {
            groups.extend(open.map(|stage| (stage.name.clone(), Vec::new())));
        }
    }
    for deal in deals {
        let pipeline = pipelines.get(deal.get(deal::PIPELINE).map(String::as_str));
        let name = match (several, pipeline) {
            (true, Some(pipeline)) => &pipeline.name,
            (true, None) => deal.text(deal::PIPELINE),
            _ => pipelines
                .stage_of(deal)
                .map_or(deal.text(deal::STAGE), |stage| &stage.name),
        };
        match groups.iter_mut().find(|(known, _)| known == name) {
            Some((_, found)) => found.push(deal),
            None => groups.push((name.to_owned(), vec![deal])),
        }
    }
    groups
}
