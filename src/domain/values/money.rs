//! Money: an exact number of minor units in an ISO 4217 currency. Never a float.

use super::ValueError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A currency that ISO 4217 lists, as its three letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");

    /// Reads a code (`EUR`, `eur`) or a sign (`€`, `$`, `£`).
    ///
    /// # Errors
    /// [`ValueError::UnknownCurrency`] with the text.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        let code = sign_to_code(text).map_or_else(|| text.to_uppercase(), str::to_owned);
        let known = iso_currency::Currency::from_code(&code);
        match (known, <[u8; 3]>::try_from(code.as_bytes())) {
            (Some(_), Ok(letters)) => Ok(Self(letters)),
            _ => Err(ValueError::UnknownCurrency(text.to_owned())),
        }
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many digits stand after the point (2 for EUR, 0 for JPY).
    pub fn digits(&self) -> u16 {
        iso_currency::Currency::from_code(self.code())
            .and_then(iso_currency::Currency::exponent)
            .unwrap_or(0)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

fn sign_to_code(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "€" => "EUR",
        "$" | "US$" => "USD",
        "£" => "GBP",
        "¥" => "JPY",
        "₹" => "INR",
        "₩" => "KRW",
        "₺" => "TRY",
        "₴" => "UAH",
        "₽" => "RUB",
        "₪" => "ILS",
        "R$" => "BRL",
        "A$" => "AUD",
        "C$" => "CAD",
        "zł" => "PLN",
        "Kč" => "CZK",
        "Fr." => "CHF",
        _ => return None,
    })
}

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: cents of a euro, yen of a yen.
    pub minor: i64,
    /// In what.
    pub currency: Currency,
}

impl Money {
    /// An amount of so many minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads `1200`, `1,200.50`, `€1200`, `1.234,56 €`, `1200 EUR`, `-5`.
    ///
    /// With both marks present the last is the decimal one; a single mark that
    /// groups by threes is a thousands mark when it is a comma, and refused as too
    /// fine when it is a point.
    ///
    /// # Errors
    /// What is wrong, as a [`ValueError`].
    pub fn parse(text: &str, default: Currency) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ValueError::Empty);
        }
        let (number, currency) = split_currency(text, default)?;
        let (negative, number) = match number.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest.trim_start()),
            None => (false, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, fraction) = split_decimals(number)?;
        let minor = to_minor(&whole, &fraction, currency)?;
        Ok(Self {
            minor: if negative { -minor } else { minor },
            currency,
        })
    }

    /// The amount as plain digits with a point: `1200.50`.
    pub fn amount(&self) -> String {
        let digits = usize::from(self.currency.digits());
        let sign = if self.minor < 0 { "-" } else { "" };
        let all = format!("{:0>width$}", self.minor.unsigned_abs(), width = digits + 1);
        let (whole, fraction) = all.split_at(all.len() - digits);
        let point = if digits == 0 { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }

    /// The sum, when the currencies agree and it fits.
    pub fn plus(self, other: Self) -> Option<Self> {
        (self.currency == other.currency)
            .then(|| self.minor.checked_add(other.minor))
            .flatten()
            .map(|minor| Self { minor, ..self })
    }

    /// A share of the amount, rounded half away from zero to a minor unit.
    pub fn share(self, percent: super::Percent) -> Self {
        let product = i128::from(self.minor) * i128::from(percent.get());
        let rounded = (product + product.signum() * 50) / 100;
        Self {
            minor: i64::try_from(rounded).unwrap_or(self.minor),
            ..self
        }
    }
}

/// Grouped for people: `1,200.50 EUR`, `1,200 EUR` when there are no cents.
impl fmt::Display for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = self.amount();
        let (whole, fraction) = amount.split_once('.').unwrap_or((&amount, ""));
        let (sign, digits) = whole
            .strip_prefix('-')
            .map_or(("", whole), |digits| ("-", digits));
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let cents = if fraction.chars().all(|digit| digit == '0') {
            String::new()
        } else {
            format!(".{fraction}")
        };
        write!(formatter, "{sign}{grouped}{cents} {}", self.currency.code())
    }
}

fn is_number_part(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '.' | ',' | '\'' | '’' | '_')
}

fn split_currency(text: &str, default: Currency) -> Result<(&str, Currency), ValueError> {
    let is_part = |character: char| {
        is_number_part(character)
            || matches!(character, '-' | '−' | '+')
            || character.is_whitespace()
    };
    let start = text
        .find(|c: char| c.is_ascii_digit())
        .ok_or(ValueError::Malformed)?;
    let start = text[..start]
        .char_indices()
        .rev()
        .take_while(|&(_, character)| is_part(character))
        .last()
        .map_or(start, |(index, _)| index);
    let end = text
        .rfind(|c: char| c.is_ascii_digit())
        .map_or(start, |index| index + 1);
    let (before, number, after) = (
        text[..start].trim(),
        text[start..end].trim(),
        text[end..].trim(),
    );
    // A minus before the sign, as in `-$5`, belongs to the number.
    match (before, after) {
        ("", "") => Ok((number, default)),
        (sign, "") | ("", sign) => Ok((number, Currency::parse(sign)?)),
        _ => Err(ValueError::Malformed),
    }
}

fn split_decimals(number: &str) -> Result<(String, String), ValueError> {
    let plain: String = number
        .chars()
        .filter(|c| !matches!(c, '\'' | '’' | '_') && !c.is_whitespace())
        .collect();
    if !plain
        .chars()
        .all(|c| c.is_ascii_digit() || c == '.' || c == ',')
    {
        return Err(ValueError::Malformed);
    }
    let commas = plain.matches(',').count();
    let points = plain.matches('.').count();
    let decimal = match (commas, points) {
        (0, 0) => None,
        (0, 1) => Some('.'),
        (1, 0) => (!is_grouped(&plain, ',')).then_some(','),
        (_, 0) | (0, _) => None,
        _ if plain.rfind(',') > plain.rfind('.') => Some(','),
        _ => Some('.'),
    };
    let (whole, fraction) = match decimal {
        Some(mark) => plain.rsplit_once(mark).unwrap_or((&plain, "")),
        None => (plain.as_str(), ""),
    };
    let group = if decimal == Some(',') { '.' } else { ',' };
    let group = if decimal.is_none() && points > 1 {
        '.'
    } else {
        group
    };
    let grouped = whole.contains(group);
    if (grouped && !is_grouped(whole, group)) || fraction.contains([',', '.']) {
        return Err(ValueError::Malformed);
    }
    let whole: String = whole.chars().filter(|&c| c != group).collect();
    if !whole.chars().all(|c| c.is_ascii_digit()) || whole.is_empty() && fraction.is_empty() {
        return Err(ValueError::Malformed);
    }
    Ok((whole, fraction.to_owned()))
}

fn is_grouped(text: &str, mark: char) -> bool {
    let mut parts = text.split(mark);
    let first = parts.next().unwrap_or("");
    (1..=3).contains(&first.len()) && parts.all(|part| part.len() == 3)
}

fn to_minor(whole: &str, fraction: &str, currency: Currency) -> Result<i64, ValueError> {
    let digits = usize::from(currency.digits());
    let fine = fraction.trim_end_matches('0');
    // `1.200` is a thousand and more to half of the world: it is not taken for 1.20.
    let may_be_thousands =
        fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    if fine.len() > digits || may_be_thousands && digits < 3 {
        let currency_code = currency.code().to_owned();
        return Err(ValueError::TooFine {
            currency: currency_code,
            digits: currency.digits(),
        });
    }
    format!("{whole}{fine:0<digits$}")
        .parse()
        .map_err(|_| ValueError::OutOfRange(i64::MIN, i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly() {
        let check = |text: &str, expect: Option<(&str, &str)>| {
            let read = Money::parse(text, Currency::EUR).ok();
            let shown = read.map(|money| (money.amount(), money.currency.code().to_owned()));
            let expect = expect.map(|(amount, code)| (amount.to_owned(), code.to_owned()));
            assert_eq!(shown, expect, "{text}");
        };
        check("1200", Some(("1200.00", "EUR")));
        check("1,200.50", Some(("1200.50", "EUR")));
        check("€1200", Some(("1200.00", "EUR")));
        check("1200 USD", Some(("1200.00", "USD")));
        check("$12,500.00", Some(("12500.00", "USD")));
        check("1.234,56 €", Some(("1234.56", "EUR")));
        check("1.234.567", Some(("1234567.00", "EUR")));
        check("12,5", Some(("12.50", "EUR")));
        check("1'200 CHF", Some(("1200.00", "CHF")));
        check("-5", Some(("-5.00", "EUR")));
        check("1200 jpy", Some(("1200", "JPY")));
        check("0.5", Some(("0.50", "EUR")));
        check("0.500", Some(("0.50", "EUR")));
        check("1.200 KWD", Some(("1.200", "KWD")));
        check("1200.500", Some(("1200.50", "EUR")));
        check("1.200,500", Some(("1200.50", "EUR")));
        for wrong in [
            "",
            "abc",
            "1.2345",
            "1.200",
            "12.500 EUR",
            "120.000 JPY",
            "12 ABC",
            "1,23,4",
            "€5 USD",
            "1..2",
            "12.5 JPY",
            "--3",
            "1 2 x",
            "99999999999999999999",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn people_see_groups_and_no_idle_cents() {
        let check = |minor, code: &str, expect: &str| {
            let currency = Currency::parse(code).expect(code);
            assert_eq!(Money::new(minor, currency).to_string(), expect);
        };
        check(120_050, "EUR", "1,200.50 EUR");
        check(120_000, "EUR", "1,200 EUR");
        check(-99, "USD", "-0.99 USD");
        check(1_234_567, "JPY", "1,234,567 JPY");
    }
}
