//! What comes out, read back by readers of others: an XML parser, and the Parquet crate's own reader.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own input has failed")]

#[cfg(feature = "charts")]
mod charts;
#[cfg(feature = "parquet")]
mod tables;
mod world;
