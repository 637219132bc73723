//! A table on a terminal: which columns it has room for, how wide they are, and its lines.

use super::Fit;
use crate::cli::style::{Look, Meaning, Shown};

/// Columns are parted by so many spaces.
const GAP: usize = 2;
/// The main column keeps so many cells, as far as it has text for them.
const MAIN: usize = 16;
/// Before others become wider it has so many.
const COMFORTABLE: usize = 24;
/// Another column of text keeps so many.
const TEXT: usize = 10;
/// An address or a number that is shown at all keeps so many: enough for a number.
const DETAIL: usize = 20;
/// What is whole is cut all the same where it is wider.
const WHOLE: usize = 24;

/// A column as it is drawn.
pub(super) struct Drawn {
    pub(super) right: bool,
    pub(super) fit: Fit,
    /// How wide its widest cell is.
    pub(super) natural: usize,
    pub(super) cells: Vec<(Meaning, Shown)>,
}

impl Drawn {
    /// The narrowest that it may become.
    fn least(&self) -> usize {
        self.natural.min(match self.fit {
            _ if self.right => usize::MAX,
            Fit::Main => MAIN,
            Fit::Detail => DETAIL,
            Fit::Text => TEXT,
            Fit::Whole => WHOLE,
            Fit::Hidden => 0,
        })
    }
}

/// One line of the table, without spaces at its end.
pub(super) fn line(columns: &[Drawn], widths: &[usize], row: usize, look: &Look) -> String {
    let mut line = String::new();
    // Spaces are only written once something follows them.
    let mut waiting = 0;
    for (column, &width) in columns.iter().zip(widths).filter(|(_, width)| **width > 0) {
        let (meaning, cell) = match column.cells.get(row) {
            Some((meaning, cell)) => (*meaning, cell.cut(width)),
            None => (Meaning::Plain, Shown::default()),
        };
        let padding = width.saturating_sub(cell.width());
        let (before, after) = if column.right {
            (padding, 0)
        } else {
            (0, padding)
        };
        waiting += before;
        if !cell.text.is_empty() {
            line.push_str(&" ".repeat(std::mem::take(&mut waiting)));
            line.push_str(&look.show(&cell, meaning));
        }
        waiting += after + GAP;
    }
    line
}

/// Widths of columns that fit, 0 for those that are left out: what matters most is kept, then
/// what stands further left, and what is kept is as wide as there is room.
pub(super) fn fit(columns: &[Drawn], width: usize) -> Vec<usize> {
    let with_fit = |fit: Fit| columns.iter().position(|column| column.fit == fit);
    let main = with_fit(Fit::Main).or_else(|| with_fit(Fit::Text));
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by_key(|&index| match columns[index].fit {
        _ if index == 0 => 0,
        _ if Some(index) == main => 1,
        Fit::Main => 1,
        Fit::Text | Fit::Whole => 2,
        Fit::Detail | Fit::Hidden => 3,
    });
    let mut widths = vec![0; columns.len()];
    let mut used = 0;
    for (place, &index) in order.iter().enumerate() {
        let least = columns[index].least();
        let gap = if used > 0 { GAP } else { 0 };
        let room = width.saturating_sub(used + gap);
        // The first two are there however narrow it is; an address is not worth half a name.
        let kept = if columns[index].fit == Fit::Detail {
            wanting(columns, &widths)
        } else {
            0
        };
        if least + kept > room && place >= 2 {
            break;
        }
        let is_whole = place == 0 || columns[index].right;
        let given = if is_whole {
            least
        } else {
            least.min(room.max(1))
        };
        widths[index] = given;
        used += given + gap;
    }
    let room = width.saturating_sub(used);
    let room = widen(columns, &mut widths, room, comfortable);
    widen(columns, &mut widths, room, |column| column.natural);
    widths
}

/// How wide a column is to be before others become wider.
fn comfortable(column: &Drawn) -> usize {
    match column.fit {
        Fit::Main => column.natural.min(COMFORTABLE),
        _ => 0,
    }
}

/// How much is missing for that.
fn wanting(columns: &[Drawn], widths: &[usize]) -> usize {
    let missing = |(column, width): (&Drawn, &usize)| comfortable(column).saturating_sub(*width);
    columns.iter().zip(widths).map(missing).sum()
}

/// Gives room that is left, cell by cell, to the narrowest column that is to be wider, and says
/// what is left then.
fn widen(
    columns: &[Drawn],
    widths: &mut [usize],
    room: usize,
    wanted: impl Fn(&Drawn) -> usize,
) -> usize {
    for given in 0..room {
        let needy = columns
            .iter()
            .zip(widths.iter_mut())
            .filter(|(column, width)| **width > 0 && **width < wanted(column));
        match needy.map(|(_, width)| width).min() {
            Some(narrowest) => *narrowest += 1,
            None => return room - given,
        }
    }
    0
}
