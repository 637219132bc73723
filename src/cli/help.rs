//! The overview of all commands: one screen, in the order of what people want.

use super::commands::COMMANDS;
use crate::services::snapshot::visible_kinds;
use std::fmt::Write as _;

/// What people want when they look for a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Something happened and is to be kept.
    Happened,
    /// To know who needs them, and why.
    Needs,
    /// Something is to be done.
    Plan,
    /// Deals on their way.
    Pipeline,
    /// The records themselves.
    Records,
    /// Other programs and other places.
    Exchange,
    /// A mistake, or what was done when.
    Back,
    /// The program itself.
    Care,
}

/// Every group with its words, in the order of the overview.
pub const GROUPS: &[(Group, &str)] = &[
    (Group::Happened, "Write down what happened"),
    (Group::Needs, "See who needs you"),
    (Group::Plan, "Plan what comes"),
    (Group::Pipeline, "Work the pipeline"),
    (Group::Records, "Keep records"),
    (Group::Exchange, "Move things in and out"),
    (Group::Back, "Look back, take back"),
    (Group::Care, "Set up and look after"),
];

/// What to try first.
pub const FIRST_STEPS: &[&str] = &[
    "touchbase demo",
    "touchbase contact add 'Ana Silva' --email ana@acme.example",
    "touchbase log ana 'wants a quote by friday' --follow-up fri",
    "touchbase due",
];

/// Names begin behind so many letters.
const INDENT: usize = 26;
/// No line is longer.
const WIDTH: usize = 78;

/// The overview, as `touchbase --help` shows it.
pub fn overview() -> String {
    let mut text = String::from(
        "A CRM for people who sell alone and live in a terminal\n\n\
         Usage: touchbase [COMMAND]     without one, on a terminal, it opens the screen\n\n",
    );
    for (group, words) in GROUPS {
        let mut names = Vec::new();
        if *group == Group::Records {
            names.extend(visible_kinds().map(|kind| kind.name));
        }
        let own = COMMANDS.iter().filter(|def| def.group == *group);
        names.extend(own.map(|def| def.name));
        for (index, line) in lines(&names).iter().enumerate() {
            let head = if index == 0 { *words } else { "" };
            let _ = writeln!(text, "{head:INDENT$}{line}");
        }
        if *group == Group::Records {
            let verbs = "each with add, show, list, edit, rm, archive, restore";
            let _ = writeln!(text, "{:INDENT$}{verbs}", "");
        }
    }
    text.push_str("\nBegin with\n");
    for step in FIRST_STEPS {
        let _ = writeln!(text, "  {step}");
    }
    text.push_str("\n`touchbase COMMAND --help` says more, and what every command takes.\n");
    text
}

/// Names in lines that fit.
fn lines(names: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for name in names {
        match lines.last_mut() {
            Some(line) if INDENT + line.len() + 2 + name.len() <= WIDTH => {
                line.push_str(", ");
                line.push_str(name);
            }
            _ => lines.push((*name).to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest screen that is promised to be enough.
    const SCREEN: (usize, usize) = (80, 24);

    #[test]
    fn the_overview_fits_a_screen_and_names_every_command_once() {
        let text = overview();
        let longest = text.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(SCREEN.0), "{longest:?}\n{text}");
        assert!(
            text.lines().count() < SCREEN.1,
            "{}\n{text}",
            text.lines().count()
        );
        let (groups, _) = text.split_once("\nBegin with").expect("the groups");
        let (_, groups) = groups.split_once("screen\n\n").expect("the usage");
        let names: Vec<&str> = groups
            .lines()
            .filter(|line| !line.contains("each with"))
            .flat_map(|line| line[INDENT..].split(", "))
            .collect();
        let known = COMMANDS.iter().map(|def| def.name);
        for name in known.chain(visible_kinds().map(|kind| kind.name)) {
            let times = names.iter().filter(|known| **known == name).count();
            assert_eq!(times, 1, "{name}\n{text}");
        }
    }
}
