//! The suite over the channel in memory, and over adapters that are wrong on purpose: a law that
//! nothing breaks is no law.

use kontak_channel::chrono::{DateTime, Utc};
use kontak_channel::conformance::{Subject, Verdict, law_names};
use kontak_channel::http::StatusCode;
use kontak_channel::{
    Capabilities, ChannelDescriptor, Codec, DedupeKey, EnvelopeKind, HmacScheme, HttpResponse,
    InboundBatch, KeyRing, MemoryCodec, MemoryItem, Outbound, ParseError, ProviderId, RawRequest,
    ReceiptStatus, RenderError, Secret, SendOutcome, SendReceipt, SharedToken, SignaturePolicy,
    Verified, Window, WireRequest, WireResponse,
};

const SECRET: &str = "the secret of the account";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_770_000_000, 0).unwrap()
}

fn items() -> Vec<MemoryItem> {
    let json = r#"[
        {"message":{"id":"1","from":"budi-6281234567890","text":"Apakah masih ada?","at":"2026-02-02T02:00:00Z"}},
        {"edit":{"target":"1","from":"budi-6281234567890","text":"Apakah masih ada stok?","at":"2026-02-02T02:00:05Z"}},
        {"typing":{"from":"budi-6281234567890","at":"2026-02-02T02:00:09Z"}}
    ]"#;
    let mut items: Vec<MemoryItem> = serde_json::from_str(json).unwrap();
    for status in [ReceiptStatus::Sent, ReceiptStatus::Delivered, ReceiptStatus::Read] {
        let json = serde_json::json!({"receipt": {"target": "memory-0", "status": status, "at": "2026-02-02T02:00:00Z"}});
        items.push(serde_json::from_value(json).unwrap());
    }
    items
}

fn request() -> RawRequest {
    let request = RawRequest::post(
        "https://h.example/hook".parse().unwrap(),
        serde_json::to_vec(&items()).unwrap(),
    );
    let request = request.with_header("x-memory-timestamp", "1770000000").unwrap();
    let signature = MemoryCodec::scheme().sign(&request, &Secret::new(SECRET)).unwrap();
    request.with_header("x-memory-signature", &signature).unwrap()
}

fn subject(codec: &dyn Codec) -> Subject<'_> {
    let accepted = WireResponse::Http(HttpResponse::new(StatusCode::OK, "memory-0"));
    Subject::new(codec, KeyRing::new(Secret::new(SECRET)), "budi-6281234567890", now())
        .with_request(request())
        .with_accepted(accepted)
}

#[test]
fn the_channel_in_memory_is_lawful() {
    let codec = MemoryCodec::new("shop");
    subject(&codec).assert_lawful();
    let applying =
        subject(&codec).report().verdicts.iter().filter(|(_, v)| *v == Verdict::Holds).count();
    assert!(applying >= 44, "{applying} of {} laws apply", law_names().count());
}

#[test]
fn laws_have_names_of_their_own() {
    let names: std::collections::BTreeSet<_> = law_names().collect();
    assert_eq!(names.len(), law_names().count());
    assert_eq!(names.len(), 47);
}

type Change<T> = fn(&MemoryCodec, T) -> T;

/// The channel in memory with one thing wrong.
struct Wrong {
    right: MemoryCodec,
    signature: SignaturePolicy,
    batch: Change<InboundBatch>,
    capabilities: Change<Capabilities>,
    outcome: fn(SendOutcome) -> SendOutcome,
}

impl Wrong {
    fn new() -> Self {
        Self {
            right: MemoryCodec::new("shop"),
            signature: SignaturePolicy::signed(MemoryCodec::scheme()),
            batch: |_, batch| batch,
            capabilities: |_, capabilities| capabilities,
            outcome: |outcome| outcome,
        }
    }
}

impl Codec for Wrong {
    fn descriptor(&self) -> &ChannelDescriptor {
        self.right.descriptor()
    }
    fn capabilities(&self, window: Window) -> Capabilities {
        (self.capabilities)(&self.right, self.right.capabilities(window))
    }
    fn signature(&self) -> &SignaturePolicy {
        &self.signature
    }
    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        self.right.parse(request).map(|batch| (self.batch)(&self.right, batch))
    }
    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        self.right.render(outbound)
    }
    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        (self.outcome)(self.right.interpret(response))
    }
}

fn assert_broken(wrong: &Wrong, law: &str) {
    let report = subject(wrong).report();
    let verdict = report.verdict(law).unwrap_or_else(|| panic!("no law {law:?}"));
    assert!(matches!(verdict, Verdict::Broken(_)), "{law}: {verdict:?}\n{report}");
}

#[test]
fn an_adapter_that_is_wrong_is_found_out() {
    let wrong = Wrong { signature: SignaturePolicy::Unsigned { because: "lazy" }, ..Wrong::new() };
    assert_broken(&wrong, "a policy without signature gives its reason");

    let unsigned_time = HmacScheme::sha256("x-memory-signature");
    let wrong = Wrong { signature: SignaturePolicy::signed(unsigned_time), ..Wrong::new() };
    assert_broken(&wrong, "genuine requests are accepted");

    let token = SharedToken::new("x-memory-timestamp");
    let wrong = Wrong { signature: SignaturePolicy::signed(token), ..Wrong::new() };
    assert_broken(&wrong, "genuine requests are accepted");

    let wrong = Wrong {
        batch: |_, mut batch| {
            let key = batch.envelopes[0].dedupe.clone();
            batch.envelopes.iter_mut().for_each(|envelope| envelope.dedupe = key.clone());
            batch
        },
        ..Wrong::new()
    };
    assert_broken(&wrong, "two things have two keys");

    let wrong = Wrong {
        batch: |_, mut batch| {
            for envelope in &mut batch.envelopes {
                let id = ProviderId::new(envelope.arrived.to_rfc3339()).unwrap();
                envelope.dedupe = DedupeKey::new("shop", EnvelopeKind::Message, id);
            }
            batch
        },
        ..Wrong::new()
    };
    assert_broken(&wrong, "a later delivery has the same keys");
    assert_broken(&wrong, "keys carry the account");

    let wrong = Wrong {
        batch: |_, mut batch| {
            batch.envelopes.iter_mut().for_each(|envelope| envelope.sender = None);
            batch
        },
        ..Wrong::new()
    };
    assert_broken(&wrong, "a message says who wrote it");

    let wrong = Wrong {
        capabilities: |_, mut capabilities| {
            capabilities.edit.support = kontak_channel::Support::Unsupported;
            capabilities
        },
        ..Wrong::new()
    };
    assert_broken(&wrong, "what the channel does not claim is an error");

    let wrong = Wrong {
        capabilities: |_, mut capabilities| {
            capabilities.location = kontak_channel::Support::Full;
            capabilities
        },
        ..Wrong::new()
    };
    assert_broken(&wrong, "everything that is planned can be rendered");

    let wrong = Wrong { outcome: |_| Ok(SendReceipt::default()), ..Wrong::new() };
    assert_broken(&wrong, "an HTTP failure is never a success");
    assert_broken(&wrong, "an accepted message gets the provider's id");
}
