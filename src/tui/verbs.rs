//! What can be done to the selected record at once; dialogs for the rest are in `dialogs.rs`.

use super::actions::Action;
use super::dialogs;
use super::model::Model;
use super::msg::Request;
use super::next_step;
use super::popups::ask::Ask;
use super::popups::menu::{Choice, Menu};
use super::popups::reading::wrong;
use crate::domain::id::Id;
use crate::domain::kind::Kind;
use crate::domain::pipeline::Outcome;
use crate::domain::record::Record;
use crate::domain::values::text::fold;
use crate::domain::{company, contact, deal, follow_up, kind_by_name, when};
use crate::services::intent::{
    FieldEdit, Intent, LogEntry, Place, Reminder, StageMove, StageTarget, Target,
};

/// A record, as an intent names it.
pub(crate) const fn target(record: &Record) -> Target {
    Target {
        kind: record.kind,
        id: record.id,
    }
}

/// Takes back the last change.
pub(crate) fn undo(model: &mut Model, _action: &'static Action, _argument: &str) {
    model.perform(Intent::Undo(None));
}

/// Brings back what was undone.
pub(crate) fn redo(model: &mut Model, _action: &'static Action, _argument: &str) {
    model.perform(Intent::Redo);
}

/// Adds a record: of the named kind, of the view's, or of one that is asked for.
pub(crate) fn add(model: &mut Model, action: &'static Action, argument: &str) {
    let kind = match argument.trim() {
        "" => model.kind(),
        name => match kind_by_name(name).filter(|kind| !kind.hidden) {
            Some(kind) => Some(kind),
            None => return model.say(format!("there is no kind `{name}`")),
        },
    };
    if let Some(kind) = kind {
        let form = dialogs::create(kind, model);
        model.popups.push(Box::new(form));
        return;
    }
    let choice = |key, kind: &'static Kind| {
        let run = Request::Run(action, kind.name.to_owned());
        Choice::new(key, kind.name, vec![run]).note(kind.help)
    };
    let choices = vec![
        choice('c', &contact::KIND),
        choice('o', &company::KIND),
        choice('d', &deal::KIND),
        choice('f', &follow_up::KIND),
    ];
    model.popups.push(Box::new(Menu::new("Add", choices, 0)));
}

/// Opens the record's form.
pub(crate) fn edit(model: &mut Model, _action: &'static Action, _argument: &str) {
    let form = model
        .selected()
        .map(|record| dialogs::edit(record, &model.shared));
    if let Some(form) = form {
        model.popups.push(Box::new(form));
    }
}

/// Whom a record is about: the contacts, the company and the deal of what happens with it.
pub(crate) fn about(record: &Record) -> LogEntry {
    let mut entry = LogEntry::default();
    match record.kind.name {
        "contact" => entry.contacts = vec![record.id],
        "company" => entry.company = Some(record.id),
        "deal" => {
            entry.contacts = record.list(deal::CONTACTS).to_vec();
            entry.company = record.get(deal::COMPANY).copied();
            entry.deal = Some(record.id);
        }
        "follow-up" => {
            entry.contacts = record.list(follow_up::CONTACTS).to_vec();
            entry.company = record.get(follow_up::COMPANY).copied();
            entry.deal = record.get(follow_up::DEAL).copied();
        }
        _ => {
            entry.contacts = record.list(crate::domain::activity::CONTACTS).to_vec();
            entry.company = record.get(crate::domain::activity::COMPANY).copied();
            entry.deal = record.get(crate::domain::activity::DEAL).copied();
        }
    }
    entry
}

/// Logs what happened: at once when the text is given, else in a dialog.
pub(crate) fn log(model: &mut Model, action: &'static Action, argument: &str) {
    let Some(record) = model.selected() else {
        return;
    };
    let kind = action.name.trim_start_matches("log-");
    if argument.is_empty() {
        let form = dialogs::log(record, kind, &model.shared);
        model.popups.push(Box::new(form));
        return;
    }
    let entry = LogEntry {
        kind: kind.to_owned(),
        text: argument.to_owned(),
        ..about(record)
    };
    model.perform(Intent::Log(entry));
}

/// Whom a follow-up is about.
pub(crate) fn about_targets(record: &Record) -> Vec<Target> {
    let entry = about(record);
    let contacts = entry.contacts.into_iter().map(|id| Target {
        kind: &contact::KIND,
        id,
    });
    let company = entry.company.map(|id| Target {
        kind: &company::KIND,
        id,
    });
    let deal = entry.deal.map(|id| Target {
        kind: &deal::KIND,
        id,
    });
    contacts.chain(company).chain(deal).collect()
}

/// Sets a follow-up; on a follow-up itself, puts it off.
pub(crate) fn remind(model: &mut Model, action: &'static Action, argument: &str) {
    let Some(record) = model.selected() else {
        return;
    };
    if record.kind == &follow_up::KIND {
        return snooze(model, action, argument);
    }
    if argument.is_empty() {
        let form = dialogs::remind(record, &model.shared);
        model.popups.push(Box::new(form));
        return;
    }
    match next_step::parse(argument, &model.shared.context) {
        Ok(next) => {
            let about = about_targets(record);
            let reminder = Reminder {
                about,
                due: next.due,
                text: next.text,
                repeat: None,
                priority: None,
            };
            model.perform(Intent::Remind(reminder));
        }
        Err(error) => model.say(wrong(&error)),
    }
}

/// Sets the stage, the lifecycle, or puts a follow-up off.
pub(crate) fn state(model: &mut Model, action: &'static Action, argument: &str) {
    match model.selected().map(|record| record.kind.name) {
        Some("deal") => stage(model, action, argument),
        Some("contact") => lifecycle(model, action, argument),
        Some("follow-up") => snooze(model, action, argument),
        _ => {}
    }
}

/// Moves the deal to a stage.
pub(crate) fn stage(model: &mut Model, _action: &'static Action, argument: &str) {
    let Some(record) = model.selected() else {
        return;
    };
    let pipelines = model.shared.snapshot.pipelines();
    let name = record.get(deal::PIPELINE).map(String::as_str);
    let Some(pipeline) = pipelines.get(name) else {
        return model.say("this deal's pipeline is not in the settings");
    };
    if !argument.is_empty() {
        let Some(stage) = pipeline.stage(argument) else {
            let names: Vec<&str> = pipeline.stages.iter().map(|stage| &*stage.name).collect();
            let names = names.join(", ");
            return model.say(format!("`{argument}` is no stage; there are: {names}"));
        };
        let (id, stage) = (record.id, stage.clone());
        return move_to(model, id, &stage.name, stage.outcome);
    }
    let now = record.text(deal::STAGE);
    let at = pipeline.position(now).unwrap_or(0);
    let keys = ('1'..='9').chain('a'..='z');
    let act = super::actions::RECORD
        .iter()
        .find(|action| action.name == "stage");
    let Some(act) = act else { return };
    let seen = dialogs::seen(record, &model.shared);
    let choices: Vec<Choice> = keys
        .filter(|key| !matches!(key, 'j' | 'k' | 'q'))
        .zip(&pipeline.stages)
        .map(|(key, stage)| {
            let run = if stage.outcome == Outcome::Open && stage.name != now {
                let to = StageTarget::Named(stage.name.clone());
                Request::Perform(seen(Intent::Move(plain_move(record.id, to))))
            } else {
                Request::Run(act, stage.name.clone())
            };
            let chance = format!("{}%", stage.probability.get());
            Choice::new(key, stage.name.clone(), vec![run]).note(chance)
        })
        .collect();
    let title = format!("Stage of {}", record.title());
    model.popups.push(Box::new(Menu::new(title, choices, at)));
}

/// Moves a deal: at once to an open stage, with a dialog when it is won or lost.
pub(crate) fn move_to(model: &mut Model, id: Id, stage: &str, outcome: Outcome) {
    let to = StageTarget::Named(stage.to_owned());
    let Some(record) = model.shared.snapshot.get(id) else {
        return;
    };
    if record.text(deal::STAGE) == stage {
        return;
    }
    if outcome != Outcome::Open {
        let form = dialogs::close(record, to, outcome, &model.shared);
        model.popups.push(Box::new(form));
        return;
    }
    model.perform(Intent::Move(plain_move(id, to)));
}

/// A move without words.
pub(crate) const fn plain_move(deal: Id, to: StageTarget) -> StageMove {
    StageMove {
        deal,
        to,
        note: None,
        reason: None,
        competitor: None,
        follow_up: None,
    }
}

fn closing(model: &mut Model, outcome: Outcome) {
    let form = model.selected().map(|record| {
        dialogs::close(
            record,
            StageTarget::Outcome(outcome),
            outcome,
            &model.shared,
        )
    });
    if let Some(form) = form {
        model.popups.push(Box::new(form));
    }
}

/// The deal is won.
pub(crate) fn win(model: &mut Model, _action: &'static Action, _argument: &str) {
    closing(model, Outcome::Won);
}

/// The deal is lost: with its reason at once, else in a dialog.
pub(crate) fn lose(model: &mut Model, _action: &'static Action, argument: &str) {
    let Some(id) = model.selected().map(|record| record.id) else {
        return;
    };
    if argument.is_empty() {
        return closing(model, Outcome::Lost);
    }
    let plain = plain_move(id, StageTarget::Outcome(Outcome::Lost));
    model.perform(Intent::Move(StageMove {
        reason: Some(argument.to_owned()),
        ..plain
    }));
}

/// The deal is open again.
pub(crate) fn reopen(model: &mut Model, _action: &'static Action, _argument: &str) {
    if let Some(id) = model.selected().map(|record| record.id) {
        model.perform(Intent::Move(plain_move(
            id,
            StageTarget::Outcome(Outcome::Open),
        )));
    }
}

/// Sets the contact's lifecycle.
pub(crate) fn lifecycle(model: &mut Model, _action: &'static Action, argument: &str) {
    let Some(record) = model.selected() else {
        return;
    };
    let targets = vec![(target(record), Some(record.revision))];
    let edit = |word: &str| Intent::Edit {
        targets: targets.clone(),
        fields: vec![FieldEdit::set("lifecycle", word)],
    };
    let words = contact::LIFECYCLES;
    if !argument.is_empty() {
        let known = words.iter().find(|word| fold(word) == fold(argument));
        match known.map(|word| edit(word)) {
            Some(intent) => {
                model.perform(intent);
            }
            None => model.say(format!("`{argument}` is none of: {}", words.join(", "))),
        }
        return;
    }
    let now = record.text(contact::LIFECYCLE);
    let at = words.iter().position(|word| *word == now).unwrap_or(0);
    let choices = ('1'..)
        .zip(words)
        .map(|(key, word)| Choice::new(key, *word, vec![Request::Perform(edit(word))]));
    let menu = Menu::new(
        format!("Lifecycle of {}", record.title()),
        choices.collect(),
        at,
    );
    model.popups.push(Box::new(menu));
}

/// Puts the follow-up off: to the given time at once, else asks.
pub(crate) fn snooze(model: &mut Model, _action: &'static Action, argument: &str) {
    let Some(record) = model.selected() else {
        return;
    };
    let (id, context) = (record.id, &model.shared.context);
    if !argument.is_empty() {
        match when::due(argument, context) {
            Ok(due) => {
                model.perform(Intent::Snooze(vec![id], due));
            }
            Err(error) => model.say(wrong(&error)),
        }
        return;
    }
    let offers = [
        ('1', "+1d", "tomorrow"),
        ('3', "+3d", "in three days"),
        ('w', "next week", "next week"),
        ('m', "+1mo", "in a month"),
    ];
    let mut choices: Vec<Choice> = Vec::new();
    let seen = dialogs::seen(record, &model.shared);
    for (key, text, words) in offers {
        if let Ok(due) = when::due(text, context) {
            let day = due.day(context.zone).format("%a %-d %b").to_string();
            let perform = Request::Perform(seen(Intent::Snooze(vec![id], due)));
            choices.push(Choice::new(key, words, vec![perform]).note(day));
        }
    }
    let form = Box::new(dialogs::snooze(record, &model.shared));
    choices.push(Choice::new(
        't',
        "type a date or time …",
        vec![Request::Popup(form)],
    ));
    let menu = Menu::new(format!("Put off: {}", record.title()), choices, 0);
    model.popups.push(Box::new(menu));
}

/// The follow-up is done.
pub(crate) fn done(model: &mut Model, _action: &'static Action, _argument: &str) {
    let Some(record) = model.selected() else {
        return;
    };
    if record.get(follow_up::DONE).is_some() {
        return model.say("that is done already");
    }
    let follow_up = record.id;
    model.perform(Intent::Done {
        follow_up,
        log: None,
        next: None,
    });
}

/// The follow-up is done, and the next one is set.
pub(crate) fn done_and_next(model: &mut Model, _action: &'static Action, argument: &str) {
    let Some(record) = model.selected() else {
        return;
    };
    let follow_up = record.id;
    if argument.is_empty() {
        let form = dialogs::done_and_next(record, &model.shared);
        model.popups.push(Box::new(form));
        return;
    }
    match next_step::parse(argument, &model.shared.context) {
        Ok(next) => {
            model.perform(Intent::Done {
                follow_up,
                log: None,
                next: Some(next),
            });
        }
        Err(error) => model.say(wrong(&error)),
    }
}

fn tags(model: &mut Model, argument: &str, adding: bool) {
    let Some(record) = model.selected() else {
        return;
    };
    let words: Vec<String> = argument
        .split([',', ';', ' '])
        .map(|word| word.trim().trim_start_matches('#').to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        return model.say("type the tags behind the command: `:tag vip`");
    }
    let targets = vec![target(record)];
    let (add, remove) = if adding {
        (words, Vec::new())
    } else {
        (Vec::new(), words)
    };
    model.perform(Intent::Tag {
        targets,
        add,
        remove,
    });
}

/// Adds tags.
pub(crate) fn tag(model: &mut Model, _action: &'static Action, argument: &str) {
    tags(model, argument, true);
}

/// Removes tags.
pub(crate) fn untag(model: &mut Model, _action: &'static Action, argument: &str) {
    tags(model, argument, false);
}

/// Puts the record away.
pub(crate) fn archive(model: &mut Model, _action: &'static Action, _argument: &str) {
    if let Some(target) = model.selected().map(target) {
        model.perform(Intent::Place(vec![target], Place::Archive));
    }
}

/// Moves the record to the trash, when the answer is yes.
pub(crate) fn trash(model: &mut Model, _action: &'static Action, _argument: &str) {
    let Some(record) = model.selected() else {
        return;
    };
    let question = format!(
        "Move the {} `{}` to the trash?",
        record.kind.name,
        record.title()
    );
    let intent = Intent::Place(vec![target(record)], Place::Trash);
    let ask = Ask::new("Trash", question, vec![Request::Perform(intent)]);
    model.popups.push(Box::new(ask));
}
