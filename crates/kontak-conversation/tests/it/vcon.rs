//! A conversation as a vCon, and back.

use crate::steps::shops;
use crate::world::World;
use kontak_content::{InternalNote, Text};
use kontak_conversation::vcon::{
    Dialog, DialogKind, Disposition, ImportError, Party, PartyRole, Severity, Vcon, VconExport,
    VconReader,
};
use kontak_conversation::{Actor, Command, Conversations, EventBody, Message};
use kontak_types::uuid::Uuid;
use kontak_types::{ConversationId, MessageId};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;

fn ids() -> impl FnMut() -> Uuid {
    let mut next = 1_u128 << 100;
    move || {
        next += 1;
        Uuid::from_u128(next)
    }
}

fn export(world: &World) -> VconExport<'static> {
    VconExport::new(Vcon::id_of(world.now, 7, "toko.example"), world.now)
}

fn documents(world: &World, reader: VconReader) -> Vec<(ConversationId, Vcon)> {
    let export = export(world).with_reader(reader);
    let ids = world.conversations().into_iter();
    let ids = ids.filter(|id| world.state.messages(*id).next().is_some());
    ids.map(|id| (id, world.state.vcon(id, &export).unwrap())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Import of an export is the conversation; export of an import is the document.
    #[test]
    fn import_and_export_undo_each_other(world in shops()) {
        for (id, document) in documents(&world, VconReader::Ours) {
            prop_assert_eq!(document.validate(), []);
            let read = Vcon::read(&document.write().unwrap()).unwrap();
            let mut alone = Conversations::new();
            let imported = alone.import(&read, &mut ids()).unwrap();
            imported.events.iter().for_each(|event| alone.apply(event));
            prop_assert_eq!(imported.conversation, id);
            prop_assert_eq!(alone.retell(id), world.state.retell(id));
            prop_assert_eq!(&alone.vcon(id, &export(&world)).unwrap(), &document);
            let again = alone.import(&read, &mut ids());
            prop_assert_eq!(again, Err(ImportError::IdTaken { what: "conversation" }));
        }
    }

    /// What the customer gets holds no note and no decision, and reads as anybody's document.
    #[test]
    fn a_customers_copy_is_without_notes_and_decisions(world in shops()) {
        for (_, document) in documents(&world, VconReader::Customer) {
            prop_assert_eq!(document.validate(), []);
            let written = document.write().unwrap();
            for internal in ["she is angry", "kontak-journal", "question 1", "repaired"] {
                prop_assert!(!written.contains(internal), "{}", internal);
            }
            let mut alone = Conversations::new();
            let imported = alone.import(&document, &mut ids()).unwrap();
            imported.events.iter().for_each(|event| alone.apply(event));
            let messages = document.dialog.iter().filter(|dialog| dialog.message_id.is_some());
            let messages = messages.count().max(1);
            prop_assert_eq!(alone.messages(imported.conversation).count(), messages);
        }
    }
}

#[test]
fn calls_holds_transfers_and_calls_that_never_came_to_be_are_dialogs() {
    let mut world = World::new();
    for step in [
        crate::steps::Step::Writes { customer: 1, account: 0, channel: 2, reply: false },
        crate::steps::Step::Says { conversation: 0, what: 5 },
        crate::steps::Step::Promises(0, 48),
        crate::steps::Step::Offers(0, 0),
        crate::steps::Step::Accepts(1),
    ] {
        crate::steps::take(&mut world, &step);
    }
    let id = world.conversations()[0];
    let vcon = world.state.vcon(id, &export(&world)).unwrap();
    let kinds: Vec<_> = vcon.dialog.iter().map(|dialog| dialog.kind.clone().unwrap()).collect();
    assert_eq!(
        kinds,
        [DialogKind::Recording, DialogKind::Transfer, DialogKind::Incomplete, DialogKind::Transfer]
    );
    let [call, passed, missed, handed] = &vcon.dialog[..] else { panic!("four dialogs") };
    let history: Vec<&str> = call
        .party_history
        .iter()
        .filter_map(|event| Some(event.event.as_ref()?.as_str()))
        .collect();
    assert_eq!(history, ["join", "join", "hold", "unhold", "drop"]);
    assert_eq!(call.application.as_deref(), Some("voice"));
    assert_eq!(
        passed.transfer.original,
        Some(kontak_conversation::vcon::DialogIndex::new(0).into())
    );
    assert_eq!(missed.disposition, Some(Disposition::NoAnswer));
    assert!(handed.transfer.target.is_some());
    assert!(vcon.attachments.iter().any(kontak_conversation::vcon::Attachment::is_commitment));
}

#[test]
fn a_document_by_others_is_read_as_far_as_it_goes() {
    let at = World::new().now;
    let later = at + chrono::TimeDelta::minutes(2);
    let mut vcon = Vcon::new(Vcon::id_of(at, 1, "elsewhere.example"), at);
    let sari = vcon.add_party(Party::person("Sari").with_role(PartyRole::Customer));
    let budi = vcon.add_party(Party::person("Budi").with_role(PartyRole::Agent));
    let chat = vcon
        .add_dialog(Dialog::text(at, sari, [budi], "AC saya rusak").with_application("whatsapp"));
    let call = kontak_conversation::vcon::Content::bytes("audio/ogg", b"OggS");
    let hold = kontak_conversation::vcon::PartyEventKind::Hold;
    vcon.add_dialog(Dialog::recording(later, [sari, budi], call).with_event(sari, later, hold));
    vcon.add_dialog(Dialog::incomplete(later, [budi, sari], Disposition::Busy));
    let promise = json!({ "text": "A technician comes", "due": "2026-03-04T10:00:00+07:00" });
    vcon.add_attachment(kontak_conversation::vcon::Attachment::commitment(at, budi, chat, promise));
    let mut state = Conversations::new();
    let imported = state.import(&vcon, &mut ids()).unwrap();
    assert_eq!(imported.left_out, ["/dialog/1/body"]);
    imported.events.iter().for_each(|event| state.apply(event));
    let (id, legs) = (imported.conversation, state.legs(imported.conversation).len());
    assert_eq!((legs, state.messages(id).count()), (2, 3));
    let promise = state.commitments(imported.conversation).next().unwrap();
    assert_eq!(promise.what.as_ref().unwrap().as_str(), "A technician comes");
    let holds = state
        .messages(imported.conversation)
        .find_map(|message| Some(message.said.content.parts.first()?.call_timeline()?.holds.len()));
    assert_eq!(holds, Some(1));
}

#[test]
fn a_journal_that_somebody_wrote_into_is_refused() {
    let mut world = World::new();
    let id = world.hears(1, 0, "whatsapp");
    let mut vcon = world.state.vcon(id, &export(&world)).unwrap();
    let journal = vcon.attachments.last_mut().unwrap();
    let mut body = journal.content.value().unwrap();
    let policy = json!({ "version": 1, "at": "2026-03-02T02:00:00Z", "actor": "system",
        "body": { "policy_set": kontak_conversation::Policy::default() } });
    body["events"].as_array_mut().unwrap().push(policy);
    journal.content = kontak_conversation::vcon::Content::json(body);
    let error = Conversations::new().import(&vcon, &mut ids()).unwrap_err();
    assert_eq!(error, ImportError::Journal { attachment: 0 });
}

#[test]
fn notes_are_attachments_and_never_dialogs() {
    let mut world = World::new();
    let id = world.hears(1, 0, "whatsapp");
    let leg = world.state.legs(id).next().unwrap().id;
    let clerk = Actor::Agent(crate::world::agent(1));
    let note = InternalNote::new(Text::plain("she is angry").unwrap());
    let id_of_note = MessageId::new(crate::world::uuid(3, 99));
    let message = Message::new(id_of_note, clerk.clone(), world.now, note.into());
    let _ = world.run(&clerk, Command::Say { leg, message: Box::new(message) }).unwrap();
    let vcon = world.state.vcon(id, &export(&world)).unwrap();
    assert_eq!(vcon.dialog.len(), 1);
    assert_eq!(vcon.attachments[0].purpose.as_deref(), Some("internal-note"));
    assert!(world.events.iter().any(|event| matches!(event.body, EventBody::MessageSaid(_))));
}

/// For `tests/data/vcon/check.py`, as the test of the same name in `tests/vcon`.
#[test]
#[ignore = "writes files for a script"]
fn conversations_are_written_for_the_validators() {
    let Some(folder) = std::env::var_os("KONTAK_VCON_OUT").map(std::path::PathBuf::from) else {
        return println!("skipped: KONTAK_VCON_OUT names no folder");
    };
    let sound = folder.join("sound");
    std::fs::create_dir_all(&sound).unwrap();
    let mut runner = TestRunner::deterministic();
    for index in 0..200 {
        let world = shops().new_tree(&mut runner).unwrap().current();
        for reader in [VconReader::Ours, VconReader::Customer] {
            for (nth, (_, vcon)) in documents(&world, reader).into_iter().enumerate() {
                assert!(vcon.validate().iter().all(|it| it.severity != Severity::Invalid));
                let name = format!("world-{index:03}-{nth:02}-{reader:?}.json").to_lowercase();
                std::fs::write(sound.join(name), vcon.write().unwrap()).unwrap();
            }
        }
    }
}
