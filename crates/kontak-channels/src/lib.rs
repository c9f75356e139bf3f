#![doc = include_str!("../README.md")]

#[cfg(feature = "email")]
pub mod email;
#[cfg(feature = "http-client")]
pub mod http_client;
#[cfg(feature = "imap-client")]
pub mod imap_client;
#[cfg_attr(
    not(all(
        feature = "line",
        feature = "messenger",
        feature = "telegram",
        feature = "twilio_sms",
        feature = "twilio_voice",
        feature = "webchat",
        feature = "webhook",
        feature = "whatsapp",
        feature = "zalo"
    )),
    allow(dead_code, unused_imports, reason = "one adapter alone uses a part of it")
)]
mod intake;
#[cfg(feature = "line")]
pub mod line;
#[cfg(feature = "lmtp-server")]
pub mod lmtp_server;
#[cfg(any(feature = "telegram", feature = "whatsapp"))]
#[cfg_attr(
    not(all(feature = "telegram", feature = "whatsapp")),
    allow(dead_code, reason = "one dialect alone uses a part of it")
)]
mod markup;
#[cfg(feature = "messenger")]
pub mod messenger;
#[cfg(any(feature = "messenger", feature = "whatsapp"))]
mod meta;
#[cfg_attr(
    not(all(
        feature = "line",
        feature = "messenger",
        feature = "telegram",
        feature = "twilio_sms",
        feature = "twilio_voice",
        feature = "webchat",
        feature = "webhook",
        feature = "whatsapp",
        feature = "zalo"
    )),
    allow(dead_code, unused_imports, reason = "one adapter alone uses a part of it")
)]
mod outgoing;
#[cfg(feature = "smtp-client")]
pub mod smtp_client;
#[cfg(feature = "telegram")]
pub mod telegram;
#[cfg(any(feature = "twilio_sms", feature = "twilio_voice"))]
mod twilio;
#[cfg(feature = "twilio_sms")]
pub mod twilio_sms;
#[cfg(feature = "twilio_voice")]
pub mod twilio_voice;
#[cfg(feature = "webchat")]
pub mod webchat;
#[cfg(feature = "webhook")]
pub mod webhook;
#[cfg(feature = "whatsapp")]
pub mod whatsapp;
#[cfg(feature = "zalo")]
pub mod zalo;

/// The layer that the adapters are made of.
pub use kontak_channel as channel;
