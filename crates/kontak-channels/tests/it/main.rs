//! The adapters against their providers' own libraries, published payloads and the suite.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail as it does: by panicking")]

mod capabilities;
mod email;
mod hostile;
mod http_client;
mod line;
mod lmtp_server;
mod markup;
mod messenger;
mod segments;
mod servers;
mod smtp_client;
mod telegram;
mod twilio_sms;
mod twilio_voice;
mod vectors;
mod webchat;
mod webhook;
mod whatsapp;
mod world;
mod zalo;
