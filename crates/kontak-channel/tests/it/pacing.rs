//! Retries and rates, without a clock.

use kontak_channel::chrono::{DateTime, TimeDelta, Utc};
use kontak_channel::{
    HttpResponse, IdempotencyKey, Pacer, Rate, Retry, RetryPolicy, SendError, TransportError,
    Urgency, http::StatusCode,
};
use proptest::prelude::*;

fn key(key: &str) -> IdempotencyKey {
    IdempotencyKey::new(key).unwrap()
}

#[test]
fn a_lost_answer_is_never_sent_again_by_itself() {
    let policy = RetryPolicy::default();
    for lost in [TransportError::TimedOut, TransportError::Interrupted] {
        assert_eq!(policy.next(&SendError::from(lost), 1, &key("a")), Retry::Reconcile);
    }
    let unsent = SendError::from(TransportError::NotSent);
    assert!(matches!(policy.next(&unsent, 1, &key("a")), Retry::After(_)));
    for status in [500, 502, 504, 408, 520] {
        let response = HttpResponse::new(StatusCode::from_u16(status).unwrap(), "");
        let error = SendError::of_http(&response).unwrap();
        assert_eq!(policy.next(&error, 1, &key("a")), Retry::Reconcile, "{status}");
    }
}

#[test]
fn waits_double_and_end() {
    let policy = RetryPolicy::default();
    let transient = SendError::Transient { code: "503".into() };
    let waits: Vec<_> =
        (1..=8).map(|tried| policy.next(&transient, tried, &key("row 7"))).collect();
    for (place, wait) in waits[..7].iter().enumerate() {
        let Retry::After(wait) = wait else { panic!("{wait:?}") };
        let base = 1_000 << place;
        assert!((base..base * 3 / 2).contains(&wait.num_milliseconds()), "{place}: {wait}");
    }
    assert_eq!(waits[7], Retry::GiveUp);
    assert_ne!(policy.next(&transient, 3, &key("a")), policy.next(&transient, 3, &key("b")));
    let refused = SendError::Rejected { code: "131026".into() };
    assert_eq!(policy.next(&refused, 1, &key("a")), Retry::GiveUp);
}

#[test]
fn a_provider_that_says_too_much_is_left_alone() {
    let now = DateTime::UNIX_EPOCH;
    let mut pacer = Pacer::new(Rate::new(50, 10));
    pacer.push(Urgency::Interactive, 1);
    pacer.hold_until(now + TimeDelta::seconds(30));
    assert_eq!(pacer.next(now + TimeDelta::seconds(29)), None);
    assert_eq!(pacer.next_deadline(), Some(now + TimeDelta::seconds(30)));
    assert_eq!(pacer.next(now + TimeDelta::seconds(30)), Some(1));
}

proptest! {
    /// In no second do more go than the rate and the burst allow, nothing starves, and an answer
    /// never waits behind a campaign.
    #[test]
    fn the_rate_holds_in_every_window(
        per_second in 1..40_u32,
        burst in 1..20_u32,
        pushes in proptest::collection::vec((0..5_000_i64, proptest::bool::ANY), 1..120),
    ) {
        let mut pushes = pushes;
        pushes.sort_unstable();
        let mut pacer = Pacer::new(Rate::new(per_second, burst));
        let start: DateTime<Utc> = DateTime::UNIX_EPOCH;
        let mut sent = Vec::new();
        let mut waiting = (0, 0);
        let mut next_push = 0;
        let mut now = start;
        while next_push < pushes.len() || !pacer.is_empty() {
            let push = pushes.get(next_push).map(|(ms, _)| start + TimeDelta::milliseconds(*ms));
            now = match (push, pacer.next_deadline()) {
                (Some(push), Some(deadline)) => push.min(deadline).max(now),
                (one, other) => one.or(other).unwrap().max(now),
            };
            while let Some((ms, interactive)) = pushes.get(next_push)
                && start + TimeDelta::milliseconds(*ms) <= now
            {
                pacer.push(if *interactive { Urgency::Interactive } else { Urgency::Bulk }, *interactive);
                if *interactive { waiting.0 += 1 } else { waiting.1 += 1 }
                next_push += 1;
            }
            while let Some(interactive) = pacer.next(now) {
                prop_assert!(interactive || waiting.0 == 0, "a campaign before an answer");
                if interactive { waiting.0 -= 1 } else { waiting.1 -= 1 }
                sent.push(now);
            }
        }
        prop_assert_eq!(sent.len(), pushes.len());
        for (place, from) in sent.iter().enumerate() {
            let until = *from + TimeDelta::seconds(1);
            let within = sent[place..].iter().take_while(|at| **at < until).count();
            prop_assert!(within <= (per_second + burst) as usize, "{} in a second", within);
        }
    }
}
