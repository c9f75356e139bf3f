use super::define;
use crate::definition::{
    ConversionRule, Definition, Measure, Placement, Seconds, Show, WhichState, WhosePurchases,
};

/// Seven days after the interaction, as Shopify Inbox and Tidio have it; the last interaction has the credit.
const WITHIN: Seconds = Seconds::days(7);

const SOURCE: &str = "Shopify help, conversation metrics: sales within 7 days; Tidio help, conversion rate: 7 days, the most recent interaction; LivePerson: by the date of the interaction";

pub(super) fn definitions() -> Vec<Definition> {
    let rule = |under| ConversionRule::new(WITHIN).under(under).crediting(WhosePurchases::Customer);
    vec![
        define("sales.converted", Measure::Conversion(rule(WhichState::Furthest)), Show::Share)
            .placed(Placement::ConversationStart),
        define(
            "sales.converted_in_state",
            Measure::Conversion(rule(WhichState::Each)),
            Show::Share,
        )
        .placed(Placement::Start),
        define("sales.value", Measure::ConversionValue(rule(WhichState::Each)), Show::Amount),
    ]
    .into_iter()
    .map(|definition| definition.from_source(SOURCE))
    .collect()
}
