//! What is kept is the same in every store: with and without letting go, and after an erasure from the
//! journal alone.

use crate::stores::{Place, Shop};
use crate::together::Folder;
use kontak_channel::chrono::TimeDelta;
use kontak_channel::{MemoryItem, ReceiptStatus};
use kontak_conversation::Actor;
use kontak_identity::{Resolved, Retraction};
use kontak_types::{CustomerId, TouchpointKey};

/// Some days of a shop in which conversations rest and are disturbed in every way.
async fn days(shop: &mut Shop<'_>) {
    shop.hears(&[shop.says("1", "budi", "AC saya rusak"), shop.says("2", "rini", "Halo")]).await;
    let [budi, rini] = shop.conversations().await[..] else { panic!() };
    let answered = shop.answer(budi, "Kami datang besok.").await;
    shop.resolve(budi).await;
    shop.resolve(rini).await;
    shop.open_again().await;
    // The customer comes back, and the provider tells late how far an answer went.
    shop.hears(&[shop.says("3", "budi", "Masih rusak")]).await;
    let target = shop.knows_as(answered).await;
    let (status, at) = (ReceiptStatus::Read, shop.now());
    shop.hears(&[MemoryItem::Receipt { target, status, at }]).await;
    shop.answer(budi, "Maaf.").await;
    shop.resolve(budi).await;
    let (target, from) = ("2".into(), "rini".into());
    shop.hears(&[MemoryItem::Edit { target, from, text: "Halo?".into(), at: shop.now() }]).await;
    // They turn out to be one, who writes from both accounts; and two again.
    for who in ["budi", "rini"] {
        let said = shop.knows(who, "+6281290435517");
        shop.desk.step(move |tenant, _, step| tenant.enrich(said, step)).await.unwrap();
    }
    assert_eq!(shop.customer("budi").await, shop.customer("rini").await);
    shop.hears(&[shop.says("4", "budi", "Dari HP")]).await;
    shop.hears(&[shop.says("5", "rini", "Dari rumah")]).await;
    for id in shop.conversations().await {
        shop.pass(TimeDelta::seconds(1));
        let _ = shop.desk.resolve(Actor::System, id).await;
    }
    shop.open_again().await;
    let key = TouchpointKey::new("memory", "shop", "rini");
    let parted = shop.desk.step(move |tenant, _, step| {
        let view = tenant.identity();
        let evidence = view.evidence(view.touchpoint(&key).unwrap());
        let taken = evidence.iter().map(|it| Retraction::new(it.id, it.revision)).collect();
        tenant.retract(taken, step);
    });
    parted.await.unwrap();
    assert_ne!(shop.customer("budi").await, shop.customer("rini").await);
    // Somebody else comes, and is forgotten.
    shop.hears(&[shop.says("6", "joko", "kanari"), shop.says("7", "sari", "Selamat pagi")]).await;
    let [.., joko, sari] = shop.conversations().await[..] else { panic!() };
    shop.answer(joko, "Selamat pagi, kanari.").await;
    shop.resolve(joko).await;
    shop.resolve(sari).await;
    shop.open_again().await;
    let customer = shop.customer("joko").await.unwrap();
    shop.desk.erase_customer(Actor::System, customer).await.unwrap();
    shop.hears(&[shop.says("8", "sari", "Satu lagi")]).await;
    shop.open_again().await;
}

async fn assert_nothing_depends_on_what_rests(place: &Place) {
    let mut plain = Shop::open(place, 1, false).await;
    days(&mut plain).await;
    assert_eq!(plain.resting().await, Vec::<String>::new());
    let mut forgetful = Shop::open(place, 2, true).await;
    days(&mut forgetful).await;
    assert!(forgetful.resting().await.len() >= 2, "{:?}", forgetful.resting().await);
    let (plain_journal, forgetful_journal) = (plain.journal().await, forgetful.journal().await);
    for (one, other) in plain_journal.iter().zip(&forgetful_journal) {
        assert_eq!(one, other);
    }
    assert_eq!(plain_journal.len(), forgetful_journal.len());
    assert!(plain_journal.iter().all(|event| !event.contains("kanari")));
    assert_eq!(plain.seen().await, forgetful.seen().await);
    plain.close().await;
    forgetful.close().await;
}

/// The engines as data, as far as that depends on nothing but what was decided; and who is who.
async fn state(shop: &Shop<'_>, ids: Vec<CustomerId>) -> String {
    let state = shop.desk.step(move |tenant, _, _| {
        let whole = serde_json::to_value(tenant.snapshot()).unwrap();
        let parts = ["conversations", "routing", "reaches", "stays", "departures", "applied"];
        let mut seen: Vec<String> =
            parts.iter().map(|part| format!("{part} {}", whole[part])).collect();
        let view = tenant.identity();
        seen.extend(view.customers().map(|it| {
            let members = it.members().into_iter();
            let keys: Vec<_> = members.map(|it| view.touchpoint_key(it).unwrap().id).collect();
            format!("{} {keys:?}", it.id())
        }));
        seen.extend(ids.into_iter().map(|id| match view.resolve(id) {
            Resolved::Customer(customer) => format!("{id} is {}", customer.id()),
            Resolved::Erased => format!("{id} is erased"),
            _ => format!("{id} is nobody"),
        }));
        seen.join("\n")
    });
    state.await.unwrap() + "\n" + &shop.numbers().await
}

async fn assert_a_journal_alone_knows_who_was_erased(place: &Place) {
    let mut shop = Shop::open(place, 3, false).await;
    shop.hears(&[shop.says("1", "budi", "kanari"), shop.says("2", "rini", "Halo")]).await;
    let [budi, rini] = shop.conversations().await[..] else { panic!() };
    let early = shop.says("3", "budi", "kanari lama");
    let answered = shop.answer(budi, "kanari juga").await;
    shop.answer(rini, "Halo").await;
    let target = shop.knows_as(answered).await;
    let customers =
        vec![shop.customer("budi").await.unwrap(), shop.customer("rini").await.unwrap()];
    shop.pass(TimeDelta::seconds(1));
    shop.desk.erase_customer(Actor::System, customers[0]).await.unwrap();
    // A copy of what they wrote before brings nobody back; a receipt finds its message.
    shop.hears(std::slice::from_ref(&early)).await;
    assert_eq!(shop.customer("budi").await, None);
    let (status, at) = (ReceiptStatus::Read, shop.now());
    shop.hears(&[MemoryItem::Receipt { target, status, at }]).await;
    shop.open_again().await;
    let kept = state(&shop, customers.clone()).await;
    assert!(kept.contains(&format!("{} is erased", customers[0])));
    shop.close().await;
    shop.lose_snapshot().await;
    shop.open_again().await;
    let replayed = state(&shop, customers.clone()).await;
    for (kept, replayed) in kept.lines().zip(replayed.lines()) {
        assert_eq!(kept, replayed);
    }
    assert_eq!(kept.lines().count(), replayed.lines().count());
    // Nor does the copy now, under another name; and who writes anew is somebody new.
    let MemoryItem::Message { from, text, at, .. } = early else { panic!() };
    shop.hears(&[MemoryItem::Message { id: "4".into(), from, text, at }]).await;
    assert_eq!(shop.customer("budi").await, None);
    shop.hears(&[shop.says("5", "budi", "Saya baru")]).await;
    let anew = shop.customer("budi").await.unwrap();
    assert_ne!(anew, customers[0]);
    let theirs = shop.desk.step(move |tenant, _, _| tenant.conversations().ids_of(anew));
    let [conversation] = theirs.await.unwrap()[..] else { panic!() };
    assert_eq!(shop.words(conversation).await, ["Saya baru"]);
    assert!(shop.journal().await.iter().all(|event| !event.contains("kanari")));
    shop.close().await;
}

async fn assert_kept(place: &Place) {
    assert_nothing_depends_on_what_rests(place).await;
    assert_a_journal_alone_knows_who_was_erased(place).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_memory() {
    assert_kept(&Place::memory()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sealed_in_memory() {
    assert_kept(&Place::sealed()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_file() {
    assert_kept(&Place::File(Folder::new("kept"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sealed_in_a_file() {
    assert_kept(&Place::SealedFile(Folder::new("sealed"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_server() {
    let Some(place) = Place::server("kept-server") else { return };
    assert_kept(&place).await;
}
