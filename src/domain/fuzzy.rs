//! How well the letters of a typed word fit a word of a name, in their order but with gaps.
//!
//! Both sides are folded by the caller; see [`super::values::text::fold`].

use fuzzy_matcher::FuzzyMatcher as _;
use fuzzy_matcher::skim::SkimMatcherV2;

/// The fewest letters that may be matched with gaps; fewer fit almost everything.
const SHORTEST: usize = 3;
/// Longer words are not matched with gaps: the cost grows with both lengths.
const LONGEST: usize = 64;
/// The least score for each typed letter. A letter that matches counts 16, a gap takes from that.
const LEAST_PER_LETTER: i64 = 16;

thread_local! {
    static MATCHER: SkimMatcherV2 = SkimMatcherV2::default().respect_case();
}

/// How well `typed` fits `word` with gaps: the first letters agree, the others follow in order,
/// and no more letters are left out than typed. The more, the better.
pub(crate) fn score(word: &str, typed: &str) -> Option<i64> {
    let letters = typed.chars().count();
    let length = word.chars().count();
    if !(SHORTEST..=LONGEST).contains(&letters)
        || length > letters.saturating_mul(2)
        || word.chars().next() != typed.chars().next()
    {
        return None;
    }
    let least = i64::try_from(letters).ok()? * LEAST_PER_LETTER;
    MATCHER
        .with(|matcher| matcher.fuzzy_match(word, typed))
        .filter(|&score| score >= least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_order_fit_but_not_all_over_a_long_word() {
        for (word, typed, expect) in [
            ("muller", "mlr", true),
            ("muller", "mller", true),
            ("muller", "muller", true),
            ("muller", "llr", false),
            ("muller", "ml", false),
            ("architect", "act", false),
            ("muller", "mrl", false),
            ("山田太郎", "山太郎", true),
        ] {
            assert_eq!(score(word, typed).is_some(), expect, "{word} {typed}");
        }
        assert_eq!(score(&"a".repeat(100), &"a".repeat(100)), None);
    }
}
