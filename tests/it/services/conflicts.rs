//! Edits that meet: what merges, what is refused and in which words.

use crate::office::{Office, moment};
use touchbase::domain::id::Id;
use touchbase::domain::show;
use touchbase::domain::{company, contact, deal, follow_up};
use touchbase::error::{Error, ErrorKind};
use touchbase::services::intent::{
    FieldChange, FieldEdit, Intent, Place, Receipt, StageMove, StageTarget, Target,
};
use touchbase::store::{Batch, Direction, Store as _, keys};

/// `role=CEO`, `tag+fair`, `tag-vip`, `role=` to clear it, `!size=42` for a field of one's own.
fn field_edit(text: &str) -> FieldEdit {
    let at = text.find(['=', '+', '-']).expect("an edit");
    let (name, value) = (&text[..at], text[at + 1..].to_owned());
    if let Some(name) = name.strip_prefix('!') {
        return FieldEdit::custom(name, value);
    }
    let change = match &text[at..=at] {
        "+" => FieldChange::Add(value),
        "-" => FieldChange::Remove(value),
        _ if value.is_empty() => FieldChange::Clear,
        _ => FieldChange::Set(value),
    };
    FieldEdit::new(name, change)
}

fn edit(id: Id, revision: Option<u64>, edits: &[&str]) -> Intent {
    let target = Target {
        kind: &contact::KIND,
        id,
    };
    Intent::Edit {
        targets: vec![(target, revision)],
        fields: edits.iter().map(|text| field_edit(text)).collect(),
    }
}

/// What a contact says of a field, in words.
fn says(office: &Office, id: Id, name: &str) -> String {
    let record = office.get(&contact::KIND, id);
    if let Some(custom) = name.strip_prefix('!') {
        return record.custom.get(custom).cloned().unwrap_or_default();
    }
    let field = contact::KIND.field(name).expect(name);
    let name_of = |id: Id| {
        let company = office.get(&company::KIND, id);
        company.title().to_owned()
    };
    record
        .field(field)
        .map(|value| show::words(value, &office.env.context, &name_of))
        .unwrap_or_default()
}

/// Ana with something in every kind of field; her revision.
fn ana(office: &mut Office) -> (Id, u64) {
    office.add(&company::KIND, &[("name", "Acme")]);
    office.add(&company::KIND, &[("name", "Bolt")]);
    let fields = [
        ("name", "Ana"),
        ("role", "founder"),
        ("company", "acme"),
        ("tag", "vip"),
        ("email", "ana@x.pt"),
        ("birthday", "1980-05-17"),
        ("cadence", "30"),
        ("notes", "likes tea"),
    ];
    let ana = office.add(&contact::KIND, &fields);
    office.perform(edit(ana, None, &["!size=42"]));
    (ana, 2)
}

/// What others change, what is changed from the old version, how things stand then, and of
/// what the user is told.
type Merge<'a> = (
    &'a [&'a str],
    &'a [&'a str],
    &'a [(&'a str, &'a str)],
    &'a str,
);

/// What others change, what is changed from the old version, the field, and its versions.
type Refusal<'a> = (&'a [&'a str], &'a [&'a str], &'a str, [&'a str; 3]);

#[test]
fn edits_of_different_fields_are_both_kept() {
    let rows: &[Merge<'_>] = &[
        (
            &["role=CEO"],
            &["notes=x"],
            &[("role", "CEO"), ("notes", "x")],
            "role",
        ),
        (
            &["role="],
            &["notes="],
            &[("role", ""), ("notes", "")],
            "role",
        ),
        (
            &["role=CEO", "source=web"],
            &["name=Ana Silva"],
            &[("role", "CEO"), ("name", "Ana Silva")],
            "role, source",
        ),
        (
            &["tag+fair"],
            &["tag+new"],
            &[("tag", "vip, fair, new")],
            "tag",
        ),
        (&["tag=a,b"], &["tag+new"], &[("tag", "a, b, new")], "tag"),
        (&["tag-vip"], &["tag+new"], &[("tag", "new")], "tag"),
        (&["tag+fair"], &["tag-vip"], &[("tag", "fair")], "tag"),
        (
            &["email+home:a@y.pt"],
            &["email+work:a@z.pt"],
            &[("email", "ana@x.pt, a@y.pt (home), a@z.pt (work)")],
            "email",
        ),
        (
            &["email=a@y.pt"],
            &["email-ana@x.pt"],
            &[("email", "a@y.pt")],
            "",
        ),
        (
            &["!size=43"],
            &["!hat=L"],
            &[("!size", "43"), ("!hat", "L")],
            "custom.size",
        ),
        (
            &["!role=x"],
            &["role=CEO"],
            &[("!role", "x"), ("role", "CEO")],
            "custom.role",
        ),
        // Both want the same.
        (&["role=CEO"], &["role=CEO"], &[("role", "CEO")], ""),
        (
            &["role=CEO"],
            &["role=CEO", "notes=x"],
            &[("role", "CEO"), ("notes", "x")],
            "",
        ),
        (&["tag=a"], &["tag=a"], &[("tag", "a")], ""),
        (&["role="], &["role="], &[("role", "")], ""),
        (&["!size=43"], &["!size=43"], &[("!size", "43")], ""),
        (
            &["company=bolt"],
            &["company=bolt"],
            &[("company", "Bolt")],
            "",
        ),
        // What others set and took back again.
        (
            &["role=CEO", "role=founder"],
            &["role=CTO"],
            &[("role", "CTO")],
            "",
        ),
    ];
    for (theirs, ours, expect, told) in rows {
        let mut office = Office::new();
        let (ana, revision) = ana(&mut office);
        for theirs in *theirs {
            office.perform(edit(ana, None, &[theirs]));
        }
        let receipt = office.perform(edit(ana, Some(revision), ours));
        for (name, words) in *expect {
            assert_eq!(says(&office, ana, name), *words, "{theirs:?} {ours:?}");
        }
        let title = says(&office, ana, "name");
        let warning = format!("{title} was changed meanwhile ({told}); both changes are kept");
        let warnings = if told.is_empty() {
            vec![]
        } else {
            vec![warning]
        };
        assert_eq!(receipt.warnings, warnings, "{theirs:?} {ours:?}");
    }
}

#[test]
fn a_field_that_two_set_differently_is_refused_with_its_versions() {
    let began = "when you began";
    let rows: &[Refusal<'_>] = &[
        (
            &["role=CEO"],
            &["role=CTO"],
            "role",
            ["founder", "CEO", "CTO"],
        ),
        (
            &["role="],
            &["role=CTO"],
            "role",
            ["founder", "nothing", "CTO"],
        ),
        (
            &["role=CEO"],
            &["role="],
            "role",
            ["founder", "CEO", "nothing"],
        ),
        // Setting what it was is a wish as any other.
        (
            &["role=CEO"],
            &["role=founder"],
            "role",
            ["founder", "CEO", "founder"],
        ),
        (
            &["source=web"],
            &["source=fair"],
            "source",
            ["nothing", "web", "fair"],
        ),
        (
            &["tag+fair"],
            &["tag=new"],
            "tag",
            ["vip", "vip, fair", "new"],
        ),
        (
            &["tag+fair"],
            &["tag=new", "tag+x"],
            "tag",
            ["vip", "vip, fair", "new, x"],
        ),
        (
            &["tag="],
            &["tag=vip,x"],
            "tag",
            ["vip", "nothing", "vip, x"],
        ),
        (
            &["email+a@y.pt"],
            &["email=a@z.pt"],
            "email",
            ["ana@x.pt", "ana@x.pt, a@y.pt", "a@z.pt"],
        ),
        (
            &["company=bolt"],
            &["company="],
            "company",
            ["Acme", "Bolt", "nothing"],
        ),
        (
            &["cadence=7"],
            &["cadence=14"],
            "cadence",
            ["30 days", "7 days", "14 days"],
        ),
        (
            &["birthday=1981-01-01"],
            &["birthday=1982-01-01"],
            "birthday",
            ["1980-05-17", "1981-01-01", "1982-01-01"],
        ),
        (
            &["!size=43"],
            &["!size=44"],
            "custom.size",
            ["42", "43", "44"],
        ),
        (
            &["!size="],
            &["!size=44"],
            "custom.size",
            ["42", "nothing", "44"],
        ),
        (
            &["!hat=L"],
            &["!hat=M"],
            "custom.hat",
            ["nothing", "L", "M"],
        ),
        (
            &["lifecycle=customer"],
            &["lifecycle=churned"],
            "lifecycle",
            ["lead", "customer", "churned"],
        ),
    ];
    for (theirs, ours, field, [was, is, wanted]) in rows {
        let mut office = Office::new();
        let (ana, revision) = ana(&mut office);
        for theirs in *theirs {
            office.perform(edit(ana, None, &[theirs]));
        }
        // Another field does not save it.
        let ours: Vec<&str> = ours.iter().copied().chain(["interest=x"]).collect();
        let before = office.space();
        let error = office
            .try_to(edit(ana, Some(revision), &ours))
            .expect_err(field);
        assert_eq!(office.space(), before, "nothing is changed");
        assert_eq!(error.kind, ErrorKind::Conflict, "{error:?}");
        assert_eq!(
            error.message,
            format!("`{field}` of Ana was changed meanwhile")
        );
        let gap = " ".repeat(field.len());
        let versions = [
            format!("{field}  {began}  {was}"),
            format!("{gap}  now             {is}"),
            format!("{gap}  you wanted      {wanted}"),
        ];
        assert_eq!(error.details, versions);
        let now = office.get(&contact::KIND, ana).revision;
        let again = format!("to overwrite it, repeat with `--revision {now}`");
        assert!(error.hints.contains(&again), "{error:?}");
        office.perform(edit(ana, Some(now), &ours));
    }
}

#[test]
fn several_fields_are_aligned_and_long_texts_begin_where_they_differ() {
    let mut office = Office::new();
    let (ana, revision) = ana(&mut office);
    let long = |end: &str| {
        format!(
            "notes={}{end}",
            "the same words again and again, ".repeat(9)
        )
    };
    office.perform(edit(ana, None, &[&long("their end"), "role=CEO"]));
    let error = office
        .try_to(edit(ana, Some(revision), &[&long("our end"), "role=CTO"]))
        .expect_err("refused");
    assert_eq!(
        error.message,
        "`role` and `notes` of Ana were changed meanwhile"
    );
    let expect = [
        "role   when you began  founder",
        "       now             CEO",
        "       you wanted      CTO",
        "notes  when you began  likes tea",
    ];
    assert_eq!(error.details[..4], expect);
    let expect = [
        "       now             …ain and again, their end",
        "       you wanted      …ain and again, our end",
    ];
    assert_eq!(error.details[4..], expect);
}

#[test]
fn what_the_program_keeps_never_stands_in_the_way() {
    let mut office = Office::new();
    let (ana, revision) = ana(&mut office);
    office.log(ana, "call", "hello");
    let receipt = office.perform(edit(ana, Some(revision), &["role=CEO"]));
    assert_eq!(receipt.warnings, [""; 0], "nobody set anything");
    // Both the date of the consent and the steps of the lifecycle are of both sides.
    let revision = office.get(&contact::KIND, ana).revision;
    office.perform(edit(ana, None, &["lifecycle=prospect"]));
    office.at("2026-11-26 09:00");
    office.perform(edit(ana, Some(revision), &["consent=opt-in"]));
    office.perform(edit(ana, None, &["consent="]));
    office.perform(edit(ana, Some(revision + 2), &["lifecycle=customer"]));
    let record = office.get(&contact::KIND, ana);
    assert_eq!(record.list(contact::LIFECYCLE_HISTORY).len(), 3);
    assert_eq!(
        record.get(contact::CONSENT_AT).map(|at| at.0),
        Some(moment("2026-11-26 09:00"))
    );
}

#[test]
fn a_consequence_does_not_overwrite_what_others_set() {
    let mut office = Office::new();
    office.contact("Ana");
    let made = &touchbase::domain::pipeline::KIND;
    assert_eq!(office.all(made), [], "one pipeline only");
    let site = office.deal("Site", "ana");
    let target = Target {
        kind: &deal::KIND,
        id: site,
    };
    let fields = vec![FieldEdit::set("value", "900")];
    office.perform(Intent::Move(StageMove {
        deal: site,
        to: StageTarget::Named("proposal".to_owned()),
        note: None,
        reason: None,
        competitor: None,
        follow_up: None,
    }));
    let receipt = office.perform(Intent::Edit {
        targets: vec![(target, Some(1))],
        fields,
    });
    assert_eq!(
        receipt.warnings,
        ["Site was changed meanwhile (stage); both changes are kept"]
    );
    assert_eq!(office.get(&deal::KIND, site).text(deal::STAGE), "proposal");
}

fn refused(office: &mut Office, intent: Intent) -> Error {
    let before = office.space();
    let error = office.try_to(intent).expect_err("refused");
    assert_eq!(office.space(), before, "{error:?}");
    assert_eq!(error.kind, ErrorKind::Conflict, "{error:?}");
    error
}

#[test]
fn a_record_that_is_gone_is_said_to_be() {
    let mut office = Office::new();
    let (ana, revision) = ana(&mut office);
    let target = Target {
        kind: &contact::KIND,
        id: ana,
    };
    let edit_it = || edit(ana, Some(revision), &["role=CEO"]);
    office.perform(Intent::Place(vec![target], Place::Trash));
    let error = refused(&mut office, edit_it());
    assert_eq!(error.message, "Ana was moved to the trash meanwhile");
    assert!(
        error.hints[0].contains("touchbase contact restore "),
        "{error:?}"
    );
    // Who has seen it in the trash may edit it there.
    office.perform(edit(ana, Some(revision + 1), &["notes=x"]));
    office.perform(Intent::Purge(vec![target]));
    let error = refused(&mut office, edit_it());
    assert_eq!(error.message, "Ana was removed for good meanwhile");
    assert_eq!(
        error.hints,
        ["bring it back with `touchbase undo 7`, then repeat"]
    );
    office.perform(Intent::Undo(Some(7)));
    office.perform(Intent::Place(vec![target], Place::Archive));
    let receipt = office.perform(edit_it());
    assert_eq!(
        receipt.warnings,
        ["Ana was changed meanwhile (notes, state); both changes are kept"]
    );
    let never = office.env.ids.next_id(office.env.context.now);
    assert_eq!(
        office.refused(edit(never, Some(1), &["role=CEO"])),
        ErrorKind::NotFound
    );
}

/// Takes the oldest changes out of the log.
pub(super) fn trim(office: &mut Office, up_to: u64) {
    for number in 1..=up_to {
        let mut batch = Batch::default();
        let parts = office.store.scan(keys::log_parts(number), Direction::Up);
        for (key, _) in parts.map(|pair| pair.expect("readable")) {
            batch.remove(key);
        }
        office.store.commit(&batch).expect("written");
    }
    office.reopen();
}

#[test]
fn a_version_that_is_no_longer_known_is_a_conflict() {
    let mut office = Office::new();
    let (ana, revision) = ana(&mut office);
    for role in ["one", "two", "three"] {
        office.perform(edit(ana, None, &[&format!("role={role}")]));
    }
    // The version is still known as what the oldest change in the log was made from.
    trim(&mut office, 4);
    office.perform(edit(ana, Some(revision), &["notes=x"]));
    trim(&mut office, 5);
    let error = refused(&mut office, edit(ana, Some(revision), &["source=web"]));
    assert_eq!(
        error.message,
        "Ana was changed meanwhile, and its revision `2` is no longer in the log"
    );
    assert!(
        error.hints[0].ends_with("then repeat with `--revision 6`"),
        "{error:?}"
    );
    let error = refused(&mut office, edit(ana, Some(9), &["source=web"]));
    assert_eq!(
        error.message,
        "Ana has no revision `9`: the present one is 6"
    );
}

#[test]
fn what_was_decided_on_an_old_version_does_not_overwrite() {
    let mut office = Office::new();
    let ana = office.contact("Ana");
    let call = office.remind(ana, "today", "call");
    let target = Target {
        kind: &follow_up::KIND,
        id: call,
    };
    let seen = |revision, intent| Intent::Seen {
        versions: vec![(target, revision)],
        intent: Box::new(intent),
    };
    let done = |office: &mut Office, revision| -> Result<Receipt, Error> {
        office.try_to(seen(
            revision,
            Intent::Done {
                follow_up: call,
                log: None,
                next: None,
            },
        ))
    };
    let (friday, monday) = (office.due("fri"), office.due("mon"));
    office.perform(seen(1, Intent::Snooze(vec![call], friday)));
    let error = refused(&mut office, seen(1, Intent::Snooze(vec![call], monday)));
    assert_eq!(error.message, "`due` of call was changed meanwhile");
    office.perform(seen(1, Intent::Snooze(vec![call], friday)));
    let receipt = done(&mut office, 1).expect("done, whenever it was due");
    assert_eq!(
        receipt.warnings,
        ["call was changed meanwhile (due); both changes are kept"]
    );
    let error = done(&mut office, 1).expect_err("done already");
    assert_eq!(error.message, "`call` is done already");
    office.perform(Intent::Place(vec![target], Place::Trash));
    let error = done(&mut office, 1).expect_err("gone");
    assert_eq!(error.message, "call was moved to the trash meanwhile");
    office.perform(Intent::Purge(vec![target]));
    let error = done(&mut office, 1).expect_err("gone");
    assert_eq!(error.message, "call was removed for good meanwhile");
}
