//! The text of a message without what was written before: quoted replies, signature, mark-up.

use mail_parser::decoders::html::html_to_text;

/// More characters of a text are not kept.
pub(super) const LONGEST: usize = 4_000;
/// So much of a text is looked at; a longer one is cut first.
const LOOK_AT: usize = 200_000;
/// A line that announces a quotation may run over so many lines.
const ANNOUNCEMENT: usize = 3;

/// What mail programs write above a message that they repeat whole.
const REPEATED: &[&str] = &[
    "original message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "message d'origine",
    "mensaje original",
    "mensagem original",
    "messaggio originale",
    "oorspronkelijk bericht",
];
/// The first header of a message that is repeated whole, as mail programs name it.
const SENDERS: &[&str] = &[
    "from:", "von:", "de:", "da:", "van:", "från:", "fra:", "od:",
];

/// What was written anew. All of it, where it is only quoted or repeated.
pub(super) fn written(text: &str) -> String {
    let text = beginning(text, LOOK_AT);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let own = tidy(&own_lines(&lines));
    let kept = if own.is_empty() { tidy(&lines) } else { own };
    if kept.chars().count() <= LONGEST {
        return kept;
    }
    let cut = beginning(&kept, LONGEST);
    format!("{} …", cut.trim_end())
}

/// At most so many characters.
fn beginning(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most).map(|(end, _)| end);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The lines that are neither quoted nor announce a quotation, up to the signature or a message
/// that is repeated whole.
fn own_lines<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let mut own: Vec<&str> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        // The space at the end of `-- ` is lost on the way now and then.
        if *line == "--" || repeats(&lines[at..]) {
            break;
        }
        if is_quoted(line) {
            if at == 0 || !is_quoted(lines[at - 1]) {
                drop_announcement(&mut own);
            }
        } else {
            own.push(line);
        }
    }
    // Where the quotation itself is missing, its announcement still ends the text.
    let ends = own.iter().rposition(|line| !line.is_empty());
    if ends.is_some_and(|end| announces(&own[..=end])) {
        drop_announcement(&mut own);
    }
    own
}

fn is_quoted(line: &str) -> bool {
    line.starts_with('>')
}

/// Takes away the line above a quotation that says who wrote it: `On …, Ana wrote:`.
fn drop_announcement(own: &mut Vec<&str>) {
    let Some(end) = own.iter().rposition(|line| !line.is_empty()) else {
        return;
    };
    if !own[end].ends_with(':') {
        return;
    }
    let starts = own[..=end].iter().rposition(|line| line.is_empty());
    let start = starts.map_or(0, |empty| empty + 1);
    if end - start < ANNOUNCEMENT {
        own.truncate(start);
    } else {
        own.truncate(end);
    }
}

/// Whether the last line says who wrote what follows, with a date and an address or a verb.
fn announces(own: &[&str]) -> bool {
    let Some(last) = own.last().map(|line| line.to_lowercase()) else {
        return false;
    };
    let verbs = [
        "wrote:",
        "schrieb:",
        "a écrit :",
        "escribió:",
        "ha scritto:",
        "schreef:",
    ];
    verbs.iter().any(|verb| last.ends_with(verb))
        || last.starts_with("am ") && last.contains(" schrieb ") && last.ends_with(':')
}

/// Whether a message that is repeated whole begins here.
fn repeats(lines: &[&str]) -> bool {
    let low = |line: &str| line.trim_start_matches(['-', '_', ' ', '*']).to_lowercase();
    let line = lines[0];
    let mark = low(line);
    if line.starts_with("--") && REPEATED.iter().any(|words| mark.starts_with(words)) {
        return true;
    }
    let is_ruled = line.len() >= 5 && line.chars().all(|c| c == '_');
    let next = lines[1..].iter().find(|line| !line.is_empty());
    is_ruled && next.is_some_and(|next| SENDERS.iter().any(|word| low(next).starts_with(word)))
}

/// The lines in one text, without empty ones at its ends and at most one between others.
fn tidy(lines: &[&str]) -> String {
    let mut text = String::new();
    let mut empty = 0;
    for line in lines {
        let line: String = line
            .chars()
            .map(|c| if c == '\t' { ' ' } else { c })
            .filter(|c| !c.is_control())
            .collect();
        if line.trim().is_empty() {
            empty += 1;
            continue;
        }
        if !text.is_empty() {
            text.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        empty = 0;
        text.push_str(line.trim_end());
    }
    text
}

/// The text of HTML, without what it quotes.
pub(super) fn of_html(html: &str) -> String {
    html_to_text(&without_quotations(beginning(html, LOOK_AT)))
}

/// HTML without its quotations, with a line break behind every block.
fn without_quotations(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut depth = 0_usize;
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (before, tag) = rest.split_at(open);
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, after) = tag.split_at(end);
        let name: String = tag
            .trim_start_matches('<')
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
            .collect::<String>()
            .to_ascii_lowercase();
        if depth == 0 {
            kept.push_str(before);
        }
        match name.as_str() {
            "blockquote" => depth += 1,
            "/blockquote" => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            "/div" | "/tr" | "/li" | "/h1" | "/h2" | "/h3" | "/h4" | "/h5" | "/h6" | "/table"
            | "/ul" | "/ol" | "hr" => {
                kept.push_str(tag);
                kept.push_str("<br>");
            }
            _ => kept.push_str(tag),
        }
        rest = after;
    }
    if depth == 0 {
        kept.push_str(rest);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_is_kept() {
        for (text, expect) in [
            ("hello\n", "hello"),
            ("\n\nhello\r\n\r\n\r\nthere\n\n", "hello\n\nthere"),
            ("yes\n\nOn Monday, Ana wrote:\n> can you?\n", "yes"),
            (
                "yes\n\nOn Mon, 1 Dec 2026,\nAna <a@x.example> wrote:\n\n> can you?\n> x\n",
                "yes",
            ),
            (
                "Ja.\n\nAm 1.12.2026 um 10:00 schrieb Ana:\n> Geht das?\n",
                "Ja.",
            ),
            ("> can you?\nyes\n> and this?\nno\n", "yes\nno"),
            ("my points:\n- one\n", "my points:\n- one"),
            ("my points:\n\n> one\nfine\n", "fine"),
            ("yes\n-- \nAna Silva\n+49 171\n", "yes"),
            ("yes\n--\nAna\n", "yes"),
            ("a -- b\n-- x\n", "a -- b\n-- x"),
            ("yes\n\n-----Original Message-----\nFrom: a\n\nold\n", "yes"),
            ("Ja\n\n-----Ursprüngliche Nachricht-----\nVon: a\n", "Ja"),
            (
                "yes\n\n________________________________\nFrom: Ana\nSent: x\n\nold\n",
                "yes",
            ),
            ("see\n_____\nnot a header\n", "see\n_____\nnot a header"),
            ("yes\n\nOn Monday, Ana wrote:\n", "yes"),
            ("> only this\n", "> only this"),
            ("-- \nAna\n", "--\nAna"),
            ("a\u{1b}[31mb\tc\u{0}", "a[31mb c"),
            ("", ""),
        ] {
            assert_eq!(written(text), expect, "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let long = written(&"ä ".repeat(300_000));
        assert_eq!(long.chars().count(), LONGEST + 1);
        assert!(long.ends_with(" …"));
    }

    #[test]
    fn html_loses_its_quotations() {
        for (html, expect) in [
            (
                "<p>a</p><BLOCKQUOTE type=cite>b</BLOCKQUOTE><p>c</p>",
                "a\nc",
            ),
            ("<blockquote>a", ""),
            ("a</blockquote>b", "ab"),
            ("a < b", "a"),
            ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
            ("€<br>ü", "€\nü"),
        ] {
            assert_eq!(written(&of_html(html)), expect, "{html}");
        }
    }
}
