//! What the program does for a person: rows of behaviours over intents and questions.

mod conflicts;
mod deals;
mod due;
mod fields;
mod follow_ups;
mod history;
mod lists;
mod records;
mod who;
