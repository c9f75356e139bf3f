//! E-mail: threads against Dovecot, what a mail answers, reply tokens.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail as it does: by panicking")]

mod answers;
mod dovecot;
mod headers;
mod shapes;
mod subjects;
mod tokens;

use chrono::DateTime;
use kontak_conversation::email::MailHeaders;

/// A mail sent that many minutes after the epoch.
fn mail(minute: i64) -> MailHeaders {
    MailHeaders::new(DateTime::from_timestamp(60 * minute, 0).unwrap())
}
