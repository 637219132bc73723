//! The shells: the script that each one sources, and the words in which each one asks and is
//! answered.
//!
//! The scripts of bash and zsh are ours: clap's do not know that bash cuts words at `:` and `=`,
//! and that a word may be in quotes. What a shell puts into the line without quoting it is quoted
//! here; a name may hold anything.

use super::Candidate;
use crate::domain::values::text;
use clap_complete::env::{Elvish, EnvCompleter as _, Fish, Powershell};
use std::ffi::OsString;
use std::io;

/// In this variable a shell says which one it is, when it asks how the line goes on.
pub const VARIABLE: &str = "TOUCHBASE_COMPLETE";

/// The program's name.
const PROGRAM: &str = "touchbase";

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[expect(missing_docs, reason = "each is named after itself")]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Elvish,
}

const BASH: &str = r#"_touchbase() {
    COMPREPLY=()
    local line
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <(TOUCHBASE_COMPLETE=bash command touchbase -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[0]} == *[:=/] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o nosort -F _touchbase touchbase 2>/dev/null || complete -F _touchbase touchbase
"#;

const ZSH: &str = r#"#compdef touchbase
_touchbase() {
    local -a found closed open
    local one
    found=("${(@f)$(TOUCHBASE_COMPLETE=zsh command touchbase -- "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    for one in $found; do
        case $one in
            (-*) open+=("${one#-}") ;;
            (+*) closed+=("${one#+}") ;;
        esac
    done
    (( $#closed )) && _describe -V touchbase closed
    (( $#open )) && _describe -V touchbase open -S ''
}
if [[ $funcstack[1] == _touchbase ]]; then
    _touchbase "$@"
else
    compdef _touchbase touchbase
fi
"#;

impl Shell {
    /// The shell of that name.
    pub fn named(name: &str) -> Option<Self> {
        <Self as clap::ValueEnum>::from_str(name, true).ok()
    }

    /// What the shell sources to complete, with a program that answers it.
    ///
    /// # Errors
    /// None; the script is written into memory.
    pub fn script(self) -> io::Result<Vec<u8>> {
        let mut script = Vec::new();
        let out = &mut script;
        match self {
            Self::Bash => out.extend(BASH.as_bytes()),
            Self::Zsh => out.extend(ZSH.as_bytes()),
            Self::Fish => Fish.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, out)?,
            Self::PowerShell => {
                Powershell.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, out)?;
            }
            Self::Elvish => Elvish.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, out)?,
        }
        Ok(script)
    }

    /// What the shell sources to complete commands and flags, without the program.
    pub fn plain_script(self) -> Vec<u8> {
        use clap_complete::aot::{Shell as Plain, generate};
        let shell = match self {
            Self::Bash => Plain::Bash,
            Self::Zsh => Plain::Zsh,
            Self::Fish => Plain::Fish,
            Self::PowerShell => Plain::PowerShell,
            Self::Elvish => Plain::Elvish,
        };
        let mut script = Vec::new();
        generate(shell, &mut crate::cli::command(), PROGRAM, &mut script);
        script
    }
}

/// What a shell asks: words of which the last is being typed.
#[derive(Debug)]
pub struct Asked {
    shell: Shell,
    /// The words without quotes.
    pub words: Vec<OsString>,
    /// What bash puts the answer in the place of, and the quote that is open there.
    place: Option<(String, Option<char>)>,
}

impl Asked {
    /// Reads the program's own arguments: those behind `--` are the shell's.
    pub fn read(shell: Shell, arguments: &[OsString]) -> Option<Self> {
        let start = arguments.iter().position(|argument| argument == "--")? + 1;
        let asked = arguments.get(start..)?;
        if shell != Shell::Bash {
            let words = asked.to_vec();
            return Some(Self {
                shell,
                words,
                place: None,
            })
            .filter(|asked| asked.words.len() > 1);
        }
        let [line, place] = asked else {
            return None;
        };
        let (words, quote) = split(line.to_str()?);
        let place = place.to_str()?.to_owned();
        Some(Self {
            shell,
            words: words.into_iter().map(Into::into).collect(),
            place: Some((place, quote)),
        })
        .filter(|asked| asked.words.len() > 1)
    }

    /// The answer as the shell reads it: a line for each candidate.
    pub fn answer(&self, candidates: &[Candidate]) -> String {
        let lines = candidates
            .iter()
            .filter_map(|candidate| self.line(candidate));
        lines.map(|line| line + "\n").collect()
    }

    fn line(&self, candidate: &Candidate) -> Option<String> {
        let Candidate { value, help } = candidate;
        Some(match self.shell {
            Shell::Bash => {
                let (place, quote) = self.place.as_ref()?;
                let rest = value.strip_prefix(self.words.last()?.to_str()?)?;
                format!("{place}{}", bash(rest, *quote)?)
            }
            Shell::Zsh => {
                let is_open = value.ends_with([':', '=', '/']);
                let escaped = |text: &str| text.replace('\\', "\\\\").replace(':', "\\:");
                let sign = if is_open { '-' } else { '+' };
                let help = help.replace('\\', "\\\\");
                if help.is_empty() {
                    format!("{sign}{}", escaped(value))
                } else {
                    format!("{sign}{}:{help}", escaped(value))
                }
            }
            // Both quote what they put into the line.
            Shell::Elvish => value.clone(),
            Shell::Fish if help.is_empty() => value.clone(),
            Shell::Fish => format!("{value}\t{help}"),
            Shell::PowerShell => {
                let value = power_shell(value)?;
                let help = if help.is_empty() { &value } else { help };
                format!("{value}\t{help}")
            }
        })
    }
}

/// Whether a character means nothing to any shell.
fn is_plain(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(
            character,
            '-' | '_' | '.' | '/' | ':' | '=' | '@' | '%' | '+' | ','
        )
}

/// The rest of a word as bash takes it, behind a quote that may be open; none when it cannot be
/// said there.
fn bash(rest: &str, quote: Option<char>) -> Option<String> {
    let ends_quote = |c: char| match quote {
        Some('\'') => c == '\'',
        _ => matches!(c, '"' | '$' | '`' | '\\' | '!'),
    };
    if quote.is_some() {
        return (!rest.contains(ends_quote)).then(|| rest.to_owned());
    }
    let mut quoted = String::new();
    for character in rest.chars() {
        if !is_plain(character) {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    Some(quoted)
}

/// A word as PowerShell takes it. It takes some more characters than `'` for quotes; a word with
/// one of those is left out.
fn power_shell(word: &str) -> Option<String> {
    let is_bare = word.starts_with(|c: char| c.is_alphanumeric() || c == '-');
    if is_bare
        && word
            .chars()
            .all(|c| is_plain(c) && !matches!(c, ',' | '@' | '%'))
    {
        return Some(word.to_owned());
    }
    let is_quote = |c: char| matches!(c, '\'' | '\u{2018}'..='\u{201B}');
    (!word.contains(is_quote) && text::line(word) == word).then(|| format!("'{word}'"))
}

/// A line of bash up to where it is being typed: its words without quotes, and the quote that is
/// open at its end.
fn split(line: &str) -> (Vec<String>, Option<char>) {
    let mut words = vec![String::new()];
    let (mut quote, mut is_begun) = (None, false);
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        let mut push = |letter| {
            words
                .last_mut()
                .into_iter()
                .for_each(|word| word.push(letter))
        };
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '\'' | '"') => (quote, is_begun) = (Some(letter), true),
            (None, '\\') => {
                letters.next().into_iter().for_each(&mut push);
                is_begun = true;
            }
            (Some('"'), '\\') => match letters.next() {
                Some(next @ ('"' | '$' | '`' | '\\')) => push(next),
                Some(next) => [letter, next].into_iter().for_each(&mut push),
                None => push(letter),
            },
            (None, ' ' | '\t') if is_begun => {
                words.push(String::new());
                is_begun = false;
            }
            (None, ' ' | '\t') => {}
            (_, letter) => {
                push(letter);
                is_begun = true;
            }
        }
    }
    (words, quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_bash_is_read_as_bash_reads_it() {
        for (line, words, quote) in [
            ("touchbase ", &["touchbase", ""][..], None),
            ("touchbase  log  an", &["touchbase", "log", "an"], None),
            ("t 'ana s", &["t", "ana s"], Some('\'')),
            ("t \"a \\\" b", &["t", "a \" b"], Some('"')),
            ("t a\\ b 'c d'e ", &["t", "a b", "c de", ""], None),
            ("t '' x", &["t", "", "x"], None),
            ("t stage:pro", &["t", "stage:pro"], None),
            ("t a\\", &["t", "a"], None),
            ("t zo\u{eb}", &["t", "zo\u{eb}"], None),
        ] {
            let (found, open) = split(line);
            assert_eq!(
                (
                    found
                        .iter()
                        .map(String::as_str)
                        .collect::<Vec<_>>()
                        .as_slice(),
                    open
                ),
                (words, quote),
                "{line}"
            );
        }
    }

    #[test]
    fn nothing_reaches_a_line_that_means_something_to_its_shell() {
        for (value, in_bash, in_power_shell) in [
            ("vip", Some("vip"), Some("vip")),
            ("trade fair", Some(r"trade\ fair"), Some("'trade fair'")),
            ("$(rm x)", Some(r"\$\(rm\ x\)"), Some("'$(rm x)'")),
            ("`x`;y&", Some(r"\`x\`\;y\&"), Some("'`x`;y&'")),
            ("it's", Some(r"it\'s"), None),
            ("it\u{2019}s", Some("it\\\u{2019}s"), None),
            ("~/x*[a]", Some(r"\~/x\*\[a\]"), Some("'~/x*[a]'")),
            ("m\u{fc}ller", Some("m\u{fc}ller"), Some("m\u{fc}ller")),
            ("@x", Some("@x"), Some("'@x'")),
        ] {
            assert_eq!(bash(value, None).as_deref(), in_bash, "{value}");
            assert_eq!(power_shell(value).as_deref(), in_power_shell, "{value}");
        }
        assert_eq!(bash("a $x", Some('\'')).as_deref(), Some("a $x"));
        assert_eq!(bash("a $x", Some('"')), None);
        assert_eq!(bash("it's", Some('\'')), None);
    }

    #[test]
    fn every_shell_has_both_scripts() {
        for shell in <Shell as clap::ValueEnum>::value_variants() {
            let script = String::from_utf8(shell.script().expect("a script")).expect("UTF-8");
            assert!(
                script.contains(VARIABLE) && script.contains(PROGRAM),
                "{script}"
            );
            let plain = String::from_utf8(shell.plain_script()).expect("UTF-8");
            assert!(
                plain.contains("follow-up") && !plain.contains(VARIABLE),
                "{shell:?}"
            );
        }
    }
}
