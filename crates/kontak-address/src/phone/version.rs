/// The data behind every answer about phone numbers: the metadata engine, the release of Google's
/// libphonenumber metadata inside it, and the revision of this crate's own rules (rescues and
/// [`LineKey`](crate::LineKey)).
///
/// Record it beside a number that was read: after an upgrade it tells which numbers were read by
/// other data.
pub const PHONE_DATA_VERSION: &str = "rlibphonenumber 2.2.15, metadata 9.0.42, rules 1";
