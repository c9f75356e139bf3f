//! What is to be said, made to fit.

mod choice;
mod loss;
mod phrase;
mod planner;
mod split;

pub use choice::choice_in_reply;
pub use loss::{Loss, LossKind};
pub use split::split_text;

use crate::{Capabilities, Reopening};
use kontak_content::Content;
use planner::Planner;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Makes messages for a channel out of what is to be said, within its limits. A pure function.
///
/// Long texts are split. A choice that does not fit as buttons becomes a list, and where that does
/// not fit either a text with numbers, in which nothing is shortened; [`choice_in_reply`] finds the
/// option that a number means. Whatever reaches the customer in another form than it was meant is
/// listed in [`Plan::losses`].
///
/// # Errors
/// [`PlanError`]: the window is closed, nothing is left to send, or a loss that may not be.
///
/// ```
/// use kontak_channel::content::Content;
/// use kontak_channel::{Capabilities, LengthUnit, LossKind, PlanError, PlanMode, TextLimit, plan};
///
/// let sms = Capabilities::text_only(TextLimit::new(160, LengthUnit::Gsm7Septets));
/// let content = Content::plain("Pesanan Anda sudah dikirim. ".repeat(8))?;
/// let plan_for_sms = plan(&content, &sms, PlanMode::Lenient)?;
/// assert_eq!(plan_for_sms.messages.len(), 2);
/// assert_eq!(plan_for_sms.losses[0].kind, LossKind::Split);
/// assert!(matches!(plan(&content, &sms, PlanMode::Strict), Err(PlanError::Losses(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn plan(
    content: &Content,
    capabilities: &Capabilities,
    mode: PlanMode,
) -> Result<Plan, PlanError> {
    let plan = Planner::new(capabilities).plan(content)?;
    match mode {
        PlanMode::Strict if !plan.losses.is_empty() => Err(PlanError::Losses(plan.losses)),
        _ if plan.messages.is_empty() => Err(PlanError::NothingLeft(plan.losses)),
        _ => Ok(plan),
    }
}

/// Whether losses are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "it is a yes and a no")]
pub enum PlanMode {
    /// They are, and are named.
    Lenient,
    /// They are not: exactly as it was meant, or not at all.
    Strict,
}

/// The messages to be sent, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Plan {
    /// Each is one message on the channel.
    pub messages: Vec<Content>,
    /// What reaches the customer in another form than it was meant, or not.
    pub losses: Vec<Loss>,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The customer has not written for too long.
    #[error("the service window is closed; reopened by {reopened_by:?}")]
    WindowClosed {
        /// What may go out.
        reopened_by: Reopening,
    },
    /// It cannot be said as it was meant.
    #[error("it cannot be said as it was meant: {} losses", .0.len())]
    Losses(Vec<Loss>),
    /// Nothing of it can be said on this channel.
    #[error("nothing of it can be said on this channel: {} losses", .0.len())]
    NothingLeft(Vec<Loss>),
}
