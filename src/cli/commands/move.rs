//! `touchbase move`: a deal goes to another stage.

use crate::cli::CommandDef;
use crate::cli::help::Group;
use crate::cli::output::Output;
use crate::cli::work::Work;
use crate::domain::deal;
use crate::error::Result;
use crate::services::intent::{Intent, StageMove, StageTarget};
use crate::services::who::{self, Reach};
use clap::{ArgMatches, Args, FromArgMatches as _};

/// The command.
pub(super) const COMMAND: CommandDef = CommandDef {
    name: "move",
    group: Group::Pipeline,
    about: "Move a deal to another stage",
    examples: "  touchbase move 'new site' proposal --note 'sent the offer'\n  \
               touchbase move 'new site' lost --reason price --competitor 'Big Agency'",
    changes: true,
    arguments: Arguments::augment_args,
    run,
};

#[derive(Args)]
struct Arguments {
    /// An id or its beginning, or words of the title
    deal: String,
    /// The stage, by its name in the deal's pipeline
    stage: String,
    #[command(flatten)]
    closing: Closing,
}

/// What can be said of a move.
#[derive(Args)]
pub(super) struct Closing {
    /// A note for the stage history
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Why it was won or lost
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Who else was in it, or who got it
    #[arg(long, value_name = "NAME")]
    competitor: Option<String>,
    /// What comes next, and when
    #[arg(long, value_name = "WHEN[: TEXT]", allow_hyphen_values = true)]
    follow_up: Option<String>,
}

fn run(work: &mut Work<'_>, matches: &ArgMatches) -> Result<Output> {
    let arguments = super::arguments::<Arguments>(Arguments::from_arg_matches(matches))?;
    let to = StageTarget::Named(arguments.stage);
    move_deal(work, &arguments.deal, to, arguments.closing)
}

/// Moves the deal that a text means.
pub(super) fn move_deal(
    work: &mut Work<'_>,
    wanted: &str,
    to: StageTarget,
    closing: Closing,
) -> Result<Output> {
    let context = work.env.context;
    let next = closing
        .follow_up
        .as_deref()
        .map(|next| super::log::next_step(next, &context));
    let follow_up = next.transpose()?;
    let session = work.session()?;
    let deal = who::find(&session, &work.env, &deal::KIND, wanted, Reach::Working)?.id;
    let Closing {
        note,
        reason,
        competitor,
        ..
    } = closing;
    work.perform(
        session,
        Intent::Move(StageMove {
            deal,
            to,
            note,
            reason,
            competitor,
            follow_up,
        }),
    )
}
