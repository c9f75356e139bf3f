//! Any part there can be.

use chrono::{DateTime, Utc};
use kontak_content::{
    ByteSize, Call, CallDirection, CallOutcome, CallTimeline, ChoiceLayout, ChoiceMade,
    ChoiceOffered, ChoiceOption, ChoiceSection, ContactCard, Content, CustomPart, FetchFailure,
    FieldName, FileName, FormAnswer, FreeText, GeoPoint, InternalNote, Location, Media, MediaKind,
    MediaPlace, MimeType, OfferId, OptionId, Part, ProviderRef, QuestionAnswer, Recording, Remote,
    SystemKind, SystemLine, Template, TemplateParameter, TemplateSlot, TemplateValue, Text,
    TextFormat, Transcript, TranscriptLine, Transfer, TransferKind, WebUrl, Written, chrono,
};
use kontak_types::{ActorKind, Language};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

pub(crate) fn written() -> impl Strategy<Value = Written> {
    "(?s).{1,20}".prop_map(|text| Written::new(text).unwrap())
}

macro_rules! names {
    ($($strategy:ident: $name:ident,)*) => {
        $(fn $strategy() -> impl Strategy<Value = $name> {
            "\\PC{1,12}".prop_filter_map("control", |name| $name::new(name).ok())
        })*
    };
}

names! {
    offer_id: OfferId,
    option_id: OptionId,
    provider_ref: ProviderRef,
    field: FieldName,
}

/// A listed name or another one.
fn word<T: Clone + std::fmt::Debug + for<'a> From<&'a str> + 'static>(
    known: &'static [T],
) -> impl Strategy<Value = T> {
    prop_oneof![3 => select(known), 1 => "[a-z_]{0,9}".prop_map(|name| T::from(&name))]
}

fn language() -> impl Strategy<Value = Language> {
    select(vec!["id", "vi-VN", "en", "zh-Hant-TW"]).prop_map(|tag| tag.parse().unwrap())
}

fn time() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..4_000_000_000_000_000)
        .prop_map(|micros| DateTime::from_timestamp_micros(micros).unwrap())
}

pub(crate) fn text() -> impl Strategy<Value = Text> {
    (written(), word(TextFormat::KNOWN), of(language())).prop_map(|(body, format, language)| {
        let mut text = Text::new(body, format);
        text.language = language;
        text
    })
}

fn url() -> impl Strategy<Value = WebUrl> {
    "https?://[a-z]{1,9}(:[0-9]{2})?/[!-~]{0,12}".prop_map(|url| url.parse().unwrap())
}

fn remote() -> impl Strategy<Value = Remote> {
    prop_oneof![provider_ref().prop_map(Remote::Provider), url().prop_map(Remote::Url)]
}

fn place() -> impl Strategy<Value = MediaPlace> {
    prop_oneof![
        remote().prop_map(MediaPlace::Remote),
        ("[ -~]{1,9}", of(remote())).prop_map(|(blob, remote)| MediaPlace::Stored {
            blob: blob.try_into().unwrap(),
            remote
        }),
        (remote(), word(FetchFailure::KNOWN))
            .prop_map(|(remote, reason)| MediaPlace::Failed { remote, reason }),
    ]
}

pub(crate) fn media() -> impl Strategy<Value = Media> {
    let mime_type = "[a-z]{1,5}/[a-z0-9.+-]{0,5}[a-z](; [ -~]{1,9})?"
        .prop_filter_map("no MIME type", |text| text.parse::<MimeType>().ok());
    let file_name = "(?s).{1,12}(\\.[a-z]{1,4})?"
        .prop_filter_map("no name", |text| text.parse::<FileName>().ok());
    let size = (0..1_u64 << 53).prop_map(|bytes| ByteSize::new(bytes).unwrap());
    let about = (of(mime_type), of(size), of(any::<u32>()), of(file_name), of(text()));
    (word(MediaKind::KNOWN), place(), about).prop_map(|(kind, place, about)| {
        let mut media = Media::new(kind, place);
        (media.mime_type, media.size, media.duration_ms, media.file_name, media.caption) = about;
        media
    })
}

pub(crate) fn location() -> impl Strategy<Value = Location> {
    (-90.0..=90.0, -180.0..=180.0, of(written()), of(written())).prop_map(
        |(latitude, longitude, name, address)| {
            let mut location = Location::new(GeoPoint::new(latitude, longitude).unwrap());
            (location.name, location.address) = (name, address);
            location
        },
    )
}

pub(crate) fn contact() -> impl Strategy<Value = ContactCard> {
    (of(written()), vec(written(), 0..3), vec(written(), 0..3))
        .prop_filter_map("empty card", |(name, phones, emails)| {
            ContactCard::new(name, phones, emails).ok()
        })
}

fn option() -> impl Strategy<Value = ChoiceOption> {
    (option_id(), written(), of(written())).prop_map(|(id, label, description)| {
        let mut option = ChoiceOption::new(id, label);
        option.description = description;
        option
    })
}

pub(crate) fn offered() -> impl Strategy<Value = ChoiceOffered> {
    let section = (of(written()), vec(option(), 1..3))
        .prop_map(|(title, options)| ChoiceSection::new(title, options));
    let layout = prop_oneof![
        vec(option(), 1..4).prop_map(ChoiceLayout::Buttons),
        (of(written()), vec(section, 1..3))
            .prop_map(|(opens_with, sections)| ChoiceLayout::List { opens_with, sections }),
    ];
    let free_text = select(vec![FreeText::Allowed, FreeText::Refused]);
    (offer_id(), layout, free_text, of(text())).prop_filter_map(
        "one id twice",
        |(offer, layout, free_text, prompt)| {
            let offer = ChoiceOffered::new(offer, layout, free_text).ok()?;
            Some(match prompt {
                Some(prompt) => offer.with_prompt(prompt),
                None => offer,
            })
        },
    )
}

fn made() -> impl Strategy<Value = ChoiceMade> {
    (of(offer_id()), option_id(), of(written())).prop_map(|(offer, option, label)| {
        let mut made = ChoiceMade::new(option);
        (made.offer, made.label) = (offer, label);
        made
    })
}

pub(crate) fn template() -> impl Strategy<Value = Template> {
    let slot = prop_oneof![
        Just(TemplateSlot::Header),
        Just(TemplateSlot::Body),
        any::<u8>().prop_map(TemplateSlot::Button),
    ];
    let value = prop_oneof![
        written().prop_map(TemplateValue::Text),
        media().prop_map(|media| TemplateValue::Media(Box::new(media))),
        location().prop_map(TemplateValue::Location),
    ];
    let parameter = (slot, of(field()), value).prop_map(|(slot, name, value)| {
        let mut parameter = TemplateParameter::new(slot, value);
        parameter.name = name;
        parameter
    });
    ("[a-z_]{1,9}", language(), vec(parameter, 0..3), of(text())).prop_map(
        |(name, language, parameters, reads)| {
            let mut template = Template::new(name.try_into().unwrap(), language);
            (template.parameters, template.reads) = (parameters, reads);
            template
        },
    )
}

pub(crate) fn timeline() -> impl Strategy<Value = CallTimeline> {
    let transfer = (word(TransferKind::KNOWN), time(), of(time()), of(written())).prop_map(
        |(kind, started, completed, to)| {
            let mut transfer = Transfer::new(kind, started);
            (transfer.completed, transfer.to) = (completed, to);
            transfer
        },
    );
    let direction = select(vec![CallDirection::Inbound, CallDirection::Outbound]);
    let times = (time(), of(time()), of(time()), of(word(CallOutcome::KNOWN)));
    let holds = vec((time(), of(time())), 0..3);
    (direction, times, holds, vec(transfer, 0..3)).prop_map(
        |(direction, (started, answered, ended, outcome), holds, transfers)| {
            let mut timeline = CallTimeline::new(direction, started);
            (timeline.answered, timeline.ended, timeline.outcome) = (answered, ended, outcome);
            timeline.transfers = transfers;
            holds
                .into_iter()
                .fold(timeline, |timeline, (from, until)| timeline.with_hold(from, until))
        },
    )
}

pub(crate) fn call() -> impl Strategy<Value = Call> {
    let recording = (of(time()), media()).prop_map(|(started, media)| {
        let mut recording = Recording::new(media);
        recording.started = started;
        recording
    });
    let speaker = select(vec![ActorKind::Customer, ActorKind::Agent, ActorKind::Bot]);
    let line = (of(speaker), any::<u32>(), written())
        .prop_map(|(speaker, offset_ms, text)| TranscriptLine::new(speaker, offset_ms, text));
    let transcript =
        (of(language()), vec(line, 0..3), of(media())).prop_map(|(language, lines, document)| {
            let mut transcript = Transcript::from_lines(lines);
            (transcript.language, transcript.document) = (language, document);
            transcript
        });
    (timeline(), vec(recording, 0..2), of(transcript)).prop_map(
        |(timeline, recordings, transcript)| {
            let mut call = Call::new(timeline);
            (call.recordings, call.transcript) = (recordings, transcript);
            call
        },
    )
}

pub(crate) fn form() -> impl Strategy<Value = FormAnswer> {
    let pair =
        (field(), of(written()), vec(written(), 0..3)).prop_map(|(field, question, answers)| {
            let mut pair = QuestionAnswer::new(field, answers);
            pair.question = question;
            pair
        });
    (of(field()), vec(pair, 0..3)).prop_map(|(name, answers)| {
        let mut form = FormAnswer::new(answers);
        form.form = name;
        form
    })
}

pub(crate) fn system() -> impl Strategy<Value = SystemLine> {
    (word(SystemKind::KNOWN), btree_map(field(), written(), 0..3), of(written())).prop_map(
        |(kind, arguments, text)| {
            let mut line = SystemLine::new(kind);
            (line.arguments, line.text) = (arguments, text);
            line
        },
    )
}

/// Any JSON, with the white space and the numbers that a rewriting would change.
pub(crate) fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("1.50e3".to_owned()),
        Just("123456789012345678901234567890".to_owned()),
        ".{0,9}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        Just(r#""\u00e9\/""#.to_owned()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(|values| format!("[ {} ]", values.join(" ,\n"))),
            vec((".{0,5}", inner), 0..3).prop_map(|fields| {
                let field = |(name, value)| {
                    format!("{}: {value}", serde_json::to_string::<String>(&name).unwrap())
                };
                format!("{{{}}}", fields.into_iter().map(field).collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

fn custom() -> impl Strategy<Value = CustomPart> {
    ("[a-z]{1,5}\\.[a-z0-9_-]{1,5}", json())
        .prop_map(|(kind, body)| CustomPart::new(&kind, body).unwrap())
}

pub(crate) fn part() -> impl Strategy<Value = Part> {
    let part = prop_oneof![
        text().prop_map(Part::from),
        media().prop_map(Part::from),
        location().prop_map(Part::from),
        contact().prop_map(Part::from),
        offered().prop_map(Part::from),
        made().prop_map(Part::from),
        template().prop_map(Part::from),
        call().prop_map(Part::from),
        text().prop_map(|text| InternalNote::new(text).into()),
        form().prop_map(Part::from),
        system().prop_map(Part::from),
        custom().prop_map(Part::from),
    ];
    (part, prop::bool::weighted(0.1))
        .prop_map(|(part, redacted)| if redacted { part.redacted() } else { part })
}

pub(crate) fn content() -> impl Strategy<Value = Content> {
    (of(written()), vec(part(), 0..4)).prop_map(|(subject, parts)| {
        let mut content = Content::new(parts);
        content.subject = subject;
        content
    })
}
