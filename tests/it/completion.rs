//! What a shell is told when it asks how a line goes on, without the store being opened.

use crate::world::World;
use std::fs;

/// A world with a few people, deals and things to do.
fn world() -> World {
    let world = World::new();
    for words in [
        &["company", "add", "Acme GmbH", "--industry", "Bakery"][..],
        &[
            "contact",
            "add",
            "Zoë Müller",
            "--company",
            "acme",
            "--tag",
            "vip",
        ],
        &[
            "contact",
            "add",
            "Zoe Maier",
            "--tag",
            "trade fair",
            "--source",
            "web",
        ],
        &["contact", "add", "Ana Silva", "--tag", "$(touch x)"],
        &["contact", "add", "Bo Berg"],
        &["contact", "add", "山田 太郎"],
        &["deal", "add", "New site", "--contact", "ana"],
        &["remind", "ana", "fri 9am", "Send the quote"],
        &["remind", "bo", "2026-12-01", "Send the quote"],
        &["remind", "bo", "2026-11-26", "Call back"],
        &["contact", "add", "Gone Girl", "--tag", "gone"],
        &["contact", "archive", "gone"],
    ] {
        run(&world, words);
    }
    world
}

fn run(world: &World, words: &[&str]) {
    let ran = world.run(&[&["touchbase"], words].concat(), "");
    assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
}

/// The answer to a shell.
fn ask(world: &mut World, shell: &str, words: &[&str]) -> String {
    world
        .vars
        .insert("TOUCHBASE_COMPLETE".to_owned(), shell.to_owned());
    let ran = world.run(&[&["touchbase", "--"], words].concat(), "");
    world.vars.remove("TOUCHBASE_COMPLETE");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{words:?}");
    ran.out
}

/// The words that may come next, between spaces.
fn next(world: &mut World, words: &[&str]) -> String {
    let answer = ask(world, "fish", &[&["touchbase"], words].concat());
    let words = answer
        .lines()
        .map(|line| line.split('\t').next().unwrap_or_default());
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn every_argument_goes_on_as_it_should() {
    let mut world = world();
    let rows: &[(&[&str], &str)] = &[
        (&["lo"], "log lose"),
        (&["next", "--l"], "--limit --lock-timeout"),
        (&["contact", "e"], "edit"),
        (&["log", "ana", "--fol"], "--follow-up"),
        (&["log", "zoe"], "zoe-maier zoe-muller"),
        (&["log", "zoë"], "zoë-maier zoë-muller"),
        (&["log", "zoe-mu"], "zoe-muller"),
        (&["log", "mül"], "müller-zoe"),
        (&["log", "MUL"], "MULler-zoe"),
        (&["log", "muller-z"], "muller-zoe"),
        (&["log", "zoe m"], "zoe maier zoe muller"),
        (&["log", "üller"], ""),
        (&["log", "gone"], ""),
        (&["log", "山"], "山田-太郎"),
        (&["log", "acm"], "acme-gmbh"),
        (&["log", "ana-silva,b"], "ana-silva,bo-berg"),
        (&["log", "ana-silva,ana"], ""),
        (&["log", "new"], ""),
        (&["log", "ana", "x", "--deal", "n"], "new-site"),
        (&["log", "ana", "-t", "me"], "meeting message"),
        (&["done", "call"], "call-back"),
        (&["done", "quote"], "quote-send-the"),
        (&["done", "x", "--next", "to"], "today tomorrow"),
        (&["move", "site"], "site-new"),
        (
            &["move", "new-site", ""],
            "lead qualified proposal negotiation won lost",
        ),
        (&["move", "new-site", "Pro"], "Proposal"),
        (&["pipeline", "--pipeline", ""], "sales"),
        (&["contact", "edit", "zo"], "zoe-maier zoe-muller"),
        (
            &["contact", "edit", "ana", "--lifecycle", "c"],
            "customer churned",
        ),
        (&["contact", "edit", "ana", "--tag", "+v"], "+vip"),
        (&["contact", "edit", "ana", "--tag", "-t"], "-trade fair"),
        (&["contact", "edit", "ana", "--bounced", ""], "yes no"),
        (&["contact", "add", "x", "--company", "ac"], "acme-gmbh"),
        (&["contact", "add", "x", "--source", "we"], "web website"),
        (&["company", "add", "x", "--industry", "B"], "Bakery"),
        (&["tag", "ana", "g"], ""),
        (&["untag", "ana", "vip", "tr"], "trade fair"),
        (&["contact", "restore", "zo"], ""),
        (&["activity", "show", "x"], ""),
        (&["contact", "list", "ro"], "role:"),
        (&["contact", "list", "-tag:v"], "-tag:vip"),
        (&["contact", "list", "(lifecycle:l"], "(lifecycle:lead"),
        (&["contact", "list", "vip", "tag:tr"], ""),
        (&["contact", "list", "tag:\"tr"], "tag:\"trade fair\""),
        (&["contact", "list", "company:ac"], "company:acme-gmbh"),
        (&["contact", "list", "company.ind"], "company.industry:"),
        (
            &["contact", "list", "company.industry:B"],
            "company.industry:Bakery",
        ),
        (&["deal", "list", "stage!=pro"], "stage!=proposal"),
        (&["deal", "list", "nothing:x"], ""),
        (&["contact", "list", "--columns", "name,ema"], "name,email"),
        (&["contact", "list", "--sort", "-ema"], "-email"),
        (&["contact", "list", "--json=name,ema"], "--json=name,email"),
        (&["due", "--json=du"], "--json=due"),
        (&["due", "--format", "js"], "json jsonl"),
        (&["report", "won"], "won-lost"),
        (&["report", "sources", "--period", "last-q"], "last-quarter"),
        (&["import", "x.csv", "--kind", "d"], "deal"),
        (&["export", "contact", "fo"], "follow-up"),
        (&["export", "--format", "v"], "vcard"),
        (&["due", "--tz", "Europe/Berl"], "Europe/Berlin"),
        (&["completions", "z"], "zsh"),
        (&["no-such-command", "x"], ""),
        (&["comp"], "compact completions company"),
        (&["companies", "li"], "list"),
        (&["due", "--dir", "--unknown", "x"], ""),
    ];
    for (words, wanted) in rows {
        assert_eq!(next(&mut world, words), *wanted, "{words:?}");
    }
}

#[test]
fn help_says_who_and_when() {
    let mut world = world();
    let answer = ask(&mut world, "fish", &["touchbase", "log", "mül"]);
    assert_eq!(answer, "müller-zoe\tZoë Müller (contact)\n");
    let answer = ask(&mut world, "zsh", &["touchbase", "done", "call"]);
    assert_eq!(answer, "+call-back:2026-11-26 Call back\n");
    let answer = ask(&mut world, "fish", &["touchbase", "done", ""]);
    let lines: Vec<&str> = answer.lines().collect();
    assert_eq!(lines[0], "call-back\t2026-11-26 Call back");
    // Two of one name are told apart by their ids, which mean one each.
    for (line, when) in lines[1..].iter().zip(["2026-11-27 09:00", "2026-12-01"]) {
        let (id, help) = line.split_once('\t').expect("with help");
        assert_eq!(help, format!("{when} Send the quote"));
        run(&world, &["done", id, "-n"]);
    }
    assert_eq!(lines.len(), 3);
    let shown = ask(&mut world, "fish", &["touchbase", "done", "send"]);
    assert_eq!(
        shown,
        "send-the-quote\t2026-11-27 09:00 Send the quote and 1 more\n"
    );
}

#[test]
fn every_completed_name_means_whom_it_says() {
    let mut world = world();
    for typed in ["zoë-mu", "mül", "MUL", "muller-z", "山", "maier"] {
        let words = ["touchbase", "log", typed];
        let answer = ask(&mut world, "fish", &words);
        let (name, help) = answer.trim_end().split_once('\t').expect("one");
        let title = help.trim_end_matches(" (contact)");
        let ran = world.run(&["touchbase", "contact", "show", name], "");
        assert!(ran.out.contains(title), "{name}: {}{}", ran.out, ran.err);
    }
}

#[test]
fn an_exact_name_wins_whatever_the_order_of_its_words() {
    let world = world();
    run(&world, &["contact", "add", "Ana Silva Costa"]);
    run(&world, &["contact", "show", "silva-ana"]);
    run(&world, &["contact", "show", "ana silva"]);
}

#[test]
fn each_shell_is_answered_in_its_own_words() {
    let mut world = world();
    let rows: &[(&str, &[&str], &str)] = &[
        ("bash", &["touchbase log zoë-mu", "zoë-mu"], "zoë-muller\n"),
        ("bash", &["touchbase untag ana tr", "tr"], "trade\\ fair\n"),
        ("bash", &["touchbase untag ana 'tr", "tr"], "trade fair\n"),
        (
            "bash",
            &["touchbase untag ana \\$", "\\$"],
            "\\$\\(touch\\ x\\)\n",
        ),
        // bash cuts words at `:` and `=`, and wants the last part only.
        (
            "bash",
            &["touchbase deal list stage:pro", "pro"],
            "proposal\n",
        ),
        (
            "bash",
            &["touchbase contact list --json=ema", "ema"],
            "email\n",
        ),
        ("bash", &["touchbase contact list rol", "rol"], "role:\n"),
        (
            "zsh",
            &["touchbase", "contact", "list", "rol"],
            "-role\\::Their role there\n",
        ),
        ("zsh", &["touchbase", "untag", "ana", "$"], "+$(touch x)\n"),
        ("fish", &["touchbase", "untag", "ana", "$"], "$(touch x)\n"),
        (
            "powershell",
            &["touchbase", "untag", "ana", "$"],
            "'$(touch x)'\t'$(touch x)'\n",
        ),
        (
            "elvish",
            &["touchbase", "untag", "ana", "tr"],
            "trade fair\n",
        ),
        ("tcsh", &["touchbase", "lo"], ""),
        ("bash", &["touchbase lo"], ""),
        ("zsh", &[], ""),
    ];
    for (shell, words, wanted) in rows {
        assert_eq!(ask(&mut world, shell, words), *wanted, "{shell} {words:?}");
    }
}

#[test]
fn what_is_wrong_is_answered_with_nothing_and_nothing_is_made() {
    let mut world = World::new();
    assert_eq!(next(&mut world, &["log", "a"]), "");
    assert!(!world.data().exists(), "no folder is made");
    assert_eq!(
        next(&mut world, &["--dir", "/no/such/place", "log", "a"]),
        ""
    );
    let config = world.path().join(".config/touchbase");
    fs::create_dir_all(&config).expect("a folder");
    fs::write(config.join("config.toml"), "pipeline = 3").expect("written");
    assert_eq!(next(&mut world, &["move", "x", "p"]), "");
    fs::write(
        config.join("config.toml"),
        "[[pipeline]]\nname = \"Häuser\"\nstage = [{ name = \"in talks\" }, \
         { name = \"won\", outcome = \"won\" }, { name = \"lost\", outcome = \"lost\" }]\n",
    )
    .expect("written");
    assert_eq!(next(&mut world, &["move", "x", "in"]), "in talks");
    assert_eq!(
        next(&mut world, &["pipeline", "--pipeline", "hau"]),
        "hauser"
    );
    run(&world, &["contact", "add", "Ana"]);
    fs::write(world.data().join("names"), b"\xff\x00nonsense").expect("written");
    assert_eq!(next(&mut world, &["log", "a"]), "");
    // Whoever has a session open anyway mends it.
    run(&world, &["contact", "list"]);
    assert_eq!(next(&mut world, &["log", "a"]), "ana");
}

#[test]
fn a_store_that_is_held_is_not_waited_for() {
    let mut world = world();
    let lock = fs::File::options()
        .write(true)
        .open(world.data().join("lock"));
    let lock = lock.expect("there");
    lock.lock().expect("free");
    assert_eq!(next(&mut world, &["log", "bo"]), "bo-berg");
    let other = world.path().join("other").display().to_string();
    assert_eq!(next(&mut world, &["--dir", &other, "log", "bo"]), "");
    let same = world.data().display().to_string();
    let other = world.path().join("elsewhere").display().to_string();
    world.vars.insert("TOUCHBASE_DIR".to_owned(), other);
    assert_eq!(next(&mut world, &["log", "bo"]), "");
    assert_eq!(
        next(&mut world, &[&format!("--dir={same}"), "log", "bo"]),
        "bo-berg"
    );
    let below = world
        .data()
        .strip_prefix(world.path())
        .expect("below")
        .display()
        .to_string();
    assert_eq!(
        next(&mut world, &["--dir", &format!("~/{below}"), "log", "bo"]),
        "bo-berg"
    );
}

#[test]
fn manual_pages_are_written_for_every_command() {
    let world = World::new();
    let folder = world.path().join("man");
    let named = folder.display().to_string();
    let ran = world.run(&["touchbase", "man", &named], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let pages = fs::read_dir(&folder).expect("a folder").count();
    assert_eq!(
        ran.out.trim(),
        format!("wrote {pages} manual pages to `{named}`")
    );
    for name in [
        "touchbase",
        "touchbase-log",
        "touchbase-follow-up-list",
        "touchbase-config-show",
    ] {
        let page = fs::read_to_string(folder.join(format!("{name}.1"))).expect(name);
        assert!(
            page.contains(".TH") && page.contains(".SH SYNOPSIS"),
            "{page}"
        );
    }
    let file = folder.join("touchbase.1/below").display().to_string();
    let ran = world.run(&["touchbase", "man", &file], "");
    assert_eq!(ran.code, 1);
    assert!(ran.err.starts_with("error: cannot write `"), "{}", ran.err);
    assert!(ran.err.contains("hint: name a folder"), "{}", ran.err);
}
