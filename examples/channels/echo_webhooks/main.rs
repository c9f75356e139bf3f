//! A server with every webhook adapter mounted, which says back what it hears: each message is
//! verified, parsed, known again when it comes twice, and answered through a planner.
//!
//! Without arguments it starts on a free port of the loopback interface, sends itself signed
//! requests, prints what came of them and stops. With an address it stays. Answers are printed, or
//! sent to an interface of yours that stands in for all providers:
//!
//! ```text
//! cargo run --example echo_webhooks
//! cargo run --example echo_webhooks -- 127.0.0.1:8080 https://your.public.address
//! cargo run --example echo_webhooks -- 127.0.0.1:8080 https://your.public.address http://127.0.0.1:8081
//! ```

mod desk;
mod samples;

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use desk::Desk;
use kontak_channel::RawRequest;
use std::sync::Arc;

struct Server {
    public: String,
    desk: Desk,
}

async fn hook(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    uri: Uri,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // What the provider called, not what a proxy made of it.
    let Ok(url) = format!("{}{uri}", server.public).parse() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match server.desk.hear(&name, &RawRequest::new(method, url, headers, body)) {
        Ok(answer) => ([("content-type", answer.content_type)], answer.body).into_response(),
        Err(status) => status.into_response(),
    }
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let address = arguments.first();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener =
            tokio::net::TcpListener::bind(address.map_or("127.0.0.1:0", String::as_str)).await?;
        let own = format!("http://{}", listener.local_addr()?);
        let public = arguments.get(1).cloned().unwrap_or_else(|| own.clone());
        let desk = Desk::new(&public, arguments.get(2).map(String::as_str))?;
        println!("listening on {own}, called {public}");
        let server = Arc::new(Server { public: public.clone(), desk });
        let router = Router::new().route("/{channel}", any(hook)).with_state(server);
        let server = async { axum::serve(listener, router).await.context("serving") };
        if address.is_some() {
            return server.await;
        }
        tokio::select! {
            ended = server => ended,
            tried = samples::try_out(&public) => tried,
        }
    })
}
