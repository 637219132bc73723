//! Names of the people of the demo data, by country. Nobody real is meant.

/// Country, and names with the Latin form for an address where the script is another one.
pub(super) const PEOPLE: &[(&str, &[(&str, &str)])] = &[
    (
        "DE",
        &[
            ("Zoë Müller", ""),
            ("Jonas Lindqvist-Hahn", ""),
            ("Katharina Vogelsang", ""),
            ("Björn Großmann", ""),
            ("Friederike Schönfeld", ""),
            ("Matthias Brückner", ""),
            ("Annika Weiß", ""),
            ("Dr. Sabine Krautwurst", ""),
            ("Emre Aslan", ""),
            ("Lena Hoffnungsthal", ""),
            ("Torsten Käfer", ""),
            ("Ines Morgenroth", ""),
            ("Fabian Nachtigall", ""),
            ("Greta Sommerfeldt", ""),
            ("Henrik Übelacker", ""),
            ("Mareike Jansen-Pohl", ""),
            ("Uwe Steinbrecher", ""),
            ("Paula Eichhorn", ""),
            ("Cem Özkan", ""),
            ("Rosa Winterstein", ""),
            ("Till Haselhorst", ""),
            ("Birgit Ährenfeld", ""),
            ("Levin Papenburg", ""),
            ("Nora Kieselbach", ""),
        ],
    ),
    (
        "AT",
        &[
            ("Valentin Hofstätter", ""),
            ("Magdalena Achleitner", ""),
            ("Lukas Grünwieser", ""),
            ("Theresia Moosbrugger", ""),
        ],
    ),
    (
        "CH",
        &[
            ("Reto Zumstein-Frei", ""),
            ("Céline Rochat", ""),
            ("Urs Aeschlimann", ""),
            ("Flurina Cadonau", ""),
            ("Beat Kohlbrenner", ""),
        ],
    ),
    (
        "FR",
        &[
            ("Amélie Beaurivage", ""),
            ("Étienne Lacroix-Dumas", ""),
            ("Noémie Clairval", ""),
            ("Théo Garnichon", ""),
            ("Françoise Delorme", ""),
            ("Youssef Benchekroun", ""),
            ("Agnès Hautecœur", ""),
            ("Loïc Kermadec", ""),
            ("Maëlle Quéméner", ""),
            ("Benoît Tisserand", ""),
        ],
    ),
    (
        "GB",
        &[
            ("Imogen Fairweather", ""),
            ("Callum Ashdown", ""),
            ("Priya Ramanathan", ""),
            ("Niamh O'Shaughnessy", ""),
            ("Dafydd Prosser", ""),
            ("Olivia Thistlewood", ""),
            ("Kwame Boateng-Hill", ""),
            ("Harriet Penhaligon", ""),
            ("Rory McAllister-Wood", ""),
            ("Beatrice Longbottom", ""),
            ("Samuel Oyelaran", ""),
        ],
    ),
    (
        "US",
        &[
            ("Savannah Whitlock", ""),
            ("Marcus Delacroix", ""),
            ("Elena Rodríguez-Park", ""),
            ("Tyler Braddock", ""),
            ("Aisha Coleman-Reed", ""),
            ("Joaquín Estrada", ""),
            ("Hannah Silverlake", ""),
            ("Devon Okafor", ""),
            ("Grace Nakamura-Lee", ""),
            ("Walter Pennington", ""),
            ("Brooke Halvorsen", ""),
        ],
    ),
    (
        "PL",
        &[
            ("Łukasz Wiśniewiecki", ""),
            ("Małgorzata Zielonka", ""),
            ("Agnieszka Świerczyńska", ""),
            ("Paweł Gąsiorek", ""),
            ("Żaneta Kowalczuk", ""),
            ("Michał Brzozowicz", ""),
            ("Katarzyna Dąbrówka", ""),
        ],
    ),
    (
        "ES",
        &[
            ("Íñigo Belmonte", ""),
            ("Lucía Peñalver", ""),
            ("Martí Casadevall", ""),
            ("Begoña Urrutia", ""),
            ("Álvaro Montesinos", ""),
            ("Nuria Castañeda", ""),
            ("Xoán Loureiro", ""),
        ],
    ),
    (
        "IT",
        &[
            ("Chiara Montefiore", ""),
            ("Niccolò Bellandi", ""),
            ("Francesca D'Alessio", ""),
            ("Pierpaolo Cavalloni", ""),
        ],
    ),
    (
        "NL",
        &[
            ("Sanne van der Veldt", ""),
            ("Joost Hoekzema", ""),
            ("Fleur IJsselmuiden", ""),
            ("Bram ter Horst", ""),
        ],
    ),
    (
        "SE",
        &[
            ("Åsa Björkdahl", ""),
            ("Örjan Sjöstedt", ""),
            ("Linnéa Öhrwall", ""),
        ],
    ),
    (
        "JP",
        &[
            ("佐倉 美咲", "misaki.sakura"),
            ("高森 健太", "kenta.takamori"),
            ("小鳥遊 陽子", "yoko.takanashi"),
            ("星野 大地", "daichi.hoshino"),
            ("水島 さくら", "sakura.mizushima"),
        ],
    ),
    (
        "GR",
        &[
            ("Ελένη Παπαδάκη", "eleni.papadaki"),
            ("Γιώργος Θαλασσινός", "giorgos.thalassinos"),
            ("Δήμητρα Ελαιώνα", "dimitra.elaiona"),
            ("Νίκος Καραμπέτης", "nikos.karampetis"),
        ],
    ),
    (
        "UA",
        &[
            ("Олена Коваленко", "olena.kovalenko"),
            ("Тарас Вербицький", "taras.verbytskyi"),
            ("Ірина Соловейко", "iryna.soloveiko"),
            ("Богдан Ясеновий", "bohdan.yasenovyi"),
        ],
    ),
    (
        "TR",
        &[
            ("Şebnem Yıldızhan", ""),
            ("Oğuzhan Çelikkol", ""),
            ("Gülşen Aydınlık", ""),
            ("İlker Denizci", ""),
        ],
    ),
    (
        "AE",
        &[
            ("ليلى الحداد", "layla.alhaddad"),
            ("عمر النجار", "omar.alnajjar"),
            ("مريم الزيتوني", "maryam.alzaytuni"),
            ("يوسف البستاني", "yusuf.albustani"),
        ],
    ),
    (
        "VN",
        &[
            ("Nguyễn Thị Hoa Mai", ""),
            ("Trần Đức Minh", ""),
            ("Phạm Thu Hằng", ""),
            ("Lê Hoàng Đăng", ""),
        ],
    ),
];

/// Roles at a company, from those who decide to those who do not.
pub(super) const ROLES: &[&str] = &[
    "Owner",
    "Founder",
    "Managing Director",
    "Head of Marketing",
    "CTO",
    "Geschäftsführerin",
    "Marketing Manager",
    "Product Lead",
    "Operations Manager",
    "Head of Product",
    "Communications Director",
    "Office Manager",
    "Project Manager",
    "E-commerce Manager",
    "Brand Manager",
    "IT Coordinator",
    "Content Editor",
    "Procurement",
    "Assistant",
];

/// Roles of people who work for themselves.
pub(super) const OWN_ROLES: &[&str] = &[
    "Photographer",
    "Ceramic artist",
    "Yoga teacher",
    "Architect",
    "Translator",
    "Podcaster",
    "Vintner",
    "Author",
    "Coach",
    "Illustrator",
    "Lawyer",
    "Physiotherapist",
];

/// What people said they are interested in.
pub(super) const INTERESTS: &[&str] = &[
    "a new website",
    "an online shop",
    "an accessibility audit",
    "a brand refresh",
    "a booking system",
    "monthly maintenance",
    "a design sprint",
    "a faster shop",
    "a newsletter template",
    "a workshop for the team",
];

/// Hobbies worth a question at the start of a call.
pub(super) const HOBBIES: &[&str] = &[
    "sailing",
    "trail running",
    "baking bread",
    "choir",
    "bouldering",
    "chess",
    "gardening",
    "beekeeping",
    "road cycling",
    "film photography",
    "pottery",
    "kayaking",
    "jazz piano",
];

/// What is known of families.
pub(super) const FAMILIES: &[&str] = &[
    "two daughters, the older one starts school this year",
    "partner Sam, dog Bruno",
    "twins, born last spring",
    "a son who studies design",
    "married, three cats",
    "looks after her father on Fridays",
];

/// Clubs and associations.
pub(super) const MEMBERSHIPS: &[&str] = &[
    "Chamber of Commerce",
    "Designers' Guild",
    "Women in Tech",
    "Local Business Club",
    "Rowing Club",
    "Open Source Meetup",
];

/// Notes about people.
pub(super) const PEOPLE_NOTES: &[&str] = &[
    "Prefers short mails with one question each. Decides fast once the numbers are clear.",
    "Met at the spring conference, in the queue for coffee. Knows everyone in town.",
    "Never call before ten. Wednesdays are school days.",
    "Reads every proposal to the last line; send the long version.",
    "Wants invoices with a purchase order number, always.",
    "Speaks openly about budgets. Do not haggle, explain.",
    "Was let down by an agency two years ago: show progress every week.",
    "Introduced me to two other clients. Send something nice in December.",
    "Decides together with her business partner; invite both.",
    "Likes to see sketches on paper before anything on a screen.",
];

/// Tags of people.
pub(super) const TAGS: &[&str] = &[
    "newsletter",
    "vip",
    "speaker",
    "design",
    "dev",
    "workshop",
    "christmas-card",
    "nonprofit",
    "startup",
    "slow-payer",
    "case-study",
];
