//! What is wrong with a query, and where.

use crate::domain::values::ValueError;
use std::ops::Range;

/// What is wrong with a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryErrorKind {
    /// A kind of record has no field of that name.
    UnknownField {
        /// The name.
        name: String,
        /// The name of a field that may be meant.
        nearest: Option<String>,
    },
    /// A dot behind a field that does not link to other records.
    NotALink {
        /// The field.
        field: String,
    },
    /// A value that the field cannot have.
    BadValue {
        /// The field, as typed.
        field: String,
        /// The value.
        value: String,
        /// Why.
        error: ValueError,
    },
    /// An operator that does not exist, stands alone, or makes no sense for the field.
    BadOperator {
        /// The field, as typed; empty where the operator stands alone.
        field: String,
        /// The operator.
        operator: String,
    },
    /// The query of a segment makes no sense, or stands within itself.
    BrokenSegment {
        /// The segment's name.
        name: String,
    },
    /// A quote without its end.
    UnclosedQuote,
    /// An opening parenthesis without its end.
    UnclosedParenthesis,
    /// A closing parenthesis without its beginning.
    UnopenedParenthesis,
    /// A word or a term must stand here.
    ExpectedTerm,
    /// More parentheses, negations or dots within each other than allowed: that many.
    TooDeep(usize),
    /// More characters than allowed: that many.
    TooLong(usize),
}

/// What is wrong with a query, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// Where the fault begins, in bytes.
    pub at: usize,
    /// How many bytes of the text are at fault; none at its end.
    pub length: usize,
    /// What is wrong.
    pub kind: QueryErrorKind,
    column: usize,
    width: usize,
}

impl QueryError {
    pub(super) fn new(text: &str, span: Range<usize>, kind: QueryErrorKind) -> Self {
        let characters = |range: Range<usize>| text.get(range).map_or(0, |s| s.chars().count());
        Self {
            at: span.start,
            length: span.len(),
            kind,
            column: characters(0..span.start),
            width: characters(span),
        }
    }

    /// How many characters stand before the fault.
    pub const fn column(&self) -> usize {
        self.column
    }

    /// How many characters are at fault.
    pub const fn width(&self) -> usize {
        self.width
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::context::{Context, DateOrder};
    use crate::domain::custom::CustomFields;
    use crate::domain::query::Query;
    use crate::domain::values::money::Currency;
    use crate::domain::values::phone::Region;
    use crate::domain::{contact, deal};

    fn context() -> Context {
        Context {
            now: chrono::DateTime::UNIX_EPOCH,
            zone: chrono_tz::UTC,
            region: Region::DE,
            currency: Currency::EUR,
            date_order: DateOrder::Dmy,
        }
    }

    fn error(text: &str) -> Option<QueryError> {
        Query::parse(text, &contact::KIND, CustomFields::default(), &context()).err()
    }

    fn check(rows: &[(&str, usize, usize, QueryErrorKind)]) {
        for (text, column, width, kind) in rows {
            let error = error(text).expect(text);
            let place = (error.column(), error.width());
            assert_eq!((place, &error.kind), ((*column, *width), kind), "{text}");
            let part = text.get(error.at..error.at + error.length);
            assert_eq!(
                part.map(|part| part.chars().count()),
                Some(*width),
                "{text}"
            );
        }
    }

    fn unknown(name: &str, nearest: Option<&str>) -> QueryErrorKind {
        QueryErrorKind::UnknownField {
            name: name.to_owned(),
            nearest: nearest.map(str::to_owned),
        }
    }

    fn value(field: &str, value: &str, error: ValueError) -> QueryErrorKind {
        QueryErrorKind::BadValue {
            field: field.to_owned(),
            value: value.to_owned(),
            error,
        }
    }

    fn operator(field: &str, operator: &str) -> QueryErrorKind {
        QueryErrorKind::BadOperator {
            field: field.to_owned(),
            operator: operator.to_owned(),
        }
    }

    fn link(field: &str) -> QueryErrorKind {
        QueryErrorKind::NotALink {
            field: field.to_owned(),
        }
    }

    fn one_of(words: &[&str]) -> ValueError {
        ValueError::NotOneOf(words.iter().map(|&word| word.to_owned()).collect())
    }

    #[test]
    fn faults_of_names_are_named_with_their_place() {
        use QueryErrorKind as Kind;
        check(&[
            ("tags:vip", 0, 4, unknown("tags", Some("tag"))),
            (
                "zoë lifecylce:lead",
                4,
                9,
                unknown("lifecylce", Some("lifecycle")),
            ),
            ("é quadrant:vip", 2, 8, unknown("quadrant", None)),
            (
                "company.teritory:x",
                8,
                8,
                unknown("teritory", Some("territory")),
            ),
            ("company.:x", 8, 0, unknown("", None)),
            ("role.x:1", 0, 4, link("role")),
            ("score.x:1", 0, 5, link("score")),
            (
                "company.parent.parent.parent.name:x",
                0,
                33,
                Kind::TooDeep(3),
            ),
            ("due:x", 0, 3, unknown("due", None)),
        ]);
    }

    #[test]
    fn faults_of_values_are_named_with_their_place() {
        check(&[
            (
                "lifecycle:custmer",
                10,
                7,
                value("lifecycle", "custmer", one_of(contact::LIFECYCLES)),
            ),
            (
                "bounced:maybe",
                8,
                5,
                value("bounced", "maybe", one_of(&["yes", "no"])),
            ),
            ("tag:", 4, 0, value("tag", "", ValueError::Empty)),
            ("tag: vip", 4, 0, value("tag", "", ValueError::Empty)),
            ("tag:\"\"", 4, 2, value("tag", "", ValueError::Empty)),
            (
                "cadence>soon",
                8,
                4,
                value("cadence", "soon", ValueError::Malformed),
            ),
            (
                "created>feb-30",
                8,
                6,
                value("created", "feb-30", ValueError::When("feb-30".to_owned())),
            ),
            (
                "phone:abc",
                6,
                3,
                value("phone", "abc", ValueError::Malformed),
            ),
        ]);
    }

    #[test]
    fn a_share_is_at_most_a_hundred() {
        let error = Query::parse(
            "chance>101",
            &deal::KIND,
            CustomFields::default(),
            &context(),
        )
        .expect_err("too much");
        assert_eq!(
            error.kind,
            value("chance", "101", ValueError::OutOfRange(0, 100))
        );
    }

    #[test]
    fn faults_of_grammar_are_named_with_their_place() {
        use QueryErrorKind as Kind;
        check(&[
            ("tag>x", 3, 1, operator("tag", ">")),
            ("company<=acme", 7, 2, operator("company", "<=")),
            ("bounced>yes", 7, 1, operator("bounced", ">")),
            ("tag:=x", 3, 2, operator("tag", ":=")),
            ("tag=>x", 3, 2, operator("tag", "=>")),
            ("size >= 5", 5, 2, operator("", ">=")),
            ("zoë \"open", 4, 5, Kind::UnclosedQuote),
            ("name:\"open", 5, 5, Kind::UnclosedQuote),
            ("(zoe", 0, 1, Kind::UnclosedParenthesis),
            ("zoe (a or (b)", 4, 1, Kind::UnclosedParenthesis),
            ("zoe)", 3, 1, Kind::UnopenedParenthesis),
            (")", 0, 1, Kind::UnopenedParenthesis),
            ("()", 1, 1, Kind::ExpectedTerm),
            ("zoe or", 6, 0, Kind::ExpectedTerm),
            ("or zoe", 0, 2, Kind::ExpectedTerm),
            ("zoe and or", 8, 2, Kind::ExpectedTerm),
            ("not", 3, 0, Kind::ExpectedTerm),
            ("zoe - x", 5, 0, Kind::ExpectedTerm),
            ("\" \"", 0, 3, Kind::ExpectedTerm),
        ]);
    }

    #[test]
    fn depth_and_length_have_an_end() {
        let check = |text: String, expect: Option<QueryErrorKind>| {
            assert_eq!(error(&text).map(|error| error.kind), expect);
        };
        let nested = |depth: usize| format!("{}zoe{}", "(".repeat(depth), ")".repeat(depth));
        check(nested(64), None);
        check(nested(65), Some(QueryErrorKind::TooDeep(64)));
        check("-".repeat(65) + "zoe", Some(QueryErrorKind::TooDeep(64)));
        check("ä".repeat(10_000), None);
        check("ä".repeat(10_001), Some(QueryErrorKind::TooLong(10_000)));
        check("zoe ".repeat(2_500), None);
        check("-(zoe) ".repeat(100), None);
    }
}
