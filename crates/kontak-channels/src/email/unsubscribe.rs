//! Unsubscribing with one click, RFC 8058.

use super::Email;
use crate::intake::Intake;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kontak_channel::chrono::{DateTime, Utc};
use kontak_channel::content::WebUrl;
use kontak_channel::http::Method;
use kontak_channel::{
    Consent, ConsentScope, Envelope, EnvelopeKind, HmacScheme, KeyRing, Piece, ProviderId,
    RawRequest, RenderError, SignatureScheme, VerifyError,
};
use thiserror::Error;

const SIGNATURE: &str = "x-unsubscribe-signature";

/// Where customers unsubscribe, and what signs the links: without a signature anybody could
/// unsubscribe anybody.
#[derive(Debug)]
pub(super) struct Unsubscribe {
    url: WebUrl,
    keys: KeyRing,
}

/// Why a request unsubscribes nobody.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UnsubscribeError {
    /// The mailbox has no address to unsubscribe at.
    #[error("this mailbox has no address to unsubscribe at")]
    NotSetUp,
    /// It is not what a mail program posts. Scanners and curious people open each link: show them a
    /// page with a button.
    #[error("the request is no click: expected a POST of List-Unsubscribe=One-Click")]
    NoClick,
    /// The link is none of ours.
    #[error("the link was not made by us, or is not whole")]
    Forged,
}

impl Unsubscribe {
    pub(super) fn new(url: WebUrl, keys: KeyRing) -> Self {
        Self { url, keys }
    }

    /// The link of one mail to one account.
    pub(super) fn link(&self, account: &str, mail: &ProviderId) -> Result<String, RenderError> {
        let unwritable = RenderError::Unwritable("the address to unsubscribe at");
        let url = self.url.as_str();
        let joint = if url.contains('?') { '&' } else { '?' };
        let (to, mail) = (URL_SAFE_NO_PAD.encode(account), URL_SAFE_NO_PAD.encode(mail.as_str()));
        let unsigned = format!("{url}{joint}to={to}&mail={mail}");
        let request = unsigned.parse().map(RawRequest::get).map_err(|_| unwritable.clone())?;
        let key = self.keys.iter().next().ok_or_else(|| unwritable.clone())?;
        let signature = scheme().sign(&request, key).map_err(|_| unwritable)?;
        Ok(format!("{unsigned}&sig={signature}"))
    }

    /// The account and the mail that a genuine link names.
    fn read(&self, url: &WebUrl, now: DateTime<Utc>) -> Option<(String, ProviderId)> {
        let (unsigned, signature) = url.as_str().rsplit_once("&sig=")?;
        let request = RawRequest::get(unsigned.parse().ok()?).with_header(SIGNATURE, signature);
        let request = request.ok()?;
        let fits = |key| scheme().check(&request, key, now);
        if !self.keys.iter().map(fits).any(|checked: Result<(), VerifyError>| checked.is_ok()) {
            return None;
        }
        let (rest, mail) = unsigned.rsplit_once("&mail=")?;
        let (_, to) = rest.rsplit_once("to=")?;
        let text = |encoded| String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok();
        Some((text(to)?, ProviderId::new(text(mail)?).ok()?))
    }
}

/// A signature of the link's other parts; the name of the header only stands for it here.
fn scheme() -> HmacScheme {
    HmacScheme::sha256(SIGNATURE).with_message([Piece::Literal("unsubscribe "), Piece::Url])
}

/// The body in either of the two forms that RFC 8058 allows.
fn is_click(request: &RawRequest) -> bool {
    let form = request.body.trim_ascii_end() == b"List-Unsubscribe=One-Click";
    let multipart = std::str::from_utf8(&request.body).is_ok_and(|body| {
        body.contains("name=\"List-Unsubscribe\"") && body.lines().any(|line| line == "One-Click")
    });
    request.method == Method::POST && (form || multipart)
}

impl Email {
    /// What a customer's mail program posted to unsubscribe: that the customer wants no more
    /// messages. It comes from the address to which the mail went, and the same click twice has the
    /// same key.
    ///
    /// # Errors
    /// [`UnsubscribeError`].
    pub fn unsubscribed(
        &self,
        request: &RawRequest,
        now: DateTime<Utc>,
    ) -> Result<Envelope, UnsubscribeError> {
        let unsubscribe = self.unsubscribe.as_ref().ok_or(UnsubscribeError::NotSetUp)?;
        let (account, mail) =
            unsubscribe.read(&request.public_url, now).ok_or(UnsubscribeError::Forged)?;
        if !is_click(request) {
            return Err(UnsubscribeError::NoClick);
        }
        let intake = Intake::of(&self.descriptor, now);
        let key = intake.key(EnvelopeKind::Consent, &mail);
        Ok(Envelope::new(key, now, Consent::withdrawn(ConsentScope::Marketing))
            .with_sender(intake.sender(&account)))
    }
}
