use super::RuleSet;
use kontak_types::Language;

/// Starter rules for a shop's conversations, one set per language.
///
/// Topics: `order_status`, `delivery`, `return_refund`, `price`, `stock`, `warranty_repair`,
/// `payment`, `store_hours`, `account`. Intents: `track_order`, `cancel_order`, `change_delivery`,
/// `return_item`, `get_refund`, `ask_price`, `check_stock`, `report_defect`, `ask_payment`,
/// `confirm_payment`, `ask_hours`, `ask_location`, `recover_account`, `place_order`,
/// `talk_to_person`. And every interaction state and style.
///
/// They are a place to start from. We wrote the rules and the sentences that test them (a hundred per
/// language, in `tests/labels`); no native speaker has checked either. Of the sentences the rules
/// were written with, nearly all labels are found. Of twenty written afterwards in each language,
/// between a third and a half of the topics and intents were found, and most of the interaction
/// states and styles; of what was proposed, two thirds (Vietnamese topics) to all was right. Real
/// messages are harder. Copy a set, give it an id of your own, and let your conversations widen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RetailRules {
    /// Indonesian, with the abbreviations of chats: `brp`, `gmn`, `gan`, `sis`, `min`.
    Indonesian,
    /// Vietnamese, typed with or without marks: `ad ơi`, `ib`, `ks`, `ko`, `đc`.
    Vietnamese,
    /// English.
    English,
}

impl RetailRules {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Indonesian, Self::Vietnamese, Self::English];

    /// The starter for a language, where there is one.
    #[must_use]
    pub fn of(language: &Language) -> Option<Self> {
        match language.primary() {
            "id" => Some(Self::Indonesian),
            "vi" => Some(Self::Vietnamese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The rules as they are shipped: TOML with comments.
    #[must_use]
    pub const fn toml(self) -> &'static str {
        match self {
            Self::Indonesian => include_str!("../../data/labels/retail.id.toml"),
            Self::Vietnamese => include_str!("../../data/labels/retail.vi.toml"),
            Self::English => include_str!("../../data/labels/retail.en.toml"),
        }
    }

    /// The rules.
    #[must_use]
    pub fn rule_set(self) -> RuleSet {
        toml::from_str(self.toml()).expect("a test reads each of them")
    }
}
