//! The parent's side of the wire: posts, and remembers what was acknowledged; takes what is sent, and
//! remembers that too.

use crate::Error;
use crate::shop::Post;
use kontak_channel::Outbound;
use kontak_routing::simulate::Random;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// How long a client waits from one answer to the next request.
const PACE: Duration = Duration::from_millis(8);

/// What an owner says when it has begun: how many records it holds, and the digest of what they led
/// to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Report {
    pub(crate) life: u32,
    pub(crate) position: u64,
    pub(crate) digest: u64,
    pub(crate) violations: usize,
}

pub(crate) struct Provider {
    pub(crate) address: String,
    known: Mutex<Known>,
    told: mpsc::UnboundedSender<Report>,
}

/// What is known of one tenant.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) tenant: u32,
    /// How many were posted, each perhaps several times.
    posted: u64,
    /// Were posted, and not acknowledged.
    again: VecDeque<Post>,
    pub(crate) acknowledged: BTreeSet<Post>,
    /// How often which request was taken.
    pub(crate) taken: BTreeMap<String, u32>,
    /// Nothing new is posted any more.
    pub(crate) is_closing: bool,
    connections: usize,
    random: Random,
    failed: Option<String>,
}

impl Provider {
    pub(crate) async fn start(
        seed: u64,
    ) -> Result<(Arc<Self>, mpsc::UnboundedReceiver<Report>), Error> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (told, reports) = mpsc::unbounded_channel();
        let known = Known {
            tenant: 0,
            posted: 0,
            again: VecDeque::new(),
            acknowledged: BTreeSet::new(),
            taken: BTreeMap::new(),
            is_closing: false,
            connections: 0,
            random: Random::new(seed),
            failed: None,
        };
        let address = listener.local_addr()?.to_string();
        let provider = Arc::new(Self { address, known: Mutex::new(known), told });
        tokio::spawn(Arc::clone(&provider).listen(listener));
        Ok((provider, reports))
    }

    pub(crate) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn listen(self: Arc<Self>, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let provider = Arc::clone(&self);
            self.known().connections += 1;
            tokio::spawn(async move {
                let served = provider.serve(stream).await;
                let mut known = provider.known();
                known.connections -= 1;
                // A connection that breaks is what a kill looks like.
                if let Err(error) = served
                    && !error.is::<std::io::Error>()
                {
                    known.failed = Some(error.to_string());
                }
            });
        }
    }

    async fn serve(&self, stream: TcpStream) -> Result<(), Error> {
        stream.set_nodelay(true)?;
        let mut stream = BufReader::new(stream);
        let purpose = read(&mut stream).await?;
        match purpose.split_once(' ').unwrap_or((&purpose, "")) {
            ("post", _) => self.post(stream).await,
            ("send", _) => self.take(stream).await,
            ("life", life) => self.listen_to(stream, life.parse()?).await,
            _ => Err(format!("a child said {purpose:?}").into()),
        }
    }

    async fn post(&self, mut stream: BufReader<TcpStream>) -> Result<(), Error> {
        loop {
            let next = self.known().next();
            let Some(post) = next else { return Ok(()) };
            let answered = async {
                stream.write_all(format!("{}\n", post.line()?).as_bytes()).await?;
                read(&mut stream).await
            };
            let answered = answered.await;
            self.known().answered(post, answered.as_deref().ok());
            answered?;
            tokio::time::sleep(PACE).await;
        }
    }

    /// One request. What comes whole has gone out to the customer; what does not has not.
    async fn take(&self, mut stream: BufReader<TcpStream>) -> Result<(), Error> {
        let outbound: Outbound = serde_json::from_str(&read(&mut stream).await?)?;
        let key = outbound.key.as_str().to_owned();
        let (answer, wait) = {
            let mut known = self.known();
            let chance = known.random.below(32);
            if chance < 2 {
                (Some("later\n".to_owned()), 0)
            } else {
                let times = known.taken.entry(key.clone()).or_default();
                *times += 1;
                if *times > 1 {
                    return Err(format!("request {key} went out {times} times").into());
                }
                // Now and then it is taken, and nobody is told.
                let answer = (chance > 2).then(|| format!("provider-{key}\n"));
                (answer, known.random.below(4))
            }
        };
        tokio::time::sleep(Duration::from_millis(wait.into())).await;
        if let Some(answer) = answer {
            stream.write_all(answer.as_bytes()).await?;
        }
        Ok(())
    }

    async fn listen_to(&self, mut stream: BufReader<TcpStream>, life: u32) -> Result<(), Error> {
        loop {
            let line = read(&mut stream).await?;
            let [position, digest, violations] = &*line.split(' ').collect::<Vec<_>>() else {
                return Err(format!("a child said {line:?}").into());
            };
            let (position, digest) = (position.parse()?, digest.parse()?);
            let report = Report { life, position, digest, violations: violations.parse()? };
            self.told.send(report)?;
        }
    }

    /// Once a child is dead: when all that it had said has been heard.
    pub(crate) async fn drained(&self) -> Result<(), Error> {
        loop {
            {
                let mut known = self.known();
                if let Some(failed) = known.failed.take() {
                    return Err(failed.into());
                }
                if known.connections == 0 {
                    return Ok(());
                }
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Known {
    /// Another tenant, of whom nothing is known.
    pub(crate) fn begin(&mut self, tenant: u32) {
        (self.tenant, self.posted, self.is_closing) = (tenant, 0, false);
        self.again.clear();
        self.acknowledged.clear();
        self.taken.clear();
    }

    /// What was not acknowledged comes again, as do some that were: providers do both.
    fn next(&mut self) -> Option<Post> {
        if let Some(post) = self.again.pop_front() {
            return Some(post);
        }
        if self.is_closing {
            return None;
        }
        if self.posted > 0 && self.random.below(8) == 0 {
            let number = self.posted - 1 - u64::from(self.random.below(self.posted.min(20) as u32));
            return Some(Post { tenant: self.tenant, number });
        }
        self.posted += 1;
        Some(Post { tenant: self.tenant, number: self.posted - 1 })
    }

    fn answered(&mut self, post: Post, answer: Option<&str>) {
        if answer == Some("ok") {
            self.acknowledged.insert(post);
        } else {
            self.again.push_back(post);
        }
    }

    /// How many were posted.
    pub(crate) fn posted(&self) -> u64 {
        self.posted
    }
}

/// A whole line; one that was cut off was not said.
async fn read(stream: &mut BufReader<TcpStream>) -> Result<String, Error> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    match line.strip_suffix('\n') {
        Some(line) => Ok(line.to_owned()),
        None => Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into()),
    }
}
