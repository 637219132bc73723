//! vCard 2.1, 3.0 and 4.0 in, 4.0 out. Cells bear the names of contact fields; the parts of
//! a postal address come as `Address 1 - Street` and so on, as in a Google export.

mod read;
mod text;
mod write;

use super::{Format, FormatError, RowError};

/// Cards of address books and phones.
pub const FORMAT: Format = Format {
    name: "vcard",
    help: "vCard, as phones and address books write it; photos stay behind",
    extensions: &["vcf", "vcard"],
    sniff: |bytes, _| {
        let head = &bytes[..bytes.len().min(64)];
        let head: String = head
            .iter()
            .filter(|byte| byte.is_ascii_graphic())
            .map(|&byte| char::from(byte).to_ascii_lowercase())
            .collect();
        head.starts_with("begin:vcard")
    },
    read: |bytes| {
        let text = text::text_of(bytes)?;
        let cards = cards(&text);
        if cards.is_empty() {
            return Err(FormatError::NotThis("there is no card in it".to_owned()));
        }
        Ok(cards
            .into_iter()
            .map(|card| card.and_then(read::row))
            .collect::<Vec<_>>())
    },
    write: Some(write::write),
};

/// One card's text and place.
struct Card {
    line: u64,
    text: String,
    nested: bool,
}

/// Splits a file into cards. A card inside another is one of its own; a card without an end
/// is an error that costs no other card.
fn cards(text: &str) -> Vec<Result<Card, RowError>> {
    let mut open: Vec<Card> = Vec::new();
    let mut all: Vec<Result<Card, RowError>> = Vec::new();
    for (content, line) in text.lines().zip(1_u64..) {
        let command: String = content
            .chars()
            .filter(|c| !c.is_whitespace())
            .take(12)
            .collect::<String>()
            .to_ascii_lowercase();
        if command == "begin:vcard" {
            open.push(Card {
                line,
                text: String::new(),
                nested: !open.is_empty(),
            });
        }
        if let Some(card) = open.last_mut() {
            card.text.push_str(content);
            card.text.push('\n');
        }
        if command == "end:vcard"
            && let Some(card) = open.pop()
        {
            all.push(Ok(card));
        }
    }
    let broken = open.len();
    for card in open {
        let reason = "the card has no END:VCARD".to_owned();
        let line = card.line;
        all.push(Err(RowError { line, reason }));
    }
    let place = |card: &Result<Card, RowError>| match card {
        Ok(card) => card.line,
        Err(error) => error.line,
    };
    all.sort_by_key(place);
    // Below a card without end every card looks like one inside it.
    if broken > 0 {
        for card in all.iter_mut().flatten() {
            card.nested = false;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Cell, Row};

    fn read(text: &str) -> Vec<Result<Row, RowError>> {
        (FORMAT.read)(text.as_bytes()).expect("text")
    }

    fn shown(row: &Row) -> Vec<String> {
        let show = |cell: &Cell| match &*cell.label {
            "" => format!("{}={}", cell.name, cell.value),
            label => format!("{}[{label}]={}", cell.name, cell.value),
        };
        row.cells.iter().map(show).collect()
    }

    fn check(body: &str, expect: &[&str]) {
        let rows = read(&format!("BEGIN:VCARD\n{body}\nEND:VCARD\n"));
        let row = rows[0].as_ref().expect("a card");
        assert_eq!(shown(row), expect, "{body}");
    }

    #[test]
    fn names_points_and_labels_are_read_from_every_version() {
        check(
            "VERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Zo=C3=AB;;;\nTEL;CELL;PREF:0171 1\nTEL;HOME;FAX:030 2\nEMAIL;INTERNET:z@x.de",
            &[
                "name=Zoë Müller",
                "phone[mobile]=0171 1",
                "phone[home fax]=030 2",
                "email=z@x.de",
            ],
        );
        check(
            "VERSION:3.0\nFN:Zoë\nitem1.EMAIL;type=INTERNET:a@x.de\nitem1.X-ABLabel:Büro\nEMAIL;type=WORK;type=pref:b@x.de\nitem2.URL:http\\://x.de\nitem2.X-ABLabel:_$!<HomePage>!$_\nORG:Acme\\, Inc.;Sales\nTITLE:Head",
            &[
                "name=Zoë",
                "email[work]=b@x.de",
                "email[büro]=a@x.de",
                "site[homepage]=http://x.de",
                "company=Acme, Inc.",
                "department=Sales",
                "role=Head",
            ],
        );
        check(
            "VERSION:4.0\nFN:Zoë\nTEL;VALUE=uri;TYPE=\"voice,work\":tel:+49-30-1;ext=5\nBDAY:--0517\nANNIVERSARY:20100601\nCATEGORIES:vip,fair\nUID:urn:x\nTZ:Europe/Berlin\nLANG:de\nNOTE:one\\ntwo\nADR;TYPE=home:;;Str. 1;Berlin;;10115;Germany",
            &[
                "name=Zoë",
                "phone[work]=+49-30-1 ext. 5",
                "birthday=--05-17",
                "date[anniversary]=2010-06-01",
                "tag=vip",
                "tag=fair",
                "vcard-uid=urn:x",
                "time-zone=Europe/Berlin",
                "language=de",
                "notes=one\ntwo",
                "Address 1 - Street[home]=Str. 1",
                "Address 1 - City[home]=Berlin",
                "Address 1 - Postal Code[home]=10115",
                "Address 1 - Country[home]=Germany",
            ],
        );
        check(
            "VERSION:3.0\nFN:Ana\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-05-17\nBDAY;VALUE=text:circa 1800",
            &["name=Ana", "birthday=--05-17", "birthday=circa 1800"],
        );
    }

    #[test]
    fn encodings_are_those_that_cards_name() {
        let (bytes, _, _) = encoding_rs::SHIFT_JIS
            .encode("BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=SHIFT_JIS:伊能 圭一\nEND:VCARD\n");
        let rows = (FORMAT.read)(&bytes).expect("text");
        assert_eq!(rows[0].as_ref().expect("a card").value("name"), "伊能 圭一");
        check(
            "VERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB",
            &["name=Zoë"],
        );
        check(
            "VERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE:Zo=EB",
            &["name=Zoë"],
        );
        check(
            "VERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE:Zo=C3=\n=AB",
            &["name=Zoë"],
        );
        check(
            "VERSION:2.1\nFN;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=88=C9=94=5C\nNOTE;ENCODING=QUOTED-PRINTABLE:a=3Bb=0D=0Ac=\n d",
            &["name=伊能", "notes=a;b\nc d"],
        );
    }

    #[test]
    fn a_card_without_name_is_called_by_what_it_has() {
        check(
            "VERSION:2.1\nEMAIL:jane@x.de",
            &["name=jane@x.de", "email=jane@x.de"],
        );
        check(
            "VERSION:3.0\nN:;;;;\nORG:Acme",
            &["name=Acme", "company=Acme"],
        );
        let rows = read("BEGIN:VCARD\nVERSION:3.0\nORG:Acme\nX-ABShowAs:COMPANY\nEND:VCARD\n");
        let row = rows[0].as_ref().expect("a card");
        assert_eq!(row.kind.as_deref(), Some("company"));
        assert_eq!(shown(row), ["name=Acme"]);
    }

    #[test]
    fn a_broken_card_is_an_error_and_its_neighbours_come_in() {
        let good = |name: &str| format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD\n");
        let text = format!(
            "{}BEGIN:VCARD\nFN:broken\n{}{}",
            good("a"),
            good("b"),
            good("c")
        );
        let rows = read(&text);
        let lines: Vec<(bool, u64)> = rows
            .iter()
            .map(|row| match row {
                Ok(row) => (row.notes.is_empty(), row.line),
                Err(error) => (false, error.line),
            })
            .collect();
        assert_eq!(lines, [(true, 1), (false, 5), (true, 7), (true, 11)]);
        assert!(rows[1].is_err());
    }

    #[test]
    fn what_is_written_reads_back_equal() {
        let row = Row {
            line: 1,
            kind: None,
            cells: vec![
                Cell::new("name", "Zoë; Müller, jr."),
                Cell::labelled("email", "work", "z@x.de"),
                Cell::labelled("email", "Büro 2".to_lowercase(), "b@x.de"),
                Cell::labelled("phone", "work fax", "+49301"),
                Cell::labelled("phone", "mobile", "+49171 ext. 5"),
                Cell::new("company", "Acme, Inc."),
                Cell::new("department", "R&D; Lab"),
                Cell::new("role", "Head"),
                Cell::new("site", "https://x.de/a;b,c"),
                Cell::labelled("social", "mastodon", "@z@m.social"),
                Cell::new("birthday", "--05-17"),
                Cell::labelled("date", "anniversary", "2010-06-01"),
                Cell::labelled("date", "name day", "--12-06"),
                Cell::new("tag", "a,b"),
                Cell::new("tag", "vip"),
                Cell::new("language", "de"),
                Cell::new("time-zone", "Europe/Berlin"),
                Cell::new("nickname", "Zo"),
                Cell::new("notes", "one\ntwo; three, four\\"),
                Cell::new("hobby", "chess"),
                Cell::new("vcard-uid", "urn:uuid:1"),
                Cell::new("lead-status", "warm, very"),
                Cell::labelled("Address 1 - Street", "home", "Str. 1, back; yard"),
                Cell::labelled("Address 1 - City", "home", "Berlin"),
                Cell::labelled("Address 2 - Country", "", "Peru"),
            ],
            ..Row::default()
        };
        let bytes = write::write(std::slice::from_ref(&row));
        let text = String::from_utf8(bytes).expect("text");
        let back = read(&text);
        let back = back[0].as_ref().expect("a card");
        let sorted = |row: &Row| {
            let mut cells = shown(row);
            cells.sort();
            cells
        };
        assert_eq!(sorted(back), sorted(&row), "{text}");
        let again = write::write(std::slice::from_ref(back));
        assert_eq!(String::from_utf8(again).expect("text"), text);
    }

    #[test]
    fn no_bytes_break_it() {
        for text in [
            "BEGIN:VCARD",
            "END:VCARD\nBEGIN:VCARD\nEND:VCARD",
            "BEGIN:VCARD\nN:\nADR:\nTEL;TYPE=:\nBDAY:99999999\nBDAY:2020-99-99\nORG:;;;\nEND:VCARD",
            "BEGIN:VCARD\n;:\n.:\n=\nFN;ENCODING=QUOTED-PRINTABLE:=ZZ=\nEND:VCARD",
            "BEGIN:VCARD\nTZ:+99:99\nLANG;PREF=x:\nX-:\nitem1.X-ABLabel:\nEND:VCARD",
        ] {
            let _ = (FORMAT.read)(text.as_bytes());
        }
    }
}
