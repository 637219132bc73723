//! Where a contact point leads: the address that a terminal or a browser opens.
//!
//! Whatever the text, only the printable characters of ASCII come out, so that no control
//! character can be smuggled into what a terminal reads.

use super::values::contact_points::{Email, Site};
use super::values::phone::Phone;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// What an address must not hold as it is; what parts it stays.
const IN_ADDRESS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What stays in an e-mail address: the rest could begin a subject or a second recipient.
const IN_MAIL: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'@')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'+')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'*');

/// Writes a mail to an address.
pub fn mail(email: &Email) -> String {
    format!("mailto:{}", utf8_percent_encode(email.as_str(), IN_MAIL))
}

/// Calls a number.
pub fn phone(phone: &Phone) -> String {
    let number = utf8_percent_encode(phone.e164(), IN_ADDRESS);
    match phone.extension() {
        Some(extension) => format!(
            "tel:{number};ext={}",
            utf8_percent_encode(extension, IN_MAIL)
        ),
        None => format!("tel:{number}"),
    }
}

/// Opens a site; none for a handle, and for what is no page of the web.
pub fn site(site: &Site) -> Option<String> {
    let text = site.as_str();
    let host = |rest: &str| {
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        rest[..end].to_owned()
    };
    let lower = text.to_lowercase();
    let whole = if lower.starts_with("https://") || lower.starts_with("http://") {
        text.to_owned()
    } else {
        let host = host(text);
        let is_host = host.contains('.')
            && !host.starts_with('.')
            && !host.contains("..")
            && host
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
        is_host.then(|| format!("https://{text}"))?
    };
    Some(utf8_percent_encode(&whole, IN_ADDRESS).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::values::phone::Region;
    use proptest::prelude::*;

    #[test]
    fn a_contact_point_leads_to_mail_phone_or_page() {
        let mails = [
            ("zoe@acme.de", "mailto:zoe@acme.de"),
            ("zoe+crm@acme.de", "mailto:zoe+crm@acme.de"),
            ("a&b?c@x.de", "mailto:a%26b%3Fc@x.de"),
            ("zoë@acme.de", "mailto:zo%C3%AB@acme.de"),
        ];
        for (text, expect) in mails {
            assert_eq!(mail(&Email::parse(text).expect(text)), expect);
        }
        let phones = [
            ("+49 171 1234567", "tel:+491711234567"),
            ("030 1234567 ext. 5", "tel:+49301234567;ext=5"),
        ];
        for (text, expect) in phones {
            assert_eq!(phone(&Phone::parse(text, Region::DE).expect(text)), expect);
        }
        let sites = [
            ("acme.de", Some("https://acme.de")),
            ("x.com/zoe", Some("https://x.com/zoe")),
            (
                "https://x.de/?a=b&c=%20#d",
                Some("https://x.de/?a=b&c=%20#d"),
            ),
            ("http://müller.de/ä", Some("http://m%C3%BCller.de/%C3%A4")),
            ("@zoe@mastodon.social", None),
            ("zoe", None),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
            ("..", None),
        ];
        for (text, expect) in sites {
            let made = site(&Site::parse(text).expect(text));
            assert_eq!(made.as_deref(), expect, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_printable_ascii_comes_out(text in "\\PC{1,20}|[\\x00-\\x7f]{1,20}") {
            let printable = |link: &str| link.bytes().all(|byte| (0x21..0x7f).contains(&byte));
            for text in [text.clone(), format!("https://{text}"), format!("x.de/{text}")] {
                if let Some(link) = Site::parse(&text).ok().as_ref().and_then(site) {
                    prop_assert!(printable(&link), "{link:?}");
                }
            }
            if let Ok(email) = Email::parse(&format!("{text}@x.de")) {
                let link = mail(&email);
                prop_assert!(printable(&link), "{link:?}");
            }
        }
    }
}
