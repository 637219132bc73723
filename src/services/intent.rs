//! Everything a user can want to change. The shell and the screen build these; nothing else does.

use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::pipeline::Outcome;
use crate::domain::quick::QuickAdd;
use crate::domain::record::ExternalId;
use crate::domain::values::contact_points::Email;
use crate::domain::values::dates::{Due, Moment};
use crate::domain::values::repeat::Repeat;
use crate::domain::values::{Minutes, Value};

/// A record, named by its kind and identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its kind.
    pub kind: &'static Kind,
    /// Its identity.
    pub id: Id,
}

/// What to do with one field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldChange {
    /// Replace its value with what the text means.
    Set(String),
    /// Add to a list what the text means.
    Add(String),
    /// Take from a list what the text means.
    Remove(String),
    /// Empty it.
    Clear,
    /// Replace its value with one that was read already.
    Put(Value),
}

/// A change of one field, by its name; a name that the kind does not have is a custom field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldEdit {
    /// The field's name.
    pub name: String,
    /// Whether the name is that of a custom field, even if the kind has one of that name.
    pub custom: bool,
    /// What to do.
    pub change: FieldChange,
}

impl FieldEdit {
    /// Sets a field of the table from text.
    pub fn set(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            custom: false,
            change: FieldChange::Set(text.into()),
        }
    }

    /// Any change of a field of the table.
    pub fn new(name: impl Into<String>, change: FieldChange) -> Self {
        Self {
            name: name.into(),
            custom: false,
            change,
        }
    }

    /// Sets a custom field.
    pub fn custom(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            custom: true,
            change: FieldChange::Set(text.into()),
        }
    }
}

/// A follow-up to make beside something else.
#[derive(Clone, Debug, PartialEq)]
pub struct NextStep {
    /// When it is due.
    pub due: Due,
    /// What to do; a default in words when empty.
    pub text: String,
}

/// Something that happened, to be logged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogEntry {
    /// With whom: contacts.
    pub contacts: Vec<Id>,
    /// With whom besides: contacts to be made.
    pub new_contacts: Vec<NewContact>,
    /// With which company; a single contact's own when none is given.
    pub company: Option<Id>,
    /// About which deal.
    pub deal: Option<Id>,
    /// One of [`crate::domain::activity::TYPES`].
    pub kind: String,
    /// What was said or done; a default in words when empty.
    pub text: String,
    /// More than fits a line, where `text` is a title of its own: the body of a message.
    pub notes: String,
    /// The id by which another program knows it. What is known by one is logged once.
    pub external: Option<ExternalId>,
    /// When; now when none is given.
    pub at: Option<Moment>,
    /// How long.
    pub duration: Option<Minutes>,
    /// `in` or `out`.
    pub direction: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
    /// The follow-up that this does.
    pub answers: Option<Id>,
    /// What comes next.
    pub follow_up: Option<NextStep>,
}

/// A contact to be made beside something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContact {
    /// The name.
    pub name: String,
    /// The address by which they became known.
    pub email: Option<Email>,
    /// Where they belong to.
    pub company: Option<Id>,
}

impl NewContact {
    /// A contact of whom only the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            email: None,
            company: None,
        }
    }
}

/// A follow-up to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Reminder {
    /// About whom or what: contacts, a company, a deal.
    pub about: Vec<Target>,
    /// When.
    pub due: Due,
    /// What to do; a default in words when empty.
    pub text: String,
    /// By which rule it comes again.
    pub repeat: Option<Repeat>,
    /// low, normal or high.
    pub priority: Option<String>,
}

/// Where to put records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Back into the day's work, from the archive or the trash.
    Active,
    /// Out of sight, found when asked for.
    Archive,
    /// Into the trash: found when restoring only.
    Trash,
}

/// A move of a deal.
#[derive(Clone, Debug, PartialEq)]
pub struct StageMove {
    /// The deal.
    pub deal: Id,
    /// Where to.
    pub to: StageTarget,
    /// A note for the stage history.
    pub note: Option<String>,
    /// Why it was won or lost.
    pub reason: Option<String>,
    /// Who else was in it.
    pub competitor: Option<String>,
    /// What comes next.
    pub follow_up: Option<NextStep>,
}

/// The stage that a move leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StageTarget {
    /// The stage of that name in the deal's pipeline.
    Named(String),
    /// The first stage with that outcome; for open: the stage it was in before it was closed.
    Outcome(Outcome),
}

/// Something the user wants changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    /// Make a record of a kind.
    Create {
        /// Its kind.
        kind: &'static Kind,
        /// Its fields.
        fields: Vec<FieldEdit>,
    },
    /// Change fields of records of one kind.
    Edit {
        /// Which; each with the revision that the change was made from, where one is known.
        targets: Vec<(Target, Option<u64>)>,
        /// What.
        fields: Vec<FieldEdit>,
    },
    /// Archive, trash or restore records.
    Place(Vec<Target>, Place),
    /// Remove records for good.
    Purge(Vec<Target>),
    /// Make a contact of a line, with its company and what comes next.
    QuickAdd {
        /// What the line says.
        add: QuickAdd,
        /// Whether to make a company that is not known.
        create: bool,
    },
    /// Log something that happened.
    Log(LogEntry),
    /// Make a follow-up.
    Remind(Reminder),
    /// A follow-up is done.
    Done {
        /// Which.
        follow_up: Id,
        /// What was done, to be logged as an activity of that type and text.
        log: Option<(String, String)>,
        /// What comes next.
        next: Option<NextStep>,
    },
    /// Follow-ups wait until then.
    Snooze(Vec<Id>, Due),
    /// A deal moves to a stage, is won, lost or reopened.
    Move(StageMove),
    /// A deal takes the place in its lane before another, or the last.
    Reorder {
        /// Which.
        deal: Id,
        /// Before which; the last place when none.
        before: Option<Id>,
    },
    /// Add and remove tags.
    Tag {
        /// On which records.
        targets: Vec<Target>,
        /// To add.
        add: Vec<String>,
        /// To remove.
        remove: Vec<String>,
    },
    /// What was decided while looking at these versions of records. It is refused where it
    /// would overwrite what others changed since.
    Seen {
        /// The records, each with its revision.
        versions: Vec<(Target, u64)>,
        /// What was decided.
        intent: Box<Intent>,
    },
    /// Take back the last change, or the one of that number.
    Undo(Option<u64>),
    /// Bring back what was undone last.
    Redo,
}

/// What became of an intent.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The number of the change; none when nothing had to be changed.
    pub number: Option<u64>,
    /// What was done, in one line of words.
    pub summary: String,
    /// The records that were touched, the main one first.
    pub records: Vec<Target>,
    /// What the user should know besides.
    pub warnings: Vec<String>,
}
