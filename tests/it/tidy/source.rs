//! Sources as text: lines without comments, and where the tests of a file begin.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file.
pub(crate) struct Source {
    /// From the package's folder, with `/`.
    pub(crate) path: String,
    /// Its lines as written.
    pub(crate) raw: Vec<String>,
    /// Its lines without comments.
    code: Vec<String>,
    /// From which line on it is tests: one behind the last when never.
    tests_from: usize,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let raw: Vec<String> = text.lines().map(str::to_owned).collect();
        let code: Vec<String> = raw.iter().map(|line| without_comment(line)).collect();
        let is_test_file = path.starts_with("tests/")
            || path.ends_with("/tests.rs")
            || ["src/domain/query/examples", "src/tui/sample"]
                .iter()
                .any(|name| path.starts_with(name));
        let inline = code
            .windows(2)
            .position(|pair| pair[0].trim() == "#[cfg(test)]" && pair[1].contains("mod tests {"));
        let tests_from = if is_test_file {
            0
        } else {
            inline.unwrap_or(raw.len())
        };
        Self {
            path: path.to_owned(),
            raw,
            code,
            tests_from,
        }
    }

    /// `domain` for `src/domain/values/text.rs`, `error` for `src/error.rs`; none outside `src`.
    pub(crate) fn layer(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        Some(inside.split('/').next()?.trim_end_matches(".rs"))
    }

    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or("");
        name.trim_end_matches(".rs")
    }

    /// How many modules deep the file lies: 1 for a layer's own file.
    pub(crate) fn depth(&self) -> usize {
        let parts = self.path.split('/').count() - 1;
        parts - usize::from(self.stem() == "mod")
    }

    pub(crate) fn is_any_of(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.path.starts_with(name))
    }

    /// Lines of code outside tests, with their numbers.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let all = self.code.iter().take(self.tests_from).enumerate();
        all.map(|(index, line)| (index + 1, line.as_str()))
    }

    pub(crate) fn offence(&self, line: usize, why: &str) -> String {
        format!("{}:{line}: {why}", self.path)
    }
}

/// The line up to `//`, unless that stands in a string literal.
fn without_comment(line: &str) -> String {
    let mut in_string = false;
    let mut characters = line.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' if in_string => {
                characters.next();
            }
            '\'' if line[at..].starts_with("'\"'") => {
                characters.next();
                characters.next();
            }
            '"' => in_string = !in_string,
            '/' if !in_string && line[at..].starts_with("//") => return line[..at].to_owned(),
            _ => {}
        }
    }
    line.to_owned()
}

/// Every source file of the package.
pub(crate) fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "tests", "examples"] {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let sources = files.iter().map(|file| {
        let path = file.strip_prefix(root).expect("below the root");
        let text = fs::read_to_string(file).expect("a readable source");
        Source::new(&path.to_string_lossy(), &text)
    });
    sources.collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}
