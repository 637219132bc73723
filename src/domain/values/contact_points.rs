//! Ways to reach someone: e-mail addresses, postal addresses, sites and handles, with labels.

use super::ValueError;
use serde::{Deserialize, Serialize};

/// A value with the user's word for it: `work`, `home`, `mobile`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Labelled<T> {
    /// The label; empty when there is none.
    pub label: String,
    /// What it labels.
    pub value: T,
}

impl<T> Labelled<T> {
    /// A value without a label.
    pub const fn plain(value: T) -> Self {
        Self {
            label: String::new(),
            value,
        }
    }
}

/// An e-mail address of valid form, its domain in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Email(String);

impl Email {
    /// Reads `zoe@acme.de`.
    ///
    /// # Errors
    /// [`ValueError::Malformed`] when RFC 5321 and RFC 6531 do not allow it.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        let text = text.strip_prefix("mailto:").unwrap_or(text);
        let (local, domain) = text.rsplit_once('@').ok_or(ValueError::Malformed)?;
        let address = format!("{local}@{}", domain.to_lowercase());
        if text.chars().any(super::text::is_unsafe)
            || !email_address::EmailAddress::is_valid(&address)
        {
            return Err(ValueError::Malformed);
        }
        Ok(Self(address))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two addresses are compared: all lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// A postal address. Any part may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    /// Street and number, one or more lines.
    pub street: String,
    /// Postal code.
    pub postcode: String,
    /// City or place.
    pub city: String,
    /// State, province or county.
    pub region: String,
    /// Country, by name or code.
    pub country: String,
}

impl Address {
    /// Reads `Street 1, 12345 City, Region, Country`: up to five parts between commas, of which a
    /// second that starts with a digit is split into postal code and city.
    pub fn parse(text: &str) -> Self {
        let mut parts = text.split(',').map(str::trim).map(str::to_owned);
        let mut address = Self {
            street: parts.next().unwrap_or_default(),
            ..Self::default()
        };
        let place = parts.next().unwrap_or_default();
        match place.split_once(' ') {
            Some((code, city)) if code.chars().any(|c| c.is_ascii_digit()) => {
                address.postcode = code.to_owned();
                address.city = city.trim().to_owned();
            }
            _ => address.city = place,
        }
        let rest: Vec<String> = parts.collect();
        match rest.as_slice() {
            [] => {}
            [country] => address.country.clone_from(country),
            [region, country @ ..] => {
                address.region.clone_from(region);
                address.country = country.join(", ");
            }
        }
        address
    }

    /// One line, in the form that [`Address::parse`] reads.
    pub fn line(&self) -> String {
        let place = format!("{} {}", self.postcode, self.city);
        let parts = [&self.street, place.trim(), &self.region, &self.country];
        let mut last = parts.len();
        while last > 0 && parts[last - 1].is_empty() {
            last -= 1;
        }
        let shown: Vec<&str> = parts[..last]
            .iter()
            .enumerate()
            .filter(|(index, part)| !part.is_empty() || *index < 2)
            .map(|(_, part)| &**part)
            .collect();
        shown.join(", ").trim_start_matches(", ").to_owned()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A web site, a profile or a handle: `acme.de`, `https://x.com/zoe`, `@zoe@mastodon.social`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Site(String);

impl Site {
    /// Reads one word without spaces.
    ///
    /// # Errors
    /// [`ValueError::Malformed`] when it is empty or holds a space or a control character.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.is_empty()
            || text
                .chars()
                .any(|c| c.is_whitespace() || super::text::is_unsafe(c))
        {
            return Err(ValueError::Malformed);
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two sites are compared: no scheme, no `www.`, no `@`, no last slash.
    pub fn key(&self) -> String {
        Self::key_of(&self.0)
    }

    /// The compared form of any text.
    pub fn key_of(text: &str) -> String {
        let lower = text.trim().to_lowercase();
        let bare = lower
            .strip_prefix("https://")
            .or(lower.strip_prefix("http://"))
            .unwrap_or(&lower);
        let bare = bare.strip_prefix("www.").unwrap_or(bare);
        bare.trim_start_matches('@')
            .trim_end_matches('/')
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_valid_form_only() {
        for good in [
            "zoe@acme.de",
            "Zoe.M+x@Acme.DE",
            "o'brien@x.ie",
            "mailto:a@b.co",
        ] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for wrong in [
            "",
            "zoe",
            "zoe@",
            "@acme.de",
            "a b@c.de",
            "a@b@c.de",
            "a\u{7}@b.de",
        ] {
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_postal_line_reads_back() {
        for text in [
            "Hauptstr. 1, 12345 Berlin, Germany",
            "1 Main St, Springfield, IL, USA",
            "Somewhere",
            "Hauptstr. 1, 12345 Berlin",
        ] {
            assert_eq!(Address::parse(text).line(), text);
        }
    }
}
