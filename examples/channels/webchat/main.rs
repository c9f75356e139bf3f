//! A site with a chat on it, and a desk that says back what it hears: what visitors write is verified,
//! parsed, known again when it comes twice, and answered through a planner over the same socket.
//!
//! Without arguments it starts on a free port, asks itself for the widget and stops. With an address
//! it stays; open it in a browser:
//!
//! ```text
//! cargo run --example webchat -- 127.0.0.1:8090
//! ```
//!
//! It listens on the loopback interface and without encryption; put a proxy with TLS before it.

mod desk;

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::response::Html;
use axum::routing::get;
use desk::{Desk, file, now};
use kontak_channel::{
    HttpRequest, KeyRing, Secret, Transport as _, WireRequest, WireResponse, Wired,
};
use kontak_channels::http_client::HttpClient;
use kontak_channels::webchat::{Hub, HubLimits, WebChat, WebChatServer};
use std::sync::Arc;

const PAGE: &str = include_str!("page.html");

fn site(own: &str) -> anyhow::Result<Router> {
    let files = format!("{own}/files/").parse()?;
    let chat = || WebChat::new("toko-budi").with_attachments_under(files);
    let codec = Arc::new(chat());
    let hub = Hub::new(&epoch(), now, HubLimits::default());
    let desk = Arc::new(Desk::new(Wired::new(WebChat::new("toko-budi"), hub.clone()), own));
    // The secret is the site's own; here everybody may read it.
    let keys = KeyRing::new(Secret::new("a secret of at least sixteen bytes"));
    let server = WebChatServer::new(codec, hub, keys, Arc::clone(&desk) as _, own.parse()?);
    Ok(Router::new()
        .route("/", get(async || Html(PAGE)))
        .route("/files/{name}", get(file))
        .with_state(desk)
        .nest("/chat", server.router()))
}

/// What tells this start from the one before.
fn epoch() -> String {
    format!("{}-{}", now().timestamp_micros(), std::process::id())
}

async fn try_out(own: &str) -> anyhow::Result<()> {
    let widget = HttpRequest::get(format!("{own}/chat/widget.js").parse()?);
    match HttpClient::new().exchange(WireRequest::Http(widget)).await? {
        WireResponse::Http(answer) => {
            ensure!(answer.status.is_success(), "the widget: {}", answer.status);
            println!("the widget has {} bytes", answer.body.len());
            Ok(())
        }
        other => anyhow::bail!("an answer of another kind: {other:?}"),
    }
}

fn main() -> anyhow::Result<()> {
    let address = std::env::args().nth(1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener =
            tokio::net::TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:0")).await?;
        let own = format!("http://{}", listener.local_addr()?);
        let site = site(&own)?;
        println!("listening on {own}");
        let server = async { axum::serve(listener, site).await.context("serving") };
        if address.is_some() {
            return server.await;
        }
        tokio::select! {
            ended = server => ended,
            tried = try_out(&own) => tried,
        }
    })
}
