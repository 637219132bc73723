//! The user's own editor, on a file that is theirs alone.

use crate::error::{Error, ErrorKind, Result};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Lets the user edit a text and gives what they saved; none when they left it as it was. The
/// file has that ending, so that the editor knows how to colour it.
///
/// # Errors
/// When no editor can be run, or it says that it failed.
pub(crate) fn edit(editor: &str, text: &str, ending: &str) -> Result<Option<String>> {
    let folder = tempfile::Builder::new()
        .prefix("touchbase-")
        .tempdir()
        .map_err(|error| Error::io("cannot make a file to edit", error))?;
    let path = folder.path().join(format!("edit{ending}"));
    fs::write(&path, text).map_err(|error| Error::io("cannot write the file to edit", error))?;
    run(editor, &path)?;
    let edited = fs::read_to_string(&path)
        .map_err(|error| Error::io("cannot read what was edited", error))?;
    Ok((edited != text).then_some(edited))
}

/// Adds to an error where the text lies that was not saved.
pub(crate) fn kept(error: Error, text: &str, ending: &str) -> Error {
    let kept = tempfile::Builder::new()
        .prefix("touchbase-not-saved-")
        .suffix(ending)
        .tempfile()
        .and_then(|file| {
            fs::write(file.path(), text)?;
            Ok(file.keep()?.1)
        });
    let message = format!("nothing was saved: {}", error.message);
    let error = Error { message, ..error };
    match kept {
        Ok(path) => error.hint(format!("what you wrote is kept in `{}`", path.display())),
        Err(_) => error,
    }
}

/// Runs the editor on a file and waits for it.
fn run(editor: &str, path: &Path) -> Result<()> {
    let hint = "set `VISUAL` or `EDITOR` to an editor that waits: `export EDITOR=nano`";
    let words = shell_words::split(editor).unwrap_or_default();
    let Some((program, arguments)) = words.split_first() else {
        return Err(Error::new(ErrorKind::Io, "there is no editor").hint(hint));
    };
    let status = Command::new(program)
        .args(arguments)
        .arg(path)
        .status()
        .map_err(|error| {
            Error::io(format!("cannot run the editor `{program}`"), error).hint(hint)
        })?;
    if status.success() {
        return Ok(());
    }
    let how = match status.code() {
        Some(code) => format!("ended with code {code}"),
        None => "was killed".to_owned(),
    };
    Err(Error::new(
        ErrorKind::Io,
        format!("nothing was changed: the editor `{program}` {how}"),
    ))
}
