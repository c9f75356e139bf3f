//! The names on the wire.

use crate::sample;
use kontak_content::{
    CallDirection, CallOutcome, ChoiceLayout, Content, FetchFailure, FreeText, GeoPoint, Location,
    Media, MediaKind, MediaPlace, Part, PartKind, ProviderRef, Remote, SystemKind, TemplateSlot,
    TemplateValue, TextFormat, TransferKind,
};
use serde::Serialize;
use std::fmt::Display;

/// How a part is written where names are not.
#[derive(Serialize)]
struct Frame<'a>(&'a str, &'a str);

fn json(part: impl Into<Part>) -> String {
    serde_json::to_string_pretty(&part.into()).unwrap()
}

#[test]
fn the_names_of_a_text_are_frozen() {
    insta::assert_snapshot!(json(sample::text()), @r#"
    {
      "text": {
        "body": "**halo** rahasia",
        "format": "markdown",
        "language": "id"
      }
    }
    "#);
}

#[test]
fn the_names_of_a_medium_are_frozen() {
    insta::assert_snapshot!(json(sample::media()), @r#"
    {
      "media": {
        "kind": "voice_note",
        "mime_type": "audio/ogg; codecs=opus",
        "size": 3210,
        "duration_ms": 12345,
        "file_name": "rahasia.ogg",
        "caption": {
          "body": "dengar rahasia",
          "format": "plain",
          "language": null
        },
        "place": {
          "remote": {
            "provider": "rahasia-123"
          }
        }
      }
    }
    "#);
}

#[test]
fn the_names_of_a_location_are_frozen() {
    insta::assert_snapshot!(json(sample::location()), @r#"
    {
      "location": {
        "point": {
          "latitude_e7": -61753924,
          "longitude_e7": 1068271531
        },
        "name": "Rumah rahasia",
        "address": "Jl. rahasia 1"
      }
    }
    "#);
}

#[test]
fn the_names_of_a_contact_card_are_frozen() {
    insta::assert_snapshot!(json(sample::contact()), @r#"
    {
      "contact": {
        "name": "Ibu rahasia",
        "phones": [
          "0812 rahasia"
        ],
        "emails": [
          "rahasia@example.id"
        ]
      }
    }
    "#);
}

#[test]
fn the_names_of_a_choice_are_frozen() {
    insta::assert_snapshot!(json(sample::offer()), @r#"
    {
      "choice_offered": {
        "offer": "visit",
        "prompt": {
          "body": "Hari apa, rahasia?",
          "format": "plain",
          "language": null
        },
        "layout": {
          "list": {
            "opens_with": "Pilih rahasia",
            "sections": [
              {
                "title": "Minggu rahasia",
                "options": [
                  {
                    "id": "mon",
                    "label": "Senin",
                    "description": "pagi rahasia"
                  }
                ]
              },
              {
                "title": null,
                "options": [
                  {
                    "id": "tue-rahasia",
                    "label": "Selasa rahasia",
                    "description": null
                  }
                ]
              }
            ]
          }
        },
        "free_text": "refused"
      }
    }
    "#);
    insta::assert_snapshot!(json(sample::chosen()), @r#"
    {
      "choice_made": {
        "offer": "visit",
        "option": "tue-rahasia",
        "label": "Selasa rahasia"
      }
    }
    "#);
}

#[test]
fn the_names_of_a_template_are_frozen() {
    insta::assert_snapshot!(json(sample::template()), @r#"
    {
      "template": {
        "name": "visit_promise",
        "language": "id",
        "parameters": [
          {
            "slot": "header",
            "name": null,
            "value": {
              "media": {
                "kind": "image",
                "mime_type": null,
                "size": null,
                "duration_ms": null,
                "file_name": null,
                "caption": null,
                "place": {
                  "remote": {
                    "provider": "header"
                  }
                }
              }
            }
          },
          {
            "slot": "body",
            "name": "name",
            "value": {
              "text": "Pak rahasia"
            }
          },
          {
            "slot": {
              "button": 0
            },
            "name": null,
            "value": {
              "location": {
                "point": {
                  "latitude_e7": 0,
                  "longitude_e7": 0
                },
                "name": null,
                "address": null
              }
            }
          }
        ],
        "reads": {
          "body": "Halo Pak rahasia, teknisi datang besok.",
          "format": "plain",
          "language": null
        }
      }
    }
    "#);
}

#[test]
fn the_names_of_a_call_are_frozen() {
    insta::assert_snapshot!(json(sample::call()), @r#"
    {
      "call": {
        "timeline": {
          "direction": "inbound",
          "started": "2026-02-02T02:40:00.123456Z",
          "answered": "2026-02-02T02:40:08.123456Z",
          "ended": "2026-02-02T02:43:17.123456Z",
          "outcome": "answered",
          "holds": [
            {
              "from": "2026-02-02T02:40:20.123456Z",
              "until": "2026-02-02T02:40:35.123456Z"
            }
          ],
          "transfers": [
            {
              "kind": "warm",
              "started": "2026-02-02T02:41:00.123456Z",
              "completed": "2026-02-02T02:41:05.123456Z",
              "to": "antrean rahasia"
            }
          ]
        },
        "recordings": [
          {
            "started": "2026-02-02T02:40:08.123456Z",
            "media": {
              "kind": "audio",
              "mime_type": null,
              "size": null,
              "duration_ms": null,
              "file_name": null,
              "caption": null,
              "place": {
                "failed": {
                  "remote": {
                    "url": "https://pbx.example/r?t=rahasia"
                  },
                  "reason": "unreachable"
                }
              }
            }
          }
        ],
        "transcript": {
          "language": "id",
          "lines": [
            {
              "speaker": "agent",
              "offset_ms": 1500,
              "text": "Selamat pagi, rahasia"
            }
          ],
          "document": {
            "kind": "document",
            "mime_type": null,
            "size": null,
            "duration_ms": null,
            "file_name": null,
            "caption": null,
            "place": {
              "remote": {
                "provider": "transcript"
              }
            }
          }
        }
      }
    }
    "#);
}

#[test]
fn the_names_of_a_note_a_form_and_a_system_line_are_frozen() {
    insta::assert_snapshot!(json(sample::note()), @r#"
    {
      "internal_note": {
        "text": {
          "body": "Pelanggan marah, rahasia",
          "format": "plain",
          "language": null
        }
      }
    }
    "#);
    insta::assert_snapshot!(json(sample::form()), @r#"
    {
      "form_answer": {
        "form": "csat",
        "answers": [
          {
            "field": "rating",
            "question": "Seberapa rahasia?",
            "answers": [
              "4 rahasia"
            ]
          },
          {
            "field": "comment",
            "question": null,
            "answers": []
          }
        ]
      }
    }
    "#);
    insta::assert_snapshot!(json(sample::system()), @r#"
    {
      "system": {
        "kind": "number_changed",
        "arguments": {
          "to": "+62 rahasia"
        },
        "text": "User rahasia changed"
      }
    }
    "#);
}

#[test]
fn the_names_of_a_tombstone_are_frozen() {
    insta::assert_snapshot!(json(sample::call().redacted()), @r#"
    {
      "redacted": {
        "kind": "call",
        "characters": 21,
        "items": 1,
        "media": null,
        "call": {
          "direction": "inbound",
          "started": "2026-02-02T02:40:00.123456Z",
          "answered": "2026-02-02T02:40:08.123456Z",
          "ended": "2026-02-02T02:43:17.123456Z",
          "outcome": "answered",
          "holds": [
            {
              "from": "2026-02-02T02:40:20.123456Z",
              "until": "2026-02-02T02:40:35.123456Z"
            }
          ],
          "transfers": [
            {
              "kind": "warm",
              "started": "2026-02-02T02:41:00.123456Z",
              "completed": "2026-02-02T02:41:05.123456Z",
              "to": null
            }
          ]
        }
      }
    }
    "#);
    insta::assert_snapshot!(json(sample::media().redacted()), @r#"
    {
      "redacted": {
        "kind": "media",
        "characters": 26,
        "items": 0,
        "media": "voice_note",
        "call": null
      }
    }
    "#);
}

#[test]
fn the_names_of_a_content_are_frozen() {
    let content = Content::new(vec![sample::custom()]).with_subject(sample::words("AC"));
    insta::assert_snapshot!(serde_json::to_string(&content).unwrap(), @r#"{"subject":"AC","parts":[{"shop.order":{"note": "rahasia", "price": 1.0}}]}"#);
}

#[test]
fn the_vocabularies_are_frozen() {
    fn names<T: Display>(known: &[T]) -> String {
        known.iter().map(|name| format!("{name} ")).collect()
    }
    insta::assert_snapshot!(names(PartKind::KNOWN), @"text media location contact choice_offered choice_made template call internal_note form_answer system");
    insta::assert_snapshot!(names(TextFormat::KNOWN), @"plain markdown html");
    insta::assert_snapshot!(names(MediaKind::KNOWN), @"image audio video document sticker voice_note");
    insta::assert_snapshot!(names(FetchFailure::KNOWN), @"gone forbidden too_large type_refused address_refused unreachable");
    insta::assert_snapshot!(names(CallOutcome::KNOWN), @"answered no_answer busy declined hung_up voicemail voicemail_no_message congestion failed");
    insta::assert_snapshot!(names(TransferKind::KNOWN), @"cold warm consult");
    insta::assert_snapshot!(names(SystemKind::KNOWN), @"participant_joined participant_left transferred number_changed security_code_changed subject_changed opted_out opted_in chat_started chat_ended unsupported");
    let closed =
        ([CallDirection::Inbound, CallDirection::Outbound], [FreeText::Allowed, FreeText::Refused]);
    insta::assert_snapshot!(serde_json::to_string(&closed).unwrap(), @r#"[["inbound","outbound"],["allowed","refused"]]"#);
}

/// Kind and body as texts, each with its length before it: what a reader steps over.
#[test]
fn the_frame_of_a_part_is_frozen() {
    let body = r#"{"body":"**halo** rahasia","format":"markdown","language":"id"}"#;
    assert_eq!(
        postcard::to_allocvec(&sample::text()).unwrap(),
        postcard::to_allocvec(&Frame("text", body)).unwrap()
    );
}

/// A payload stored by itself has its variants by their place.
#[test]
fn places_are_frozen() {
    fn place(value: impl Serialize) -> u8 {
        postcard::to_allocvec(&value).unwrap()[0]
    }
    let url = || Remote::Url("https://a.example".parse().unwrap());
    let reference = Remote::Provider(ProviderRef::new("1").unwrap());
    assert_eq!([place(&reference), place(url())], [0, 1]);
    let media = Media::new(MediaKind::Image, MediaPlace::Remote(url()));
    let places = [
        media.place.clone(),
        media.clone().stored("b".try_into().unwrap()).place,
        media.clone().failed(FetchFailure::Gone).place,
    ];
    assert_eq!(places.map(place), [0, 1, 2]);
    assert_eq!(
        [TemplateSlot::Header, TemplateSlot::Body, TemplateSlot::Button(7)].map(place),
        [0, 1, 2]
    );
    let location = Location::new(GeoPoint::new(0.0, 0.0).unwrap());
    let values = [
        TemplateValue::Text(sample::words("x")),
        TemplateValue::Media(Box::new(media)),
        TemplateValue::Location(location),
    ];
    assert_eq!(values.map(place), [0, 1, 2]);
    let list = ChoiceLayout::List { opens_with: None, sections: Vec::new() };
    assert_eq!([ChoiceLayout::Buttons(Vec::new()), list].map(place), [0, 1]);
    assert_eq!([CallDirection::Inbound, CallDirection::Outbound].map(place), [0, 1]);
    assert_eq!([FreeText::Allowed, FreeText::Refused].map(place), [0, 1]);
}

#[test]
fn a_later_release_may_add_a_field_or_a_kind() {
    let newer = r#"{"text":{"body":"halo","format":"shouted","language":null,"mood":"glad"}}"#;
    let part: Part = serde_json::from_str(newer).unwrap();
    assert_eq!(part.plain_text(), "halo");

    let newer = postcard::to_allocvec(&[Frame("poll", r#"{"votes": 1.50}"#)]).unwrap();
    let (parts, rest) = postcard::take_from_bytes::<[Part; 1]>(&newer).unwrap();
    assert!(rest.is_empty());
    assert_eq!(parts[0].kind().as_str(), "poll");
    assert_eq!(serde_json::to_string(&parts[0]).unwrap(), r#"{"poll":{"votes": 1.50}}"#);
    assert_eq!(postcard::to_allocvec(&parts).unwrap(), newer);
    let value = serde_json::to_value(&parts[0]).unwrap();
    assert_eq!(serde_json::from_value::<Part>(value).unwrap().kind(), parts[0].kind());
}

#[test]
fn what_is_no_part_is_not_read() {
    for json in [
        "{}",
        "[]",
        r#""text""#,
        r#"{"text":{}}"#,
        r#"{"text":{"body":"","format":"plain","language":null}}"#,
        r#"{"poll":1,"vote":2}"#,
        r#"{"poll":}"#,
    ] {
        assert!(serde_json::from_str::<Part>(json).is_err(), "{json}");
    }
    for frame in [Frame("text", "{}"), Frame("poll", "{"), Frame("poll", "")] {
        let bytes = postcard::to_allocvec(&frame).unwrap();
        assert!(postcard::from_bytes::<Part>(&bytes).is_err(), "{}", frame.1);
    }
}
