//! What a text says, word by word, before the clock and the direction decide what it means.

use super::calendar::{self, Written};
use super::clock::{self, Clock};
use super::words::{self, Unit, Word};
use crate::domain::context::DateOrder;
use crate::domain::values::ValueError;
use chrono::Weekday;

/// A day, in one of the ways to name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    /// A date on paper.
    Written(Written),
    /// So many days from today.
    FromToday(i64),
    /// A weekday of the week that lies so many weeks from this one.
    OfWeek(i64, Weekday),
    /// The week, month, quarter or year so many from this one.
    Period(i64, Unit),
    /// The last day of this week, month, quarter or year.
    EndOf(Unit),
}

/// A distance from now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shift {
    /// Months on the calendar.
    pub(super) months: i64,
    /// Days on the calendar.
    pub(super) days: i64,
    /// Minutes of the clock; none when no unit under a day was named.
    pub(super) minutes: Option<i64>,
}

/// The parts of a text. Each stands at most once.
#[derive(Default)]
pub(super) struct Said {
    pub(super) now: Option<()>,
    pub(super) tonight: Option<()>,
    pub(super) shift: Option<Shift>,
    pub(super) day: Option<Day>,
    /// Alone a day of its own, beside a written date a check of it.
    pub(super) weekday: Option<Weekday>,
    pub(super) clock: Option<Clock>,
}

impl Said {
    /// Reads the whole text.
    ///
    /// # Errors
    /// [`ValueError::Empty`], or the part that is not understood or says a thing twice.
    pub(super) fn parse(text: &str, order: DateOrder) -> Result<Self, ValueError> {
        let words = words::split(text);
        if words.is_empty() {
            return Err(ValueError::Empty);
        }
        let mut said = Self::default();
        let mut rest = words.as_slice();
        while !rest.is_empty() {
            let taken = said.take(rest, order).ok_or_else(|| fault(rest))?;
            rest = rest.get(taken..).unwrap_or_default();
        }
        if said.agrees() {
            Ok(said)
        } else {
            Err(ValueError::When(text.trim().to_owned()))
        }
    }

    /// Takes the part that the words begin with, and says how many words it was.
    fn take(&mut self, words: &[Word<'_>], order: DateOrder) -> Option<usize> {
        let (first, rest) = words.split_first()?;
        match first.low.as_str() {
            "at" => {
                let (clock, used) = clock::read(rest)?;
                return fill(&mut self.clock, clock, used + 1);
            }
            "on" => return self.take_day(rest, order).map(|used| used + 1),
            "now" => return fill(&mut self.now, (), 1),
            "tonight" => return fill(&mut self.tonight, (), 1),
            _ => {}
        }
        if let Some((shift, used)) = shift(words) {
            return fill(&mut self.shift, shift, used);
        }
        if let Some((clock, used)) = clock::read(words) {
            return fill(&mut self.clock, clock, used);
        }
        self.take_day(words, order)
    }

    fn take_day(&mut self, words: &[Word<'_>], order: DateOrder) -> Option<usize> {
        let first = words.first()?.low.as_str();
        if let Some(weekday) = words::weekday(first) {
            return fill(&mut self.weekday, weekday, 1);
        }
        if let Some((date, clock)) = first.split_once('t').and_then(|(date, clock)| {
            let clock = words::split(clock);
            Some((calendar::iso(date)?, clock::read(&clock)?.0))
        }) {
            fill(&mut self.clock, clock, 1)?;
            return fill(&mut self.day, Day::Written(Written::Full(date)), 1);
        }
        if let Some((date, used)) = calendar::read(words, order) {
            return fill(&mut self.day, Day::Written(date), used);
        }
        let (day, used) = named(words)?;
        fill(&mut self.day, day, used)
    }

    /// Whether a part names a day.
    pub(super) const fn has_day(&self) -> bool {
        self.tonight.is_some()
            || self.shift.is_some()
            || self.day.is_some()
            || self.weekday.is_some()
    }

    /// Whether the parts can stand together.
    fn agrees(&self) -> bool {
        let days = [
            self.now.is_some(),
            self.tonight.is_some(),
            self.shift.is_some(),
            self.day.is_some(),
        ];
        let count = days.iter().filter(|&&is_there| is_there).count();
        let fixed = self.now.is_some() || self.shift.is_some_and(|it| it.minutes.is_some());
        let written = matches!(self.day, Some(Day::Written(_)));
        let full = matches!(self.day, Some(Day::Written(Written::Full(_))));
        let offset = self.clock.as_ref().is_some_and(|it| it.offset.is_some());
        count <= 1
            && !(fixed && self.clock.is_some())
            && !(self.weekday.is_some() && count == 1 && !written)
            && (full || !offset)
    }
}

/// Fills a part that is still open.
fn fill<T>(part: &mut Option<T>, value: T, used: usize) -> Option<usize> {
    part.is_none().then(|| {
        *part = Some(value);
        used
    })
}

/// The words to blame: the first, with the second where the first alone says nothing.
fn fault(words: &[Word<'_>]) -> ValueError {
    let leans = |word: &Word<'_>| {
        matches!(
            word.low.as_str(),
            "at" | "on" | "in" | "next" | "this" | "last" | "+" | "-"
        ) || words::month(&word.low).is_some()
            || word.low.bytes().all(|byte| byte.is_ascii_digit())
    };
    let count = if words.first().is_some_and(leans) {
        2
    } else {
        1
    };
    let part: Vec<&str> = words.iter().take(count).map(|word| word.written).collect();
    ValueError::When(part.join(" "))
}

/// Days that have a name of one or two words.
fn named(words: &[Word<'_>]) -> Option<(Day, usize)> {
    let (first, rest) = words.split_first()?;
    let day = match first.low.as_str() {
        "today" => Day::FromToday(0),
        "tomorrow" => Day::FromToday(1),
        "yesterday" => Day::FromToday(-1),
        "eow" => Day::EndOf(Unit::Week),
        "eom" => Day::EndOf(Unit::Month),
        "eoq" => Day::EndOf(Unit::Quarter),
        "eoy" => Day::EndOf(Unit::Year),
        "last" => return Some((beside(-1, rest)?, 2)),
        "this" => return Some((beside(0, rest)?, 2)),
        "next" => return Some((beside(1, rest)?, 2)),
        _ => return None,
    };
    Some((day, 1))
}

/// The weekday or period behind `last`, `this` or `next`.
fn beside(count: i64, words: &[Word<'_>]) -> Option<Day> {
    let word = words.first()?.low.as_str();
    if let Some(weekday) = words::weekday(word) {
        return Some(Day::OfWeek(count, weekday));
    }
    let unit = match word {
        "week" => Unit::Week,
        "month" => Unit::Month,
        "quarter" => Unit::Quarter,
        "year" => Unit::Year,
        _ => return None,
    };
    Some(Day::Period(count, unit))
}

/// Reads `+3d`, `-2w`, `in 3 days`, `2 weeks ago`, `in 1h 30min`, `an hour ago`.
fn shift(words: &[Word<'_>]) -> Option<(Shift, usize)> {
    let low: Vec<&str> = words.iter().map(|word| word.low.as_str()).collect();
    let (first, rest) = low.split_first()?;
    if *first == "in" {
        let (shift, used) = amounts(rest, 1)?;
        return Some((shift, used + 1));
    }
    let signs = [('+', 1), ('-', -1)];
    if let Some((bare, sign)) = signs
        .into_iter()
        .find_map(|(mark, sign)| Some((first.strip_prefix(mark)?, sign)))
    {
        if bare.is_empty() {
            let (shift, used) = amounts(rest, sign)?;
            return Some((shift, used + 1));
        }
        let mut unsigned = vec![bare];
        unsigned.extend(rest);
        return amounts(&unsigned, sign);
    }
    let (shift, used) = amounts(&low, -1)?;
    (low.get(used) == Some(&"ago")).then_some((shift, used + 1))
}

/// One amount or more: `3 days`, `3d`, `1h30min`, `a week`.
fn amounts(words: &[&str], sign: i64) -> Option<(Shift, usize)> {
    let mut shift = Shift::default();
    let mut used = 0;
    while let Some(word) = words.get(used) {
        let next = words.get(used + 1).and_then(|word| words::unit(word));
        let count = match *word {
            "a" | "an" => Some(1),
            digits => words::number(digits, 10),
        };
        match (count, next) {
            (Some(count), Some(unit)) => {
                shift.add(sign * i64::from(count), unit)?;
                used += 2;
            }
            (None, _) if joined(word, sign, &mut shift).is_some() => used += 1,
            _ => break,
        }
    }
    (used > 0).then_some((shift, used))
}

/// Amounts written in one word; nothing is added unless all of it is understood.
fn joined(word: &str, sign: i64, shift: &mut Shift) -> Option<()> {
    let mut sum = *shift;
    let mut rest = word;
    while !rest.is_empty() {
        let (digits, behind) = rest.split_at_checked(rest.find(|c: char| !c.is_ascii_digit())?)?;
        let end = behind
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at_checked(end)?;
        let count = i64::from(words::number(digits, 10)?);
        sum.add(sign * count, words::unit(unit)?)?;
        rest = behind;
    }
    *shift = sum;
    Some(())
}

impl Shift {
    fn add(&mut self, count: i64, unit: Unit) -> Option<()> {
        let grow = |sum: i64, each: i64| sum.checked_add(count.checked_mul(each)?);
        match unit {
            Unit::Minute => self.minutes = Some(grow(self.minutes.unwrap_or(0), 1)?),
            Unit::Hour => self.minutes = Some(grow(self.minutes.unwrap_or(0), 60)?),
            Unit::Day => self.days = grow(self.days, 1)?,
            Unit::Week => self.days = grow(self.days, 7)?,
            Unit::Month => self.months = grow(self.months, 1)?,
            Unit::Quarter => self.months = grow(self.months, 3)?,
            Unit::Year => self.months = grow(self.months, 12)?,
        }
        Some(())
    }
}
