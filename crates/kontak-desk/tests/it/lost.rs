//! A conversation that rests and cannot be read takes nobody else with it, and the journal has it still.

use crate::stores::{ANA, Place, Shop};
use kontak_conversation::Actor;
use kontak_desk::{ActionError, DeskError, Notice, Standing};
use kontak_identity::Retraction;
use kontak_storage::{Part, PartName, TenantId};
use kontak_types::uuid::Uuid;
use kontak_types::{ConversationId, TouchpointKey};
use std::time::Duration;
use tokio::time::timeout;

const LONG: Duration = Duration::from_secs(30);

fn part(conversation: ConversationId) -> PartName {
    PartName::new(format!("rest/{conversation}"))
}

/// Two conversations that rest, and one that is open.
async fn shop(place: &Place) -> (Shop<'_>, [ConversationId; 3]) {
    let shop = Shop::open(place, 1, true).await;
    for (id, who) in [("1", "budi"), ("2", "rini"), ("3", "joko")] {
        shop.hears(&[shop.says(id, who, &format!("dari {who}"))]).await;
    }
    let [budi, rini, joko] = shop.conversations().await[..] else { panic!() };
    shop.answer(budi, "Baik.").await;
    shop.resolve(budi).await;
    shop.resolve(rini).await;
    shop.close().await;
    assert_eq!(shop.resting().await.len(), 2);
    (shop, [budi, rini, joko])
}

async fn unreadable(shop: &Shop<'_>) -> Vec<ConversationId> {
    shop.desk.step(|tenant, _, _| tenant.unreadable().collect()).await.unwrap()
}

/// What it is to lose the first of them.
async fn assert_goes_on(mut shop: Shop<'_>, [budi, rini, joko]: [ConversationId; 3]) {
    shop.open_again().await;
    let mut notices = shop.desk.subscribe();
    shop.hears(&[
        shop.says("4", "joko", "Masih di sini"),
        shop.says("5", "budi", "Halo lagi"),
        shop.says("6", "rini", "Saya juga"),
    ])
    .await;
    assert_eq!(shop.desk.standing(), Standing::Owner, "it goes on");
    assert_eq!(unreadable(&shop).await, [budi]);
    let told = async {
        while notices.recv().await.unwrap() != (Notice::Unreadable { conversation: budi }) {}
    };
    timeout(LONG, told).await.unwrap();
    // What came beside it came through, and so did what came for it.
    assert_eq!(shop.words(joko).await, ["dari joko", "Masih di sini"]);
    assert_eq!(shop.words(rini).await, ["dari rini", "Saya juga"]);
    let new = shop.conversations().await;
    let new: Vec<_> = new.into_iter().filter(|id| ![budi, rini, joko].contains(id)).collect();
    assert_eq!(new.len(), 1);
    assert_eq!(shop.words(new[0]).await, ["Halo lagi"]);
    // Whoever wants to do something with it is told why not.
    let refused = shop.desk.resolve(Actor::Agent(ANA), budi).await.unwrap_err();
    let is_named = matches!(refused, DeskError::Action(ActionError::Unreadable(id)) if id == budi);
    assert!(is_named, "{refused:?}");
    shop.open_again().await;
    assert_eq!(unreadable(&shop).await, [budi], "it is known after a start");
    // From the journal all of it is there again.
    shop.replay_journal_next();
    shop.open_again().await;
    assert_eq!(unreadable(&shop).await, []);
    assert_eq!(shop.words(budi).await, ["dari budi", "Baik."]);
    shop.desk.note(Actor::Agent(ANA), budi, note()).await.unwrap();
    shop.close().await;
}

fn note() -> kontak_content::InternalNote {
    kontak_content::InternalNote::new(kontak_content::Text::plain("ada lagi").unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_that_is_missing() {
    let place = Place::memory();
    let (shop, all) = shop(&place).await;
    shop.tamper(&*shop.storage, (Vec::new(), vec![part(all[0])])).await;
    assert_goes_on(shop, all).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_that_is_no_conversation() {
    let place = Place::memory();
    let (shop, all) = shop(&place).await;
    let damaged = Part::new(part(all[0]), b"no conversation".to_vec());
    shop.tamper(&*shop.storage, (vec![damaged], Vec::new())).await;
    assert_goes_on(shop, all).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_that_is_another_conversation() {
    let place = Place::memory();
    let (shop, all) = shop(&place).await;
    let tenant = TenantId::new(Uuid::from_u128(1));
    let at = shop.storage.snapshot(tenant).await.unwrap().unwrap();
    let mut other = shop.storage.part(tenant, at, &part(all[1])).await.unwrap().unwrap();
    other.name = part(all[0]);
    shop.tamper(&*shop.storage, (vec![other], Vec::new())).await;
    assert_goes_on(shop, all).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_that_no_key_opens() {
    let place = Place::sealed();
    let Place::Sealed(sealed) = &place else { panic!() };
    let (shop, all) = shop(&place).await;
    let damaged = Part::new(part(all[0]), b"what nobody sealed".to_vec());
    shop.tamper(sealed.inner(), (vec![damaged], Vec::new())).await;
    assert_goes_on(shop, all).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_forgotten_is_forgotten_in_what_was_lost_too() {
    let place = Place::memory();
    let (mut shop, [budi, ..]) = shop(&place).await;
    shop.tamper(&*shop.storage, (Vec::new(), vec![part(budi)])).await;
    shop.open_again().await;
    let customer = shop.customer("budi").await.unwrap();
    // It cannot be done without: the journal is replayed, and then it is.
    let first = shop.desk.erase_customer(Actor::System, customer).await;
    assert!(matches!(first, Err(DeskError::NotStored)), "{first:?}");
    let erased = async {
        while shop.desk.erase_customer(Actor::System, customer).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(LONG, erased).await.unwrap();
    assert_eq!(unreadable(&shop).await, []);
    assert!(shop.journal().await.iter().all(|event| !event.contains("dari budi")));
    assert!(shop.journal().await.iter().any(|event| event.contains("dari rini")));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_parted_is_parted_in_what_was_lost_too() {
    let place = Place::memory();
    let mut shop = Shop::open(&place, 1, true).await;
    for who in ["budi", "rini"] {
        let said = shop.knows(who, "+6281290435517");
        shop.desk.step(move |tenant, _, step| tenant.enrich(said, step)).await.unwrap();
    }
    shop.hears(&[shop.says("1", "budi", "dari budi"), shop.says("2", "rini", "dari rini")]).await;
    let [one] = shop.conversations().await[..] else { panic!() };
    shop.resolve(one).await;
    shop.close().await;
    shop.tamper(&*shop.storage, (Vec::new(), vec![part(one)])).await;
    shop.open_again().await;
    let key = TouchpointKey::new("memory", "shop", "rini");
    let parts = async {
        loop {
            let key = key.clone();
            let parted = shop.desk.step(move |tenant, _, step| {
                let view = tenant.identity();
                let evidence = view.evidence(view.touchpoint(&key).unwrap());
                let taken = evidence.iter().map(|it| Retraction::new(it.id, it.revision)).collect();
                tenant.retract(taken, step);
            });
            if parted.await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(LONG, parts).await.unwrap();
    assert_eq!(unreadable(&shop).await, []);
    let mut words = Vec::new();
    for id in shop.conversations().await {
        words.push(shop.words(id).await);
    }
    words.sort();
    assert_eq!(words, [["dari budi"], ["dari rini"]], "each has their own");
    shop.close().await;
}
