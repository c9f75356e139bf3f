use crate::Random;
use crate::random::Draws;

/// How sure the channel is that the address belongs to who wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the levels that the generator writes")]
pub enum Verification {
    /// Somebody said so.
    Claimed,
    /// An agent asked and confirmed it.
    AgentConfirmed,
    /// The business's own site signed it.
    Signed,
    /// The platform vouches for it.
    PlatformAttested,
    /// A one-time code came back.
    OneTimeCode,
}

impl Verification {
    /// The name in the column `verified`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::AgentConfirmed => "agent_confirmed",
            Self::Signed => "signed",
            Self::PlatformAttested => "platform_attested",
            Self::OneTimeCode => "one_time_code",
        }
    }
}

/// What one kind of channel leaves behind; shares in parts of one.
pub(crate) struct ChannelHabit {
    pub(crate) name: &'static str,
    pub(crate) phone: f64,
    pub(crate) mail: f64,
    pub(crate) display_name: f64,
    /// An agent types what the customer says.
    pub(crate) typed_by_agent: bool,
    /// There is a form, with room for a second phone and address.
    pub(crate) form: bool,
    verified: (Verification, f64, Verification),
}

impl ChannelHabit {
    pub(crate) fn verification(&self, random: &mut Random) -> Verification {
        let (usual, share, otherwise) = self.verified;
        if random.chance(share) { usual } else { otherwise }
    }
}

pub(crate) const STORE: u8 = 1;

use Verification::{AgentConfirmed, Claimed, OneTimeCode, PlatformAttested, Signed};

pub(crate) static CHANNELS: [ChannelHabit; 10] = [
    ChannelHabit {
        name: "whatsapp",
        phone: 0.97,
        mail: 0.0,
        display_name: 0.96,
        typed_by_agent: false,
        form: false,
        verified: (PlatformAttested, 1.0, PlatformAttested),
    },
    ChannelHabit {
        name: "store",
        phone: 0.97,
        mail: 0.85,
        display_name: 0.995,
        typed_by_agent: true,
        form: true,
        verified: (Claimed, 0.7, AgentConfirmed),
    },
    ChannelHabit {
        name: "web",
        phone: 0.88,
        mail: 0.99,
        display_name: 0.995,
        typed_by_agent: false,
        form: true,
        verified: (OneTimeCode, 0.5, Claimed),
    },
    ChannelHabit {
        name: "in_app",
        phone: 0.96,
        mail: 0.9,
        display_name: 0.995,
        typed_by_agent: false,
        form: true,
        verified: (OneTimeCode, 0.9, Claimed),
    },
    ChannelHabit {
        name: "crm",
        phone: 0.96,
        mail: 0.95,
        display_name: 0.998,
        typed_by_agent: true,
        form: true,
        verified: (Claimed, 0.8, AgentConfirmed),
    },
    ChannelHabit {
        name: "voice",
        phone: 0.99,
        mail: 0.0,
        display_name: 0.5,
        typed_by_agent: false,
        form: false,
        verified: (PlatformAttested, 1.0, PlatformAttested),
    },
    ChannelHabit {
        name: "email",
        phone: 0.0,
        mail: 1.0,
        display_name: 0.95,
        typed_by_agent: false,
        form: false,
        verified: (PlatformAttested, 0.9, Claimed),
    },
    ChannelHabit {
        name: "marketplace",
        phone: 0.8,
        mail: 0.5,
        display_name: 0.98,
        typed_by_agent: false,
        form: false,
        verified: (Claimed, 1.0, Claimed),
    },
    ChannelHabit {
        name: "webchat",
        phone: 0.5,
        mail: 0.7,
        display_name: 0.8,
        typed_by_agent: false,
        form: false,
        verified: (Claimed, 0.8, Signed),
    },
    ChannelHabit {
        name: "instagram",
        phone: 0.3,
        mail: 0.2,
        display_name: 0.98,
        typed_by_agent: false,
        form: false,
        verified: (Claimed, 1.0, Claimed),
    },
];

/// Touchpoints in a hundred by index of the channel.
const WEIGHTS: [(u8, u32); CHANNELS.len()] =
    [(0, 22), (STORE, 18), (2, 18), (3, 13), (4, 10), (5, 6), (6, 5), (7, 3), (8, 3), (9, 2)];

/// Every channel with its share of all touchpoints.
pub(crate) fn shares() -> impl Iterator<Item = (&'static ChannelHabit, f64)> {
    WEIGHTS
        .iter()
        .map(|&(channel, weight)| (&CHANNELS[channel as usize], f64::from(weight) / 100.0))
}

/// The channel of a touchpoint of somebody who has these at all.
pub(crate) fn draw_channel(random: &mut Random, has_phone: bool, has_mail: bool) -> u8 {
    loop {
        let channel = random.weighted(&WEIGHTS);
        match CHANNELS[channel as usize].name {
            "whatsapp" | "voice" if !has_phone => {}
            "email" if !has_mail => {}
            _ => return channel,
        }
    }
}
