//! The other side of what goes out: it takes every message, and answers as each provider does.

use async_trait::async_trait;
use kontak_channel::http::StatusCode;
use kontak_channel::{HttpResponse, Transport, TransportError, WireRequest, WireResponse};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Clone, Default)]
pub(crate) struct Providers(Arc<AtomicU64>);

impl Providers {
    pub(crate) fn taken(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Transport for Providers {
    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, TransportError> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let request = match request {
            WireRequest::Http(request) => request,
            WireRequest::Mail(mail) => {
                return Ok(WireResponse::Mail { code: 250, enhanced: None, id: mail.id });
            }
            _ => return Err(TransportError::Unsupported),
        };
        let url = request.url.as_str();
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let answer = if url.contains("graph.facebook.com") {
            json!({"messages": [{"id": format!("wamid.out{number}")}]})
        } else if url.contains("api.telegram.org") {
            json!({"ok": true, "result": {"message_id": number, "date": 0,
                "chat": {"id": body["chat_id"].as_i64().or_else(|| body["chat_id"].as_str()?.parse().ok()), "type": "private"}}})
        } else if url.contains("api.line.me") {
            json!({"sentMessages": [{"id": number.to_string()}]})
        } else if url.contains("twilio.com") {
            json!({"sid": format!("SMout{number}")})
        } else if url.contains("forum") {
            json!({"id": number})
        } else {
            json!({"id": format!("out-{number}")})
        };
        Ok(WireResponse::Http(HttpResponse::new(StatusCode::OK, answer.to_string())))
    }
}
