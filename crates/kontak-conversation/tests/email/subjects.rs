//! Base subjects of RFC 5256, and when a reply is about something else.

use kontak_conversation::email::{BaseSubject, starts_new_topic};
use proptest::prelude::*;

fn key(subject: &str) -> String {
    BaseSubject::new(subject).key().to_owned()
}

#[test]
fn marks_blobs_and_trailers_come_off() {
    for (subject, expected, is_answer) in [
        ("Retur barang", "RETUR BARANG", false),
        ("Re: Retur barang", "RETUR BARANG", true),
        ("  fwd :RE:Fw: Retur\t\r\n barang  ", "RETUR BARANG", true),
        ("Re[4]: Retur barang", "RETUR BARANG", true),
        ("Re [Toko] : Retur barang", "RETUR BARANG", true),
        ("Re Toko: Retur barang", "RE TOKO: RETUR BARANG", false),
        ("[Toko] [VIP] Re: [Fwd: Retur barang (fwd)]", "RETUR BARANG", true),
        ("Retur barang (Fwd) (fwd) ", "RETUR BARANG", true),
        ("[Toko] Retur barang", "RETUR BARANG", false),
        ("[Toko]", "[TOKO]", false),
        ("[Toko] [VIP]", "[VIP]", false),
        ("[Toko Re: Retur", "[TOKO RE: RETUR", false),
        ("[Fwd: ]", "", true),
        ("Re:", "", true),
        ("(fwd)", "", true),
        ("", "", false),
        ("Retur: barang", "RETUR: BARANG", false),
        ("Bls: Retur", "BLS: RETUR", false),
    ] {
        let base = BaseSubject::new(subject);
        assert_eq!((base.key(), base.is_reply_or_forward()), (expected, is_answer), "{subject:?}");
    }
}

/// One character, a letter and two marks, windows-1258's letter and one mark.
#[test]
fn vietnamese_is_one_subject_however_it_was_typed() {
    let composed = key("Máy lạnh có vấn đề về điện");
    for typed in [
        "m\u{e1}y la\u{323}nh co\u{301} v\u{e2}\u{301}n đ\u{ea}\u{300} v\u{ea}\u{300} đi\u{ea}\u{323}n",
        "MÁY LẠNH CÓ VẤN ĐỀ VỀ ĐIỆN",
    ] {
        assert_eq!(key(typed), composed);
    }
    assert_ne!(key("may lanh co van de ve dien"), composed, "marks count");
}

/// chatwoot#15869: a new subject in a reply is swallowed and answered under the old one.
#[test]
fn a_new_subject_in_a_reply_starts_a_topic() {
    assert!(starts_new_topic("AC rusak", "Re: Tagihan bulan Maret"));
    assert!(starts_new_topic("AC rusak", "Tagihan bulan Maret (was: AC rusak)"));
    for same in [
        "RE: [Tiket 12] ac  rusak",
        "Bls: AC rusak",
        "Trả lời: Re: TL: AC rusak",
        "TL : AC rusak",
        "回复：AC rusak",
        "Balas: Fwd: AC rusak (fwd)",
        "Re:",
        "",
    ] {
        assert!(!starts_new_topic("AC rusak", same), "{same}");
    }
    assert!(!starts_new_topic("", "Tagihan"), "the first subject of a thread without one");
}

#[test]
fn debug_shows_no_text() {
    assert_eq!(
        format!("{:?}", BaseSubject::new("Re: AC")),
        "BaseSubject { key: *** 2 bytes, is_reply_or_forward: true }"
    );
}

/// A megabyte of marks takes the time of a megabyte of text.
#[test]
fn hostile_subjects_are_linear() {
    for part in ["[a]", "[", "Re:", "TL:", "[Fwd:", "(fwd)", "Re[a]:", "[a]TL:"] {
        let subject = part.repeat(1_000_000 / part.len());
        assert!(!starts_new_topic("Re:", &subject));
        let _ = BaseSubject::new(&subject);
    }
    let nested = format!("{}x{}", "[Fwd:".repeat(100_000), "]".repeat(100_000));
    assert_eq!(key(&nested), "X");
}

proptest! {
    #[test]
    fn any_text_has_a_base(subject in any::<String>()) {
        let base = BaseSubject::new(&subject);
        prop_assert!(!base.key().starts_with(' ') && !base.key().ends_with(' '));
        prop_assert!(!starts_new_topic(&subject, &subject));
    }

    #[test]
    fn an_answer_keeps_its_subject(
        words in "[A-Za-zăâđêôơưĂÂĐÊÔƠƯạảấầệ]{1,8}( [a-zạảấầệ]{1,8}){0,3}",
        marks in prop::collection::vec(prop::sample::select(vec!["Re: ", "FW:", "[Toko] ", "re[2]: ", " Fwd : "]), 0..5),
    ) {
        prop_assert_eq!(key(&format!("{}{words}", marks.concat())), key(&words));
    }
}
