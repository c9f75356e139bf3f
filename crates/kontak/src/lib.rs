#![doc = include_str!("../README.md")]

#[cfg(feature = "identity")]
pub use kontak_address as address;
#[cfg(feature = "identity")]
pub use kontak_identity as identity;
pub use kontak_types as types;

#[cfg(all(doctest, feature = "identity"))]
#[doc = include_str!("../../../README.md")]
struct ReadmeDoctests;
