//! One mail message (RFC 5322, MIME) to neutral values: who wrote to whom, when, about what.
//!
//! Lenient as mail programs are: what is broken is left out, and only bytes without any header
//! of a message are refused. The text keeps what was written anew; see `body`.

mod body;

use super::FormatError;
use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use mail_parser::{Address, HeaderName, Message, MessageParser, MimeHeaders as _};

/// More addresses of one header are not looked at.
const MOST_ADDRESSES: usize = 500;
/// A longer subject is cut, in characters.
const LONGEST_SUBJECT: usize = 500;

/// A person or a list, as a header names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The name beside the address; empty when there is none.
    pub name: String,
    /// The address as it was written.
    pub address: String,
}

/// A message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// Who wrote it.
    pub from: Vec<Mailbox>,
    /// Where answers go.
    pub reply_to: Vec<Mailbox>,
    /// To whom it went.
    pub to: Vec<Mailbox>,
    /// Who got a copy.
    pub cc: Vec<Mailbox>,
    /// What it is about, in one line.
    pub subject: String,
    /// When it was written, where it says so.
    pub sent: Option<DateTime<Utc>>,
    /// The id that mail programs know it by, where it has one.
    pub id: Option<String>,
    /// What was written anew: without quoted replies and signature, and not all of a long text.
    pub text: String,
    /// The names of files that came with it.
    pub attachments: Vec<String>,
}

/// Reads a message. The line before it that a mailbox or a filter puts there is passed over.
///
/// # Errors
/// When nothing in the bytes is a header of a message.
pub fn read(bytes: &[u8]) -> Result<Mail, FormatError> {
    let bytes = without_envelope(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(FormatError::Empty);
    }
    let no_message = || FormatError::NotThis("it has no headers of a mail message".to_owned());
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or_else(no_message)?;
    let tells = [
        HeaderName::From,
        HeaderName::To,
        HeaderName::Cc,
        HeaderName::ReplyTo,
        HeaderName::Subject,
        HeaderName::Date,
        HeaderName::MessageId,
    ];
    if !tells.into_iter().any(|name| message.header(name).is_some()) {
        return Err(no_message());
    }
    let subject = message.subject().unwrap_or_default();
    let attachments = message.attachments();
    Ok(Mail {
        from: mailboxes([message.from()]),
        reply_to: mailboxes([message.reply_to()]),
        to: mailboxes(message.all_to().map(Some)),
        cc: mailboxes(message.all_cc().map(Some)),
        subject: one_line(subject).chars().take(LONGEST_SUBJECT).collect(),
        sent: message.date().and_then(instant),
        id: message
            .message_id()
            .map(one_line)
            .filter(|id| !id.is_empty()),
        text: body_of(&message),
        attachments: attachments
            .filter_map(|part| part.attachment_name())
            .map(one_line)
            .collect(),
    })
}

/// The message without the line `From …` before it, which is no header.
fn without_envelope(bytes: &[u8]) -> &[u8] {
    let start = bytes.trim_ascii_start();
    let marked = start.strip_prefix(b">").unwrap_or(start);
    if !marked.starts_with(b"From ") {
        return start;
    }
    let end = marked.iter().position(|&byte| byte == b'\n');
    end.map_or(&[], |end| &marked[end + 1..])
}

fn mailboxes<'x>(headers: impl IntoIterator<Item = Option<&'x Address<'x>>>) -> Vec<Mailbox> {
    let all = headers.into_iter().flatten().flat_map(Address::iter);
    let named = all.take(MOST_ADDRESSES).filter_map(|one| {
        let address = one_line(one.address()?);
        let name = one_line(one.name().unwrap_or_default());
        (!address.is_empty()).then_some(Mailbox { name, address })
    });
    named.collect()
}

/// The text of the first part that has any, plain before HTML.
fn body_of(message: &Message<'_>) -> String {
    use mail_parser::PartType;
    let parts = message.text_bodies().chain(message.html_bodies());
    let texts = parts.map(|part| match &part.body {
        PartType::Text(text) => body::written(text),
        PartType::Html(html) => body::written(&body::of_html(html)),
        _ => String::new(),
    });
    texts
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

/// The instant of a date whose every part exists.
fn instant(date: &mail_parser::DateTime) -> Option<DateTime<Utc>> {
    let (year, month, day) = (i32::from(date.year), date.month.into(), date.day.into());
    let local = Utc
        .with_ymd_and_hms(
            year,
            month,
            day,
            date.hour.into(),
            date.minute.into(),
            // A leap second is written as 60.
            u32::from(date.second).min(59),
        )
        .single()?;
    let offset = i64::from(date.tz_hour) * 60 + i64::from(date.tz_minute);
    if offset > 14 * 60 {
        return None;
    }
    let offset = TimeDelta::try_minutes(if date.tz_before_gmt { offset } else { -offset })?;
    local.checked_add_signed(offset)
}

/// A header's text in one line, without control characters and spaces at its ends.
fn one_line(text: &str) -> String {
    let words = text.split(char::is_whitespace);
    let clean = words.map(|word| word.chars().filter(|c| !c.is_control()).collect::<String>());
    let full = clean.filter(|word| !word.is_empty());
    full.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(text: &str) -> Mail {
        read(text.replace('\n', "\r\n").as_bytes()).expect(text)
    }

    fn names(list: &[Mailbox]) -> String {
        let one = |it: &Mailbox| format!("{}<{}>", it.name, it.address);
        list.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn headers_are_read_whatever_their_encoding() {
        let read = mail(
            "From: =?UTF-8?B?Wm/DqyBNw7xsbGVy?= <zoe@acme.example>\n\
             To: \"Silva, Ana\" <ana@x.example>, friends: bo@x.example, c@x.example;\n\
             Cc: =?iso-8859-1?Q?Jos=E9?= <jose@x.example>\n\
             Reply-To: office@acme.example\n\
             Subject: =?UTF-8?Q?Angebot_f=C3=BCr?=\n =?UTF-8?Q?_Herbst?=\n\
             Date: Fri, 27 Nov 2026 10:00:00 +0200\n\
             Message-ID: <a.b@acme.example>\n\nhello\n",
        );
        assert_eq!(names(&read.from), "Zoë Müller<zoe@acme.example>");
        assert_eq!(
            names(&read.to),
            "Silva, Ana<ana@x.example> <bo@x.example> <c@x.example>"
        );
        assert_eq!(names(&read.cc), "José<jose@x.example>");
        assert_eq!(names(&read.reply_to), "<office@acme.example>");
        assert_eq!(read.subject, "Angebot für Herbst");
        assert_eq!(read.id.as_deref(), Some("a.b@acme.example"));
        let sent = read.sent.map(|sent| sent.to_rfc3339());
        assert_eq!(sent.as_deref(), Some("2026-11-27T08:00:00+00:00"));
        assert_eq!(read.text, "hello");
    }

    #[test]
    fn the_first_text_part_is_the_text() {
        let both = mail(
            "From: a@x.example\nMIME-Version: 1.0\n\
             Content-Type: multipart/mixed; boundary=o\n\n--o\n\
             Content-Type: multipart/alternative; boundary=i\n\n--i\n\
             Content-Type: text/plain; charset=iso-8859-1\n\
             Content-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe\n--i\n\
             Content-Type: text/html\n\n<p>Gr&uuml;&szlig;e</p>\n--i--\n--o\n\
             Content-Type: application/pdf; name=\"offer.pdf\"\n\
             Content-Disposition: attachment; filename=\"offer.pdf\"\n\
             Content-Transfer-Encoding: base64\n\nJVBERg==\n--o--\n",
        );
        assert_eq!(both.text, "Grüße");
        assert_eq!(both.attachments, ["offer.pdf"]);
        let html = mail(
            "From: a@x.example\nContent-Type: text/html; charset=utf-8\n\n\
             <html><head><style>p{}</style></head><body><div>One</div><div>two &amp; three</div>\
             <blockquote>old <blockquote>older</blockquote></blockquote></body></html>\n",
        );
        assert_eq!(html.text, "One\ntwo & three");
    }

    #[test]
    fn what_is_missing_or_broken_is_left_out() {
        let bare = mail("Subject: hi\n\n");
        assert_eq!(
            bare,
            Mail {
                subject: "hi".to_owned(),
                ..Mail::default()
            }
        );
        for date in [
            "yesterday",
            "Fri, 31 Feb 2026 10:00:00 +0000",
            "1 Jan 2026 00:00 +1900",
            "",
        ] {
            let read = mail(&format!("Subject: hi\nDate: {date}\n\nx"));
            assert_eq!(read.sent, None, "{date}");
        }
        let piped = mail("From ana@x.example Fri Nov 27 10:00:00 2026\nSubject: hi\n\nx");
        assert_eq!(piped.subject, "hi");
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for text in [
            "",
            " \r\n ",
            "hello",
            "a\nb\nc\n",
            "<html></html>",
            "From x\n",
        ] {
            assert!(super::read(text.as_bytes()).is_err(), "{text}");
        }
    }

    use proptest::prelude::*;

    const SAMPLE: &str = "From a@x\nFrom: =?utf-8?B?Wm/Dqw==?= <a@x.example>,\n \"b\\\" c\" <b@x>\n\
        To: g: a@x, b@x;, <>\nDate: Fri, 27 Nov 2026 10:00:00 -0530\nMessage-ID: <x@y>\n\
        Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?= =?x?Q?=?=\n\
        Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/html\n\n\
        <p>a<br>&#xFFFFFF;&bad;<blockquote>\u{20AC}</p>\n--b\nContent-Type: message/rfc822\n\n\
        From: z@x\n\n> old\n-- \nsig\n--b--\n";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn no_bytes_stop_it(
            noise in proptest::collection::vec(any::<u8>(), 0..60),
            place in any::<proptest::sample::Index>(),
            cut in any::<proptest::sample::Index>(),
        ) {
            let mut bytes = SAMPLE.as_bytes().to_vec();
            bytes.truncate(cut.index(bytes.len() + 1));
            let place = place.index(bytes.len() + 1);
            bytes.splice(place..place, noise.iter().copied());
            for bytes in [&bytes, &noise] {
                if let Ok(mail) = read(bytes) {
                    prop_assert!(!mail.subject.contains(char::is_control));
                    prop_assert!(mail.text.chars().count() <= body::LONGEST + 2);
                }
            }
        }
    }
}
