//! How output looks: from the flags, the settings, the environment and the terminal.

use super::host::Host;
use crate::cli::pager::Pager;
use crate::cli::style::Look;
use crate::domain::settings::Settings;
use crate::domain::settings::output::When;
use clap::ArgMatches;

/// Terminals that show links, by the variable and the values in which they give their name.
const LINKING: &[(&str, &[&str])] = &[
    (
        "TERM_PROGRAM",
        &[
            "Hyper",
            "iTerm.app",
            "terminology",
            "WezTerm",
            "vscode",
            "ghostty",
            "zed",
            "rio",
        ],
    ),
    (
        "TERM",
        &[
            "xterm-kitty",
            "alacritty",
            "alacritty-direct",
            "foot",
            "xterm-ghostty",
        ],
    ),
    ("COLORTERM", &["xfce4-terminal"]),
];
/// Those that are known by a variable of their own.
const LINKING_BY_THEIR_OWN: &[&str] = &["DOMTERM", "WT_SESSION", "KONSOLE_VERSION"];
/// From this version on, terminals that are made with VTE show links.
const VTE: u32 = 5000;

/// Whether to colour what goes to a stream.
pub(super) fn color(chosen: Option<&str>, host: &Host, is_terminal: bool) -> bool {
    match chosen {
        Some("always") => true,
        Some("never") => false,
        _ => is_terminal && host.var("NO_COLOR").is_none() && !is_dumb(host),
    }
}

/// How data looks on standard output.
pub(super) fn look(matches: &ArgMatches, settings: &Settings, host: &Host) -> Look {
    let is_terminal = host.out_is_terminal;
    // The setting is for the terminal: what scripts get stays as it is.
    let spoken = matches.get_flag("screen-reader") || settings.screen_reader && is_terminal;
    let chosen = matches.get_one::<String>("color").map(String::as_str);
    let links = matches.get_one::<String>("hyperlinks");
    let links = links.and_then(|name| When::named(name));
    let links = match links.unwrap_or(settings.hyperlinks) {
        When::Always => true,
        When::Never => false,
        When::Auto => is_terminal && !is_dumb(host) && shows_links(host),
    };
    Look {
        width: host.width,
        color: color(chosen, host, is_terminal) && !spoken,
        links: links && !spoken,
        spoken,
    }
}

/// The pager: only where a person at a terminal may be asked for keys.
pub(super) fn pager(
    matches: &ArgMatches,
    settings: &Settings,
    look: Look,
    host: &Host,
) -> Option<Pager> {
    let unwanted = matches.get_flag("no-pager") || matches.get_flag("no-input");
    if unwanted || look.spoken || is_dumb(host) || !host.out_is_terminal {
        return None;
    }
    Some(Pager {
        command: Pager::named(&settings.pager, host.var("PAGER"))?,
        sets_less: !host.vars.contains_key("LESS"),
        width: host.width,
        height: host.height?,
    })
}

fn is_dumb(host: &Host) -> bool {
    host.var("TERM") == Some("dumb")
}

/// Whether the terminal is known to show links.
fn shows_links(host: &Host) -> bool {
    let is_listed = |(variable, names): &(&str, &[&str])| {
        let name = host.var(variable);
        name.is_some_and(|name| names.contains(&name))
    };
    let version = host
        .var("VTE_VERSION")
        .and_then(|version| version.parse().ok());
    LINKING.iter().any(is_listed)
        || LINKING_BY_THEIR_OWN
            .iter()
            .any(|variable| host.var(variable).is_some())
        || version.is_some_and(|version: u32| version >= VTE)
}
