//! One part of every kind. What a person wrote has the word "rahasia" in it.

use chrono::{DateTime, Utc};
use kontak_content::{
    ByteSize, Call, CallDirection, CallOutcome, CallTimeline, ChoiceLayout, ChoiceMade,
    ChoiceOffered, ChoiceOption, ChoiceSection, ContactCard, Content, CustomPart, FetchFailure,
    FieldName, FormAnswer, FreeText, GeoPoint, InternalNote, Location, Media, MediaKind,
    MediaPlace, OptionId, Part, ProviderRef, QuestionAnswer, Recording, Remote, SystemKind,
    SystemLine, Template, TemplateParameter, TemplateSlot, TemplateValue, Text, Transcript,
    TranscriptLine, Transfer, TransferKind, Written, chrono,
};
use kontak_types::ActorKind;

pub(crate) const SECRET: &str = "rahasia";

pub(crate) fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_770_000_000 + second, 123_456_000).unwrap()
}

pub(crate) fn words(text: &str) -> Written {
    Written::new(text).unwrap()
}

pub(crate) fn plain(text: &str) -> Text {
    Text::plain(text).unwrap()
}

pub(crate) fn remote(reference: &str) -> MediaPlace {
    MediaPlace::Remote(Remote::Provider(ProviderRef::new(reference).unwrap()))
}

fn field(name: &str) -> FieldName {
    FieldName::new(name).unwrap()
}

pub(crate) fn text() -> Part {
    Text::markdown("**halo** rahasia").unwrap().with_language("id".parse().unwrap()).into()
}

pub(crate) fn media() -> Part {
    Media::new(MediaKind::VoiceNote, remote("rahasia-123"))
        .with_mime_type("Audio/OGG; codecs=opus".parse().unwrap())
        .with_size(ByteSize::from(3_210))
        .with_duration_ms(12_345)
        .with_caption(plain("dengar rahasia"))
        .with_file_name("rahasia.ogg".parse().unwrap())
        .into()
}

pub(crate) fn location() -> Part {
    Location::new(GeoPoint::new(-6.175_392_4, 106.827_153_1).unwrap())
        .with_name(words("Rumah rahasia"))
        .with_address(words("Jl. rahasia 1"))
        .into()
}

pub(crate) fn contact() -> Part {
    let phones = vec![words("0812 rahasia")];
    let emails = vec![words("rahasia@example.id")];
    ContactCard::new(Some(words("Ibu rahasia")), phones, emails).unwrap().into()
}

pub(crate) fn offer() -> ChoiceOffered {
    let option = |id: &str, label| ChoiceOption::new(OptionId::new(id).unwrap(), words(label));
    let sections = vec![
        ChoiceSection::new(
            Some(words("Minggu rahasia")),
            vec![option("mon", "Senin").with_description(words("pagi rahasia"))],
        ),
        ChoiceSection::new(None, vec![option("tue-rahasia", "Selasa rahasia")]),
    ];
    let layout = ChoiceLayout::List { opens_with: Some(words("Pilih rahasia")), sections };
    ChoiceOffered::new("visit".try_into().unwrap(), layout, FreeText::Refused)
        .unwrap()
        .with_prompt(plain("Hari apa, rahasia?"))
}

pub(crate) fn chosen() -> ChoiceMade {
    offer().made(&OptionId::new("tue-rahasia").unwrap()).unwrap()
}

pub(crate) fn template() -> Part {
    let header = TemplateValue::Media(Box::new(Media::new(MediaKind::Image, remote("header"))));
    let place = Location::new(GeoPoint::new(0.0, 0.0).unwrap());
    Template::new("visit_promise".try_into().unwrap(), "id".parse().unwrap())
        .with_parameter(TemplateParameter::new(TemplateSlot::Header, header))
        .with_parameter(
            TemplateParameter::new(TemplateSlot::Body, TemplateValue::Text(words("Pak rahasia")))
                .with_name(field("name")),
        )
        .with_parameter(TemplateParameter::new(
            TemplateSlot::Button(0),
            TemplateValue::Location(place),
        ))
        .with_reads(plain("Halo Pak rahasia, teknisi datang besok."))
        .into()
}

pub(crate) fn timeline() -> CallTimeline {
    CallTimeline::new(CallDirection::Inbound, at(0))
        .with_answered(at(8))
        .with_ended(at(197), CallOutcome::Answered)
        .with_hold(at(20), Some(at(35)))
        .with_transfer(
            Transfer::new(TransferKind::Warm, at(60))
                .with_completed(at(65))
                .with_to(words("antrean rahasia")),
        )
}

pub(crate) fn call() -> Part {
    let line = TranscriptLine::new(Some(ActorKind::Agent), 1_500, words("Selamat pagi, rahasia"));
    let document = Media::new(MediaKind::Document, remote("transcript"));
    let mut transcript = Transcript::from_lines(vec![line]).with_language("id".parse().unwrap());
    transcript.document = Some(document);
    let recording = Media::new(
        MediaKind::Audio,
        MediaPlace::Remote(Remote::Url("https://pbx.example/r?t=rahasia".parse().unwrap())),
    )
    .failed(FetchFailure::Unreachable);
    Call::new(timeline())
        .with_recording(Recording::new(recording).with_started(at(8)))
        .with_transcript(transcript)
        .into()
}

pub(crate) fn note() -> Part {
    InternalNote::new(plain("Pelanggan marah, rahasia")).into()
}

pub(crate) fn form() -> Part {
    let rating = QuestionAnswer::new(field("rating"), vec![words("4 rahasia")])
        .with_question(words("Seberapa rahasia?"));
    FormAnswer::new(vec![rating, QuestionAnswer::new(field("comment"), Vec::new())])
        .with_form(field("csat"))
        .into()
}

pub(crate) fn system() -> Part {
    SystemLine::new(SystemKind::NumberChanged)
        .with_argument(field("to"), words("+62 rahasia"))
        .with_text(words("User rahasia changed"))
        .into()
}

pub(crate) fn custom() -> Part {
    CustomPart::new("shop.order", r#"{"note": "rahasia", "price": 1.0}"#).unwrap().into()
}

pub(crate) fn every_kind() -> Content {
    let parts = vec![
        text(),
        media(),
        location(),
        contact(),
        offer().into(),
        chosen().into(),
        template(),
        call(),
        note(),
        form(),
        system(),
        custom(),
        text().redacted(),
    ];
    Content::new(parts).with_subject(words("AC rahasia"))
}
