//! Standard Webhooks and Discourse.

use crate::world::{answer, failure, ignored, json, message, now, only, outbound, post, read, say};
use kontak_channel::conformance::Subject;
use kontak_channel::content::{Content, CustomPart, Text};
use kontak_channel::{
    Action, Codec, EnvelopeBody, HmacScheme, IgnoredReason, KeyRing, MessageChange, ProviderId,
    RawRequest, ReceiptStatus, Secret, SendError,
};
use kontak_channels::webhook::{Discourse, Webhook};

fn webhook() -> Webhook {
    let token = Secret::new("bearer-token-of-the-till");
    Webhook::new("marketplace", "toko")
        .with_answers_to("https://pasar.example/in".parse().unwrap(), token)
}

fn key() -> Secret {
    Secret::from_base64("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_").unwrap()
}

fn signed(id: &str, body: &str) -> RawRequest {
    let request = post(body).with_header("webhook-id", id).unwrap();
    let request = request.with_header("webhook-timestamp", "1770000000").unwrap();
    let signature = Webhook::scheme().sign(&request, &key()).unwrap();
    request.with_header("webhook-signature", &signature).unwrap()
}

const CREATED: &str = r#"{"type":"message.created","timestamp":"2026-02-02T02:40:00Z","data":{"id":"rev-1","from":{"id":"pembeli-77","phone":"+6281290435517","email":"budi@tokobudi.co.id","name":"Budi"},"subject":"Bintang 2","text":"Barang datang terlambat","thread":"produk-9","in_reply_to":"rev-0"}}"#;
const READ: &str =
    r#"{"type":"message.read","timestamp":"2026-02-02T02:41:00Z","data":{"id":"out-1"}}"#;
const FAILED: &str = r#"{"type":"message.failed","data":{"id":"out-1","code":"closed"}}"#;

#[test]
fn standard_webhooks_are_lawful() {
    let webhook = webhook();
    Subject::new(&webhook, KeyRing::new(key()), "pembeli-77", now())
        .with_request(signed("m1", CREATED))
        .with_request(signed("m2", READ))
        .with_request(signed("m3", FAILED))
        .with_accepted(answer(200, r#"{"id":"out-1"}"#))
        .with_secret("bearer-token-of-the-till")
        .assert_lawful();
}

#[test]
fn a_review_is_a_message_with_what_the_market_knows() {
    let envelope = only(&webhook(), CREATED);
    let sender = envelope.sender.as_ref().unwrap();
    assert_eq!(sender.phone, Some("+6281290435517".parse().unwrap()));
    assert_eq!(sender.email.as_ref().unwrap().exact_key(), "budi@tokobudi.co.id");
    let message = message(&envelope);
    assert_eq!(message.content.plain_text(), "Bintang 2\nBarang datang terlambat");
    assert_eq!(message.thread, ProviderId::new("produk-9").ok());
    assert_eq!(message.references.len(), 1);
}

#[test]
fn a_till_reports_a_visit_as_a_part_of_its_own() {
    let body = r#"{"type":"message.created","data":{"id":"v1","from":{"id":"member 77"},"content":{"subject":null,"parts":[{"store.visit":{"till":4,"items":["AC-9"]}}]}}}"#;
    let envelope = only(&webhook(), body);
    let visit = CustomPart::new("store.visit", r#"{"till":4,"items":["AC-9"]}"#).unwrap();
    assert_eq!(message(&envelope).content, Content::from(visit));
}

#[test]
fn what_cannot_be_read_is_kept_with_its_reason() {
    let reason = |body| ignored(&only(&webhook(), body));
    assert_eq!(reason(r#"{"type":"order.paid","data":{}}"#), IgnoredReason::UnknownKind);
    assert_eq!(
        reason(r#"{"type":"message.created","data":{"id":"1","text":"x"}}"#),
        IgnoredReason::Malformed
    );
    assert_eq!(
        reason(r#"{"type":"message.created","data":{"id":"1","from":{"id":"a"}}}"#),
        IgnoredReason::Malformed
    );
    assert_eq!(reason(r#"{"type":"message.created","data":7}"#), IgnoredReason::Malformed);
}

#[test]
fn two_edits_of_one_message_are_two_things() {
    let body = r#"{"type":"message.edited","data":{"id":"rev-1","from":{"id":"a"},"text":"baru"}}"#;
    let key = |id| read(&webhook(), &signed(id, body)).remove(0).dedupe;
    assert_eq!(key("m1"), key("m1"));
    assert_ne!(key("m1"), key("m2"));
    let EnvelopeBody::Receipt(receipt) = only(&webhook(), FAILED).body else { panic!() };
    assert_eq!(
        (receipt.status, &*receipt.failure.unwrap().code),
        (ReceiptStatus::Failed, "closed")
    );
}

#[test]
fn an_answer_carries_key_and_token() {
    let request = say(&webhook(), "pembeli-77", Text::plain("Maaf, kami ganti.").unwrap());
    assert_eq!(request.headers["authorization"], "Bearer bearer-token-of-the-till");
    assert_eq!(request.headers["webhook-id"], "0192f0c1-2345-7abc-8def-0123456789ab");
    assert_eq!(json(&request)["data"]["to"], "pembeli-77");
    let silent = Webhook::new("store", "till");
    let say = Action::Say(Content::plain("x").unwrap());
    assert!(silent.render(&outbound(&silent, "a", say)).is_err());
}

fn forum() -> Discourse {
    let key = Secret::new("discourse-api-key-77");
    Discourse::new("forum", &"https://forum.example/".parse().unwrap(), key, "layanan")
}

const POST: &str = r#"{"post":{"id":1042,"name":"Budi Santoso","username":"budi","created_at":"2026-02-02T02:40:00.000Z","cooked":"<p>AC saya <b>rusak</b></p>","post_number":3,"updated_at":"2026-02-02T02:45:00.000Z","reply_to_post_number":1,"topic_id":77,"topic_title":"AC rusak","user_id":9,"version":2}}"#;

fn event(name: &str, body: &str) -> RawRequest {
    let request = post(body).with_header("x-discourse-event", name).unwrap();
    let scheme = HmacScheme::sha256("x-discourse-event-signature").with_prefix("sha256=");
    let signature = scheme.sign(&request, &Secret::new("forum-secret")).unwrap();
    request.with_header("x-discourse-event-signature", &signature).unwrap()
}

#[test]
fn discourse_is_lawful() {
    let forum = forum();
    Subject::new(&forum, KeyRing::new(Secret::new("forum-secret")), "budi", now())
        .with_request(event("post_created", POST))
        .with_request(event("post_edited", POST))
        .with_request(event("post_destroyed", POST))
        .with_request(event("ping", r#"{"ping":"OK"}"#))
        .with_accepted(answer(200, r#"{"id":1043,"topic_id":77}"#))
        .with_secret("discourse-api-key-77")
        .assert_lawful();
}

#[test]
fn a_post_is_a_message_in_a_topic() {
    let envelope = read(&forum(), &event("post_created", POST)).remove(0);
    assert_eq!(message(&envelope).thread, ProviderId::new("77").ok());
    assert_eq!(message(&envelope).content.plain_text(), "AC rusak\nAC saya rusak");
    assert_eq!(envelope.sender.unwrap().user_name.unwrap().as_str(), "budi");
    let edited = read(&forum(), &event("post_edited", POST)).remove(0);
    assert!(matches!(edited.body, EnvelopeBody::Change(MessageChange::Edited { .. })));
    let ours = POST.replace("\"budi\"", "\"layanan\"");
    assert_eq!(ignored(&read(&forum(), &event("post_created", &ours))[0]), IgnoredReason::OwnEcho);
}

#[test]
fn what_goes_to_a_forum() {
    let forum = forum();
    let in_topic =
        outbound(&forum, "budi", Action::Say(Content::plain("Kami bantu, ya.").unwrap()))
            .with_thread(ProviderId::new("77").unwrap());
    let request = crate::world::wire(&forum, &in_topic);
    assert_eq!(request.url.as_str(), "https://forum.example/posts.json");
    assert_eq!(json(&request)["topic_id"], "77");
    let elsewhere = Action::Delete { target: ProviderId::new("../admin").unwrap() };
    assert!(forum.render(&outbound(&forum, "budi", elsewhere)).is_err());
    assert!(matches!(failure(&forum, 422, "{}"), SendError::Invalid { .. }));
}
