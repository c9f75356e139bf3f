use crate::identifier::{IdentifierClass, IdentifierKind, IdentifierRef};
use crate::observation::Verification;
use serde::{Deserialize, Serialize};

mod pattern;

use pattern::Pattern;

/// The rules that decide which evidence joins.
///
/// Plain data: write it in TOML or JSON, leave out what shall stay as it is. An unknown key is an
/// error that names it. The defaults fit a retail chain whose customers have five to twenty
/// accounts each.
///
/// ```
/// use kontak_identity::Policy;
///
/// let policy: Policy = toml::from_str("touchpoints_per_customer = 50\n[phone]\nholders = 8")?;
/// assert_eq!(policy.phone.holders, 8);
/// assert_eq!(policy.email, Policy::default().email);
///
/// let error = toml::from_str::<Policy>("touchpoints_per_custommer = 50").unwrap_err();
/// assert!(error.to_string().contains("touchpoints_per_custommer"));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Policy {
    /// The most accounts that one customer may have; what would exceed it is withheld. At most
    /// 32,000. Default 200.
    pub touchpoints_per_customer: u16,
    /// The rules for phone numbers.
    pub phone: KindPolicy,
    /// The rules for e-mail addresses.
    pub email: KindPolicy,
    /// From the most to the least trusted way of knowing. Evidence is admitted in this order where
    /// not all of it can be. Each of the five stands exactly once.
    pub trust: Vec<Verification>,
    /// Values of these classes tie nobody together.
    pub never_join: Vec<IdentifierClass>,
    /// Values that tie nobody together: `+6281234567890`, `test@test.com`; `*` stands for any
    /// text. Phones are written with a plus, mailboxes in lower case.
    pub blocked: Vec<String>,
    /// Whether accounts that share a value are kept apart where their names contradict each other.
    /// Default true.
    pub compare_names: bool,
    /// How many times as many named accounts one person must have on a shared value as everybody
    /// else on it together, for accounts whose name tells nothing to go with that person. Default
    /// 10.
    pub majority: u32,
}

/// The rules for one kind of identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct KindPolicy {
    /// The most accounts that may hold one value at a time where no names say whose they are;
    /// beyond it the value is quarantined: it is a shop's, not a person's. A named account vouches
    /// for one without a name. Default 30.
    ///
    /// With names or without, more than [`touchpoints_per_customer`](Policy::touchpoints_per_customer)
    /// accounts quarantine a value.
    pub holders: u32,
    /// The most people, by name, who may hold one value at a time; beyond it the value is
    /// quarantined. A family has few, a shop has many. Default 8.
    pub people: u32,
    /// The most values of this kind that one customer may have. At most 250.
    pub per_customer: u8,
    /// How many days a value stays with its holder after it was last seen there, at most 36,500.
    /// `None`: for ever.
    pub validity_days: Option<u32>,
}

impl Default for KindPolicy {
    fn default() -> Self {
        Self { holders: 30, people: 8, per_customer: 10, validity_days: None }
    }
}

impl Default for Policy {
    fn default() -> Self {
        let placeholders = (0..=9).map(|digit| format!("+*{}", digit.to_string().repeat(8)));
        let running = ["+*123456789", "+*1234567890", "+*987654321"].map(str::to_owned);
        let mailboxes = [
            "test@test.*",
            "a@a.*",
            "abc@abc.*",
            "none@none.*",
            "no@no.*",
            "email@email.*",
            "*@example.com",
            "*@example.org",
            "*@example.net",
            "tidakada@*",
            "tidak.ada@*",
            "noemail@*",
            "no-email@*",
            "khongco@*",
            "xxx@*",
        ]
        .map(str::to_owned);
        Self {
            touchpoints_per_customer: 200,
            phone: KindPolicy { validity_days: Some(548), ..KindPolicy::default() },
            email: KindPolicy::default(),
            trust: Verification::ALL.to_vec(),
            never_join: vec![
                IdentifierClass::TollFree,
                IdentifierClass::SharedCost,
                IdentifierClass::PremiumRate,
                IdentifierClass::CallCentre,
                IdentifierClass::Machine,
                IdentifierClass::RoleMailbox,
                IdentifierClass::DisposableMailbox,
            ],
            blocked: placeholders.chain(running).chain(mailboxes).collect(),
            compare_names: true,
            majority: 10,
        }
    }
}

/// A policy that cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The order of trust leaves something out or says it twice.
    #[error(
        "`trust` must list each of the five ways of knowing exactly once; it has {listed} entries, {missing:?} is missing"
    )]
    Trust {
        /// How many entries there are.
        listed: usize,
        /// The first way of knowing that has no place.
        missing: Option<Verification>,
    },
    /// A number is outside of what can be kept.
    #[error("`{field}` is {value}; it must be from {least} to {most}")]
    Range {
        /// The key, with its table.
        field: &'static str,
        /// What was given.
        value: u64,
        /// The least that may be.
        least: u64,
        /// The most that may be.
        most: u64,
    },
}

/// A policy made ready for the hot path.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) policy: Policy,
    trust: [u8; Verification::ALL.len()],
    never_join: u32,
    blocked: Vec<Pattern>,
}

impl Rules {
    pub(crate) fn new(policy: Policy) -> Result<Self, PolicyError> {
        let range = |field, value: u64, least, most| {
            if (least..=most).contains(&value) {
                Ok(())
            } else {
                Err(PolicyError::Range { field, value, least, most })
            }
        };
        range("touchpoints_per_customer", policy.touchpoints_per_customer.into(), 1, 32_000)?;
        range("phone.per_customer", policy.phone.per_customer.into(), 1, 250)?;
        range("email.per_customer", policy.email.per_customer.into(), 1, 250)?;
        let days = |days: Option<u32>| days.map_or(0, u64::from);
        range("phone.validity_days", days(policy.phone.validity_days), 0, 36_500)?;
        range("email.validity_days", days(policy.email.validity_days), 0, 36_500)?;
        range("phone.holders", policy.phone.holders.into(), 1, 1_000_000)?;
        range("email.holders", policy.email.holders.into(), 1, 1_000_000)?;
        range("phone.people", policy.phone.people.into(), 1, 1_000_000)?;
        range("email.people", policy.email.people.into(), 1, 1_000_000)?;
        range("majority", policy.majority.into(), 1, 1_000_000)?;
        let mut trust = [0; Verification::ALL.len()];
        for way in Verification::ALL {
            let place = policy.trust.iter().position(|listed| *listed == way);
            let (Some(place), true) = (place, policy.trust.len() == Verification::ALL.len()) else {
                let missing = place.is_none().then_some(way);
                return Err(PolicyError::Trust { listed: policy.trust.len(), missing });
            };
            trust[way as usize] = place as u8;
        }
        Ok(Self {
            trust,
            never_join: policy.never_join.iter().fold(0, |set, class| set | 1 << *class as u32),
            blocked: policy.blocked.iter().map(|pattern| Pattern::new(pattern)).collect(),
            policy,
        })
    }

    pub(crate) fn kind(&self, kind: IdentifierKind) -> &KindPolicy {
        match kind {
            IdentifierKind::Phone => &self.policy.phone,
            IdentifierKind::Email => &self.policy.email,
        }
    }

    /// The most holders of a value that need no look at their names to be no crowd.
    pub(crate) fn holders_at_once(&self, kind: IdentifierKind) -> u32 {
        self.kind(kind).holders.min(self.policy.touchpoints_per_customer.into())
    }

    /// Microseconds from a sighting to the end of what it proves.
    pub(crate) fn validity(&self, kind: IdentifierKind) -> Option<u64> {
        self.kind(kind).validity_days.map(|days| u64::from(days) * 86_400_000_000)
    }

    /// Where evidence stands in the order of trust; smaller is stronger. A weaker form comes right
    /// after the exact one that is known the same way.
    pub(crate) fn trust(&self, verification: Verification, weaker: bool) -> u8 {
        self.trust[verification as usize] * 2 + u8::from(weaker)
    }

    pub(crate) fn class_joins(&self, class: IdentifierClass) -> bool {
        self.never_join & 1 << class as u32 == 0
    }

    /// A bit for each class.
    pub(crate) fn classes_that_join(&self) -> u32 {
        !self.never_join
    }

    /// The pattern that blocks the value. Asked once per value, when it is first met.
    pub(crate) fn blocked_by(&self, value: IdentifierRef<'_>) -> Option<&str> {
        let matches = |text: &str| self.blocked.iter().position(|pattern| pattern.matches(text));
        let index = match value {
            IdentifierRef::Phone(digits) => matches(written(digits, &mut [0; 21])),
            IdentifierRef::Email(key) => matches(key),
        }?;
        self.policy.blocked.get(index).map(String::as_str)
    }
}

/// A plus and the digits, without an allocation.
fn written(mut digits: u64, text: &mut [u8; 21]) -> &str {
    let mut start = text.len();
    loop {
        start -= 1;
        text[start] = b'0' + (digits % 10) as u8;
        digits /= 10;
        if digits == 0 {
            break;
        }
    }
    start -= 1;
    text[start] = b'+';
    str::from_utf8(&text[start..]).unwrap_or_default()
}
