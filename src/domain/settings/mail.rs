//! Settings of mail: which addresses are the user's own.

use crate::domain::values::contact_points::Email;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Settings of mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct MailSettings {
    /// Your own addresses; `@example.com` means all of a domain. Mail from them is mail that you
    /// sent.
    pub addresses: Vec<String>,
}

impl MailSettings {
    /// Whether an address is the user's own.
    pub fn is_own(&self, address: &Email) -> bool {
        let wanted = address.key();
        self.addresses.iter().any(|own| {
            let own = own.trim().to_lowercase();
            match own.strip_prefix('@') {
                Some(domain) => wanted.rsplit_once('@').is_some_and(|(_, it)| it == domain),
                None => own == wanted,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_addresses_are_whole_or_a_domain() {
        let settings = MailSettings {
            addresses: vec!["Me@Home.example".to_owned(), "@work.example".to_owned()],
        };
        for (address, expect) in [
            ("me@home.example", true),
            ("ME@home.example", true),
            ("you@home.example", false),
            ("anyone@work.example", true),
            ("anyone@sub.work.example", false),
        ] {
            let address = Email::parse(address).expect(address);
            assert_eq!(settings.is_own(&address), expect, "{address:?}");
        }
    }
}
