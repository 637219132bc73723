//! Ranking: which records a few typed words mean, best first, and which names come near.
//!
//! Everything is compared folded, word by word and in any order. A [`SearchKey`] is made once
//! for each record; a set of letters in it lets most records be passed over cheaply.

use super::field::{Index, Shape};
use super::fuzzy;
use super::id::Id;
use super::kind::Kind;
use super::nearest::allowed_edits;
use super::record::Record;
use super::values::Value;
use super::values::text::{fold, words};

/// For a word of the title, typed whole.
const EXACT: i64 = 1_000;
/// For the beginning of a word of the title; up to 99 more, the more of it was typed.
const BEGINNING: i64 = 800;
/// For a part of a word of the title, likewise.
const PART: i64 = 500;
/// For letters of a word of the title with gaps, likewise.
const GAPS: i64 = 300;
/// For an e-mail address, tag, site or company, whole; less for a part.
const OTHER: i64 = 200;
/// For the title's first word, which people type first.
const FIRST: i64 = 5;
/// The fewest digits that are looked for in phone numbers.
const FEWEST_DIGITS: usize = 3;
/// More typed words than that are not looked at.
const MOST_WORDS: usize = 16;

/// What a record is found by, folded once.
#[derive(Clone, Debug)]
pub struct SearchKey {
    /// The record's identity.
    pub id: Id,
    /// Its kind.
    pub kind: &'static Kind,
    title: Vec<Folded>,
    others: Vec<Folded>,
    phones: Vec<String>,
    letters: Letters,
}

impl SearchKey {
    /// The key of a record, with the name of the company that it belongs to, or nothing.
    pub fn new(record: &Record, company: &str) -> Self {
        let mut others = Vec::new();
        let mut phones = Vec::new();
        for field in record.kind.fields {
            let is_found = field.index == Index::Exact && field.shape != Shape::Stage;
            match record.field(field).filter(|_| is_found) {
                Some(Value::Emails(list)) => {
                    others.extend(list.iter().map(|email| email.value.key()));
                }
                Some(Value::Sites(list)) => others.extend(list.iter().map(|site| site.value.key())),
                Some(Value::Texts(list)) => others.extend(list.iter().cloned()),
                Some(Value::Text(text)) if field.shape == Shape::Text => others.push(text.clone()),
                Some(Value::Phones(list)) => {
                    phones.extend(list.iter().map(|phone| digits(phone.value.e164())));
                }
                _ => {}
            }
        }
        if !company.is_empty() {
            others.push(company.to_owned());
        }
        let title: Vec<Folded> = words(record.title()).into_iter().map(Folded::new).collect();
        let others: Vec<Folded> = others.iter().map(|it| Folded::new(fold(it))).collect();
        let texts = title.iter().chain(&others).map(|folded| folded.letters);
        let letters = texts.chain(phones.iter().map(|phone| Letters::of(phone)));
        Self {
            id: record.id,
            kind: record.kind,
            letters: letters.fold(Letters::default(), Letters::with),
            title,
            others,
            phones,
        }
    }

    fn title_words(&self) -> impl Iterator<Item = &str> {
        self.title.iter().map(|word| word.text.as_str())
    }
}

/// One typed word.
#[derive(Clone, Debug)]
pub struct SearchWord {
    /// As typed, folded: an e-mail address is one word.
    whole: Folded,
    /// What stands between its marks: a handle is several.
    parts: Vec<Folded>,
    /// Its digits, when it may belong to a phone number.
    digits: Option<String>,
}

impl SearchWord {
    /// The words of a text. What has neither letters nor digits is none.
    pub fn split(text: &str) -> Vec<Self> {
        text.split_whitespace()
            .map(Self::new)
            .filter(|word| !word.parts.is_empty())
            .take(MOST_WORDS)
            .collect()
    }

    fn new(word: &str) -> Self {
        let is_phone = |c: char| c.is_ascii_digit() || "+-/.()".contains(c);
        let number = digits(word).trim_start_matches('0').to_owned();
        let is_number = word.chars().all(is_phone) && number.len() >= FEWEST_DIGITS;
        Self {
            whole: Folded::new(fold(word)),
            parts: words(word).into_iter().map(Folded::new).collect(),
            digits: is_number.then_some(number),
        }
    }

    fn rank(&self, key: &SearchKey) -> Option<i64> {
        if let Some(number) = &self.digits
            && key.phones.iter().any(|phone| phone.contains(number))
        {
            return Some(OTHER);
        }
        let by_parts = || {
            let ranks: Option<Vec<i64>> = self.parts.iter().map(|it| part_rank(it, key)).collect();
            let ranks = ranks?;
            Some(ranks.iter().sum::<i64>() / i64::try_from(ranks.len()).unwrap_or(1).max(1))
        };
        by_parts().max(other_rank(&self.whole, key))
    }
}

/// How well typed words fit a record; every word must. The more, the better.
pub fn rank(typed: &[SearchWord], key: &SearchKey) -> Option<i64> {
    let mut sum: i64 = 0;
    for word in typed {
        sum += word.rank(key)?;
    }
    let parts = typed.iter().flat_map(|word| &word.parts);
    let is_whole = parts.map(|part| part.text.as_str()).eq(key.title_words());
    Some(if is_whole { sum + EXACT } else { sum })
}

/// The records that a text means, best first, equally good ones by title. An empty text means
/// none.
pub fn search<'a>(
    text: &str,
    keys: impl Iterator<Item = &'a SearchKey>,
    limit: usize,
) -> Vec<(Id, i64)> {
    let typed = SearchWord::split(text);
    if typed.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(&SearchKey, i64)> = keys
        .filter_map(|key| rank(&typed, key).map(|rank| (key, rank)))
        .collect();
    found.sort_by(|(one, better), (other, worse)| {
        worse
            .cmp(better)
            .then_with(|| one.title_words().cmp(other.title_words()))
            .then_with(|| one.id.cmp(&other.id))
    });
    found.truncate(limit);
    found
        .into_iter()
        .map(|(key, rank)| (key.id, rank))
        .collect()
}

/// The names that a text nearly is, nearest first: for each typed word one that differs by a
/// slip or two, or has its letters with gaps; or all words together, written as one.
pub fn near_misses<'a>(
    text: &str,
    names: impl Iterator<Item = (Id, &'a str)>,
    limit: usize,
) -> Vec<Id> {
    let typed: Vec<Folded> = words(text)
        .into_iter()
        .take(MOST_WORDS)
        .map(Folded::new)
        .collect();
    if typed.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(usize, &str, Id)> = names
        .filter_map(|(id, name)| Some((slips(&typed, &words(name))?, name, id)))
        .collect();
    found.sort_unstable();
    found.truncate(limit);
    found.into_iter().map(|(_, _, id)| id).collect()
}

/// How many slips lie between typed words and a name, if few.
fn slips(typed: &[Folded], name: &[String]) -> Option<usize> {
    let name: Vec<Folded> = name.iter().cloned().map(Folded::new).collect();
    let each = |word: &Folded| name.iter().filter_map(|own| word_slips(word, own)).min();
    let by_word: Option<usize> = typed.iter().map(each).sum();
    let joined = |words: &[Folded]| words.iter().map(|word| word.text.as_str()).collect();
    let as_one = word_slips(&Folded::new(joined(typed)), &Folded::new(joined(&name)));
    by_word.into_iter().chain(as_one).min()
}

fn word_slips(typed: &Folded, own: &Folded) -> Option<usize> {
    let most = allowed_edits(typed.length);
    let by_slips = || {
        // A slip brings in at most one strange letter and changes the length by one.
        let is_near = typed.letters.strange_to(own.letters) <= most
            && typed.length.abs_diff(own.length) <= most;
        is_near
            .then(|| strsim::osa_distance(&typed.text, &own.text))
            .filter(|&slips| slips <= most)
    };
    let with_gaps = || {
        let has_all = own.letters.has(typed.letters);
        (has_all && fuzzy::score(&own.text, &typed.text).is_some()).then_some(most + 1)
    };
    by_slips().or_else(with_gaps)
}

/// How well one part of a typed word fits: by the title if at all, else by another field.
fn part_rank(part: &Folded, key: &SearchKey) -> Option<i64> {
    if !key.letters.has(part.letters) {
        return None;
    }
    let title = key.title.iter().enumerate().filter_map(|(index, own)| {
        let rank = title_word_rank(part, own)?;
        Some(if index == 0 { rank + FIRST } else { rank })
    });
    title.max().or_else(|| other_rank(part, key))
}

fn title_word_rank(typed: &Folded, own: &Folded) -> Option<i64> {
    if !own.letters.has(typed.letters) {
        return None;
    }
    if own.text == typed.text {
        return Some(EXACT);
    }
    let tier = if own.text.starts_with(&typed.text) {
        BEGINNING
    } else if own.text.contains(&typed.text) {
        PART
    } else {
        fuzzy::score(&own.text, &typed.text)?;
        GAPS
    };
    Some(tier + share(typed.length, own.length))
}

fn other_rank(typed: &Folded, key: &SearchKey) -> Option<i64> {
    let fitting = key
        .others
        .iter()
        .filter(|own| own.letters.has(typed.letters));
    fitting
        .filter_map(|own| {
            let place = own.text.find(&typed.text)?;
            let before = own.text.get(..place)?.chars().next_back();
            let at_word = before.is_none_or(|c| !c.is_alphanumeric());
            Some(match (own.text == typed.text, at_word) {
                (true, _) => OTHER,
                (_, true) => OTHER / 2,
                _ => OTHER / 4,
            })
        })
        .max()
}

/// How much of a word was typed, 0 to 99.
fn share(typed: usize, whole: usize) -> i64 {
    let percent = typed.saturating_mul(100) / whole.max(1);
    i64::try_from(percent).unwrap_or(99).min(99)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A folded text with what is asked of it most.
#[derive(Clone, Debug)]
struct Folded {
    text: String,
    letters: Letters,
    length: usize,
}

impl Folded {
    fn new(text: String) -> Self {
        Self {
            letters: Letters::of(&text),
            length: text.chars().count(),
            text,
        }
    }
}

/// The set of characters in a text, one bit each for Latin letters and digits, the rest sharing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Letters(u64);

impl Letters {
    fn of(text: &str) -> Self {
        text.chars().fold(Self::default(), |set, letter| {
            let code = u32::from(letter);
            let bit = match letter {
                'a'..='z' => code - u32::from('a'),
                '0'..='9' => 26 + code - u32::from('0'),
                _ => 36 + code % 28,
            };
            set.with(Self(1 << bit))
        })
    }

    const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn has(self, part: Self) -> bool {
        self.0 & part.0 == part.0
    }

    /// How many of its characters the other set lacks, at least.
    fn strange_to(self, other: Self) -> usize {
        usize::try_from((self.0 & !other.0).count_ones()).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{CountedIds, IdSource as _};
    use crate::domain::values::contact_points::{Email, Labelled, Site};
    use crate::domain::values::phone::{Phone, Region};
    use crate::domain::{company, contact, deal};
    use chrono::DateTime;

    /// Names with the company that they belong to, in the order of their ids.
    const PEOPLE: &[(&str, &str)] = &[
        ("Zoë Müller", "Acme GmbH"),
        ("Zora Müllerson", ""),
        ("Max Obermüller", ""),
        ("Jürgen Weiß", "Österreich Bau"),
        ("山田 太郎", ""),
        ("山田太一", ""),
        ("Søren Łukasz", ""),
        ("Acme Pat", ""),
        ("Anna-Lena Kraus", ""),
        ("김민준", ""),
        ("Aaron Acme", ""),
    ];

    fn keys() -> Vec<SearchKey> {
        let mut ids = CountedIds::default();
        let mut make = |kind, title: &str| {
            let id = ids.next_id(DateTime::UNIX_EPOCH);
            let mut record = Record::new(kind, id, DateTime::UNIX_EPOCH);
            record.set(record.kind.title, title.to_owned());
            record
        };
        let mut keys = Vec::new();
        for (index, (name, company)) in PEOPLE.iter().enumerate() {
            let mut record = make(&contact::KIND, name);
            if index == 0 {
                let email = Email::parse("z.mueller@acme.de").expect("an address");
                record.set(contact::EMAILS, vec![Labelled::plain(email)]);
                let phone = Phone::parse("0171 1234567", Region::DE).expect("a number");
                record.set(contact::PHONES, vec![Labelled::plain(phone)]);
                record.set(contact::TAGS, vec!["VIP".to_owned()]);
                let site = Site::parse("@zoe_m").expect("a handle");
                record.set(contact::SOCIAL, vec![Labelled::plain(site)]);
                record.set(contact::NOTES, "hidden".to_owned());
            }
            keys.push(SearchKey::new(&record, company));
        }
        let mut acme = make(&company::KIND, "Acme GmbH");
        acme.set(company::DOMAIN, "acme.de".to_owned());
        keys.push(SearchKey::new(&acme, ""));
        let mut site = make(&deal::KIND, "New site");
        site.set(deal::STAGE, "proposal".to_owned());
        keys.push(SearchKey::new(&site, "Acme GmbH"));
        keys
    }

    fn titles(found: impl Iterator<Item = Id>, keys: &[SearchKey]) -> Vec<usize> {
        let place = |id| keys.iter().position(|key| key.id == id).expect("a key");
        found.map(place).collect()
    }

    #[test]
    fn every_word_counts_and_the_better_fit_comes_first() {
        let keys = keys();
        for (text, expect) in [
            ("zoe", &[0][..]),
            ("ZOË MÜLLER", &[0]),
            ("muller zoe", &[0]),
            ("zoe-muller", &[0]),
            ("muller", &[0, 1, 2]),
            ("mul", &[0, 1, 2]),
            ("mlr", &[0]),
            ("zo", &[0, 1]),
            ("zoe kraus", &[]),
            ("weiss", &[3]),
            ("jurgen osterreich", &[3]),
            ("soren lukasz", &[6]),
            ("lukasz, søren", &[6]),
            ("lena anna", &[8]),
            ("anna-lena", &[8]),
            ("山田", &[4, 5]),
            ("太郎", &[4]),
            ("太一", &[5]),
            ("김민준", &[9]),
            ("김민", &[9]),
            ("acme", &[11, 7, 10, 12, 0]),
            ("acme gmbh", &[11, 12, 0]),
            ("acme.de", &[11, 0]),
            ("z.mueller@acme.de", &[0]),
            ("vip", &[0]),
            ("@zoe_m", &[0]),
            ("0171", &[0]),
            ("0171 1234567", &[0]),
            ("+49-171-12", &[0]),
            ("171 vip", &[0]),
            ("hidden", &[]),
            ("proposal", &[]),
            ("site acme", &[12]),
            ("zeo", &[]),
            ("&", &[]),
            ("acme & gmbh", &[11, 12, 0]),
            ("", &[]),
        ] {
            let found = search(text, keys.iter(), 10);
            let found = titles(found.into_iter().map(|(id, _)| id), &keys);
            assert_eq!(found, expect, "{text}");
        }
        assert_eq!(search("a", keys.iter(), 2).len(), 2);
    }

    #[test]
    fn tiers_do_not_overlap() {
        let keys = keys();
        let rank_of = |text: &str, place: usize| rank(&SearchWord::split(text), &keys[place]);
        let ordered = [
            rank_of("zoe muller", 0).map(|sum| sum / 2),
            rank_of("zoe", 0),
            rank_of("mulle", 0),
            rank_of("ulle", 0),
            rank_of("mullr", 0),
            rank_of("vip", 0),
            rank_of("de", 0),
            rank_of("cme", 0),
        ];
        for pair in ordered.windows(2) {
            assert!(pair[0] > pair[1], "{ordered:?}");
        }
        assert!(ordered.iter().all(Option::is_some), "{ordered:?}");
    }

    #[test]
    fn typos_find_the_names_that_were_meant() {
        let names: Vec<&str> = PEOPLE.iter().map(|(name, _)| *name).collect();
        let mut ids = CountedIds::default();
        let mut id = || ids.next_id(DateTime::UNIX_EPOCH);
        let listed: Vec<(Id, &str)> = names.iter().map(|name| (id(), *name)).collect();
        for (text, expect) in [
            ("zeo muller", &["Zoë Müller"][..]),
            ("zoe miller", &["Zoë Müller"]),
            ("Mueler", &["Zoë Müller"]),
            ("jurgn wies", &["Jürgen Weiß"]),
            ("zoemuller", &["Zoë Müller"]),
            ("anna lenna krause", &["Anna-Lena Kraus"]),
            ("山田 太朗", &["山田 太郎"]),
            ("zoe kraus", &[]),
            ("xyz", &[]),
            ("", &[]),
            ("...", &[]),
        ] {
            let found = near_misses(text, listed.iter().copied(), 1);
            let name = |id: &Id| {
                listed
                    .iter()
                    .find(|(own, _)| own == id)
                    .map(|(_, name)| *name)
            };
            let found: Vec<&str> = found.iter().filter_map(name).collect();
            assert_eq!(found, expect, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,60}") {
            let keys = keys();
            search(&text, keys.iter(), 3);
            let key = &keys[0];
            near_misses(&text, PEOPLE.iter().map(|(name, _)| (key.id, *name)), 3);
        }

        #[test]
        fn a_name_finds_itself_by_any_of_its_words(place in 0..PEOPLE.len()) {
            let keys = keys();
            for word in words(PEOPLE[place].0) {
                let found = search(&word, keys.iter(), usize::MAX);
                proptest::prop_assert!(found.iter().any(|(id, _)| *id == keys[place].id));
            }
        }
    }
}
