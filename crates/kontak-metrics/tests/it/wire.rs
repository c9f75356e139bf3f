//! Names on the wire are frozen, and what is written is read again.

use crate::world::*;
use kontak_metrics::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn an_event_round_trips(event in records().prop_map(|mut events| events.remove(0))) {
        let json = serde_json::to_string(&event).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Event>(&json).unwrap(), &event);
        let bytes = postcard::to_allocvec(&event).unwrap();
        prop_assert_eq!(&postcard::from_bytes::<Event>(&bytes).unwrap(), &event);
    }
}

#[test]
fn every_preset_round_trips() {
    let catalog = Catalog::of(Preset::ALL).unwrap();
    let json = serde_json::to_string(&catalog).unwrap();
    assert_eq!(serde_json::from_str::<Catalog>(&json).unwrap(), catalog);
    let bytes = postcard::to_allocvec(&catalog).unwrap();
    assert_eq!(postcard::from_bytes::<Catalog>(&bytes).unwrap(), catalog);
    let grids = Grid::usual();
    let bytes = postcard::to_allocvec(&grids).unwrap();
    assert_eq!(postcard::from_bytes::<Vec<Grid>>(&bytes).unwrap(), grids);
}

#[test]
fn reports_round_trip() {
    let mut metrics = engine();
    let view = metrics.settle();
    for id in [
        "kontak.csat",
        "kontak.nps",
        "kontak.speed_of_answer",
        "kontak.cost",
        "kontak.offered",
        "kontak.ces_mean",
    ] {
        let report = view.report(id, &view.all_time(), &Filter::all()).unwrap();
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
        let bytes = postcard::to_allocvec(&report).unwrap();
        assert_eq!(postcard::from_bytes::<Report>(&bytes).unwrap(), report);
    }
}

/// A field of another name would leave journals unread.
#[test]
fn the_names_of_an_event_are_frozen() {
    let json = r#"{"conversation":"00000000-0000-0000-0000-000000000301","id":"00000000-0000-0000-0000-000000000007","revision":1,"at":"2026-03-02T09:00:00Z","order":2,"kind":{"dequeued":{"queue":"00000000-0000-0000-0000-000000000200","end":"answered","agent":"00000000-0000-0000-0000-000000000101"}}}"#;
    let event: Event = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&event).unwrap(), json);
    let kinds = [
        r#"{"started":{"channel":"voice","direction":"inbound","by":"customer","touchpoint":null,"language":"id","segment":"vip"}}"#,
        r#"{"channel_changed":{"channel":"email"}}"#,
        r#"{"message":{"by":"agent","agent":null,"audience":"public","origin":"automatic"}}"#,
        r#"{"enqueued":{"queue":"00000000-0000-0000-0000-000000000200"}}"#,
        r#"{"rang_out":{"agent":"00000000-0000-0000-0000-000000000101"}}"#,
        r#""unassigned""#,
        r#""handed_off""#,
        r#""retold""#,
        r#"{"transferred":{"from":null,"to":null,"context":"lost"}}"#,
        r#"{"status_set":{"status":"waiting_customer"}}"#,
        r#"{"resolved":{"by":"bot","agent":null}}"#,
        r#"{"reopened":{"by":"customer"}}"#,
        r#"{"labelled":{"label":"refund"}}"#,
        r#"{"about_issue":{"issue":"00000000-0000-0000-0000-000000000001"}}"#,
        r#"{"schedule_set":{"calendar":"office"}}"#,
        r#"{"survey_answered":{"survey":"csat","score":5,"agent":null}}"#,
        r#"{"promise":{"commitment":"00000000-0000-0000-0000-000000000001","outcome":"kept"}}"#,
        r#"{"converted":{"amount":12}}"#,
        r#""withdrawn""#,
    ];
    for json in kinds {
        let kind: EventKind = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&kind).unwrap(), json);
    }
}

#[test]
fn a_definition_with_an_unknown_key_is_an_error_that_names_it() {
    let definition =
        r#"{"id":"a.frt","version":1,"show":"duration","measure":{"response":{"wich":"first"}}}"#;
    let error = serde_json::from_str::<Definition>(definition).unwrap_err().to_string();
    assert!(error.contains("unknown field `wich`"), "{error}");
    let calendar = r#"{"definitions":[{"id":"a.frt","version":1,"show":"duration","hours":{"calendar":"night"},"measure":{"response":{}}}]}"#;
    let error = serde_json::from_str::<Catalog>(calendar).unwrap_err().to_string();
    assert!(
        error
            .contains("definition `a.frt` names the calendar `night`, which is not in `calendars`"),
        "{error}"
    );
    let share =
        r#"{"definitions":[{"id":"a.frt","version":1,"show":"nps","measure":{"response":{}}}]}"#;
    let error = serde_json::from_str::<Catalog>(share).unwrap_err().to_string();
    assert!(error.contains("cannot be shown as Nps"), "{error}");
}
