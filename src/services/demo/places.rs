//! Countries of the demo data: cities, streets, languages, zones and fictional phone numbers.

/// A country with what an address and a phone number there look like.
pub(super) struct Country {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) territory: &'static str,
    pub(super) language: &'static str,
    pub(super) zone: &'static str,
    pub(super) currency: &'static str,
    /// Postal code and city.
    pub(super) cities: &'static [(&'static str, &'static str)],
    pub(super) streets: &'static [&'static str],
}

impl Country {
    /// A number that its authority keeps for fiction; British where it keeps none.
    pub(super) fn phone(&self, number: usize) -> (&'static str, String) {
        let (three, two) = (number % 1000, number % 100);
        match self.code {
            "DE" => ("work", format!("+49 30 23125 {three:03}")),
            "GB" => ("work", format!("+44 20 7946 0{three:03}")),
            "FR" => ("work", format!("+33 1 99 00 {:02} {two:02}", three / 100)),
            "US" => {
                let area = ["212", "415", "617", "312"][number % 4];
                ("work", format!("+1 {area} 555 01{two:02}"))
            }
            _ => ("mobile", format!("+44 7700 900{three:03}")),
        }
    }
}

macro_rules! countries {
    ($($code:literal $name:literal $territory:literal $language:literal $zone:literal
       $currency:literal $cities:expr, $streets:expr;)*) => {
        /// Every country.
        pub(super) const COUNTRIES: &[Country] = &[$(Country {
            code: $code, name: $name, territory: $territory, language: $language, zone: $zone,
            currency: $currency, cities: &$cities, streets: &$streets,
        }),*];
    };
}

countries! {
    "DE" "Germany" "DACH" "de" "Europe/Berlin" "EUR"
        [("10115", "Berlin"), ("20095", "Hamburg"), ("80331", "München"), ("50667", "Köln"), ("04109", "Leipzig")],
        ["Lindenweg", "Gartenstraße", "Am Hafen", "Mühlengasse", "Kastanienallee"];
    "AT" "Austria" "DACH" "de" "Europe/Vienna" "EUR"
        [("1070", "Wien"), ("8010", "Graz")], ["Rosengasse", "Schlossberg", "Weinzeile"];
    "CH" "Switzerland" "DACH" "de" "Europe/Zurich" "CHF"
        [("8004", "Zürich"), ("3011", "Bern"), ("4051", "Basel")], ["Seestrasse", "Rebgasse", "Bachweg"];
    "FR" "France" "France" "fr" "Europe/Paris" "EUR"
        [("75011", "Paris"), ("69002", "Lyon"), ("44000", "Nantes")], ["rue des Tilleuls", "quai du Moulin", "rue de la Source"];
    "GB" "United Kingdom" "UK" "en" "Europe/London" "GBP"
        [("N17AA", "London"), ("M41HQ", "Manchester"), ("BS14DJ", "Bristol")], ["Orchard Lane", "Mill Street", "Harbour Row"];
    "US" "United States" "North America" "en" "America/New_York" "USD"
        [("10013", "New York"), ("02110", "Boston"), ("60607", "Chicago")], ["Maple Avenue", "Juniper Street", "Second Street"];
    "PL" "Poland" "CEE" "pl" "Europe/Warsaw" "EUR"
        [("31-042", "Kraków"), ("00-680", "Warszawa"), ("80-831", "Gdańsk")], ["ul. Lipowa", "ul. Ogrodowa", "ul. Młyńska"];
    "ES" "Spain" "Iberia" "es" "Europe/Madrid" "EUR"
        [("08003", "Barcelona"), ("28012", "Madrid"), ("46001", "Valencia")], ["Calle del Olivo", "Calle Mayor", "Paseo del Puerto"];
    "IT" "Italy" "Southern Europe" "it" "Europe/Rome" "EUR"
        [("20121", "Milano"), ("40121", "Bologna")], ["Via dei Tigli", "Via del Porto"];
    "NL" "Netherlands" "Benelux" "nl" "Europe/Amsterdam" "EUR"
        [("1012AB", "Amsterdam"), ("3511AA", "Utrecht")], ["Lindegracht", "Molenstraat"];
    "SE" "Sweden" "Nordics" "sv" "Europe/Stockholm" "EUR"
        [("11646", "Stockholm"), ("41106", "Göteborg")], ["Björkgatan", "Hamngatan"];
    "JP" "Japan" "Asia" "ja" "Asia/Tokyo" "JPY"
        [("150-0001", "東京"), ("604-8001", "京都")], ["桜通り", "港町"];
    "GR" "Greece" "Southern Europe" "el" "Europe/Athens" "EUR"
        [("10555", "Αθήνα"), ("54624", "Θεσσαλονίκη")], ["Οδός Ελιάς", "Οδός Λιμανιού"];
    "UA" "Ukraine" "CEE" "uk" "Europe/Kyiv" "EUR"
        [("79000", "Львів"), ("01001", "Київ")], ["вул. Липова", "вул. Садова"];
    "TR" "Türkiye" "Middle East" "tr" "Europe/Istanbul" "EUR"
        [("34425", "İstanbul"), ("35210", "İzmir")], ["Çınar Sokak", "Liman Caddesi"];
    "AE" "United Arab Emirates" "Middle East" "ar" "Asia/Dubai" "USD"
        [("00000", "دبي")], ["شارع النخيل"];
    "VN" "Vietnam" "Asia" "vi" "Asia/Ho_Chi_Minh" "USD"
        [("70000", "Hồ Chí Minh"), ("10000", "Hà Nội")], ["Đường Hoa Sen", "Phố Bến Cảng"];
}
