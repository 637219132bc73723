//! What can be done to the selected record, and to the last change.

use super::actions::Action;
use super::model::Model;
use super::msg::Request;
use super::popups::ask::Ask;
use crate::services::intent::{Intent, Place, Target};

/// The selected record, as an intent names it.
fn target(model: &Model) -> Option<Target> {
    model.selected().map(|record| Target {
        kind: record.kind,
        id: record.id,
    })
}

/// Takes back the last change.
pub(crate) fn undo(model: &mut Model, _action: &'static Action, _argument: &str) {
    model.perform(Intent::Undo(None));
}

/// Brings back what was undone.
pub(crate) fn redo(model: &mut Model, _action: &'static Action, _argument: &str) {
    model.perform(Intent::Redo);
}

/// Puts the record away.
pub(crate) fn archive(model: &mut Model, _action: &'static Action, _argument: &str) {
    if let Some(target) = target(model) {
        model.perform(Intent::Place(vec![target], Place::Archive));
    }
}

/// Moves the record to the trash, when the answer is yes.
pub(crate) fn trash(model: &mut Model, _action: &'static Action, _argument: &str) {
    let Some(record) = model.selected() else {
        return;
    };
    let kind = record.kind.name;
    let question = format!("Move the {kind} `{}` to the trash?", record.title());
    let intent = target(model).map(|target| Intent::Place(vec![target], Place::Trash));
    let yes = intent.into_iter().map(Request::Perform).collect();
    let ask = Ask::new("Trash", question, yes);
    model.popups.push(Box::new(ask));
}
