//! What an inbound mail answers, most trusted first.

use crate::mail;
use kontak_conversation::email::{MessageId, ReplyKeys, ReplyRef, reply_candidates};
use proptest::prelude::*;
use uuid::Uuid;

fn keys() -> ReplyKeys {
    ReplyKeys::new(&[7; 32]).unwrap()
}

fn names(found: &[ReplyRef<'_>]) -> Vec<String> {
    found
        .iter()
        .map(|found| match found {
            ReplyRef::Address { conversation } => format!("address {}", conversation.as_u128()),
            ReplyRef::OwnMail { conversation, .. } => format!("own {}", conversation.as_u128()),
            ReplyRef::Mail { message_id } => message_id.to_string(),
            other => panic!("unknown {other:?}"),
        })
        .collect()
}

#[test]
fn our_signature_comes_before_what_anybody_can_write() {
    let own = |n| keys().sign(Uuid::from_u128(n)).message_id(Uuid::nil(), "toko.example");
    let address = keys().sign(Uuid::from_u128(9)).reply_address("reply", "toko.example").unwrap();
    let headers = mail(1).with_references(&format!("<a@x> {} <b@x> {} <c@x>", own(1), own(2)));
    let found = reply_candidates(&headers, ["cs@toko.example", &address, &address], &keys());
    assert_eq!(names(&found), ["address 9", "own 2", "own 1", "c@x", "b@x", "a@x"]);
}

/// chatwoot#10028: only In-Reply-To is there, or only References.
#[test]
fn the_mail_answered_comes_before_its_ancestors() {
    let found = |references: &str, in_reply_to: &str| {
        let headers = mail(1)
            .with_message_id("<self@x>")
            .with_references(references)
            .with_in_reply_to(in_reply_to);
        names(&reply_candidates(&headers, [], &keys()))
    };
    assert_eq!(found("<a@x> <b@x> <c@x>", "<c@x>"), ["c@x", "b@x", "a@x"]);
    assert_eq!(found("<a@x> <b@x>", "<c@x>"), ["b@x", "c@x", "a@x"]);
    assert_eq!(found("", "sampah <c@x> <d@x>"), ["c@x", "d@x"]);
    assert_eq!(found("<a@x> <a@x> <self@x>", "<self@x>"), ["a@x"], "no mail answers itself");
    assert_eq!(found("", "<> <@>"), [""; 0], "chatwoot PR#7286: nothing is answered");
}

/// zammad#5064: another customer's mail with a ticket's number joined that ticket.
#[test]
fn a_forged_token_is_an_ordinary_address() {
    let forged = ReplyKeys::new(&[8; 32]).unwrap().sign(Uuid::from_u128(9));
    let address = forged.reply_address("reply", "toko.example").unwrap();
    let headers = mail(1)
        .with_references(&forged.message_id(Uuid::nil(), "toko.example"))
        .with_subject("[Tiket 9]");
    let found = reply_candidates(&headers, [address.as_str()], &keys());
    assert!(matches!(found[..], [ReplyRef::Mail { .. }]), "{found:?}");
}

proptest! {
    #[test]
    fn every_id_comes_once(references in prop::collection::vec(0..9_u8, 0..9), in_reply_to in prop::collection::vec(0..9_u8, 0..3)) {
        let list = |ids: &[u8]| ids.iter().map(|n| format!("<{n}@x>")).collect::<String>();
        let headers = mail(1).with_references(&list(&references)).with_in_reply_to(&list(&in_reply_to));
        let mut found: Vec<MessageId> = reply_candidates(&headers, ["x"], &keys())
            .into_iter()
            .filter_map(|found| match found {
                ReplyRef::Mail { message_id } => Some(message_id.clone()),
                _ => None,
            })
            .collect();
        found.sort();
        let mut expected = [headers.references.clone(), headers.in_reply_to.clone()].concat();
        expected.sort();
        expected.dedup();
        prop_assert_eq!(found, expected);
    }
}
