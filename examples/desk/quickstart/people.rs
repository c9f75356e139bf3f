//! Who the customers are, and on which channels they are somebody.

use kontak_examples::{Random, shuffle};
use kontak_types::ChannelKind;

/// A channel of the shop, and by what it knows people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Via {
    WhatsApp,
    Telegram,
    Line,
    Mail,
    Sms,
    Till,
    Market,
    Forum,
}

impl Via {
    pub(crate) const ALL: [Self; 8] = [
        Self::WhatsApp,
        Self::Telegram,
        Self::Line,
        Self::Mail,
        Self::Sms,
        Self::Till,
        Self::Market,
        Self::Forum,
    ];

    /// The account of ours.
    pub(crate) const fn account(self) -> &'static str {
        match self {
            Self::WhatsApp => "wa-jakarta",
            Self::Telegram => "telegram-bot",
            Self::Line => "line-oa",
            Self::Mail => "layanan",
            Self::Sms => "hotline",
            Self::Till => "till-bekasi",
            Self::Market => "market",
            Self::Forum => "forum",
        }
    }

    pub(crate) fn kind(self) -> ChannelKind {
        match self {
            Self::WhatsApp => ChannelKind::WhatsApp,
            Self::Telegram => ChannelKind::Telegram,
            Self::Line => ChannelKind::Line,
            Self::Mail => ChannelKind::Email,
            Self::Sms => ChannelKind::Sms,
            Self::Till => ChannelKind::Store,
            Self::Market => "marketplace".into(),
            Self::Forum => "forum".into(),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) number: u64,
    pub(crate) name: String,
    pub(crate) phone: String,
    pub(crate) email: String,
    pub(crate) channels: Vec<Via>,
    /// Telegram knows no numbers, but people may show theirs.
    pub(crate) shows_number: bool,
}

const FIRST: [&str; 24] = [
    "Siti", "Budi", "Dewi", "Agus", "Rina", "Joko", "Ayu", "Hendra", "Putri", "Eko", "Lestari",
    "Rizky", "Nguyen", "Tran", "Le", "Pham", "Hoang", "Vu", "Dang", "Bui", "Maria", "Yusuf",
    "Wati", "Bambang",
];
const LAST: [&str; 16] = [
    "Rahayu", "Santoso", "Wijaya", "Kusuma", "Hidayat", "Saputra", "Lim", "Siregar", "Van An",
    "Thi Hoa", "Minh Duc", "Quoc Bao", "Susanti", "Nugroho", "Halim", "Gunawan",
];

impl Person {
    pub(crate) fn draw(number: u64, random: &mut Random) -> Self {
        let first = FIRST[random.below(FIRST.len() as u32) as usize];
        let last = LAST[random.below(LAST.len() as u32) as usize];
        let phone = format!("+628{:03}{:07}", 11 + number % 8 * 2, 1_000_003 * number % 10_000_000);
        let email = format!("{}.{number}@gmail.com", first.to_lowercase());
        let mut channels = Via::ALL.to_vec();
        shuffle(random, &mut channels);
        // Most people have one or two accounts, and some many.
        let count = [1, 1, 1, 2, 2, 3, 4][random.below(7) as usize];
        channels.truncate(count);
        let shows_number = random.chance(0.6);
        Self { number, name: format!("{first} {last}"), phone, email, channels, shows_number }
    }

    /// As how many customers this person can be recognised at best: LINE and the forum tell neither
    /// number nor address, and a mail tells no number.
    pub(crate) fn tellable(&self) -> usize {
        let has = |via: Via| self.channels.contains(&via);
        let numbered = self.channels.iter().any(|via| match via {
            Via::WhatsApp | Via::Sms | Via::Till | Via::Market => true,
            Via::Telegram => self.shows_number,
            _ => false,
        });
        let apart = [has(Via::Line), has(Via::Forum), has(Via::Telegram) && !self.shows_number];
        let mail_apart = has(Via::Mail) && !has(Via::Market);
        usize::from(numbered)
            + usize::from(mail_apart)
            + apart.into_iter().filter(|is_apart| *is_apart).count()
    }
}
