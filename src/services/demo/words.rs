//! What is sold in the demo data, why, and what is to be done: a freelancer who designs, builds
//! and advises.

/// What is sold, a usual price in euros, and the products in it.
pub(super) type Offer = (&'static str, i64, &'static str);

/// Every offer.
pub(super) const OFFERS: &[Offer] = &[
    ("Website relaunch", 12_500, "website"),
    ("Online shop", 18_000, "shop"),
    ("Accessibility audit", 3_200, "audit"),
    ("Brand refresh", 8_400, "branding"),
    ("Booking system", 14_800, "development"),
    ("Design system", 16_500, "design"),
    ("Maintenance for a year", 4_800, "maintenance"),
    ("Checkout redesign", 6_900, "shop"),
    ("Discovery workshop", 1_900, "workshop"),
    ("Customer portal", 27_000, "development"),
    ("Newsletter templates", 1_400, "design"),
    ("Product configurator", 22_500, "development"),
    ("Photo and text package", 2_600, "content"),
    ("Speed and search check", 2_200, "audit"),
    ("Intranet for the team", 11_200, "website"),
    ("Logo and stationery", 3_800, "branding"),
    ("Data migration", 5_600, "development"),
    ("Landing page for the campaign", 2_900, "website"),
    ("Packaging design", 7_300, "design"),
    ("Coaching for the web team", 4_200, "workshop"),
    ("Event microsite", 3_500, "website"),
    ("Invoicing integration", 6_100, "development"),
];

/// Why deals are won.
pub(super) const WON_REASONS: &[&str] = &[
    "recommended by a client",
    "best understanding of the problem",
    "fast answer",
    "worked well together before",
    "fixed price",
    "references in the same business",
];

/// Why deals are lost.
pub(super) const LOST_REASONS: &[&str] = &[
    "price",
    "no budget this year",
    "went with an agency",
    "done in-house",
    "no answer",
    "project stopped",
];

/// Who else was in it.
pub(super) const COMPETITORS: &[&str] = &[
    "Studio Blauwal",
    "Pixelmühle",
    "Agentur Nordstern",
    "an in-house team",
    "a site builder",
    "Fox & Fable",
];

/// Why customers leave.
pub(super) const CHURN_REASONS: &[&str] = &[
    "hired their own developer",
    "company was sold",
    "cut the marketing budget",
    "moved to a site builder",
];

/// What comes next, by the place of the stage: early, middle, late.
pub(super) const NEXT_STEPS: &[&[&str]] = &[
    &[
        "Call to qualify the budget",
        "Send the portfolio",
        "Agree on a first meeting",
        "Find out who decides",
    ],
    &[
        "Run the discovery workshop",
        "Send the summary and open questions",
        "Sketch two directions",
        "Ask for access to analytics",
    ],
    &[
        "Walk them through the proposal",
        "Send the revised offer",
        "Send two references",
        "Ask for the decision",
    ],
    &[
        "Send the contract",
        "Answer the lawyer's questions",
        "Agree on the start date",
        "Confirm the instalments",
    ],
];

/// Things to do for people who have bought.
pub(super) const FOLLOW_UPS: &[&str] = &[
    "Quarterly check-in",
    "Ask for a referral",
    "Ask for two sentences for the case study",
    "Send the maintenance report",
    "Ask how the launch went",
    "Renew the maintenance contract",
    "Plan the spring campaign",
    "Reply to the question about hosting",
    "Congratulate on the anniversary",
];

/// Things to do for people who have not.
pub(super) const LEAD_FOLLOW_UPS: &[&str] = &[
    "Call again, no answer last time",
    "Offer an accessibility audit",
    "Send the invitation to the workshop",
    "Share the article on page speed",
    "Introduce to the photographer",
    "Ask who decides about the website",
    "Send the portfolio",
    "Ask whether the budget is settled",
];

/// What was to be done, by the type of the activity that did it.
pub(super) const DONE: &[(&str, &str)] = &[
    ("call", "Call about the next steps"),
    ("email", "Write about the next steps"),
    ("meeting", "Prepare the meeting"),
    ("message", "Send a short message"),
    ("visit", "Drop by when in town"),
];

/// Notes about deals.
pub(super) const DEAL_NOTES: &[&str] = &[
    "Go-live must be before their trade fair.",
    "The old agency still holds the domain; sort that out first.",
    "They would rather pay monthly. Offer a plan over ten months.",
    "Texts come from their side, agreed in writing.",
    "If this goes well there are two sister companies.",
];
