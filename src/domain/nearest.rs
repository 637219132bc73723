//! The name that someone meant who typed another: for errors that offer it.

use super::values::text::fold;

/// The candidate nearest to a mistyped name: by edit distance, else one that begins with it,
/// else one that has it as a part. None when nothing is near.
pub fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    let wanted = fold(name.trim()).replace(['_', ' '], "-");
    let length = wanted.chars().count();
    if !(1..=64).contains(&length) {
        return None;
    }
    let by_distance = candidates
        .clone()
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&wanted, &fold(candidate)), candidate))
        .filter(|(distance, candidate)| {
            *distance <= allowed_edits(length) && *distance < candidate.chars().count()
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate);
    let with = |test: fn(&str, &str) -> bool| {
        let mut all = candidates.clone().into_iter();
        (length >= 3)
            .then(|| all.find(|candidate| test(&fold(candidate), &wanted)))
            .flatten()
    };
    by_distance
        .or_else(|| with(|candidate, wanted| candidate.starts_with(wanted)))
        .or_else(|| with(|candidate, wanted| candidate.contains(wanted)))
}

/// How many slips a word of that length may hold and still be meant.
pub(crate) const fn allowed_edits(length: usize) -> usize {
    match length {
        0..=2 => 0,
        3..=5 => 1,
        6..=8 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_a_beginning_or_a_part_finds_the_name() {
        let names = ["name", "tag", "company", "expected-close", "last-contact"];
        for (typed, expect) in [
            ("tags", Some("tag")),
            ("comapny", Some("company")),
            ("Nmae", Some("name")),
            ("expected", Some("expected-close")),
            ("expected_close", Some("expected-close")),
            ("contact", Some("last-contact")),
            ("zzz", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, names), expect, "{typed}");
        }
    }
}
