//! The host: everything joined together, started, and stopped.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use axum::{Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use porchlight_delivery::Mailer;
use porchlight_runtime::Runtime;
use porchlight_store::Store;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::Notify,
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::{
    abuse::Walls,
    app::{App, Parts},
    config::host::HostConfig,
    http::{self, listener, problem::chain},
    keys::Keys,
    metrics::Metrics,
    recent::RecentOffers,
    sites::Sites,
    watch::{self, Watched},
    widget,
    wiring::{clock::Clock, delivery},
};

/// How often the store is asked for sites that another process applied.
const SITES_INTERVAL: Duration = Duration::from_secs(2);

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
    /// How mail leaves.
    pub mailer: Arc<dyn Mailer>,
    /// A site's folder to apply whenever it changes.
    pub watched: Option<Watched>,
    /// Further routes.
    pub beside: Router,
    /// Says where the host listens, once it serves.
    pub announce: A,
}

/// Serves until the process is told to stop; then finishes what is under way.
pub async fn run<A: FnOnce(&str)>(setup: Setup<A>) -> anyhow::Result<()> {
    let listener = TcpListener::bind(setup.config.listen)
        .await
        .with_context(|| format!("`{}` cannot be listened on", setup.config.listen))?;
    let address = format!("http://{}", listener.local_addr()?);
    let app = App::new(Parts {
        keys: setup.keys,
        store: setup.store,
        runtime: setup.runtime,
        sites: Sites::default(),
        offers: RecentOffers::default(),
        clock: setup.clock,
        outbox: Arc::new(Notify::new()),
        public_url: setup.config.public_url.clone().unwrap_or_else(|| address.clone()),
        trusted_proxies: setup.config.trusted_proxies.clone(),
        limits: setup.config.limits.clone(),
        walls: Walls::new(&setup.config.abuse),
        metrics: Metrics::default(),
    });
    if let Err(error) = app.store.keep_assets(widget::assets(), app.now()).await {
        // A disk that is full or broken must not take down what can still be read.
        if app.store.site_versions().await?.is_empty() {
            return Err(error).context("the widget's files could not be kept");
        }
        tracing::error!(error = %chain(&error), "the widget's files could not be kept for pages loaded now");
    }
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

    let stop = stopping()?;
    let mut tasks = vec![
        tokio::spawn(refreshing(app.clone(), stop.clone())),
        tokio::spawn(delivery::delivering(app.clone(), setup.mailer, stop.clone())),
    ];
    tasks.extend(setup.watched.map(|watched| tokio::spawn(watch::watching(app.clone(), watched, stop.clone()))));
    tasks.extend(metrics(&app, &setup.config, &stop).await?);
    tracing::info!(sites = app.sites.count(), address, "serving");
    (setup.announce)(&address);
    let routes = http::surrounded(http::routes(app.clone()).merge(setup.beside), &app);
    listener::serve(listener, routes, &setup.config.limits, stop).await;
    let time_left = Duration::from_secs(setup.config.limits.shutdown_seconds);
    for task in tasks {
        match timeout(time_left, task).await {
            Ok(ended) => ended.context("a part of the host broke off")?,
            Err(_) => tracing::warn!("a delivery was still under way when the time to stop was over"),
        }
    }
    tracing::info!("stopped");
    Ok(())
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

/// `/metrics`, on a listener of its own.
async fn metrics(app: &App, config: &HostConfig, stop: &CancellationToken) -> anyhow::Result<Option<JoinHandle<()>>> {
    let Some(address) = config.metrics.listen else { return Ok(None) };
    let listener = TcpListener::bind(address).await.with_context(|| format!("`{address}` cannot be listened on"))?;
    println!("metrics on http://{}/metrics", listener.local_addr()?);
    let routes = Router::new().route("/metrics", get(measured)).with_state(app.clone());
    let (limits, stop) = (config.limits.clone(), stop.clone());
    Ok(Some(tokio::spawn(async move { listener::serve(listener, routes, &limits, stop).await })))
}

async fn measured(State(app): State<App>) -> axum::response::Response {
    let waiting = app.store.waiting_deliveries().await;
    match waiting.map(|(waiting, _)| app.metrics.text(waiting)) {
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
