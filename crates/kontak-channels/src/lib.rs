#![doc = include_str!("../README.md")]

#[cfg(feature = "email")]
pub mod email;
#[cfg(feature = "http-client")]
pub mod http_client;
#[cfg_attr(
    not(all(
        feature = "line",
        feature = "telegram",
        feature = "twilio_sms",
        feature = "webchat",
        feature = "webhook",
        feature = "whatsapp"
    )),
    allow(dead_code, unused_imports, reason = "one adapter alone uses a part of it")
)]
mod intake;
#[cfg(feature = "line")]
pub mod line;
#[cfg_attr(
    not(all(
        feature = "line",
        feature = "telegram",
        feature = "twilio_sms",
        feature = "webchat",
        feature = "webhook",
        feature = "whatsapp"
    )),
    allow(dead_code, unused_imports, reason = "one adapter alone uses a part of it")
)]
mod outgoing;
#[cfg(feature = "telegram")]
pub mod telegram;
#[cfg(feature = "twilio_sms")]
pub mod twilio_sms;
#[cfg(feature = "webchat")]
pub mod webchat;
#[cfg(feature = "webhook")]
pub mod webhook;
#[cfg(feature = "whatsapp")]
pub mod whatsapp;

/// The layer that the adapters are made of.
pub use kontak_channel as channel;
