//! Threads equal those of Dovecot, over the vectors that `tests/data/threads/dovecot.py` wrote.

use chrono::DateTime;
use kontak_conversation::email::{MailHeaders, Threads};
use serde::Deserialize;

#[derive(Deserialize)]
struct MailSet {
    mails: Vec<Mail>,
    refs: String,
    references: String,
    orderedsubject: String,
}

/// Message-ID, References, In-Reply-To, Subject, time.
#[derive(Deserialize)]
struct Mail(Option<String>, Option<String>, Option<String>, Option<String>, i64);

impl Mail {
    fn headers(&self) -> MailHeaders {
        let mut headers = MailHeaders::new(DateTime::from_timestamp(self.4, 0).unwrap())
            .with_message_id(self.0.as_deref().unwrap_or_default())
            .with_references(self.1.as_deref().unwrap_or_default())
            .with_in_reply_to(self.2.as_deref().unwrap_or_default());
        headers.subject = self.3.as_deref().map(Into::into);
        headers
    }
}

fn sets() -> Vec<(MailSet, Vec<MailHeaders>)> {
    let sets: Vec<MailSet> =
        serde_json::from_str(include_str!("../data/threads/dovecot.json")).unwrap();
    assert_eq!(sets.len(), 201);
    sets.into_iter()
        .map(|set| {
            let mails = set.mails.iter().map(Mail::headers).collect();
            (set, mails)
        })
        .collect()
}

#[test]
fn refs() {
    for (n, (set, mails)) in sets().iter().enumerate() {
        assert_eq!(Threads::refs(mails).to_string(), set.refs, "set {n}");
    }
}

#[test]
fn references() {
    for (n, (set, mails)) in sets().iter().enumerate() {
        assert_eq!(Threads::references(mails).to_string(), set.references, "set {n}");
    }
}

#[test]
fn ordered_subject() {
    for (n, (set, mails)) in sets().iter().enumerate() {
        assert_eq!(Threads::ordered_subject(mails).to_string(), set.orderedsubject, "set {n}");
    }
}

/// A chain with a missing mail, a topic without references, a new subject in a reply, a loop.
#[test]
fn the_reference_case() {
    let (_, mails) = &sets()[0];
    assert_eq!(Threads::references(mails).to_string(), "(1 2 (3)(6))(4 5)(8 7)");
    assert_eq!(Threads::refs(mails).to_string(), "(4)(5)(1 2 (3)(6))(8 7)");
    assert_eq!(Threads::ordered_subject(mails).to_string(), "(1 (2)(3))(4 5)(6)(7)(8)");
}
