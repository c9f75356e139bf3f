//! The broken air conditioner as a vCon: a chat, a call with a hold, a consultation, a transfer, a
//! mail, a call that nobody answered, a promise and a summary.

use chrono::{DateTime, Utc};
use kontak_conversation::vcon::{
    Analysis, Attachment, Content, Dialog, Disposition, Party, PartyEventKind, PartyKind,
    PartyRole, Seconds, Transfer, Vcon,
};
use serde_json::json;

pub(crate) fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_770_000_000 + second, 0).unwrap()
}

pub(crate) fn story() -> Vcon {
    let mut vcon =
        Vcon::new(Vcon::id_of(at(0), 0, "toko.example"), at(0)).with_subject("Air conditioner");
    let sari = Party::person("Ibu Sari")
        .with_tel("tel:+628123456789")
        .with_mailto("sari@example.com")
        .with_validation("otp")
        .with_role(PartyRole::Customer);
    let sari = vcon.add_party(sari);
    let budi =
        vcon.add_party(Party::person("Budi").with_uuid("agent-7").with_role(PartyRole::Agent));
    let workshop = vcon.add_party(
        Party::of(PartyKind::Organization)
            .with_name("Workshop")
            .with_role(PartyRole::SubjectMatterExpert),
    );
    let chat = vcon.add_dialog(
        Dialog::text(at(0), sari, [budi], "AC saya rusak 😢")
            .with_application("whatsapp")
            .with_message_id("wamid.1")
            .with_interaction("case-12", "chat")
            .with_skill("cooling")
            .with_skill("id"),
    );
    let call = vcon.add_dialog(
        Dialog::recording(at(600), [sari, budi], Content::bytes("audio/ogg", b"OggS\xFF\xFE"))
            .with_duration(Seconds::from_millis(181_500))
            .with_event(sari, at(600), PartyEventKind::Join)
            .with_event(sari, at(660), PartyEventKind::Hold)
            .with_event(sari, at(690), PartyEventKind::Unhold)
            .with_event(sari, at(781), PartyEventKind::Drop)
            .with_application("voice")
            .with_campaign("recall-2026"),
    );
    let consultation = vcon.add_dialog(
        Dialog::recording(
            at(660),
            [budi, workshop],
            Content::external("audio/mpeg", "https://rec.example/2.mp3", &[7; 64])
                .with_filename("2.mp3"),
        )
        .with_duration(Seconds::new(30)),
    );
    let after = vcon.add_dialog(Dialog::recording(
        at(781),
        [sari, workshop],
        Content::external("audio/mpeg", "https://rec.example/3.mp3", &[8; 64]),
    ));
    let transfer = Transfer::new(budi, sari, workshop)
        .with_dialogs(call, after)
        .with_consultation(consultation);
    vcon.add_dialog(Dialog::transfer(at(780), transfer));
    vcon.add_dialog(
        Dialog::text(at(1000), budi, [sari, workshop], "The visit is on Wednesday.")
            .with_application("email")
            .with_message_id("<1@toko.example>"),
    );
    vcon.add_dialog(
        Dialog::incomplete(at(2000), [workshop, sari], Disposition::NoAnswer)
            .with_application("voice"),
    );
    let promise = json!({ "text": "A technician comes", "due": "2026-02-04T10:00:00+00:00" });
    vcon.add_attachment(Attachment::commitment(at(700), budi, call, promise));
    vcon.add_analysis(Analysis::summary(vec![chat, call], "kontak", "Broken, visit promised"));
    vcon
}

#[test]
fn the_story_is_without_problems_and_reads_back_as_it_was() {
    let story = story();
    assert_eq!(story.validate(), []);
    assert_eq!(Vcon::read(&story.write().unwrap()).unwrap(), story);
    assert_eq!(story.extensions, ["CC"]);
}

#[test]
fn debug_shows_no_personal_data() {
    let story = format!("{:?}", story());
    for secret in ["Sari", "8123456789", "sari@", "rusak", "Broken", "technician", "wamid", "rec."]
    {
        assert!(!story.contains(secret), "{secret} in {story}");
    }
    assert!(story.contains("kind: Incomplete, start: 2026-02-02T03:13:20+00:00"), "{story}");
}

#[test]
fn the_id_has_the_layout_of_the_draft() {
    // SHA-1 of `toko.example`, by Python's hashlib: its first 8 bytes without the lowest 2 bits.
    let id = Vcon::id_of(at(0), 0x0ABC, "toko.example");
    assert_eq!(id.to_string(), "019c1c38-a400-8abc-b528-a7462f7778d1");
}
