use super::variation::{Dice, varied};
use super::{Law, Subject, Verdict, ensure};
use crate::{DedupeMemory, Envelope, EnvelopeBody, InboundBatch};
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const LAWS: &[Law] = &[
    Law { name: "parsing twice gives the same", check: |s| deterministic(s).into() },
    Law { name: "a later delivery has the same keys", check: |s| stable_keys(s).into() },
    Law { name: "two things have two keys", check: |s| distinct_keys(s).into() },
    Law { name: "keys carry the account", check: |s| accounts(s).into() },
    Law { name: "delivering twice brings everything once", check: |s| once(s).into() },
    Law { name: "the order of receipts plays no part", check: |s| any_order(s).into() },
    Law { name: "the time of arrival is ours", check: |s| arrival(s).into() },
    Law { name: "a sender is an account of the channel", check: |s| senders(s).into() },
    Law { name: "a message says who wrote it", check: |s| authors(s).into() },
    Law { name: "JSON and postcard give a batch back", check: |s| wire_forms(s).into() },
    Law {
        name: "Debug of a batch shows no words and no ids of people",
        check: |s| masked(s).into(),
    },
    Law { name: "no beginning of a body breaks the parser", check: prefixes },
    Law { name: "no variation of a body breaks the parser", check: variations },
    Law { name: "no junk breaks the parser", check: junk },
    Law { name: "a body brings no more things than it has bytes", check: |s| bounded(s).into() },
];

fn deterministic(s: &Subject<'_>) -> Result<(), String> {
    let same = s.batches()? == s.batches()?;
    ensure(same, || "the second time is different".into())
}

fn stable_keys(s: &Subject<'_>) -> Result<(), String> {
    for request in &s.requests {
        let keys = |batch: &InboundBatch| -> Vec<_> {
            batch.envelopes.iter().map(|envelope| envelope.dedupe.clone()).collect()
        };
        let later = Subject {
            now: s.now + TimeDelta::hours(30),
            requests: Vec::new(),
            accepted: Vec::new(),
            secrets: Vec::new(),
            keys: s.keys.clone(),
            recipient: s.recipient.clone(),
            codec: s.codec,
        };
        let again = s.codec.parse(&later.unchecked(request));
        let again = again.map_err(|error| format!("the later one is refused: {error}"))?;
        let same = keys(&s.parse(request)?) == keys(&again);
        ensure(same, || "a key depends on the time of arrival".into())?;
    }
    Ok(())
}

fn all(s: &Subject<'_>) -> Result<Vec<Envelope>, String> {
    Ok(s.batches()?.into_iter().flat_map(|batch| batch.envelopes).collect())
}

fn distinct_keys(s: &Subject<'_>) -> Result<(), String> {
    let mut seen: BTreeMap<_, Envelope> = BTreeMap::new();
    for envelope in all(s)? {
        if let Some(other) = seen.insert(envelope.dedupe.clone(), envelope.clone()) {
            let same = other.body == envelope.body;
            ensure(same, || format!("{:?} stands for two things", envelope.dedupe.kind))?;
        }
    }
    Ok(())
}

fn accounts(s: &Subject<'_>) -> Result<(), String> {
    let account = &s.codec.descriptor().account;
    all(s)?.iter().try_for_each(|envelope| {
        ensure(envelope.dedupe.account == *account, || "a key has another account".into())?;
        let kind = envelope.body.kind();
        ensure(envelope.dedupe.kind == kind, || format!("the key of a {kind:?} has another kind"))
    })
}

fn once(s: &Subject<'_>) -> Result<(), String> {
    let mut memory = DedupeMemory::new(TimeDelta::days(7));
    let once: Vec<_> =
        all(s)?.into_iter().filter(|e| memory.insert(e.dedupe.clone(), s.now)).collect();
    let again = all(s)?.into_iter().filter(|e| memory.insert(e.dedupe.clone(), s.now)).count();
    let distinct: BTreeSet<_> = once.iter().map(|envelope| &envelope.dedupe).collect();
    ensure(again == 0 && distinct.len() == once.len(), || format!("{again} things came twice"))
}

fn any_order(s: &Subject<'_>) -> Result<(), String> {
    let mut envelopes = all(s)?;
    let fold = |envelopes: &[Envelope]| {
        let mut state = BTreeMap::new();
        for envelope in envelopes {
            if let EnvelopeBody::Receipt(receipt) = &envelope.body {
                let status = state.entry(receipt.target.clone()).or_insert(receipt.status);
                *status = receipt.status.max(*status);
            }
        }
        state
    };
    let forwards = fold(&envelopes);
    let mut dice = Dice::new(7);
    for _ in 0..20 {
        for place in (1..envelopes.len()).rev() {
            envelopes.swap(place, dice.below(place + 1));
        }
        ensure(fold(&envelopes) == forwards, || "another order gives another state".into())?;
    }
    Ok(())
}

fn arrival(s: &Subject<'_>) -> Result<(), String> {
    all(s)?.iter().try_for_each(|envelope| {
        ensure(envelope.arrived == s.now, || "arrived is not when it was verified".into())
    })
}

fn senders(s: &Subject<'_>) -> Result<(), String> {
    let descriptor = s.codec.descriptor();
    for sender in all(s)?.iter().filter_map(|envelope| envelope.sender.as_ref()) {
        for key in std::iter::once(&sender.touchpoint).chain(&sender.also) {
            ensure(key.channel == descriptor.kind, || format!("it is on {}", key.channel))?;
            ensure(!key.id.is_empty(), || "it has no id".into())?;
        }
    }
    Ok(())
}

fn authors(s: &Subject<'_>) -> Result<(), String> {
    all(s)?.iter().try_for_each(|envelope| match &envelope.body {
        EnvelopeBody::Message(_) => {
            ensure(envelope.sender.is_some(), || "a message is of nobody".into())
        }
        _ => Ok(()),
    })
}

fn wire_forms(s: &Subject<'_>) -> Result<(), String> {
    for batch in s.batches()? {
        let json = serde_json::to_string(&batch).map_err(|error| error.to_string())?;
        let back: InboundBatch = serde_json::from_str(&json).map_err(|error| error.to_string())?;
        ensure(back == batch, || "JSON gives another batch back".into())?;
        let bytes = postcard::to_allocvec(&batch).map_err(|error| error.to_string())?;
        let back: InboundBatch =
            postcard::from_bytes(&bytes).map_err(|error| format!("postcard: {error}"))?;
        ensure(back == batch, || "postcard gives another batch back".into())?;
    }
    Ok(())
}

fn masked(s: &Subject<'_>) -> Result<(), String> {
    for envelope in all(s)? {
        let said = format!("{envelope:?}");
        let mut hidden: Vec<String> = s.secrets.iter().map(ToString::to_string).collect();
        hidden.extend(envelope.sender.iter().map(|sender| sender.touchpoint.id.clone()));
        if let EnvelopeBody::Message(message) = &envelope.body {
            hidden.push(message.content.plain_text().into_owned());
        }
        // What is short is found in any debug text by chance.
        for text in hidden.iter().filter(|text| text.len() > 5) {
            ensure(!said.contains(text.as_str()), || {
                format!("a {:?} shows it", envelope.body.kind())
            })?;
        }
    }
    Ok(())
}

fn prefixes(s: &Subject<'_>) -> Verdict {
    for request in &s.requests {
        for end in 0..request.body.len() {
            let cut = request.clone().with_body(request.body.slice(..end));
            let _ = s.codec.parse(&s.unchecked(&cut));
        }
    }
    Verdict::Holds
}

const VARIATIONS: usize = 400;

fn variations(s: &Subject<'_>) -> Verdict {
    let mut dice = Dice::new(2_026);
    for request in &s.requests {
        for _ in 0..VARIATIONS {
            let other = request.clone().with_body(varied(&request.body, &mut dice));
            if let Ok(batch) = s.codec.parse(&s.unchecked(&other)) {
                let _ = format!("{batch:?}");
            }
        }
    }
    Verdict::Holds
}

fn junk(s: &Subject<'_>) -> Verdict {
    let Some(request) = s.requests.first() else { return Verdict::DoesNotApply };
    let mut dice = Dice::new(77);
    let random: Vec<u8> =
        (0..4_096).map(|_| u8::try_from(dice.below(256)).unwrap_or_default()).collect();
    let deep = "[".repeat(100_000);
    let bodies = [Vec::new(), random, deep.into_bytes(), vec![0; 1 << 16], b"null".to_vec()];
    for body in bodies {
        let other = request.clone().with_body(body);
        let _ = s.codec.parse(&s.unchecked(&other));
    }
    Verdict::Holds
}

fn bounded(s: &Subject<'_>) -> Result<(), String> {
    for request in &s.requests {
        let things = s.parse(request)?.envelopes.len();
        ensure(things <= request.body.len().max(1), || format!("it brings {things} things"))?;
    }
    Ok(())
}
