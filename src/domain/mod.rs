//! Records, values, field tables and rules. No I/O, no clock, no words for people.
//!
//! Start with [`record::Record`] and [`field::Field`]; a kind of record is one file
//! that declares a `KIND`, listed in [`KINDS`].

pub mod cadence;
pub mod change;
pub mod context;
pub mod custom;
pub mod derived;
pub mod field;
pub mod fuzzy;
pub mod id;
pub mod json;
pub mod kind;
pub mod lookup;
pub mod nearest;
pub mod occasion;
pub mod query;
pub mod quick;
pub mod read;
pub mod record;
pub mod search;
pub mod settings;
pub mod show;
pub mod values;
pub mod when;

pub mod activity;
pub mod company;
pub mod contact;
pub mod deal;
pub mod follow_up;
pub mod pipeline;
pub mod segment;

use kind::Kind;

/// Every kind of record, in the order of commands and help.
pub const KINDS: &[&Kind] = &[
    &contact::KIND,
    &company::KIND,
    &deal::KIND,
    &activity::KIND,
    &follow_up::KIND,
    &segment::KIND,
    &pipeline::KIND,
];

/// The kind that the store keeps under a number.
pub fn kind_by_number(number: u8) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.number == number).copied()
}

/// The kind of that name, singular or plural.
pub fn kind_by_name(name: &str) -> Option<&'static Kind> {
    KINDS
        .iter()
        .find(|kind| kind.name == name || kind.plural == name)
        .copied()
}
