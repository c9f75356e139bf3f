//! The connections that are open, and what waits for those that are not.

use super::queue::{Queue, Queued};
use async_trait::async_trait;
use kontak_channel::chrono::{DateTime, Utc};
use kontak_channel::{FrameRequest, Transport, TransportError, WireRequest, WireResponse};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// All visitors of one process: the transport of a [`WebChat`](super::WebChat).
///
/// What waits for visitors is kept in memory. A process that starts anew begins a new epoch, and what
/// a visitor had not acknowledged by then is sent again only by whoever has it stored: nothing that
/// was told `Delivered` is lost, and what was not can be found by that.
#[derive(Clone)]
pub struct Hub(Arc<Shared>);

struct Shared {
    limits: HubLimits,
    clock: fn() -> DateTime<Utc>,
    epoch: Box<str>,
    visitors: Mutex<BTreeMap<Box<str>, Visitor>>,
}

/// How much a hub takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HubLimits {
    /// How many visitors are remembered, connected or not.
    pub visitors: usize,
    /// How many frames are kept for one.
    pub frames: usize,
    /// How many connections one may have.
    pub connections: usize,
    /// How many frames may be on their way into one connection before it is closed as too slow.
    pub backlog: usize,
}

impl Default for HubLimits {
    fn default() -> Self {
        Self { visitors: 100_000, frames: 200, connections: 8, backlog: 256 }
    }
}

struct Visitor {
    queue: Queue,
    connections: BTreeMap<u64, mpsc::Sender<String>>,
    next_connection: u64,
    left: DateTime<Utc>,
}

/// What a connection that begins, or goes on, has to know.
pub(super) struct Attached {
    pub(super) number: u64,
    pub(super) frames: mpsc::Receiver<String>,
    pub(super) replay: Vec<String>,
    pub(super) missed: u64,
    /// Nobody of this visitor was there before.
    pub(super) first: bool,
}

impl Hub {
    /// Nobody is there. `epoch` tells this process from the one before: take something random.
    #[must_use]
    pub fn new(epoch: &str, clock: fn() -> DateTime<Utc>, limits: HubLimits) -> Self {
        let visitors = Mutex::default();
        Self(Arc::new(Shared { limits, clock, epoch: epoch.into(), visitors }))
    }

    /// How many visitors are connected.
    #[must_use]
    pub fn connected(&self) -> usize {
        self.lock().values().filter(|visitor| !visitor.connections.is_empty()).count()
    }

    pub(super) fn epoch(&self) -> &str {
        &self.0.epoch
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.0.clock)()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Box<str>, Visitor>> {
        // Each change is whole: a panic elsewhere leaves nothing half done.
        self.0.visitors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a connection, with what it missed after number `last`.
    pub(super) fn attach(&self, name: &str, last: u64) -> Result<Attached, &'static str> {
        let mut visitors = self.lock();
        let visitor = self.visitor(&mut visitors, name).ok_or("full")?;
        if visitor.connections.len() >= self.0.limits.connections {
            return Err("elsewhere");
        }
        let (sender, frames) = mpsc::channel(self.0.limits.backlog);
        visitor.next_connection += 1;
        let number = visitor.next_connection;
        let first = visitor.connections.is_empty();
        visitor.connections.insert(number, sender);
        let replay = visitor.queue.after(last).map(numbered).collect();
        Ok(Attached { number, frames, replay, missed: visitor.queue.missed(last), first })
    }

    /// Ends a connection, and says whether it was the last one of the visitor.
    pub(super) fn detach(&self, name: &str, number: u64) -> bool {
        let mut visitors = self.lock();
        let Some(visitor) = visitors.get_mut(name) else { return false };
        visitor.connections.remove(&number);
        visitor.left = (self.0.clock)();
        visitor.connections.is_empty()
    }

    pub(super) fn acknowledge(&self, name: &str, seq: u64) {
        if let Some(visitor) = self.lock().get_mut(name) {
            visitor.queue.acknowledge(seq);
        }
    }

    /// The visitor; where there is no room, in the place of the one who left first and has it all.
    fn visitor<'v>(
        &self,
        visitors: &'v mut BTreeMap<Box<str>, Visitor>,
        name: &str,
    ) -> Option<&'v mut Visitor> {
        if !visitors.contains_key(name) && visitors.len() >= self.0.limits.visitors {
            let gone =
                |visitor: &Visitor| visitor.connections.is_empty() && visitor.queue.is_settled();
            let settled = visitors.iter().filter(|(_, visitor)| gone(visitor));
            let (oldest, _) = settled.min_by_key(|(_, visitor)| visitor.left)?;
            let oldest = oldest.clone();
            visitors.remove(&oldest);
        }
        let (frames, left) = (self.0.limits.frames, (self.0.clock)());
        Some(visitors.entry(name.into()).or_insert_with(|| Visitor {
            queue: Queue::new(frames),
            connections: BTreeMap::new(),
            next_connection: 0,
            left,
        }))
    }

    fn write(&self, request: FrameRequest) -> Result<WireResponse, TransportError> {
        let mut visitors = self.lock();
        let visitor =
            self.visitor(&mut visitors, &request.session).ok_or(TransportError::NotSent)?;
        let FrameRequest { text, id, .. } = request;
        let text = if id.is_some() {
            let before = visitor.queue.last();
            let at = (self.0.clock)();
            let seq = visitor.queue.push(id.clone(), text, at);
            let seq = seq.map_err(|_| TransportError::NotSent)?;
            let taken = visitor.queue.after(seq - 1).next().filter(|_| seq > before);
            match taken {
                Some(queued) => numbered(queued),
                // It was taken before under this name.
                None => return Ok(WireResponse::Written { connections: 0, id }),
            }
        } else {
            text
        };
        // A connection that cannot take it is too slow: it is closed, comes back and goes on.
        visitor.connections.retain(|_, sender| sender.try_send(text.clone()).is_ok());
        let connections = u32::try_from(visitor.connections.len()).unwrap_or(u32::MAX);
        Ok(WireResponse::Written { connections, id })
    }
}

/// `frame` is JSON of ours, so that it can stand inside as it is.
fn numbered(queued: &Queued) -> String {
    let (seq, at, frame) = (queued.seq, queued.at.timestamp_millis(), &queued.frame);
    format!(r#"{{"event":{{"seq":{seq},"at":{at},"frame":{frame}}}}}"#)
}

#[async_trait]
impl Transport for Hub {
    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, TransportError> {
        match request {
            WireRequest::Frame(request) => self.write(request),
            _ => Err(TransportError::Unsupported),
        }
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}
