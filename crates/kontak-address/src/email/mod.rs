//! E-mail addresses: what people write, made comparable.

mod addr_spec;
mod address;
mod domain;
mod error;
mod kind;
mod ordinary;
mod provider;
mod record;
mod word_set;
mod written;

pub use address::EmailAddress;
pub use error::EmailError;
pub use kind::MailboxKind;
pub use provider::Provider;

/// The version of the tables behind keys and kinds: provider rules, role words, disposable domains.
///
/// It is recorded with every address. It grows with every change to a table, and a test holds that.
/// The public suffix list is not part of it: a newer list may accept or refuse an address, but it
/// never changes a key.
///
/// ```
/// use kontak_address::{EMAIL_DATA_VERSION, EmailAddress};
///
/// assert_eq!(EmailAddress::parse("budi@example.com")?.data_version(), EMAIL_DATA_VERSION);
/// # Ok::<(), kontak_address::EmailError>(())
/// ```
pub const EMAIL_DATA_VERSION: u16 = 1;

#[cfg(test)]
mod tests {
    use super::word_set::hash;
    use super::{EMAIL_DATA_VERSION, kind, provider};

    /// Whoever changes a table raises `EMAIL_DATA_VERSION` and writes both numbers here.
    #[test]
    fn a_changed_table_has_a_new_version() {
        let tables = [provider::table(), kind::tables().concat()].concat();
        assert_eq!((EMAIL_DATA_VERSION, hash(tables.as_bytes())), (1, 782_067_645));
    }
}
