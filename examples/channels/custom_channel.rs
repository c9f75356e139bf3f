//! A channel of your own in under 100 lines: suggestion boxes that post signed lines of text, and
//! print what you answer on a receipt. It passes the whole conformance suite.
//!
//! ```text
//! cargo run --example custom_channel
//! ```

use kontak_channel::chrono::DateTime;
use kontak_channel::conformance::Subject;
use kontak_channel::content::{Content, Part};
use kontak_channel::{
    Action, Capabilities, ChannelDescriptor, Codec, DedupeKey, Envelope, EnvelopeKind, HmacScheme,
    HttpRequest, InboundBatch, InboundMessage, KeyRing, LengthUnit, Outbound, ParseError,
    ProviderId, RawRequest, RenderError, Secret, SendError, SendOutcome, SendReceipt, Sender,
    SignaturePolicy, TextLimit, Verified, Window, WireRequest, WireResponse,
};
use kontak_types::TouchpointKey;

struct SuggestionBox {
    descriptor: ChannelDescriptor,
    signature: SignaturePolicy,
}

fn scheme() -> HmacScheme {
    HmacScheme::sha256("x-box-signature")
}

impl Codec for SuggestionBox {
    fn descriptor(&self) -> &ChannelDescriptor {
        &self.descriptor
    }
    fn capabilities(&self, _window: Window) -> Capabilities {
        Capabilities::text_only(TextLimit::new(400, LengthUnit::Graphemes))
    }
    fn signature(&self) -> &SignaturePolicy {
        &self.signature
    }
    /// `member 77|Please open earlier`
    fn parse(&self, request: &Verified<'_>) -> Result<InboundBatch, ParseError> {
        let expected = "a member, a bar and a text";
        let error = ParseError::Field { field: "the line", expected };
        let text = std::str::from_utf8(request.body())
            .map_err(|error| ParseError::Utf8 { at: error.valid_up_to() })?;
        let (member, text) = text.split_once('|').ok_or_else(|| error.clone())?;
        if member.is_empty() {
            return Err(error);
        }
        let content = Content::plain(text).map_err(|_| error)?;
        let id = ProviderId::of_bytes(request.body());
        let ChannelDescriptor { kind, account, scope, .. } = &self.descriptor;
        let key = DedupeKey::new(account.clone(), EnvelopeKind::Message, id.clone());
        let sender = Sender::new(TouchpointKey::new(kind.clone(), &**scope, member));
        let message = InboundMessage::new(id, content);
        let envelope = Envelope::new(key, request.arrived(), message).with_sender(sender);
        Ok(InboundBatch::new(vec![envelope]))
    }
    fn render(&self, outbound: &Outbound) -> Result<Vec<WireRequest>, RenderError> {
        let Action::Say(content) = &outbound.action else {
            return Err(RenderError::Action("do anything but print"));
        };
        let [Part::Text(text)] = &content.parts[..] else {
            return Err(RenderError::Parts { parts: content.parts.len(), expected: "1 text" });
        };
        let url = "https://printer.example/print".parse();
        let url = url.map_err(|_| RenderError::Unwritable("the address"))?;
        let request = HttpRequest::post(url, "text/plain", text.body.to_string());
        Ok(vec![WireRequest::Http(request)])
    }
    fn interpret(&self, response: &WireResponse) -> SendOutcome {
        let WireResponse::Http(response) = response else {
            return Err(SendError::Ambiguous { what: "an answer of another kind" });
        };
        SendError::of_http(response).map_or_else(|| Ok(SendReceipt::default()), Err)
    }
}

fn main() -> anyhow::Result<()> {
    let codec = SuggestionBox {
        descriptor: ChannelDescriptor::new("suggestion_box", "store-7"),
        signature: SignaturePolicy::signed(scheme()),
    };
    let key = Secret::new("the secret of the box");
    let url = "https://shop.example/box".parse()?;
    let request = RawRequest::post(url, "member 77|Please open earlier on Sundays");
    let signature = scheme().sign(&request, &key)?;
    let request = request.with_header("x-box-signature", &signature)?;
    let subject = Subject::new(&codec, KeyRing::new(key), "member 77", DateTime::UNIX_EPOCH);
    let report = subject.with_request(request).report();
    print!("{report}");
    anyhow::ensure!(report.is_lawful(), "a law is broken");
    Ok(())
}
