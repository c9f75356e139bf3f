//! vCon, the IETF format of conversations, in and out.
//!
//! ```
//! use chrono::DateTime;
//! use kontak_conversation::vcon::{Analysis, Attachment, Dialog, Party, PartyRole, Vcon};
//! use serde_json::json;
//!
//! let at = DateTime::from_timestamp(1_770_000_000, 0).ok_or("no such time")?;
//! let mut vcon = Vcon::new(Vcon::id_of(at, 0, "toko.example"), at);
//! let customer = vcon.add_party(Party::person("Sari").with_role(PartyRole::Customer));
//! let agent = vcon.add_party(Party::person("Budi").with_role(PartyRole::Agent));
//! let chat = vcon.add_dialog(Dialog::text(at, customer, [agent], "My air conditioner is broken"));
//! let promise = json!({ "text": "A technician comes", "due": "2026-02-04T10:00:00+00:00" });
//! vcon.add_attachment(Attachment::commitment(at, agent, chat, promise));
//! vcon.add_analysis(Analysis::summary(chat, "kontak", "Broken, visit promised"));
//!
//! let written = vcon.write()?;
//! assert_eq!(Vcon::read(&written)?, vcon);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The types follow draft-ietf-vcon-vcon-core and draft-ietf-vcon-cc-extension as of July 2026
//! (syntax 0.4.0). They are faithful: by serde any JSON object reads, and reads back as the same
//! JSON, with what is unknown or out of form in `other`. On top of that
//!
//! - [`Vcon::read`] is tolerant: it brings documents of older drafts to today's names and forms;
//! - [`Vcon::validate`] names every [`Problem`], by place, without a word of what was said;
//! - [`Vcon::write`] is strict: it refuses a document that the draft forbids.
//!
//! Where the text of the draft, its own JSON schema and the Python package `vcon` 0.10 disagree, a
//! problem says so by its [`Severity`]: what only a validator refuses is [`Severity::Risky`]. A
//! document without any problem passes all three. Three things that the draft allows cannot be
//! free of risk: recording sets and recordings of several mixed channels, which the package
//! refuses, and dialogs of which nothing is known, which both validators refuse.
//!
//! One thing is not faithful: an integer of more than 64 bits comes back as a floating-point number.
//!
//! The signed and encrypted forms (JWS, JWE) are not opened here: verify and decrypt first.

mod actor;
mod attachment;
mod call;
mod content;
mod dialog;
mod document;
mod export;
mod foreign;
mod import;
mod index;
mod object;
mod party;
mod timestamp;
mod token;
mod upgrade;
mod validate;

pub use attachment::{Analysis, Attachment};
pub use content::Content;
pub use dialog::{Dialog, PartyEvent, SessionId, SessionIds, Transfer};
pub use document::{ReadError, Reference, Vcon, WriteError};
pub use export::{VconExport, VconReader, VconSource};
pub use import::{ImportError, Imported};
pub use index::{AttachmentIndex, Channel, DialogIndex, DialogParties, OneOrMany, PartyIndex};
pub use party::Party;
pub use serde_json;
pub use timestamp::{Seconds, Timestamp};
pub use token::{
    AnalysisKind, DialogKind, Disposition, Encoding, PartyEventKind, PartyKind, PartyRole,
};
pub use validate::{Fault, Problem, Severity};
