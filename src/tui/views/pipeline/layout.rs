//! Where the lanes of the board are: all of them where there is room, else a window of lanes
//! that follows the selected one; a single lane on a narrow screen.

use crate::tui::widgets::text::cells;
use std::ops::Range;

/// Below so many columns for lanes one is shown, with a strip of the names of all.
pub(super) const ONE_LANE_BELOW: u16 = 47;
/// The columns of a lane where not all fit.
const LANE: u16 = 23;
/// The fewest columns of an open lane, of a closed one, and those of a folded one.
const LEAST_OPEN: u16 = 21;
const LEAST_CLOSED: u16 = 16;
const FOLDED: u16 = 4;
/// The most columns of an open lane, and of a closed one.
const MOST_OPEN: u16 = 44;
const MOST_CLOSED: u16 = 22;

/// How a lane wants to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// Wide: deals that are being worked on.
    Open,
    /// Narrow: deals that are won or lost.
    Closed,
    /// Folded away.
    Folded,
}

impl Width {
    const fn least(self) -> u16 {
        match self {
            Self::Open => LEAST_OPEN,
            Self::Closed => LEAST_CLOSED,
            Self::Folded => FOLDED,
        }
    }

    const fn most(self) -> u16 {
        match self {
            Self::Open => MOST_OPEN,
            Self::Closed => MOST_CLOSED,
            Self::Folded => FOLDED,
        }
    }
}

/// A lane in sight: which, from which column on, how many columns.
pub(super) type Placed = (usize, u16, u16);

/// The lanes in sight in so many columns, when `first` was the first of them before.
pub(super) fn place(lanes: &[Width], columns: u16, first: usize, current: usize) -> Vec<Placed> {
    if lanes.is_empty() || columns == 0 {
        return Vec::new();
    }
    let current = current.min(lanes.len() - 1);
    if columns < ONE_LANE_BELOW {
        return vec![(current, 0, columns)];
    }
    let needed = lanes
        .iter()
        .map(|lane| u32::from(lane.least()))
        .sum::<u32>();
    let shown = if needed <= u32::from(columns) {
        0..lanes.len()
    } else {
        window(lanes, columns, first, current)
    };
    stretch(lanes, columns, shown)
}

/// The lanes that fit, from `first` on or from where the current one is in sight.
fn window(lanes: &[Width], columns: u16, first: usize, current: usize) -> Range<usize> {
    let size = |lane: &Width| match lane {
        Width::Open => LANE.min(columns),
        other => other.least().min(columns),
    };
    let fitting = |from: usize| {
        let mut used = 0;
        let fits = |lane: &&Width| {
            used += size(lane);
            used <= columns
        };
        from..from + lanes[from..].iter().take_while(fits).count().max(1)
    };
    let mut from = first.min(current);
    while !fitting(from).contains(&current) {
        from += 1;
    }
    // Room that is left behind the last lane goes to the lanes before the first.
    while from > 0 && fitting(from - 1).end == lanes.len() {
        from -= 1;
    }
    fitting(from)
}

/// Gives every lane its least and shares the rest evenly, as far as lanes want more.
fn stretch(lanes: &[Width], columns: u16, shown: Range<usize>) -> Vec<Placed> {
    let mut sizes: Vec<u16> = lanes[shown.clone()]
        .iter()
        .map(|lane| lane.least())
        .collect();
    let mut left = columns.saturating_sub(sizes.iter().sum());
    loop {
        let wanting = |order: fn(Width) -> bool| {
            let all = sizes.iter().zip(&lanes[shown.clone()]).enumerate();
            let wants = all.filter(|(_, (size, lane))| **size < lane.most() && order(**lane));
            wants.map(|(place, _)| place).collect::<Vec<_>>()
        };
        // Even shares keep the lanes alike; what does not divide stays blank at the right.
        let share = |growing: &[usize]| left.checked_div(cells(growing.len())).unwrap_or(0);
        let open = wanting(|lane| lane == Width::Open);
        let growing = if share(&open) > 0 {
            open
        } else {
            wanting(|lane| lane == Width::Closed)
        };
        let share = share(&growing);
        if share == 0 {
            break;
        }
        for place in growing {
            let more = share.min(lanes[shown.start + place].most() - sizes[place]);
            sizes[place] += more;
            left -= more;
        }
    }
    let mut at = 0;
    let placed = shown.zip(sizes).map(|(lane, size)| {
        let start = at;
        at += size;
        (lane, start, size.min(columns.saturating_sub(start)))
    });
    placed.collect()
}

#[cfg(test)]
mod tests {
    use super::Width::{Closed, Folded, Open};
    use super::*;

    #[track_caller]
    fn check(lanes: &[Width], columns: u16, first: usize, current: usize, expect: &[Placed]) {
        assert_eq!(
            place(lanes, columns, first, current),
            expect,
            "{columns} columns"
        );
    }

    #[test]
    fn lanes_fill_the_screen_and_the_current_one_is_in_sight() {
        let sales = [Open, Open, Open, Open, Closed, Closed];
        let wide = [
            (0, 0, 22),
            (1, 22, 22),
            (2, 44, 22),
            (3, 66, 22),
            (4, 88, 16),
            (5, 104, 16),
        ];
        check(&sales, 120, 0, 0, &wide);
        check(&sales, 80, 0, 0, &[(0, 0, 26), (1, 26, 26), (2, 52, 26)]);
        check(&sales, 80, 0, 3, &[(1, 0, 26), (2, 26, 26), (3, 52, 26)]);
        let end = [(2, 0, 24), (3, 24, 24), (4, 48, 16), (5, 64, 16)];
        check(&sales, 80, 3, 2, &end);
        check(&sales, 80, 0, 5, &end);
        check(&sales, 46, 0, 4, &[(4, 0, 46)]);
        check(&sales, 47, 0, 1, &[(0, 0, 23), (1, 23, 23)]);
        check(
            &[Open, Folded, Open],
            60,
            0,
            0,
            &[(0, 0, 28), (1, 28, 4), (2, 32, 28)],
        );
        check(&[], 80, 0, 0, &[]);
        check(&sales, 0, 0, 0, &[]);
    }

    #[test]
    fn every_size_places_the_current_lane_inside_the_screen() {
        let lanes = [Open, Closed, Open, Folded, Open, Open, Closed];
        for columns in 1..200 {
            for current in 0..lanes.len() {
                let placed = place(&lanes, columns, 9, current);
                assert!(placed.iter().any(|(lane, _, _)| *lane == current));
                assert!(
                    placed
                        .iter()
                        .all(|(_, start, size)| start + size <= columns)
                );
            }
        }
    }
}
