//! A recycled phone number and a shared store phone: merged, explained, taken back.
//!
//! ```text
//! cargo run --example unmerge_explain
//! ```
//!
//! What it prints is what it asserts.

use anyhow::Context as _;
use kontak_address::{EmailAddress, Origin, PhoneParser};
use kontak_identity::chrono::{DateTime, Utc};
use kontak_identity::{
    EvidenceView, Identifier, IdentifierKind, IdentityGraph, Observation, Policy, Retraction,
    TenantKey, TouchpointHandle, Verification, View, Withdrawal, WithheldReason,
};
use kontak_types::{Language, TouchpointId, TouchpointKey, uuid::Uuid};

fn main() -> anyhow::Result<()> {
    recycled_number()?;
    store_phone()
}

/// Siti gives up her number. Two years later it is Agus's.
fn recycled_number() -> anyhow::Result<()> {
    println!("A number that is given to somebody else\n");
    let mut graph = IdentityGraph::new(TenantKey::new(*b"a tenant's secre"), Policy::default())?;
    let phone = phone("6281290435517")?;
    let mail = mail("siti.rahayu@gmail.com")?;
    let siti = account(1, "whatsapp", "2022-03-01T02:00:00Z")?.with_identifier(phone.clone());
    graph.observe(&siti.with_verification(Verification::PlatformAttested))?;
    let shop = account(2, "web", "2022-05-01T02:00:00Z")?.with_identifier(phone.clone());
    graph.observe(&shop.with_identifier(mail.clone()))?;
    graph.observe(&account(3, "email", "2023-01-10T02:00:00Z")?.with_identifier(mail))?;
    graph.observe(&account(4, "telegram", "2025-06-20T02:00:00Z")?.with_identifier(phone))?;

    let view = graph.settle();
    let [whatsapp, web, email, telegram] = accounts(view)?;
    say(view, whatsapp, email)?;
    assert_eq!(view.customer_of(whatsapp), view.customer_of(email));
    say(view, whatsapp, telegram)?;
    assert_ne!(
        view.customer_of(whatsapp),
        view.customer_of(telegram),
        "the gap is longer than the validity"
    );

    let what = view.if_retracted(&Withdrawal::Touchpoint(web));
    println!(
        "Without the evidence of the web account, one customer would be {} people.",
        what.splits[0].1.len()
    );
    assert_eq!(what.splits[0].1.len(), 3);

    let before = view.customer_of(email).context("the account is known")?.id();
    // Gmail ignores dots, so the record is evidence of two values: the address, and its canonical form.
    let is_mail = |evidence: &EvidenceView| {
        view.identifier_value(evidence.identifier)
            .is_some_and(|value| value.kind() == IdentifierKind::Email)
    };
    let wrong: Vec<Retraction> = view
        .evidence(web)
        .iter()
        .filter(|one| is_mail(one))
        .map(|one| Retraction::new(one.id, one.revision))
        .collect();
    assert_eq!(wrong.len(), 2);
    graph.retract(&wrong);
    let view = graph.settle();
    let after = view.customer_of(email).context("the account is known")?.id();
    println!(
        "The mail address of the web account was a typing error. Taken back, the e-mail account is a"
    );
    println!("customer of its own again: {before} became {after}, and both ids still resolve.\n");
    assert_ne!(before, after);
    assert!(view.resolve(before).customer().is_some() && view.resolve(after).customer().is_some());
    Ok(())
}

/// An employee types the store's phone for everybody who has no number at hand.
fn store_phone() -> anyhow::Result<()> {
    println!("A phone that is the store's\n");
    let mut policy = Policy::default();
    policy.phone.holders = 5;
    let mut graph = IdentityGraph::new(TenantKey::new(*b"a tenant's secre"), policy)?;
    let store = phone("622150884412")?;
    let own = phone("6285711223344")?;
    graph.observe(&account(1, "whatsapp", "2026-02-01T02:00:00Z")?.with_identifier(own.clone()))?;
    graph.observe(
        &account(2, "store", "2026-02-02T02:00:00Z")?
            .with_identifier(own)
            .with_identifier(store.clone()),
    )?;
    for number in 3..=5 {
        graph.observe(
            &account(number, "store", "2026-02-03T02:00:00Z")?.with_identifier(store.clone()),
        )?;
    }
    let view = graph.settle();
    println!(
        "Four accounts have the number, and it ties them: {} customer.",
        view.customer_count()
    );
    assert_eq!(view.customer_count(), 1);

    for number in 6..=7 {
        graph.observe(
            &account(number, "store", "2026-02-04T02:00:00Z")?.with_identifier(store.clone()),
        )?;
    }
    let view = graph.settle();
    println!("Two more, and it is more than one person has: {} customers.", view.customer_count());
    assert_eq!(view.customer_count(), 6);
    assert!(view.withheld().all(|edge| edge.reason == WithheldReason::Quarantined));
    let accounts: Vec<TouchpointHandle> = view.touchpoints().collect();
    assert_eq!(
        view.customer_of(accounts[0]),
        view.customer_of(accounts[1]),
        "their own number still ties these two"
    );
    say(view, accounts[1], accounts[2])
}

fn say(view: View<'_>, a: TouchpointHandle, b: TouchpointHandle) -> anyhow::Result<()> {
    let explanation = view.explain(a, b).context("both accounts are known")?;
    let indonesian: Language = "id".parse()?;
    let vietnamese: Language = "vi".parse()?;
    println!(
        "en  {explanation}\nid  {}\nvi  {}\n",
        explanation.text(&indonesian),
        explanation.text(&vietnamese)
    );
    Ok(())
}

fn account(number: u128, channel: &str, seen_at: &str) -> anyhow::Result<Observation> {
    let seen_at: DateTime<Utc> = seen_at.parse()?;
    let key = TouchpointKey::new(channel, "", format!("account {number}"));
    Ok(Observation::new(
        TouchpointId::new(Uuid::from_u128(number)),
        key,
        channel,
        number.to_string(),
        seen_at,
    ))
}

fn phone(text: &str) -> anyhow::Result<Identifier> {
    Ok(Identifier::from(&PhoneParser::new(Origin::International).parse(text)?))
}

fn mail(text: &str) -> anyhow::Result<Identifier> {
    Ok(Identifier::from(&text.parse::<EmailAddress>()?))
}

fn accounts(view: View<'_>) -> anyhow::Result<[TouchpointHandle; 4]> {
    let accounts: Vec<TouchpointHandle> = view.touchpoints().collect();
    accounts.try_into().map_err(|_| anyhow::anyhow!("four accounts were recorded"))
}
