//! Completion in real shells: they source the script, keys are typed, and the line that is there
//! then is run.

use crate::terminal::Terminal;
use crate::world::World;
use portable_pty::CommandBuilder;
use std::path::Path;
use std::process::Command;

/// A shell of which a test knows how it starts.
struct Shell {
    name: &'static str,
    arguments: &'static [&'static str],
    /// What makes it complete, as the guide has it.
    source: &'static str,
}

const BASH: Shell = Shell {
    name: "bash",
    arguments: &["--norc", "--noprofile", "-i"],
    source: "source <(touchbase completions bash)",
};
const ZSH: Shell = Shell {
    name: "zsh",
    arguments: &["-f", "-i"],
    source: "autoload -U compinit; compinit -u -D; source <(touchbase completions zsh)",
};
const FISH: Shell = Shell {
    name: "fish",
    // What it suggests in grey would stand where a completion is waited for.
    arguments: &[
        "--no-config",
        "-i",
        "-C",
        "set -g fish_autosuggestion_enabled 0; function fish_greeting; end; \
         function fish_prompt; echo -n '> '; end",
    ],
    source: "touchbase completions fish | source",
};

/// What is typed, what stands in the line behind a tab, what is typed then, and the answer.
type Row = (&'static str, &'static str, &'static str, &'static str);

/// A terminal with the shell in it, ready to complete; none when it is not installed.
fn open(world: &World, shell: &Shell) -> Option<Terminal> {
    if Command::new(shell.name).arg("--version").output().is_err() {
        println!("skipped: there is no {}", shell.name);
        return None;
    }
    let mut command = CommandBuilder::new(shell.name);
    command.args(shell.arguments);
    command.env_clear();
    for (name, value) in &world.vars {
        command.env(name, value);
    }
    let program = Path::new(env!("CARGO_BIN_EXE_touchbase"));
    let folder = program.parent().expect("a folder").display();
    command.env("PATH", format!("{folder}:/usr/local/bin:/usr/bin:/bin"));
    command.env("LC_ALL", "C.UTF-8");
    command.env("TERM", "xterm-256color");
    command.env("PS1", "> ");
    command.cwd(world.path());
    let mut terminal = Terminal::start(command, (110, 45));
    terminal.wait("a prompt", |screen| screen.contains('>'));
    terminal.press(&format!("{}\recho loaded-$(expr 40 + 2)\r", shell.source));
    terminal.wait_for("loaded-42");
    Some(terminal)
}

fn world() -> World {
    let world = World::new();
    for words in [
        &["contact", "add", "Zoë Müller", "--tag", "vip"][..],
        &["contact", "add", "Zoe Maier"],
        &["contact", "add", "Ana Silva"],
        &["contact", "add", "Bo Berg"],
        &["deal", "add", "New site"],
        &[
            "company",
            "add",
            "Acme",
            "--industry",
            "$(touch executed) & ü",
        ],
    ] {
        let ran = world.run(&[&["touchbase"], words].concat(), "");
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
    }
    world
}

/// Types each row in the shell, and in the end nothing but touchbase was executed.
fn check(shell: &Shell, rows: &[Row]) {
    let world = world();
    let Some(mut terminal) = open(&world, shell) else {
        return;
    };
    let lines = |screen: &str| {
        let lines = screen.lines().map(str::trim_end);
        lines.collect::<Vec<_>>().join("\n")
    };
    for (typed, completed, more, answer) in rows {
        terminal.press(&format!("clear\r{typed}"));
        terminal.wait("what is typed", |screen| {
            let typed = typed.trim_end();
            screen.trim_end().ends_with(typed) && screen.trim_start().starts_with('>')
        });
        terminal.press("\t");
        terminal.wait(&format!("`{completed}` behind `{typed}`"), |screen| {
            screen.contains(completed)
        });
        terminal.press(&format!("{more}\r"));
        terminal.wait(&format!("`{answer}` behind `{typed}`"), |screen| {
            lines(screen).contains(answer)
        });
    }
    let listed = world.run(
        &["touchbase", "company", "list", "--columns", "industry"],
        "",
    );
    let industries: Vec<&str> = listed.out.lines().collect();
    assert!(industries.len() > 1);
    for industry in industries {
        assert!(industry.contains("$(touch executed) & ü"), "{industry}");
    }
    assert!(
        !world.path().join("executed").exists(),
        "a value was executed"
    );
    terminal.press("exit\r");
    terminal.end();
}

const PLAIN: &[Row] = &[
    (
        "touchbase log zoë-mu",
        "zoë-muller",
        "hello",
        "logged call with Zoë Müller",
    ),
    (
        "touchbase log mül",
        "müller-zoe",
        "hello",
        "logged call with Zoë Müller",
    ),
    (
        "touchbase move new-site prop",
        "proposal",
        "",
        "moved New site",
    ),
    (
        "touchbase log ana-silva,b",
        "ana-silva,bo-berg",
        "kick-off",
        "with Ana Silva and Bo Berg",
    ),
    (
        "touchbase contact list --columns name tag:v",
        "tag:vip",
        "",
        "  Zoë Müller",
    ),
    (
        "touchbase deal list --json=exp",
        "--json=expected-close",
        "",
        "\"schema\"",
    ),
    (
        "touchbase company add Other --industry ",
        "executed",
        "",
        "added company Other",
    ),
];

#[test]
fn bash_completes() {
    check(&BASH, PLAIN);
}

#[test]
fn zsh_completes() {
    check(&ZSH, PLAIN);
}

#[test]
fn fish_completes() {
    check(&FISH, PLAIN);
}

/// Words in quotes, as bash and zsh take them.
const QUOTED: &[Row] = &[
    (
        "touchbase log 'zoë mu",
        "'zoë muller'",
        "hello",
        "logged call with Zoë Müller",
    ),
    (
        "touchbase log \"ana s",
        "\"ana silva\"",
        "hello",
        "logged call with Ana Silva",
    ),
    (
        "touchbase log bo\\ b",
        "bo\\ berg",
        "hello",
        "logged call with Bo Berg",
    ),
    (
        "touchbase company add Third --industry \\$",
        "executed",
        "",
        "added company Third",
    ),
    (
        "touchbase company add Fourth --industry '$",
        "executed",
        "",
        "added company Fourth",
    ),
];

#[test]
fn bash_completes_what_is_quoted() {
    check(&BASH, QUOTED);
}

#[test]
fn zsh_completes_what_is_quoted() {
    check(&ZSH, QUOTED);
}
