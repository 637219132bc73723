//! A mail to the user's own address, through the program that the system sends mail by.

use super::Message;
use crate::domain::settings::remind::RemindSettings;
use crate::domain::values::text;
use crate::error::{Error, Result};
use crate::services::Env;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message as Mail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Where the program lies on systems that do not have it in the path of cron.
const PLACES: [&str; 4] = ["/usr/sbin", "/usr/lib", "/usr/local/sbin", "/usr/local/bin"];

/// The program, and what it is given.
///
/// # Errors
/// When a setting makes no sense.
pub(super) fn command(
    message: &Message,
    settings: &RemindSettings,
    env: &Env,
    vars: &BTreeMap<String, String>,
) -> Result<(Command, Vec<u8>)> {
    let own = settings
        .mail
        .0
        .as_ref()
        .map_or("", |address| address.as_str());
    let wrong = |key: &str, value: &str, why: &dyn std::fmt::Display| {
        Error::invalid(format!(
            "`{key}` below `[remind]` cannot be `{value}`: {why}"
        ))
    };
    let address: Address = own.parse().map_err(|why| wrong("mail", own, &why))?;
    let words = shell_words::split(&settings.sendmail)
        .map_err(|why| wrong("sendmail", &settings.sendmail, &why))?;
    let Some((program, arguments)) = words.split_first() else {
        return Err(wrong(
            "sendmail",
            &settings.sendmail,
            &"it names no program",
        ));
    };
    let bytes = bytes(message, &address, env)?;
    let mut command = Command::new(found(program, vars));
    command
        .args(arguments)
        .args(["-i", "-f", own, "--", own])
        .envs(vars);
    Ok((command, bytes))
}

/// The program where it lies, if it is not in the path.
fn found(program: &str, vars: &BTreeMap<String, String>) -> PathBuf {
    let path = vars.get("PATH").map_or("", String::as_str);
    let mut places = path.split(':').chain(PLACES).map(Path::new);
    let lies_in = |folder: &&Path| !program.contains('/') && folder.join(program).is_file();
    let folder = places.find(lies_in);
    folder.map_or_else(|| program.into(), |folder| folder.join(program))
}

/// The mail as it is sent. Lines end as the system's own do, as `sendmail` wants them.
fn bytes(message: &Message, own: &Address, env: &Env) -> Result<Vec<u8>> {
    let mailbox = Mailbox::new(Some("touchbase".to_owned()), own.clone());
    let millis = env.context.now.timestamp_millis();
    let domain = own.domain();
    let builder = Mail::builder()
        .from(mailbox)
        .to(Mailbox::new(None, own.clone()))
        .subject(text::line(&message.subject))
        .date(SystemTime::from(env.context.now))
        .message_id(Some(format!(
            "<{millis}.{}.touchbase@{domain}>",
            std::process::id()
        )));
    let lines: Vec<String> = message.text.iter().map(|line| text::line(line)).collect();
    let plain = SinglePart::plain(format!("{}\r\n", lines.join("\r\n")));
    let built = match &message.html {
        Some(html) => builder.multipart(
            MultiPart::alternative()
                .singlepart(plain)
                .singlepart(SinglePart::html(html.clone())),
        ),
        None => builder.singlepart(plain),
    };
    let mail = built.map_err(|error| Error::invalid(format!("cannot write the mail: {error}")))?;
    let text = String::from_utf8(mail.formatted())
        .map_err(|_| Error::invalid("cannot write the mail: it is no text"))?;
    Ok(text.replace("\r\n", "\n").into_bytes())
}
