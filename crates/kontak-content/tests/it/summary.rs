//! The one line that agents see.

use crate::sample::{self, at, plain, remote, words};
use kontak_content::{
    Call, CallDirection, CallOutcome, CallTimeline, Content, CustomPart, Media, MediaKind, Part,
    SystemKind, SystemLine,
};
use unicode_segmentation::UnicodeSegmentation;

fn lines(language: &str) -> String {
    let language = language.parse().unwrap();
    sample::every_kind()
        .parts
        .iter()
        .map(|part| format!("{}: {}\n", part.kind(), part.summary(&language)))
        .collect()
}

fn english(part: impl Into<Part>) -> String {
    part.into().summary(&"en".parse().unwrap())
}

#[test]
fn in_english() {
    insta::assert_snapshot!(lines("en-GB"), @r"
    text: halo rahasia
    media: [voice note, 0:12] dengar rahasia
    location: [location: Rumah rahasia]
    contact: [contact: Ibu rahasia]
    choice_offered: Hari apa, rahasia? [options: Senin / Selasa rahasia]
    choice_made: [chosen: Selasa rahasia]
    template: Halo Pak rahasia, teknisi datang besok.
    call: [incoming call, 3:09]
    internal_note: [internal note] Pelanggan marah, rahasia
    form_answer: [form, answers: 2]
    system: [phone number changed: +62 rahasia]
    shop.order: [cannot be shown here: shop.order]
    text: [removed: text]
    ");
}

#[test]
fn in_indonesian() {
    insta::assert_snapshot!(lines("id"), @r"
    text: halo rahasia
    media: [pesan suara, 0:12] dengar rahasia
    location: [lokasi: Rumah rahasia]
    contact: [kontak: Ibu rahasia]
    choice_offered: Hari apa, rahasia? [pilihan: Senin / Selasa rahasia]
    choice_made: [dipilih: Selasa rahasia]
    template: Halo Pak rahasia, teknisi datang besok.
    call: [panggilan masuk, 3:09]
    internal_note: [catatan internal] Pelanggan marah, rahasia
    form_answer: [formulir, jawaban: 2]
    system: [nomor telepon berganti: +62 rahasia]
    shop.order: [tidak dapat ditampilkan di sini: shop.order]
    text: [dihapus: teks]
    ");
}

#[test]
fn in_vietnamese() {
    insta::assert_snapshot!(lines("vi-VN"), @r"
    text: halo rahasia
    media: [tin nhắn thoại, 0:12] dengar rahasia
    location: [vị trí: Rumah rahasia]
    contact: [danh thiếp: Ibu rahasia]
    choice_offered: Hari apa, rahasia? [lựa chọn: Senin / Selasa rahasia]
    choice_made: [đã chọn: Selasa rahasia]
    template: Halo Pak rahasia, teknisi datang besok.
    call: [cuộc gọi đến, 3:09]
    internal_note: [ghi chú nội bộ] Pelanggan marah, rahasia
    form_answer: [biểu mẫu, số câu trả lời: 2]
    system: [đã đổi số điện thoại: +62 rahasia]
    shop.order: [không hiển thị được ở đây: shop.order]
    text: [đã xóa: văn bản]
    ");
}

#[test]
fn a_language_without_phrases_gets_english() {
    assert_eq!(lines("th"), lines("en"));
}

#[test]
fn a_medium_says_what_is_known() {
    let photo = || Media::new(MediaKind::Image, remote("1"));
    assert_eq!(english(photo()), "[photo]");
    assert_eq!(english(photo().with_caption(plain("  My \n receipt "))), "[photo] My receipt");
    let film = Media::new(MediaKind::Video, remote("1")).with_duration_ms(3_723_999);
    assert_eq!(english(film), "[video, 1:02:03]");
    let file = Media::new(MediaKind::Document, remote("1"));
    assert_eq!(english(file.with_file_name("KTP.pdf".parse().unwrap())), "[document: KTP.pdf]");
    assert_eq!(english(Media::new(MediaKind::from("hologram"), remote("1"))), "[file]");
}

#[test]
fn a_call_says_what_came_of_it() {
    let call = |direction| CallTimeline::new(direction, at(0));
    let inbound = call(CallDirection::Inbound);
    let outbound = call(CallDirection::Outbound);
    assert_eq!(english(Call::new(inbound.clone())), "[incoming call, ongoing]");
    let missed = inbound.with_ended(at(30), CallOutcome::HungUp);
    assert_eq!(english(Call::new(missed)), "[missed call, caller hung up]");
    let busy = outbound.clone().with_ended(at(3), CallOutcome::Busy);
    assert_eq!(english(Call::new(busy)), "[outgoing call, busy]");
    let odd = outbound.with_ended(at(3), CallOutcome::from("fax_tone"));
    assert_eq!(english(Call::new(odd)), "[outgoing call, fax_tone]");
}

#[test]
fn what_is_unknown_is_named() {
    assert_eq!(
        english(CustomPart::new("shop.order", "1").unwrap()),
        "[cannot be shown here: shop.order]"
    );
    let unknown = SystemLine::new(SystemKind::from("group_renamed"));
    assert_eq!(english(unknown.clone()), "[group_renamed]");
    assert_eq!(english(unknown.with_text(words("renamed the group"))), "[renamed the group]");
    assert_eq!(english(sample::media().redacted()), "[removed: voice note]");
}

#[test]
fn a_long_text_is_cut_between_characters_as_people_see_them() {
    let family = "👨‍👩‍👧‍👦";
    let summary = Content::plain(family.repeat(200)).unwrap().summary(&"en".parse().unwrap());
    assert_eq!(summary, family.repeat(120) + "…");
    let summary = Content::plain("a ".repeat(200)).unwrap().summary(&"en".parse().unwrap());
    assert_eq!(summary.graphemes(true).count(), 120);
    assert!(summary.ends_with("a…"), "{summary}");
}

#[test]
fn subject_and_parts_share_the_line() {
    let mail = Content::plain("Second floor.\r\n\r\nThanks").unwrap().with_subject(words("AC"));
    assert_eq!(mail.summary(&"en".parse().unwrap()), "AC Second floor. Thanks");
    assert_eq!(Content::default().summary(&"en".parse().unwrap()), "");
}
