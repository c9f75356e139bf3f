//! The adapters against their providers' own libraries, published payloads and the suite.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail as it does: by panicking")]

mod capabilities;
mod email;
mod http_client;
mod line;
mod segments;
mod telegram;
mod twilio_sms;
mod vectors;
mod webhook;
mod whatsapp;
mod world;
