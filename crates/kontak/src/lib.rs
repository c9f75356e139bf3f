#![doc = include_str!("../README.md")]

#[cfg(feature = "identity")]
pub use kontak_address as address;
#[cfg(feature = "calendar")]
pub use kontak_calendar as calendar;
#[cfg(feature = "channel")]
pub use kontak_channel as channel;
#[cfg(feature = "channels")]
pub use kontak_channels as channels;
#[cfg(feature = "content")]
pub use kontak_content as content;
#[cfg(feature = "conversation")]
pub use kontak_conversation as conversation;
#[cfg(feature = "desk")]
pub use kontak_desk as desk;
#[cfg(feature = "identity")]
pub use kontak_identity as identity;
#[cfg(feature = "metrics")]
pub use kontak_metrics as metrics;
#[cfg(feature = "report")]
pub use kontak_report as report;
#[cfg(feature = "routing")]
pub use kontak_routing as routing;
#[cfg(feature = "storage")]
pub use kontak_storage as storage;
pub use kontak_types as types;

#[cfg(all(doctest, feature = "identity"))]
#[doc = include_str!("../../../README.md")]
struct ReadmeDoctests;
