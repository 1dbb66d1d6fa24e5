//! The host: everything joined together, started, and stopped.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use axum::{Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use porchlight_delivery::{Circuits, ImapInbox, Mailer, Senders};
use porchlight_runtime::Runtime;
use porchlight_store::Store;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::{Notify, mpsc},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::{
    abuse::Walls,
    app::{App, Inbound, Parts},
    changes::Changes,
    config::host::{HostConfig, MailConfig},
    flows::{due, mailbox, measuring, retention},
    http::{self, listener},
    keys::Keys,
    logs::chain,
    metrics::Metrics,
    outgoing::Outgoing,
    recent::RecentOffers,
    replies::ReplyAddress,
    search::Indexes,
    searches::{self, Searches},
    sign_in::passwords::Passwords,
    sites::Sites,
    squeezed::Squeezed,
    uploads::Uploads,
    watch::{self, Watched},
    widget,
    wiring::{clock::Clock, delivery, inbox},
};

/// How often the store is asked for sites that another process applied.
const SITES_INTERVAL: Duration = Duration::from_secs(2);

/// How often it is looked whether something promised is due.
const DUE_INTERVAL: Duration = Duration::from_secs(5);

/// What a host is started with.
pub struct Setup<A> {
    /// Its settings.
    pub config: HostConfig,
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// What tokens are signed with.
    pub keys: Keys,
    /// Where plugins run.
    pub runtime: Runtime,
    /// The time.
    pub clock: Clock,
    /// How mail leaves; without it, it waits.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Where mail comes in, beside the address for mail providers.
    pub inbox: Option<ImapInbox>,
    /// A site's folder to apply whenever it changes.
    pub watched: Option<Watched>,
    /// Further routes.
    pub beside: Router,
    /// Says where the host listens, once it serves.
    pub announce: A,
}

/// Serves until the process is told to stop; then finishes what is under way.
pub async fn run<A: FnOnce(&str)>(setup: Setup<A>) -> anyhow::Result<()> {
    listener::make_room_for_files(&setup.config.limits);
    let outgoing = Arc::new(Outgoing::new(&setup.config));
    let client = outgoing.client().context("TLS cannot be used on this machine")?;
    let stop = stopping()?;
    let listener = listening(setup.config.listen)?;
    let address = format!("http://{}", listener.local_addr()?);
    let (wanted, wishes) = mpsc::channel(mailbox::WAITING);
    let app = App::new(Parts {
        wanted,
        keys: setup.keys,
        store: setup.store,
        runtime: setup.runtime,
        sites: Sites::new(outgoing.clone()),
        outgoing,
        recent: RecentOffers::default(),
        indexes: Indexes::default(),
        searches: Searches::default(),
        squeezed: Squeezed::default(),
        clock: setup.clock,
        changes: Changes::until(stop.clone()),
        circuits: Circuits::default(),
        outbox: Arc::new(Notify::new()),
        public_url: setup.config.public_url.clone().unwrap_or_else(|| address.clone()),
        trusted_proxies: setup.config.trusted_proxies.clone(),
        limits: setup.config.limits.clone(),
        uploads: Uploads::new(setup.config.attachments.clone()),
        inbound: inbound(&setup.config.mail),
        walls: Walls::new(&setup.config.abuse),
        passwords: Passwords::default(),
        metrics: Metrics::default(),
    });
    keep_widget(&app).await?;
    if let Some(watched) = &setup.watched
        && let Err(error) = watch::apply(&app, watched).await
    {
        // A mistake must not take down a site that was served well before.
        if app.store.site_versions().await?.is_empty() {
            return Err(error);
        }
        tracing::error!("the site's folder is not applied, the version before it is served:\n{error:#}");
    }
    app.sites.refresh(app.store.as_ref(), &app.runtime, &app.public_url).await?;
    measuring::measure(&app).await;

    let mut parts = background(&app, wishes, &stop);
    parts.extend(mail(&app, delivery::senders(&app, setup.mailer, client), setup.inbox, &stop));
    parts.extend(
        setup.watched.map(|watched| part("watching", watch::watching(app.clone(), watched, stop.clone()), &stop)),
    );
    parts.extend(metrics(&app, &setup.config, &stop)?);
    tracing::info!(sites = app.sites.count(), address, "serving");
    (setup.announce)(&address);
    let routes = http::surrounded(http::routes(app.clone()).merge(setup.beside), &app);
    listener::serve(listener, routes, &setup.config.limits, &setup.config.trusted_proxies, stop).await;
    finished(parts, Duration::from_secs(setup.config.limits.shutdown_seconds)).await?;
    tracing::info!("stopped");
    Ok(())
}

/// What works by itself while the host serves.
fn background(app: &App, wishes: mpsc::Receiver<mailbox::Wanted>, stop: &CancellationToken) -> Vec<Part> {
    vec![
        part("taking up sites", refreshing(app.clone(), stop.clone()), stop),
        part("keeping promises", watching_promises(app.clone(), stop.clone()), stop),
        part("links", mailbox::fulfilling(app.clone(), wishes, stop.clone()), stop),
        part("counting searches", searches::keeping(app.clone(), stop.clone()), stop),
        part("measuring", measuring::measuring(app.clone(), stop.clone()), stop),
        part("retention", retention::retaining(app.clone(), stop.clone()), stop),
    ]
}

/// Waits until every part has finished what was under way, but no longer than there is time for each.
async fn finished(parts: Vec<Part>, time_left: Duration) -> anyhow::Result<()> {
    for Part { name, work } in parts {
        match timeout(time_left, work).await {
            Ok(ended) => ended.with_context(|| format!("a part of the host broke off: {name}"))?,
            Err(_) => {
                tracing::warn!(part = name, "a part of the host was still at work when the time to stop was over")
            }
        }
    }
    Ok(())
}

/// Keeps the widget's files for pages that are loaded now. A disk that is full or broken must not take down what can still be
/// read.
async fn keep_widget(app: &App) -> anyhow::Result<()> {
    let Err(error) = app.store.keep_assets(widget::assets(), app.now()).await else { return Ok(()) };
    if app.store.site_versions().await?.is_empty() {
        return Err(error).context("the widget's files could not be kept");
    }
    tracing::error!(error = %chain(&error), "the widget's files could not be kept for pages loaded now");
    Ok(())
}

/// Mail on its way out, and on its way in.
fn mail(app: &App, senders: Senders, inbox: Option<ImapInbox>, stop: &CancellationToken) -> impl Iterator<Item = Part> {
    let out = part("delivery", delivery::delivering(app.clone(), senders, stop.clone()), stop);
    let back = inbox.map(|inbox| part("incoming mail", inbox::receiving(app.clone(), inbox, stop.clone()), stop));
    [out].into_iter().chain(back)
}

fn inbound(config: &MailConfig) -> Inbound {
    // What cannot be answered to was refused with the settings.
    let replies = config.replies.as_deref().and_then(|written| ReplyAddress::parse(written).ok());
    Inbound { replies, secret: config.inbound_secret.clone(), bytes: config.inbound_bytes }
}

fn listening(address: SocketAddr) -> anyhow::Result<TcpListener> {
    listener::bind(address).with_context(|| format!("`{address}` cannot be listened on"))
}

/// A part of the host at work.
struct Part {
    name: &'static str,
    work: JoinHandle<()>,
}

/// Runs a part of the host. When it breaks off the whole host stops, with a failure, for whoever watches over it to start it
/// again: half a host would take requests that nobody ever hears of.
fn part(name: &'static str, work: impl Future<Output = ()> + Send + 'static, stop: &CancellationToken) -> Part {
    let alarm = Alarm { name, stop: stop.clone() };
    let work = tokio::spawn(async move {
        work.await;
        drop(alarm);
    });
    Part { name, work }
}

/// Stops the host when it is dropped by a panic.
struct Alarm {
    name: &'static str,
    stop: CancellationToken,
}

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!(part = self.name, "a part of the host broke off, and the host stops");
            self.stop.cancel();
        }
    }
}

/// A token that is cancelled when the process is told to stop (SIGTERM, SIGINT).
fn stopping() -> anyhow::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        told.cancel();
    });
    Ok(stop)
}

/// Takes up sites that were applied by another process.
async fn refreshing(app: App, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(SITES_INTERVAL)).await.is_some() {
        if let Err(error) = app.sites.refresh(app.store.as_ref(), &app.runtime, &app.public_url).await {
            tracing::error!(error = %chain(&error), "sites could not be read from the store");
        }
    }
}

/// Notes what is due, as time passes.
async fn watching_promises(app: App, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(DUE_INTERVAL)).await.is_some() {
        due::note(&app).await;
    }
}

/// `/metrics`, on a listener of its own.
fn metrics(app: &App, config: &HostConfig, stop: &CancellationToken) -> anyhow::Result<Option<Part>> {
    let Some(address) = config.metrics.listen else { return Ok(None) };
    let listener = listening(address)?;
    println!("metrics on http://{}/metrics", listener.local_addr()?);
    let routes = Router::new().route("/metrics", get(measured)).with_state(app.clone());
    let (limits, trusted, told) = (config.limits.clone(), config.trusted_proxies.clone(), stop.clone());
    let serving = async move { listener::serve(listener, routes, &limits, &trusted, told).await };
    Ok(Some(part("metrics", serving, stop)))
}

async fn measured(State(app): State<App>) -> axum::response::Response {
    let waiting = app.store.waiting_deliveries().await;
    match waiting.map(|waiting| app.metrics.text(&waiting, &app.circuits.open(), app.now())) {
        Ok(Ok(page)) => {
            ([("content-type", "application/openmetrics-text; version=1.0.0; charset=utf-8")], page).into_response()
        }
        Ok(Err(error)) => broken(&error),
        Err(error) => broken(&error),
    }
}

fn broken(error: &dyn std::error::Error) -> axum::response::Response {
    tracing::error!(error = %chain(error), "metrics could not be written");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_part_that_breaks_off_stops_the_host_and_fails() {
        let stop = CancellationToken::new();
        let other = part("another", stop.clone().cancelled_owned(), &stop);
        let broken = part("broken", async { panic!("on purpose") }, &stop);
        stop.cancelled().await;
        assert!(broken.work.await.is_err_and(|error| error.is_panic()));
        assert!(other.work.await.is_ok(), "the others end as they are told to");
    }

    #[tokio::test]
    async fn a_part_that_has_nothing_to_do_stops_nothing() {
        let stop = CancellationToken::new();
        part("watching", async {}, &stop).work.await.expect("it ended well");
        assert!(!stop.is_cancelled());
    }
}
