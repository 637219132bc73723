//! Ways in which a disk may be found: which of the pending pieces and names survived.

use super::disk::Survival;
use super::piece::Piece;
use crate::chance::Random;
use std::sync::Arc;

/// A way in which a disk may be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Variant {
    /// Nothing that was pending.
    Nothing,
    /// All of it.
    Everything,
    /// A random half of the sectors, and some names.
    Half,
    /// All but an end of what was written last.
    Torn,
    /// Names and lengths without the bytes: zeros, as files that grew late.
    Hollow,
    /// Of the contents only what was written last: the order is not kept.
    OnlyLast,
}

/// Each once, in the order of their use.
pub(crate) const VARIANTS: &[Variant] = &[
    Variant::Nothing,
    Variant::Everything,
    Variant::Half,
    Variant::Torn,
    Variant::Hollow,
    Variant::OnlyLast,
];

/// A variant with the chance that it needs.
pub(crate) struct Fate<'a> {
    variant: Variant,
    random: &'a mut Random,
    sector: u64,
}

impl<'a> Fate<'a> {
    pub(crate) fn new(variant: Variant, random: &'a mut Random) -> Self {
        let sector = *random.pick(&[512, 4096]);
        Self {
            variant,
            random,
            sector,
        }
    }

    /// A random half of the sectors of a write.
    fn half(&mut self, at: u64, bytes: &[u8], survivors: &mut Vec<Piece>) {
        let end = at + bytes.len() as u64;
        let mut start = at;
        while start < end {
            let next = ((start / self.sector + 1) * self.sector).min(end);
            if self.random.one_in(2) {
                survivors.push(Piece::Write(start, part(at, bytes, start, next)));
            }
            start = next;
        }
    }

    /// The beginning of a write, up to a sector's edge or to any byte.
    fn torn(&mut self, at: u64, bytes: &[u8], survivors: &mut Vec<Piece>) {
        let mut end = at + self.random.below(bytes.len() as u64);
        if self.random.one_in(2) {
            end = (end / self.sector * self.sector).max(at);
        }
        if end > at {
            survivors.push(Piece::Write(at, part(at, bytes, at, end)));
        }
    }
}

impl Survival for Fate<'_> {
    fn names(&mut self, pending: usize) -> usize {
        match self.variant {
            Variant::Nothing => 0,
            Variant::Half => self.random.place(pending + 1),
            _ => pending,
        }
    }

    fn pieces(&mut self, piece: &Piece, is_last: bool, survivors: &mut Vec<Piece>) {
        match (self.variant, piece) {
            (Variant::Everything, _) => survivors.push(piece.clone()),
            (Variant::Half, Piece::Write(at, bytes)) => self.half(*at, bytes, survivors),
            (Variant::Half, _) if self.random.one_in(2) => survivors.push(piece.clone()),
            (Variant::Torn, Piece::Write(at, bytes)) if is_last => self.torn(*at, bytes, survivors),
            (Variant::Torn, _) if !is_last => survivors.push(piece.clone()),
            (Variant::Hollow, Piece::Write(at, bytes)) => {
                survivors.push(Piece::AtLeast(at + bytes.len() as u64));
            }
            (Variant::Hollow, _) => survivors.push(piece.clone()),
            (Variant::OnlyLast, _) if is_last => survivors.push(piece.clone()),
            _ => {}
        }
    }
}

fn part(at: u64, bytes: &[u8], from: u64, to: u64) -> Arc<Vec<u8>> {
    let place = |offset: u64| usize::try_from(offset - at).expect("inside");
    Arc::new(bytes[place(from)..place(to)].to_vec())
}
