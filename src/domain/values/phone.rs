//! Phone numbers: any format in, E.164 stored, the national or international form shown.

use super::ValueError;
use phonenumber::country::Id as Country;
use phonenumber::{Mode, PhoneNumber};
use serde::{Deserialize, Serialize};

/// A region whose numbers may be written without a country code, as ISO 3166 letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region(Country);

impl Region {
    /// Germany, the default when nothing is configured and the locale names no other.
    pub const DE: Self = Self(Country::DE);

    /// Reads two letters.
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().to_uppercase().parse().ok().map(Self)
    }

    /// The two letters.
    pub fn code(&self) -> &str {
        self.0.as_ref()
    }
}

/// A phone number in E.164 form, with its extension if it has one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Phone {
    e164: String,
    extension: Option<String>,
}

impl Phone {
    /// Reads a number in any usual format; without a country code it is one of `region`.
    ///
    /// # Errors
    /// [`ValueError::Malformed`] when it is not a possible number.
    pub fn parse(text: &str, region: Region) -> Result<Self, ValueError> {
        let text = text.trim();
        let text = text.strip_prefix("tel:").unwrap_or(text);
        // Longer input is never a number, and the parser's cost grows with it.
        if text.len() > 80 || text.chars().filter(char::is_ascii_digit).count() < 3 {
            return Err(ValueError::Malformed);
        }
        // phonenumber 0.3 strips the default region's national prefix even from a number that
        // bears another country's code: `+49 171` with US loses its 1. Drop when it no longer does.
        let region = (!text.starts_with(['+', '＋'])).then_some(region.0);
        let number = phonenumber::parse(region, text).map_err(|_| ValueError::Malformed)?;
        let e164 = number.format().mode(Mode::E164).to_string();
        let digits = e164.chars().filter(char::is_ascii_digit).count();
        let extension = number.extension().map(ToString::to_string);
        let e164: String = e164
            .split(";ext=")
            .next()
            .unwrap_or(&e164)
            .trim()
            .to_owned();
        if !(5..=15).contains(&digits.min(e164.len())) {
            return Err(ValueError::Malformed);
        }
        Ok(Self { e164, extension })
    }

    /// `+491701234567`: what is stored, compared and dialled.
    pub fn e164(&self) -> &str {
        &self.e164
    }

    /// The extension, if there is one.
    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// For people: grouped internationally, with the extension.
    pub fn display(&self) -> String {
        let grouped = phonenumber::parse(None, &self.e164)
            .map(|number: PhoneNumber| number.format().mode(Mode::International).to_string())
            .unwrap_or_else(|_| self.e164.clone());
        match &self.extension {
            Some(extension) => format!("{grouped} ext. {extension}"),
            None => grouped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_format_becomes_e164() {
        let check = |text: &str, region: &str, expect: Option<&str>| {
            let region = Region::parse(region).expect(region);
            let read = Phone::parse(text, region).ok();
            assert_eq!(read.as_ref().map(Phone::e164), expect, "{text}");
        };
        check("0171 1234567", "DE", Some("+491711234567"));
        check("+49 (171) 123-4567", "US", Some("+491711234567"));
        check("805-247-8982", "US", Some("+18052478982"));
        check("tel:+1-805-247-8982", "DE", Some("+18052478982"));
        check("12", "DE", None);
        check("call me", "DE", None);
        check(&"1".repeat(300), "DE", None);
    }
}
