//! What every adapter must hold, as laws that run over a few genuine requests of its provider.
//!
//! ```
//! use kontak_channel::chrono::DateTime;
//! use kontak_channel::conformance::Subject;
//! use kontak_channel::{KeyRing, MemoryCodec, RawRequest, Secret};
//!
//! let now = DateTime::from_timestamp(1_770_000_000, 0).ok_or("no such time")?;
//! let key = Secret::new("secret of the account");
//! let body = r#"[{"message":{"id":"1","from":"budi","text":"Halo","at":"2026-02-02T02:00:00Z"}}]"#;
//! let request = RawRequest::post("https://shop.example/hook".parse()?, body)
//!     .with_header("x-memory-timestamp", "1770000000")?;
//! let signature = MemoryCodec::scheme().sign(&request, &key)?;
//! let request = request.with_header("x-memory-signature", &signature)?;
//!
//! let codec = MemoryCodec::new("shop");
//! Subject::new(&codec, KeyRing::new(key), "budi", now).with_request(request).assert_lawful();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod counter;
mod parsing;
mod planning;
mod rendering;
mod variation;
mod verification;

use crate::{Codec, InboundBatch, KeyRing, RawRequest, SignaturePolicy, Verified, WireResponse};
use chrono::{DateTime, Utc};
use kontak_types::TouchpointKey;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// An adapter, and what is needed to try it.
pub struct Subject<'a> {
    codec: &'a dyn Codec,
    keys: KeyRing,
    recipient: TouchpointKey,
    now: DateTime<Utc>,
    requests: Vec<RawRequest>,
    accepted: Vec<WireResponse>,
    secrets: Vec<Box<str>>,
}

impl<'a> Subject<'a> {
    /// A codec, the secrets under which the requests were signed at `now`, and the id of somebody on
    /// the channel.
    #[must_use]
    pub fn new(codec: &'a dyn Codec, keys: KeyRing, recipient: &str, now: DateTime<Utc>) -> Self {
        let descriptor = codec.descriptor();
        let recipient = TouchpointKey::new(descriptor.kind.clone(), &*descriptor.scope, recipient);
        Self {
            codec,
            keys,
            recipient,
            now,
            requests: Vec::new(),
            accepted: Vec::new(),
            secrets: Vec::new(),
        }
    }

    /// With one more genuine request. Take one of each sort that the provider documents.
    #[must_use]
    pub fn with_request(mut self, request: RawRequest) -> Self {
        self.requests.push(request);
        self
    }

    /// With one more answer by which the provider takes a message.
    #[must_use]
    pub fn with_accepted(mut self, response: WireResponse) -> Self {
        self.accepted.push(response);
        self
    }

    /// With a text that must never be seen in `Debug` or in an error: an access token, what was said.
    #[must_use]
    pub fn with_secret(mut self, secret: &str) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Tries all laws.
    #[must_use]
    pub fn report(&self) -> Report {
        let verdict = |law: &Law| {
            let tried = catch_unwind(AssertUnwindSafe(|| (law.check)(self)));
            (law.name, tried.unwrap_or_else(|_| Verdict::Broken("it panics".into())))
        };
        Report { verdicts: laws().map(verdict).collect() }
    }

    /// Tries all laws: the one line of an adapter's test.
    ///
    /// # Panics
    /// Where one is broken; the message lists all that are.
    pub fn assert_lawful(&self) {
        let report = self.report();
        assert!(report.is_lawful(), "{report}");
    }

    fn parse(&self, request: &RawRequest) -> Result<InboundBatch, String> {
        let verified = self.codec.verify(request, &self.keys, self.now);
        let verified =
            verified.map_err(|error| format!("a genuine request is refused: {error}"))?;
        let batch = self.codec.parse(&verified);
        batch.map_err(|error| format!("a genuine request cannot be parsed: {error}"))
    }

    /// A request that nobody has checked, for the laws about what must not break the parser.
    fn unchecked<'r>(&self, request: &'r RawRequest) -> Verified<'r> {
        let policy = SignaturePolicy::Unsigned { because: "the suite hands in what it likes" };
        policy.verify(request, &self.keys, usize::MAX, self.now).expect("nothing is checked")
    }

    fn batches(&self) -> Result<Vec<InboundBatch>, String> {
        self.requests.iter().map(|request| self.parse(request)).collect()
    }
}

impl fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let descriptor = self.codec.descriptor();
        write!(f, "{} with {} requests", descriptor.kind, self.requests.len())
    }
}

/// What came of the laws.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// Each law's name, and how it stands.
    pub verdicts: Vec<(&'static str, Verdict)>,
}

/// How a law stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It has nothing to hold on: the channel signs no time, or has no buttons.
    DoesNotApply,
    /// It is broken, in this way.
    Broken(String),
}

impl Report {
    /// Whether no law is broken.
    #[must_use]
    pub fn is_lawful(&self) -> bool {
        !self.verdicts.iter().any(|(_, verdict)| matches!(verdict, Verdict::Broken(_)))
    }

    /// How a law stands; nothing where there is none of that name.
    #[must_use]
    pub fn verdict(&self, law: &str) -> Option<&Verdict> {
        self.verdicts.iter().find(|(name, _)| *name == law).map(|(_, verdict)| verdict)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, verdict) in &self.verdicts {
            match verdict {
                Verdict::Holds => writeln!(f, "holds          {name}")?,
                Verdict::DoesNotApply => writeln!(f, "does not apply {name}")?,
                Verdict::Broken(why) => writeln!(f, "BROKEN         {name}: {why}")?,
            }
        }
        Ok(())
    }
}

struct Law {
    name: &'static str,
    check: fn(&Subject<'_>) -> Verdict,
}

/// The names of all laws, in the order in which they are tried.
pub fn law_names() -> impl Iterator<Item = &'static str> {
    laws().map(|law| law.name)
}

fn laws() -> impl Iterator<Item = &'static Law> {
    [verification::LAWS, parsing::LAWS, planning::LAWS, rendering::LAWS].into_iter().flatten()
}

impl From<Result<(), String>> for Verdict {
    fn from(result: Result<(), String>) -> Self {
        result.map_or_else(Self::Broken, |()| Self::Holds)
    }
}

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}
