//! What is said and written in the demo data, from the first contact to staying in touch.

/// Type, direction, outcome and text of something that happened.
pub(super) type Line = (&'static str, &'static str, &'static str, &'static str);

/// The first contact.
pub(super) const INTRO: &[Line] = &[
    (
        "email",
        "in",
        "interested",
        "Asked for an introduction and two references",
    ),
    (
        "call",
        "out",
        "answered",
        "Introduced myself; they redo the site next quarter and compare three people",
    ),
    (
        "call",
        "out",
        "voicemail",
        "Left a voicemail with the reason for my call",
    ),
    (
        "meeting",
        "",
        "interested",
        "Coffee at the business breakfast, they hate their shop's checkout",
    ),
    (
        "message",
        "in",
        "interested",
        "Saw my talk and wants to know what an audit costs",
    ),
    (
        "email",
        "out",
        "sent",
        "Sent the portfolio with the two bakery projects on top",
    ),
    (
        "call",
        "out",
        "no-answer",
        "No answer, try again after lunch",
    ),
    (
        "call",
        "in",
        "answered",
        "Found me through a former client, wants a rough number",
    ),
    (
        "email",
        "out",
        "sent",
        "Short introduction, one question: what should the site do better?",
    ),
    (
        "message",
        "out",
        "sent",
        "Thanked for connecting and offered a short call",
    ),
    (
        "visit",
        "",
        "answered",
        "Dropped by at their stand, left a card and a sketchbook",
    ),
    (
        "email",
        "in",
        "answered",
        "Will come back to me when the budget is settled",
    ),
    (
        "call",
        "out",
        "not-interested",
        "Happy with their agency for now; may call again in a year",
    ),
];

/// Finding out what they need.
pub(super) const DISCOVERY: &[Line] = &[
    (
        "call",
        "out",
        "answered",
        "Went through their goals: fewer phone orders, more bookings online",
    ),
    (
        "meeting",
        "",
        "interested",
        "Discovery workshop, 14 sticky notes on what annoys their customers",
    ),
    (
        "email",
        "in",
        "answered",
        "Sent access to analytics and the old style guide",
    ),
    (
        "call",
        "in",
        "answered",
        "The owner wants to see mobile first, half of the visits are phones",
    ),
    (
        "meeting",
        "",
        "answered",
        "Met the whole team; the warehouse lead knows the real problems",
    ),
    (
        "email",
        "out",
        "sent",
        "Summary of our call with five open questions",
    ),
    (
        "call",
        "out",
        "answered",
        "Budget between 8 and 12 thousand, decision by the two founders",
    ),
    (
        "visit",
        "",
        "answered",
        "Spent a morning at the counter, watched how orders come in",
    ),
    (
        "message",
        "in",
        "answered",
        "Answered the open questions, photos are on the shared drive",
    ),
    (
        "call",
        "out",
        "voicemail",
        "Asked for the numbers of last season, on voicemail",
    ),
    (
        "meeting",
        "",
        "interested",
        "Showed two rough sketches, the second one made them smile",
    ),
    (
        "email",
        "in",
        "answered",
        "Legal wants the contract in their template",
    ),
    (
        "call",
        "out",
        "answered",
        "Talked about maintenance: they had none, and a hack last year",
    ),
];

/// The offer is out.
pub(super) const PROPOSAL: &[Line] = &[
    (
        "email",
        "out",
        "sent",
        "Sent the proposal with three options",
    ),
    (
        "call",
        "out",
        "answered",
        "Walked them through the proposal, option B is the favourite",
    ),
    (
        "email",
        "in",
        "answered",
        "Asks whether the second language can wait until spring",
    ),
    (
        "call",
        "out",
        "no-answer",
        "Wanted to ask about the proposal, nobody there",
    ),
    (
        "meeting",
        "",
        "interested",
        "Presented to the board, good questions about accessibility",
    ),
    (
        "email",
        "out",
        "sent",
        "Revised offer without the photo shoot",
    ),
    (
        "message",
        "in",
        "answered",
        "Proposal is with the accountant, answer next week",
    ),
    (
        "call",
        "in",
        "answered",
        "They compare with a cheaper offer that has no testing in it",
    ),
    (
        "email",
        "out",
        "sent",
        "Sent two references from the same line of business",
    ),
    (
        "call",
        "out",
        "answered",
        "The timeline worries them, we agreed on two releases",
    ),
    (
        "email",
        "in",
        "answered",
        "Asked for a fixed price instead of day rates",
    ),
];

/// Agreeing on terms.
pub(super) const NEGOTIATION: &[Line] = &[
    (
        "call",
        "out",
        "answered",
        "Price is fine, they want a third of it after launch",
    ),
    (
        "email",
        "in",
        "answered",
        "Their lawyer changed two clauses, nothing dramatic",
    ),
    (
        "meeting",
        "",
        "answered",
        "Agreed on scope: no migration of the old blog",
    ),
    (
        "call",
        "in",
        "answered",
        "Can we start two weeks earlier? Yes, if content comes in time",
    ),
    ("email", "out", "sent", "Sent the contract for signature"),
    (
        "call",
        "out",
        "voicemail",
        "Reminded them of the contract, on voicemail",
    ),
    (
        "email",
        "out",
        "sent",
        "Confirmed the discount for paying half in advance",
    ),
    (
        "message",
        "in",
        "answered",
        "Managing director is travelling, signs on Monday",
    ),
    (
        "call",
        "out",
        "answered",
        "Last open point is hosting; sent them both prices",
    ),
];

/// It is sold.
pub(super) const WON: &[Line] = &[
    (
        "email",
        "in",
        "answered",
        "Signed contract came back, kick-off next week",
    ),
    (
        "call",
        "in",
        "answered",
        "They said yes on the phone, contract follows",
    ),
    (
        "meeting",
        "",
        "answered",
        "Signed at their kitchen table, with cake",
    ),
    (
        "email",
        "in",
        "answered",
        "Purchase order arrived, first instalment is on its way",
    ),
    (
        "message",
        "in",
        "answered",
        "\"You have the job!\" with three exclamation marks",
    ),
    (
        "call",
        "out",
        "answered",
        "Confirmed the start date and who delivers the texts",
    ),
];

/// It is not.
pub(super) const LOST: &[Line] = &[
    (
        "email",
        "in",
        "answered",
        "They chose somebody else, politely and without a reason",
    ),
    (
        "call",
        "out",
        "answered",
        "Lost on price; asked to be told when it goes wrong",
    ),
    (
        "email",
        "in",
        "answered",
        "The project is stopped, the budget went into the new hall",
    ),
    (
        "call",
        "out",
        "answered",
        "A cousin builds it now. Offered an audit afterwards",
    ),
    (
        "email",
        "out",
        "sent",
        "Thanked for the open words and kept the door open",
    ),
    (
        "call",
        "out",
        "no-answer",
        "Third try without an answer, closing this one",
    ),
];

/// Staying in touch.
pub(super) const KEEPING: &[Line] = &[
    (
        "call",
        "out",
        "answered",
        "Quarterly check-in: orders up by a fifth since the relaunch",
    ),
    (
        "email",
        "out",
        "sent",
        "Sent the monthly maintenance report, nothing burning",
    ),
    (
        "email",
        "in",
        "answered",
        "Asked for a small banner for the holiday season",
    ),
    (
        "call",
        "in",
        "answered",
        "Checkout failed for one customer, a typo in the postcode check",
    ),
    (
        "meeting",
        "",
        "interested",
        "Lunch; they think about a second shop for trade customers",
    ),
    ("message", "out", "sent", "Congratulated on the award"),
    (
        "message",
        "in",
        "answered",
        "Thanked for the quick fix on Sunday",
    ),
    (
        "email",
        "out",
        "sent",
        "Shared an article about the new accessibility law",
    ),
    (
        "call",
        "out",
        "answered",
        "Asked for a referral, two names will follow",
    ),
    (
        "visit",
        "",
        "answered",
        "Trained the new colleague on the editor, half a day",
    ),
    (
        "email",
        "in",
        "answered",
        "Introduced me to their sister company",
    ),
    (
        "call",
        "out",
        "no-answer",
        "Wanted to ask how the launch went, no answer",
    ),
    (
        "message",
        "out",
        "sent",
        "Sent a postcard from the conference, by hand for once",
    ),
    (
        "meeting",
        "",
        "answered",
        "Looked at the numbers together, the form on page two loses people",
    ),
    (
        "call",
        "out",
        "voicemail",
        "Left birthday wishes on voicemail",
    ),
    (
        "message",
        "in",
        "answered",
        "Sent photos of the new shop front, logo looks great",
    ),
    (
        "call",
        "in",
        "answered",
        "Invoice question: cost centre was missing, sent a corrected one",
    ),
    (
        "email",
        "out",
        "sent",
        "Asked for two sentences for the case study",
    ),
    (
        "meeting",
        "",
        "interested",
        "Retrospective of the year, wants a proposal for next spring",
    ),
    (
        "call",
        "out",
        "answered",
        "Short call between two trains, all well",
    ),
];

/// Longer notes of meetings.
pub(super) const MINUTES: &[&str] = &[
    "Present: both founders and the shop manager.\nGoals: shorter checkout, stock in real time.\nNot now: loyalty cards.\nNext: I send a timeline.",
    "Decided: one language at first, German.\nOpen: who writes the product texts?\nThey take the photos themselves.",
    "Three personas on the wall. The trade customer was new to everybody.\nFollow up with the sketches.",
    "Numbers: 40 orders a day, 6 by phone. Returns at 9 %.\nThe phone orders cost them an hour a day.",
];
