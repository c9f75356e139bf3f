use super::{Law, Subject, Verdict, ensure};
use crate::{Coverage, KeyRing, RawRequest, Secret, VerifyError};
use chrono::TimeDelta;
use http::HeaderValue;

pub(super) const LAWS: &[Law] = &[
    Law { name: "genuine requests are accepted", check: |s| genuine(s).into() },
    Law { name: "a policy without signature gives its reason", check: |s| reason(s).into() },
    Law { name: "a changed byte of the body is refused, or changes nothing", check: body_bytes },
    Law { name: "a changed byte of the address is refused", check: url_bytes },
    Law { name: "a changed byte of a signed header is refused", check: header_bytes },
    Law { name: "a missing header is refused", check: missing_header },
    Law { name: "another secret is refused", check: other_secret },
    Law { name: "the secret before the newest is accepted", check: |s| rotation(s).into() },
    Law { name: "a request is fresh until the limit and stale a second later", check: stale },
    Law { name: "a request from the future is refused beyond the limit", check: future },
    Law { name: "a body beyond the limit is refused unread", check: |s| oversized(s).into() },
    Law { name: "a refusal shows neither secret nor signature", check: silent },
    Law { name: "a ring of keys shows no key", check: |s| masked_keys(s).into() },
];

fn genuine(s: &Subject<'_>) -> Result<(), String> {
    ensure(!s.requests.is_empty(), || "there is no request to try".into())?;
    s.requests.iter().try_for_each(|request| s.parse(request).map(drop))
}

fn reason(s: &Subject<'_>) -> Result<(), String> {
    match s.codec.signature() {
        crate::SignaturePolicy::Unsigned { because } => {
            ensure(because.len() > 10, || format!("{because:?} is no reason"))
        }
        crate::SignaturePolicy::Signed(_) => Ok(()),
    }
}

fn coverage(s: &Subject<'_>) -> Option<Coverage> {
    Some(s.codec.signature().scheme()?.coverage())
}

fn each(s: &Subject<'_>, check: impl Fn(&RawRequest) -> Result<(), String>) -> Verdict {
    s.requests.iter().try_for_each(check).into()
}

fn body_bytes(s: &Subject<'_>) -> Verdict {
    if !coverage(s).is_some_and(|coverage| coverage.body) {
        return Verdict::DoesNotApply;
    }
    each(s, |request| {
        let genuine = s.parse(request)?;
        for at in 0..request.body.len() {
            let mut body = request.body.to_vec();
            body[at] ^= 1 << (at % 8);
            let forged = request.clone().with_body(body);
            let Ok(verified) = s.codec.verify(&forged, &s.keys, s.now) else { continue };
            // Two ways to write one form (`%4a` and `%4A`) are one signed text.
            let same = s.codec.parse(&verified).is_ok_and(|batch| batch == genuine);
            ensure(same, || format!("byte {at} of the body can be changed"))?;
        }
        Ok(())
    })
}

fn url_bytes(s: &Subject<'_>) -> Verdict {
    if !coverage(s).is_some_and(|coverage| coverage.url) {
        return Verdict::DoesNotApply;
    }
    each(s, |request| {
        let url = request.public_url.as_str();
        let path = url.match_indices('/').nth(2).map_or(url.len(), |(at, _)| at);
        for at in path..url.len() {
            let mut bytes = url.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            let changed = String::from_utf8(bytes).ok().and_then(|url| url.parse().ok());
            let Some(changed) = changed else { continue };
            let forged = RawRequest { public_url: changed, ..request.clone() };
            let refused = s.codec.verify(&forged, &s.keys, s.now).is_err();
            ensure(refused, || format!("byte {at} of the address can be changed"))?;
        }
        Ok(())
    })
}

fn header_bytes(s: &Subject<'_>) -> Verdict {
    let headers = coverage(s).map(|coverage| coverage.headers).unwrap_or_default();
    if headers.is_empty() {
        return Verdict::DoesNotApply;
    }
    each(s, |request| {
        for name in &headers {
            let Some(value) = request.headers.get(name) else { continue };
            for at in 0..value.len() {
                let mut bytes = value.as_bytes().to_vec();
                bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
                let Ok(changed) = HeaderValue::from_bytes(&bytes) else { continue };
                let mut forged = request.clone();
                forged.headers.insert(name, changed);
                let refused = s.codec.verify(&forged, &s.keys, s.now).is_err();
                ensure(refused, || format!("byte {at} of {name} can be changed"))?;
            }
        }
        Ok(())
    })
}

fn missing_header(s: &Subject<'_>) -> Verdict {
    if coverage(s).is_none() {
        return Verdict::DoesNotApply;
    }
    each(s, |request| {
        let mut bare = request.clone();
        bare.headers.clear();
        let refused = s.codec.verify(&bare, &s.keys, s.now).is_err();
        ensure(refused, || "a request without any header is accepted".into())
    })
}

fn other_secret(s: &Subject<'_>) -> Verdict {
    if coverage(s).is_none() {
        return Verdict::DoesNotApply;
    }
    let other = KeyRing::new(Secret::new("none of ours"));
    each(s, |request| match s.codec.verify(request, &other, s.now) {
        Err(VerifyError::Mismatch) => Ok(()),
        Err(error) => Err(format!("the complaint is not a mismatch: {error}")),
        Ok(_) => Err("a request under another secret is accepted".into()),
    })
}

fn rotation(s: &Subject<'_>) -> Result<(), String> {
    let rotated = s.keys.clone().rotated_to(Secret::new("the next secret"));
    s.requests.iter().try_for_each(|request| {
        let accepted = s.codec.verify(request, &rotated, s.now).is_ok();
        ensure(accepted, || "rotating the secret refuses what is on its way".into())
    })
}

fn stale(s: &Subject<'_>) -> Verdict {
    let Some(window) = coverage(s).and_then(|coverage| coverage.replay_window) else {
        return Verdict::DoesNotApply;
    };
    each(s, |request| {
        let at = |age| s.codec.verify(request, &s.keys, s.now + age);
        ensure(at(window).is_ok(), || "it is stale at the limit".into())?;
        let late = at(window + TimeDelta::seconds(1));
        ensure(matches!(late, Err(VerifyError::Stale { .. })), || {
            format!("a second later it is {late:?}")
        })
    })
}

fn future(s: &Subject<'_>) -> Verdict {
    let Some(window) = coverage(s).and_then(|coverage| coverage.replay_window) else {
        return Verdict::DoesNotApply;
    };
    each(s, |request| {
        let early = s.codec.verify(request, &s.keys, s.now - window - TimeDelta::seconds(1));
        ensure(matches!(early, Err(VerifyError::FromTheFuture { .. })), || {
            format!("a second too early it is {early:?}")
        })
    })
}

fn oversized(s: &Subject<'_>) -> Result<(), String> {
    let limit = s.codec.descriptor().max_body;
    let Some(request) = s.requests.first() else { return Ok(()) };
    let huge = request.clone().with_body(vec![b'a'; limit + 1]);
    let outcome = s.codec.verify(&huge, &s.keys, s.now);
    ensure(matches!(outcome, Err(VerifyError::TooLarge { .. })), || format!("it is {outcome:?}"))
}

fn silent(s: &Subject<'_>) -> Verdict {
    if coverage(s).is_none() {
        return Verdict::DoesNotApply;
    }
    each(s, |request| {
        let forged = request.clone().with_body("forged");
        let other = KeyRing::new(Secret::new("none of ours"));
        let outcomes = [
            s.codec.verify(&forged, &s.keys, s.now).err(),
            s.codec.verify(request, &other, s.now).err(),
        ];
        for error in outcomes.into_iter().flatten() {
            let said = format!("{error} {error:?}");
            for key in s.keys.iter().filter_map(Secret::reveal_str) {
                ensure(!said.contains(key), || "a refusal shows the secret".into())?;
            }
            for value in request.headers.values().filter_map(|value| value.to_str().ok()) {
                let shown = value.len() > 15 && said.contains(value);
                ensure(!shown, || "a refusal shows a genuine header".into())?;
            }
        }
        Ok(())
    })
}

fn masked_keys(s: &Subject<'_>) -> Result<(), String> {
    let said = format!("{:?} {:?}", s.keys, s.codec.signature());
    s.keys
        .iter()
        .filter_map(Secret::reveal_str)
        .try_for_each(|key| ensure(!said.contains(key), || "a key is seen in Debug".into()))
}
