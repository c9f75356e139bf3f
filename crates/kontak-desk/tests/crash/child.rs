//! The process that is killed: a desk that takes in what the parent posts, answers each message once,
//! and sends the answers to the parent.

use crate::Error;
use crate::shop::{self, Post, Said};
use kontak_channel::address::PhoneNumber;
use kontak_channel::content::{Content, Written};
use kontak_channel::http::StatusCode;
use kontak_channel::{
    Channel, HttpResponse, MemoryCodec, RetryPolicy, Sender, Transport, TransportError,
    WireRequest, WireResponse, Wired,
};
use kontak_conversation::Actor;
use kontak_conversation::chrono::TimeDelta;
use kontak_desk::{
    Accounts, ActionError, Clock as _, Desk, DeskError, Enriched, Enrichment, Notice, Step,
    SystemClock, Tenant, Touched,
};
use kontak_identity::{Identifier, Observation};
use kontak_routing::Agent;
use kontak_storage::{OutboxPosition, OutboxState, Storage};
use kontak_types::{AgentId, TouchpointId, uuid::Uuid};
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How many requests come at once.
const CLIENTS: usize = 8;
const AGENTS: u128 = 5;

/// Works until it is killed, or until the parent has nothing to post any more.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode, Error> {
    let [place, parent, tenant, life] = arguments else {
        return Err("child PLACE PARENT TENANT LIFE".into());
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(live(place, Arc::from(&**parent), tenant.parse()?, life))?;
    Ok(ExitCode::SUCCESS)
}

async fn live(place: &str, parent: Arc<str>, tenant: u32, life: &str) -> Result<(), Error> {
    let storage = shop::open(place).await?;
    let desk = desk(Arc::clone(&storage), &parent, tenant)?;
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(take_in(desk.clone(), Arc::clone(&parent)));
    }
    let told = connect(&parent, &format!("life {life}")).await?;
    let mut serving = tokio::spawn(serve(desk.clone(), told));
    let done = async {
        while let Some(client) = clients.join_next().await {
            client??;
        }
        while !is_served(&desk, &*storage, tenant).await? {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok::<_, Error>(())
    };
    tokio::select! {
        done = done => done?,
        failed = &mut serving => return failed?,
    }
    serving.abort();
    desk.shut_down().await;
    Ok(())
}

fn desk(storage: Arc<dyn Storage>, parent: &Arc<str>, tenant: u32) -> Result<Desk, Error> {
    let mut retry = RetryPolicy::default();
    (retry.tries, retry.first_wait_ms, retry.longest_wait_ms) = (1_000, 20, 100);
    let mut builder = Desk::builder(storage, shop::tenant(tenant), shop::SECRET)
        .settings(shop::settings()?)
        .enrichment(Arc::new(Register))
        .retry(retry)
        .lease(Duration::from_millis(150))
        // Often, so that it is also killed while it lets go of conversations and takes them back.
        .snapshot_every(1_500)
        .evict_after(TimeDelta::milliseconds(300));
    for account in shop::ACCOUNTS {
        let transport = Parent(Arc::clone(parent));
        let channel: Arc<dyn Channel> = Arc::new(Wired::new(MemoryCodec::new(account), transport));
        builder = builder.account(channel, shop::keys());
    }
    Ok(builder.start()?)
}

async fn connect(parent: &str, purpose: &str) -> Result<TcpStream, std::io::Error> {
    let mut stream = TcpStream::connect(parent).await?;
    stream.set_nodelay(true)?;
    stream.write_all(format!("{purpose}\n").as_bytes()).await?;
    Ok(stream)
}

/// One request after the other, each acknowledged when the desk says so.
async fn take_in(desk: Desk, parent: Arc<str>) -> Result<(), Error> {
    let mut stream = BufReader::new(connect(&parent, "post").await?);
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let (account, request) = shop::request(&line)?;
        let answer = match desk.inbound(account, &request).await {
            Ok(_) => "ok\n",
            Err(refused) if refused.status() == 503 => "later\n",
            Err(refused) => return Err(refused.into()),
        };
        stream.write_all(answer.as_bytes()).await?;
        line.clear();
    }
    Ok(())
}

/// Sends to the parent.
struct Parent(Arc<str>);

#[async_trait::async_trait]
impl Transport for Parent {
    async fn exchange(&self, request: WireRequest) -> Result<WireResponse, TransportError> {
        let WireRequest::Http(request) = request else { return Err(TransportError::Unsupported) };
        let stream = connect(&self.0, "send").await.map_err(|_| TransportError::NotSent)?;
        let mut stream = BufReader::new(stream);
        let mut answer = String::new();
        let exchanged = async {
            stream.write_all(&request.body).await?;
            stream.write_all(b"\n").await?;
            stream.read_line(&mut answer).await
        };
        exchanged.await.map_err(|_| TransportError::Interrupted)?;
        let response = match answer.trim_end() {
            "" => return Err(TransportError::Interrupted),
            "later" => HttpResponse::new(StatusCode::SERVICE_UNAVAILABLE, ""),
            id => HttpResponse::new(StatusCode::OK, id.to_owned()),
        };
        Ok(WireResponse::Http(response))
    }
}

/// Knows everybody's number: who writes on both accounts is one customer.
struct Register;

#[async_trait::async_trait]
impl Enrichment for Register {
    async fn look_up(&self, sender: &Sender, _: Option<&Content>) -> Enriched {
        let number =
            sender.touchpoint.id.split_once(' ').and_then(|(_, number)| number.parse().ok());
        let digits = format!("+6281290{:06}", 100_000 + number.unwrap_or(0_u32));
        let Ok(phone) = digits.parse::<PhoneNumber>() else { return Enriched::nothing() };
        let id = TouchpointId::new(Uuid::now_v7());
        let (key, record) = (sender.touchpoint.clone(), &*sender.touchpoint.id);
        let seen = Observation::new(id, key, "register", record, SystemClock.now())
            .with_identifier(Identifier::phone(phone, phone.number_type().into()));
        Enriched::nothing().with_observation(seen)
    }
}

fn agent(number: u128) -> AgentId {
    AgentId::new(Uuid::from_u128(9_000 + number))
}

/// Owns the tenant whenever it can, and answers what was not answered.
async fn serve(desk: Desk, mut told: TcpStream) -> Result<(), Error> {
    loop {
        desk.owned().await?;
        match answer(&desk, &mut told).await {
            Ok(()) | Err(DeskError::NotOwner | DeskError::NotStored) => {}
            Err(other) => return Err(other.into()),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// As long as the tenant is owned here.
async fn answer(desk: &Desk, told: &mut TcpStream) -> Result<(), DeskError> {
    let mut notices = desk.subscribe();
    for number in 0..AGENTS {
        desk.sign_in(Agent::new(agent(number)).with_channel("memory", 4)).await?;
    }
    let (report, all) = with_all(desk, |tenant| {
        let (position, violations) = (tenant.position(), tenant.routing().invariants().len());
        let digest = shop::digest(tenant);
        (format!("{position} {digest} {violations}\n"), shop::said(tenant))
    })
    .await?;
    // The parent may be about to kill this process.
    let _ = told.write_all(report.as_bytes()).await;
    let answered = all.iter().filter(|said| !said.asks).filter_map(|said| said.post);
    let mut answered: BTreeSet<Post> = answered.collect();
    let mut waiting: Vec<Said> = all.into_iter().filter(|said| said.asks).collect();
    for turn in 0.. {
        let waits = |said: &Said| said.post.is_some_and(|post| answered.insert(post));
        let batch: Vec<Said> = waiting.drain(..).filter(waits).collect();
        if !batch.is_empty() {
            let touched = batch.iter().map(|said| Touched::Conversation(said.conversation));
            let touched: Vec<Touched> = touched.collect();
            desk.step_with(touched, move |tenant, accounts, step| {
                reply(tenant, accounts, step, &batch)
            })
            .await??;
        }
        match timeout(Duration::from_millis(40), notices.recv()).await {
            Ok(Ok(notice)) => waiting.extend(look_up(desk, &mut notices, notice).await?),
            Ok(Err(RecvError::Lagged(_))) => return Ok(()),
            Ok(Err(RecvError::Closed)) => return Err(DeskError::Closed),
            Err(_) => desk.heartbeat(agent(turn % AGENTS)).await?,
        }
    }
    Ok(())
}

/// Looks at a tenant of whom nothing is away.
async fn with_all<T: Send + 'static>(
    desk: &Desk,
    look: impl Fn(&mut Tenant) -> T + Copy + Send + 'static,
) -> Result<T, DeskError> {
    loop {
        let all = desk.step(|tenant, _, _| {
            let customers = tenant.identity().customers().map(|one| Touched::Customer(one.id()));
            customers.collect::<Vec<_>>()
        });
        // Customers may have been joined meanwhile.
        let looked = desk.step_with(all.await?, move |tenant, _, _| {
            (tenant.conversations().evicted() == 0).then(|| look(tenant))
        });
        if let Some(seen) = looked.await? {
            return Ok(seen);
        }
    }
}

/// The messages that this notice, and those that wait behind it, tell of.
async fn look_up(
    desk: &Desk,
    notices: &mut tokio::sync::broadcast::Receiver<Notice>,
    first: Notice,
) -> Result<Vec<Said>, DeskError> {
    let mut ids = Vec::new();
    let mut next = Ok(first);
    while let Ok(notice) = next {
        if let Notice::Said { conversation, message, .. } = notice {
            ids.push((conversation, message));
        }
        next = notices.try_recv();
    }
    if matches!(next, Err(TryRecvError::Lagged(_))) {
        return Err(DeskError::NotStored);
    }
    let look = desk.step(move |tenant, _, _| {
        let state = tenant.conversations();
        let said = ids.into_iter().filter_map(|(conversation, id)| {
            let message = state.message(id)?;
            let post = message.content().and_then(|it| Post::of_text(&it.plain_text()));
            let asks = matches!(message.said.author, Actor::Customer(_));
            Some(Said { conversation, asks, post }).filter(|said| said.asks)
        });
        said.collect()
    });
    look.await
}

/// Answers all, resolves some, and promises something now and then that will be broken.
fn reply(
    tenant: &mut Tenant,
    accounts: &Accounts,
    step: &mut Step<'_>,
    batch: &[Said],
) -> Result<(), ActionError> {
    for &Said { conversation, post, .. } in batch {
        let Some(post) = post else { continue };
        let home = tenant.conversations().home(conversation);
        let known = tenant.conversations().conversation(home);
        let actor = known.and_then(|known| known.agent).map_or(Actor::System, Actor::Agent);
        let content = Content::plain(post.answer()).expect("a short text is a text");
        tenant.reply(&actor, (home, None), content, accounts, step)?;
        if post.number % 11 == 0 {
            let what = Written::new("besok").expect("a short text is a text");
            let due = step.now() + Duration::from_millis(300);
            tenant.promise(&actor, home, (what, due), step)?;
        }
        if post.number % 5 == 0 {
            tenant.resolve(&actor, home, step)?;
        }
    }
    Ok(())
}

/// Whether nothing waits any more, of those who wrote and of what is to be sent.
async fn is_served(desk: &Desk, storage: &dyn Storage, tenant: u32) -> Result<bool, Error> {
    let id = shop::tenant(tenant);
    let progress = storage.progress(id).await?;
    if progress.inbox_cursor != progress.inbox {
        return Ok(false);
    }
    let asked = with_all(desk, |tenant| {
        let all = shop::said(tenant);
        (all.iter().filter(|said| said.asks).count(), all.len())
    });
    match asked.await {
        Ok((asked, all)) if all == 2 * asked => {}
        Ok(_) | Err(DeskError::NotOwner | DeskError::NotStored) => return Ok(false),
        Err(other) => return Err(other.into()),
    }
    for state in [OutboxState::Waiting, OutboxState::Sending] {
        if !storage.read_outbox(id, state, OutboxPosition::START, 1).await?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}
