//! The transport against a server of a few lines on the loopback interface.

use kontak_channel::{HttpRequest, Transport, TransportError, WireRequest, WireResponse};
use kontak_channels::http_client::HttpClient;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

async fn serve(answer: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4_096];
        let _ = stream.read(&mut request).await.unwrap();
        match answer {
            Some(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
            None => tokio::time::sleep(Duration::from_secs(60)).await,
        }
    });
    format!("http://127.0.0.1:{port}/send")
}

async fn exchange(url: &str) -> Result<WireResponse, TransportError> {
    let client = HttpClient::new().with_answer_within(Duration::from_millis(300));
    let request = HttpRequest::post(url.parse().unwrap(), "application/json", "{}");
    client.exchange(WireRequest::Http(request)).await
}

#[tokio::test]
async fn an_answer_comes_back() {
    let url = serve(Some(
        "HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: 2\r\n\r\n{}",
    ))
    .await;
    let Ok(WireResponse::Http(response)) = exchange(&url).await else { panic!() };
    assert_eq!((response.status.as_u16(), response.retry_after().unwrap().num_seconds()), (429, 7));
}

#[tokio::test]
async fn it_tells_truly_whether_anything_was_sent() {
    // Nobody listens: the port was free a moment ago.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let closed = exchange(&format!("http://127.0.0.1:{port}/")).await;
    assert_eq!(closed.unwrap_err(), TransportError::NotSent);
    let silent = exchange(&serve(None).await).await;
    assert_eq!(silent.unwrap_err(), TransportError::TimedOut);
    let broken =
        exchange(&serve(Some("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{")).await).await;
    assert_eq!(broken.unwrap_err(), TransportError::Interrupted);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let url = serve(Some(
        "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n",
    ))
    .await;
    let Ok(WireResponse::Http(response)) = exchange(&url).await else { panic!() };
    assert_eq!(response.status.as_u16(), 302);
}
