//! Use cases: an [`intent::Intent`] and the present state become a change, the change a receipt.
//!
//! The only place that builds a `ChangeSet`. The shell and the screen call [`perform`] for
//! everything that changes data and the readers beside it for everything else.

pub mod facts;
pub mod intent;
pub mod snapshot;

use crate::domain::change::Who;
use crate::domain::context::Context;
use crate::domain::id::IdSource;
use crate::domain::pipeline::Pipelines;
use crate::domain::settings::Settings;

/// What a use case needs besides the store: the moment, the settings, fresh ids.
pub struct Env {
    /// The user's moment and habits.
    pub context: Context,
    /// The settings.
    pub settings: Settings,
    /// The settings' pipelines, without what the store adds.
    pub pipelines: Pipelines,
    /// Through which door changes come.
    pub who: Who,
    /// Fresh ids.
    pub ids: Box<dyn IdSource>,
}
