//! Threads of any shape: properties, and chains far longer than a stack is deep.

use crate::mail;
use kontak_conversation::email::{MailHeaders, Thread, Threads};
use proptest::prelude::*;

const LONG: usize = 100_000;

fn id(n: usize) -> String {
    format!("<{n}@toko.example>")
}

fn mail_to(n: usize, parent: Option<usize>) -> MailHeaders {
    let headers = mail(i64::try_from(n).unwrap()).with_message_id(&id(n)).with_subject("AC rusak");
    match parent {
        Some(parent) => headers.with_references(&id(parent)),
        None => headers,
    }
}

fn chain() -> Vec<MailHeaders> {
    (0..LONG).map(|n| mail_to(n, n.checked_sub(1))).collect()
}

fn assert_chain(mails: &[MailHeaders]) {
    for threads in [Threads::refs(mails), Threads::references(mails)] {
        let roots: Vec<Thread<'_>> = threads.iter().collect();
        assert_eq!(roots.len(), 1);
        let order: Vec<_> = roots[0].mails().map(|mail| mails[mail].sent_at).collect();
        assert_eq!(order.len(), LONG);
        assert!(order.is_sorted());
        assert_eq!(threads.to_string().len(), threads.clone().to_string().len());
    }
}

#[test]
fn a_long_chain_in_any_order_of_arrival() {
    let mut mails = chain();
    assert_chain(&mails);
    mails.reverse();
    assert_chain(&mails);
    // 7 919 is coprime to the length: a fixed shuffle.
    let shuffled: Vec<_> = (0..LONG).map(|n| mails[n * 7_919 % LONG].clone()).collect();
    assert_chain(&shuffled);
}

/// Pairs first, then the links between them: walking up at each link would take billions of steps.
#[test]
fn hostile_orders_stay_fast() {
    let odd = (1..LONG).step_by(2).map(|n| mail_to(n, Some(n - 1)));
    let even = (0..LONG).step_by(2).map(|n| mail_to(n, n.checked_sub(1)));
    assert_chain(&odd.chain(even).collect::<Vec<_>>());

    // One header with a long ancestry of missing mails; then every mail of it arrives and moves under
    // the end of another such ancestry.
    let ghosts = |name: &str| (0..LONG / 2).map(|n| format!("<{n}@{name}>")).collect::<Vec<_>>();
    let (left, right) = (ghosts("kiri"), ghosts("kanan"));
    let mut mails =
        vec![mail(0).with_references(&left.concat()), mail(0).with_references(&right.concat())];
    let last = left.last().unwrap();
    mails.extend(right.iter().map(|id| mail(1).with_message_id(id).with_references(last)));
    mails.extend((0..LONG / 2).map(|_| mail(2).with_references(last)));
    let threads = Threads::refs(&mails);
    assert_eq!(threads.iter().next().unwrap().mails().count(), mails.len());
}

#[test]
fn a_missing_mail_holds_its_answers_together_until_it_arrives() {
    let mut mails = vec![mail_to(2, Some(1)), mail_to(3, Some(1))];
    let threads = Threads::refs(&mails);
    assert_eq!(threads.to_string(), "((1)(2))");
    let root = threads.iter().next().unwrap();
    assert_eq!(root.mail(), None);
    assert_eq!(root.replies().map(|reply| reply.mail()).collect::<Vec<_>>(), [Some(0), Some(1)]);
    mails.push(mail_to(1, None));
    assert_eq!(Threads::refs(&mails).to_string(), "(3 (1)(2))");
}

/// The first mail with an id keeps it; answers go to that one.
#[test]
fn a_second_mail_with_the_same_id_stands_alone() {
    let mails = [mail_to(1, None), mail_to(1, None), mail_to(2, Some(1))];
    assert_eq!(Threads::refs(&mails).to_string(), "(2)(1 3)");
}

/// chatwoot PR#7286: mails without an id, and replies to nothing, matched each other.
#[test]
fn mails_without_ids_are_strangers() {
    let nameless =
        |minute| mail(minute).with_message_id("<>").with_in_reply_to("<@>").with_references("");
    assert_eq!(Threads::refs(&[nameless(1), nameless(2)]).to_string(), "(1)(2)");
}

#[test]
fn nothing_makes_no_thread() {
    assert_eq!(Threads::references(&[]).to_string(), "");
    assert_eq!(Threads::references(&[]).iter().count(), 0);
}

fn any_mail() -> impl Strategy<Value = MailHeaders> {
    let name = 0..12_usize;
    (
        prop::option::of(name.clone()),
        prop::collection::vec(name.clone(), 0..4),
        prop::collection::vec(name, 0..2),
        prop::option::of(prop::sample::select(vec!["AC", "Re: AC", "Retur", "Re: Retur", ""])),
        0..6_i64,
    )
        .prop_map(|(name, references, in_reply_to, subject, minute)| {
            let list = |ids: Vec<usize>| ids.into_iter().map(id).collect::<String>();
            let headers = mail(minute)
                .with_references(&list(references))
                .with_in_reply_to(&list(in_reply_to));
            let headers = subject.into_iter().fold(headers, MailHeaders::with_subject);
            name.into_iter().fold(headers, |headers, name| headers.with_message_id(&id(name)))
        })
}

proptest! {
    /// Every mail stands in exactly one place, whatever the headers say, and siblings are in order.
    #[test]
    fn every_mail_has_one_place(mails in prop::collection::vec(any_mail(), 0..20)) {
        for threads in [Threads::refs(&mails), Threads::references(&mails), Threads::ordered_subject(&mails)] {
            let mut seen: Vec<_> = threads.iter().flat_map(|thread| thread.mails()).collect();
            seen.sort_unstable();
            prop_assert!(seen.into_iter().eq(0..mails.len()));

            let mut below: Vec<Thread<'_>> = threads.iter().collect();
            while let Some(thread) = below.pop() {
                let replies: Vec<_> = thread.replies().collect();
                let times = replies.iter().map(|reply| mails[reply.mail().unwrap()].sent_at);
                prop_assert!(times.is_sorted());
                prop_assert!(thread.mail().is_some() || replies.len() > 1);
                below.extend(replies);
            }
        }
    }
}
