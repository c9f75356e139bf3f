//! Splitting against a counter of its own, over texts of many scripts.

use kontak_channel::{LengthUnit, TextLimit, split_text};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

const UNITS: [LengthUnit; 5] = [
    LengthUnit::Bytes,
    LengthUnit::Scalars,
    LengthUnit::Utf16,
    LengthUnit::Graphemes,
    LengthUnit::Gsm7Septets,
];

/// GSM 03.38 as sms-segments-calculator lists it, code point by code point.
const GSM_BASIC: [u32; 127] = [
    0x0a, 0x0c, 0x0d, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b, 0x2c,
    0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x3b, 0x3c,
    0x3d, 0x3e, 0x3f, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c,
    0x4d, 0x4e, 0x4f, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x5f, 0x61,
    0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71,
    0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0xa1, 0xa3, 0xa4, 0xa5, 0xa7, 0xbf, 0xc4,
    0xc5, 0xc6, 0xc7, 0xc9, 0xd1, 0xd6, 0xd8, 0xdc, 0xdf, 0xe0, 0xe4, 0xe5, 0xe6, 0xe8, 0xe9, 0xec,
    0xf1, 0xf2, 0xf6, 0xf8, 0xf9, 0xfc, 0x393, 0x394, 0x398, 0x39b, 0x39e, 0x3a0, 0x3a3, 0x3a6,
    0x3a8,
];

fn length(text: &str, unit: LengthUnit) -> (usize, usize) {
    let count = match unit {
        LengthUnit::Bytes => text.bytes().map(|_| 1).sum(),
        LengthUnit::Scalars => text.chars().map(|_| 1).sum(),
        LengthUnit::Utf16 => text.chars().map(char::len_utf16).sum(),
        LengthUnit::Graphemes => text.graphemes(true).map(|_| 1).sum(),
        LengthUnit::Gsm7Septets => {
            let extended = |c: char| "^{}\\[~]|€\u{c}".contains(c);
            let basic = |c: char| GSM_BASIC.contains(&(c as u32)) || c == '\u{3a9}';
            return if text.chars().all(|c| basic(c) || extended(c)) {
                (text.chars().map(|c| if extended(c) { 14 } else { 7 }).sum(), 7)
            } else {
                (text.chars().map(|c| c.len_utf16() * 16).sum(), 7)
            };
        }
        _ => unreachable!("a new unit needs a counter here"),
    };
    (count, 1)
}

fn exceeds(text: &str, limit: TextLimit) -> bool {
    let (length, scale) = length(text, limit.unit());
    length > limit.max() as usize * scale
}

const CLUSTERS: [&str; 11] = [
    "👩‍👩‍👧‍👦",
    "🇮🇩🇻🇳",
    "👋🏽",
    "❤️‍🔥",
    "1️⃣",
    "e\u{301}\u{323}",
    "क्ष",
    "한\u{1112}\u{1161}\u{11ab}",
    "\r\n",
    "\u{200d}",
    "\u{fe0f}",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => "[a-z]{1,12}",
        1 => "[a-zA-Z0-9€{}~]{1,40}",
        3 => "[\u{e00}-\u{e5b}]{1,30}",
        3 => "[\u{4e00}-\u{4e80}。，]{1,40}",
        2 => "[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệ]{1,9}",
        2 => proptest::sample::select(&CLUSTERS[..]).prop_map(str::to_owned),
        2 => "https?://[a-z]{1,12}\\.example/[a-z0-9/?=&%._-]{0,60}",
        1 => "www\\.[a-z]{1,12}\\.example[.!?]?",
        1 => "\\PC{1,12}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    let gap = prop_oneof![6 => Just(" "), 1 => Just(""), 1 => Just("\n"), 1 => Just("\n\n  "), 1 => Just("\u{3000}")];
    proptest::collection::vec((word(), gap), 1..40).prop_map(|words| {
        words.into_iter().fold(String::new(), |text, (word, gap)| text + &word + gap)
    })
}

fn limit() -> impl Strategy<Value = TextLimit> {
    (prop_oneof![8..40_u32, 40..400_u32], 0..UNITS.len())
        .prop_map(|(max, unit)| TextLimit::new(max, UNITS[unit]))
}

/// The pieces stand in the text in their order, and only white space is between them. Tells how many
/// there are.
fn check(text: &str, limit: TextLimit) -> usize {
    let pieces = split_text(text, limit);
    let mut rest = text;
    for piece in &pieces {
        assert!(!exceeds(piece, limit), "{piece:?} is beyond {limit:?}");
        let at = rest.find(piece).expect("a piece is a stretch of the text");
        assert!(rest[..at].trim().is_empty(), "{:?} is lost", &rest[..at]);
        rest = &rest[at + piece.len()..];
    }
    assert!(rest.trim().is_empty(), "{rest:?} is lost");
    for url in urls(text) {
        if !exceeds(url, limit) {
            assert!(pieces.iter().any(|piece| piece.contains(url)), "{url:?} is cut in {pieces:?}");
        }
    }
    pieces.len()
}

/// Addresses that stand alone between white space, have nothing at their end that may be a full stop
/// of the sentence, and nothing in them that no address has (RFC 3986, appendix C).
fn urls(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter(|word| {
        word.starts_with("http")
            && word.contains("://")
            && word.is_ascii()
            && !word.contains(['"', '<', '>'])
            && word.ends_with(|c: char| c.is_ascii_alphanumeric())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn no_piece_is_too_long_and_nothing_is_lost(text in text(), limit in limit()) {
        check(&text, limit);
    }

    #[test]
    fn clusters_stay_whole_where_they_fit(text in text(), limit in limit()) {
        let clusters: Vec<_> = text.graphemes(true).filter(|g| !g.trim().is_empty()).collect();
        let longest = clusters.iter().any(|cluster| exceeds(cluster, limit));
        let pieces = split_text(&text, limit);
        let again: Vec<_> = pieces
            .iter()
            .flat_map(|piece| piece.graphemes(true))
            .filter(|g| !g.trim().is_empty())
            .collect();
        prop_assert!(longest || again == clusters);
    }
}

/// SplitMix64: proptest takes longer to think of a text than we to split it.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn of(&mut self, letters: &[char], longest: usize) -> String {
        let length = 1 + self.below(longest);
        (0..length).map(|_| letters[self.below(letters.len())]).collect()
    }

    fn word(&mut self, letters: &Letters) -> String {
        match self.below(21) {
            0..=4 => self.of(&letters.latin, 12),
            5 => self.of(&letters.septets, 40),
            6..=8 => self.of(&letters.thai, 30),
            9..=11 => self.of(&letters.chinese, 40),
            12..=13 => self.of(&letters.vietnamese, 9),
            14..=15 => CLUSTERS[self.below(CLUSTERS.len())].to_owned(),
            16..=17 => {
                let path = self.of(&letters.path, 60);
                format!("https://{}.example/{path}", self.of(&letters.latin, 12))
            }
            18 => format!(
                "www.{}.example{}",
                self.of(&letters.latin, 12),
                [".", "!", ""][self.below(3)]
            ),
            _ => (0..=self.below(12))
                .filter_map(|_| char::from_u32(self.below(0x2_0000) as u32))
                .filter(|c| !c.is_control())
                .collect(),
        }
    }

    fn text(&mut self, letters: &Letters) -> String {
        const GAPS: [&str; 10] = [" ", " ", " ", " ", " ", " ", "", "\n", "\n\n  ", "\u{3000}"];
        (0..=self.below(39)).fold(String::new(), |text, _| {
            text + &self.word(letters) + GAPS[self.below(GAPS.len())]
        })
    }

    fn limit(&mut self) -> TextLimit {
        let max = if self.below(2) == 0 { 8 + self.below(32) } else { 40 + self.below(360) };
        TextLimit::new(max as u32, UNITS[self.below(UNITS.len())])
    }
}

struct Letters {
    latin: Vec<char>,
    septets: Vec<char>,
    thai: Vec<char>,
    chinese: Vec<char>,
    vietnamese: Vec<char>,
    path: Vec<char>,
}

impl Letters {
    fn new() -> Self {
        Self {
            latin: ('a'..='z').collect(),
            septets: ('a'..='z').chain('A'..='Z').chain('0'..='9').chain("€{}~".chars()).collect(),
            thai: ('\u{e01}'..='\u{e3a}').chain('\u{e40}'..='\u{e5b}').collect(),
            chinese: ('\u{4e00}'..='\u{4e80}').chain("。，".chars()).collect(),
            vietnamese: "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệ".chars().collect(),
            path: ('a'..='z').chain('0'..='9').chain("/?=&%._-".chars()).collect(),
        }
    }
}

/// 1,000,000 texts: `cargo test -p kontak-channel --features conformance --release --test it
/// million -- --ignored --nocapture`.
#[test]
#[ignore = "a minute in release"]
fn a_million_texts_have_no_violation() {
    let letters = Letters::new();
    let (mut pieces, mut bytes) = (0, 0);
    for seed in 0..1_000_000 {
        let mut dice = Dice(seed);
        let (text, limit) = (dice.text(&letters), dice.limit());
        bytes += text.len();
        pieces += check(&text, limit);
    }
    println!("1,000,000 texts of {bytes} bytes in {pieces} pieces: no violation");
}

#[test]
fn what_others_get_wrong() {
    // 160 characters of Thai are 480 bytes: counting bytes sends a third, or never splits at all.
    let thai = "สินค้า".repeat(147);
    let limit = TextLimit::new(160, LengthUnit::Scalars);
    assert!(split_text(&thai, limit).iter().all(|piece| piece.chars().count() <= 160));
    assert_eq!(split_text(&thai, limit).concat(), thai);
    let emoji = "a".to_owned() + &"😀".repeat(300);
    let limit = TextLimit::new(70, LengthUnit::Utf16);
    assert!(split_text(&emoji, limit).iter().all(|piece| piece.encode_utf16().count() <= 70));
}

#[test]
fn lines_are_cut_before_words_and_words_before_letters() {
    let limit = TextLimit::new(24, LengthUnit::Scalars);
    assert_eq!(
        split_text("Baris pertama ini\nBaris kedua", limit),
        ["Baris pertama ini", "Baris kedua"]
    );
    assert_eq!(
        split_text("satu dua tiga empat lima enam", limit),
        ["satu dua tiga empat lima", "enam"]
    );
    assert_eq!(
        split_text("tujuhbelasrupiahsajabukandelapan", limit),
        ["tujuhbelasrupiahsajabuka", "ndelapan"]
    );
}

#[test]
fn splitting_a_long_text_takes_linear_time() {
    // One pass over a megabyte; a quadratic splitter would not come back in this test.
    let text = "kata ".repeat(200_000);
    let pieces = split_text(&text, TextLimit::new(4_096, LengthUnit::Graphemes));
    assert_eq!(pieces.len(), 245);
    let wall = "字".repeat(300_000);
    assert_eq!(split_text(&wall, TextLimit::new(1_000, LengthUnit::Utf16)).len(), 300);
}
