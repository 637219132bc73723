//! Texts of files to values: more forgiving than what a person types, never guessing.

use super::dates::FileDate;
use crate::domain::context::Context;
use crate::domain::field::Shape;
use crate::domain::read;
use crate::domain::values::contact_points::{Email, Labelled, Site};
use crate::domain::values::dates::PartialDate;
use crate::domain::values::phone::Phone;
use crate::domain::values::text::fold;
use crate::domain::values::{Minutes, Value, ValueError};
use chrono::Datelike as _;

/// What a text gave: a value, and whether part of the text is not in it.
pub(super) struct Read {
    pub(super) value: Option<Value>,
    pub(super) is_partly: bool,
}

/// Reads a text of a file for a field of a shape that needs no other record.
pub(super) fn read(shape: Shape, text: &str, label: &str, context: &Context) -> Read {
    let date = || FileDate::parse(text, context.date_order);
    let value = match shape {
        Shape::Emails => return list(text, label, Email::parse, Value::Emails),
        Shape::Sites => return list(text, label, Site::parse, Value::Sites),
        Shape::Phones => {
            return list(
                text,
                label,
                |part| Phone::parse(part, context.region),
                Value::Phones,
            );
        }
        Shape::Dates => {
            let date = |part: &str| partial(part, context).ok_or(ValueError::Malformed);
            return list(text, label, date, Value::Dates);
        }
        Shape::Texts => Some(Value::Texts(texts(text))),
        Shape::Date => date().map(|date| Value::Date(date.local_day(context))),
        Shape::Due => date().map(|date| Value::Due(date.due(context))),
        Shape::Moment => date().map(|date| Value::Moment(date.moment(context))),
        Shape::PartialDate => partial(text, context).map(Value::PartialDate),
        Shape::Choice(words) => choice(words, text).map(Value::Text),
        Shape::Percent | Shape::Number => {
            let whole = text
                .strip_suffix(".0")
                .or(text.strip_suffix(".00"))
                .unwrap_or(text);
            read::value(shape, whole, context).ok()
        }
        Shape::Minutes if text == "0" => Some(Value::Minutes(Minutes(0))),
        other => read::value(other, text, context).ok(),
    };
    Read {
        is_partly: value.is_none(),
        value,
    }
}

/// A list with what could be read of it. Programs separate members by `;`, `:::` or lines, and
/// our own files put a label before each.
fn list<T: PartialEq>(
    text: &str,
    label: &str,
    parse: impl Fn(&str) -> Result<T, ValueError>,
    make: impl Fn(Vec<Labelled<T>>) -> Value,
) -> Read {
    let mut members: Vec<Labelled<T>> = Vec::new();
    let mut is_partly = false;
    let parts = text
        .split(";")
        .flat_map(|part| part.split(":::"))
        .flat_map(str::lines);
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        let own = part.split_once(':').filter(|(word, rest)| {
            !rest.starts_with("//")
                && !matches!(*word, "tel" | "mailto" | "http" | "https")
                && word
                    .chars()
                    .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '_'))
        });
        let bracketed = part
            .rsplit_once('<')
            .and_then(|(_, rest)| rest.strip_suffix('>'));
        let attempts = [
            own.map(|(word, rest)| (word, rest.trim())),
            Some((label, part)),
            bracketed.map(|inside| (label, inside)),
        ];
        let read = attempts
            .into_iter()
            .flatten()
            .find_map(|(label, text)| Some((label, parse(text).ok()?)));
        match read {
            Some((label, value)) if !members.iter().any(|known| known.value == value) => {
                members.push(Labelled {
                    label: label.trim().to_lowercase(),
                    value,
                });
            }
            Some(_) => {}
            None => is_partly = true,
        }
    }
    let value = (!members.is_empty()).then(|| make(members));
    Read { value, is_partly }
}

/// Tags and other short texts; Google writes `* myContacts ::: Friends`.
fn texts(text: &str) -> Vec<String> {
    let separators: &[&str] = if text.contains(":::") {
        &[":::"]
    } else if text.contains(';') {
        &[";"]
    } else {
        &[","]
    };
    let mut members: Vec<String> = Vec::new();
    for part in text.split(separators[0]).map(str::trim) {
        let is_system =
            part.starts_with("* ") && fold(part).replace(' ', "").contains("mycontacts");
        let bare = part.trim_start_matches("* ").trim();
        if !bare.is_empty() && !is_system && !members.iter().any(|known| fold(known) == fold(bare))
        {
            members.push(bare.to_owned());
        }
    }
    members
}

fn partial(text: &str, context: &Context) -> Option<PartialDate> {
    if let Some(date) = PartialDate::parse(text) {
        return Some(date);
    }
    let day = FileDate::parse(text, context.date_order)?.day;
    let small = |number: u32| u8::try_from(number).ok();
    PartialDate::new(Some(day.year()), small(day.month())?, small(day.day())?)
}

/// One of the words, or what other programs write for it.
fn choice(words: &[&str], text: &str) -> Option<String> {
    let wanted = fold(text);
    let known = |word: &&&str| fold(word) == wanted;
    if let Some(word) = words.iter().find(known) {
        return Some((*word).to_owned());
    }
    let meant = match wanted.as_str() {
        "inbound" | "incoming" | "received" | "missed" => "in",
        "outbound" | "outgoing" | "sent" | "dialled" => "out",
        "e-mail" | "mail" => "email",
        "phone" | "phone call" | "telephone" => "call",
        "sms" | "whatsapp" | "chat" => "message",
        "appointment" | "event" | "demo" => "meeting",
        "medium" => "normal",
        "highest" | "urgent" => "high",
        "lowest" => "low",
        "opportunity" | "salesqualifiedlead" | "sales qualified lead" => "prospect",
        "subscriber" | "marketingqualifiedlead" | "marketing qualified lead" => "lead",
        "client" | "evangelist" => "customer",
        _ => return None,
    };
    words.contains(&meant).then(|| meant.to_owned())
}

/// Two lists in one; none where the values are no lists.
pub(super) fn joined(old: &Value, new: &Value) -> Option<Value> {
    fn points<T: Clone + PartialEq>(old: &[Labelled<T>], new: &[Labelled<T>]) -> Vec<Labelled<T>> {
        let mut list = old.to_vec();
        for member in new {
            if !list.iter().any(|known| known.value == member.value) {
                list.push(member.clone());
            }
        }
        list
    }
    Some(match (old, new) {
        (Value::Texts(old), Value::Texts(new)) => {
            let mut list = old.clone();
            for member in new {
                if !list.iter().any(|known| fold(known) == fold(member)) {
                    list.push(member.clone());
                }
            }
            Value::Texts(list)
        }
        (Value::Emails(old), Value::Emails(new)) => Value::Emails(points(old, new)),
        (Value::Phones(old), Value::Phones(new)) => Value::Phones(points(old, new)),
        (Value::Addresses(old), Value::Addresses(new)) => Value::Addresses(points(old, new)),
        (Value::Sites(old), Value::Sites(new)) => Value::Sites(points(old, new)),
        (Value::Dates(old), Value::Dates(new)) => Value::Dates(points(old, new)),
        (Value::Links(old), Value::Links(new)) => {
            let mut list = old.clone();
            list.extend(new.iter().filter(|id| !old.contains(id)));
            Value::Links(list)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::context::DateOrder;
    use crate::domain::show::plain;
    use crate::domain::values::money::Currency;
    use crate::domain::values::phone::Region;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn texts_of_files_are_read_without_loss() {
        let context = Context {
            now: chrono::DateTime::UNIX_EPOCH,
            zone: chrono_tz::UTC,
            region: Region::DE,
            currency: Currency::EUR,
            date_order: DateOrder::Dmy,
        };
        let check = |shape: Shape, text: &str, label: &str, expect: &str, whole: bool| {
            let read = read(shape, text, label, &context);
            let shown = read
                .value
                .map(|value| plain(&value, &context))
                .unwrap_or_default();
            assert_eq!((shown.as_str(), !read.is_partly), (expect, whole), "{text}");
        };
        check(
            Shape::Emails,
            "a@x.de ::: b@x.de",
            "work",
            "work:a@x.de; work:b@x.de",
            true,
        );
        check(
            Shape::Emails,
            "home:a@x.de; b@x.de",
            "",
            "home:a@x.de; b@x.de",
            true,
        );
        check(Shape::Emails, "a@x.de; nonsense", "", "a@x.de", false);
        check(
            Shape::Emails,
            "\"Omega\"<omega@x.de>",
            "",
            "omega@x.de",
            true,
        );
        check(Shape::Phones, "call me", "", "", false);
        check(
            Shape::Phones,
            "mobile:+49 171 1234567",
            "",
            "mobile:+491711234567",
            true,
        );
        check(Shape::Sites, "https://x.de/a", "", "https://x.de/a", true);
        check(
            Shape::Texts,
            "* myContacts ::: Friends ::: VIP",
            "",
            "Friends; VIP",
            true,
        );
        check(
            Shape::Texts,
            "influencer, developer",
            "",
            "influencer; developer",
            true,
        );
        check(Shape::Percent, "80.0", "", "80", true);
        check(Shape::Number, "2822", "", "2822", true);
        check(Shape::Money, "$22,700.00", "", "22700.00 USD", true);
        check(Shape::Money, "about 5", "", "", false);
        check(Shape::Choice(&["in", "out"]), "Inbound", "", "in", true);
        check(Shape::Minutes, "0", "", "0m", true);
        check(Shape::PartialDate, "11/30/1970", "", "1970-11-30", true);
        check(
            Shape::Dates,
            "1835-01-01",
            "anniversary",
            "anniversary:1835-01-01",
            true,
        );
    }
}
