//! Which mails belong together.
//!
//! [`reply_candidates`] says what one inbound mail answers, most trusted first. [`Threads`] arranges a
//! whole set of mails, by the algorithms of RFC 5256 as Dovecot runs them. Both are functions of the
//! headers alone.
//!
//! ```
//! use chrono::DateTime;
//! use kontak_conversation::email::{MailHeaders, Threads};
//!
//! let mail = |minute: i64, id: &str, references: &str, subject: &str| {
//!     MailHeaders::new(DateTime::from_timestamp(60 * minute, 0).expect("a valid time"))
//!         .with_message_id(id)
//!         .with_references(references)
//!         .with_subject(subject)
//! };
//! let mails = [
//!     mail(1, "<a@toko.example>", "", "Retur barang"),
//!     mail(2, "<b@toko.example>", "<a@toko.example>", "Re: Retur barang"),
//!     mail(3, "<c@toko.example>", "", "Tagihan Maret"),
//!     mail(4, "<d@toko.example>", "", "Re: Tagihan Maret"),
//! ];
//! assert_eq!(Threads::references(&mails).to_string(), "(1 2)(3 4)");
//! assert_eq!(Threads::refs(&mails).to_string(), "(1 2)(3)(4)");
//! ```

mod ancestry;
mod base32;
mod forest;
mod gather;
mod headers;
mod link;
mod message_id;
mod reply;
mod subject;
mod threads;
mod token;

pub use headers::MailHeaders;
pub use message_id::{MessageId, MessageIdError};
pub use reply::{ReplyRef, reply_candidates};
pub use subject::{BaseSubject, starts_new_topic};
pub use threads::{Thread, Threads};
pub use token::{ReplyAddressError, ReplyKeyError, ReplyKeys, ReplyToken, ReplyTokenError};
