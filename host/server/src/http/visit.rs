//! Mailed links: their page opens once, by its button. A cookie for that page alone is set, and whoever has it sees the page.
//!
//! Opening the address shows and changes nothing, so that a mail program that looks at links beforehand uses none up, and a
//! letter that is quoted in an answer gives nothing away once its link was used.

use std::sync::Arc;

use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use jiff::SignedDuration;
use porchlight_model::{delivery::Reader, request::Request};
use porchlight_store::{Spending, Spent};

use super::problem::Fault;
use crate::{
    app::App,
    flows::links::{path_of, spent_by},
    sites::LiveSite,
    tokens::{self, Link},
};

const COOKIE: &str = "porchlight-visit";

/// As long as browsers keep one: 400 days.
const COOKIE_LIFE: SignedDuration = SignedDuration::from_hours(400 * 24);

/// How long after its first use a link's button still opens it.
const SECOND_PRESS: SignedDuration = SignedDuration::from_secs(30);

/// A link of a letter, and the site it stands under.
pub struct MailedLink {
    /// The host.
    pub app: App,
    /// The site.
    pub live: Arc<LiveSite>,
    /// Whom the letter was for.
    pub reader: Reader,
    /// Its one-time id.
    pub id: String,
}

/// What whoever comes by a link finds.
pub enum Door {
    /// There is no such link any more: it has expired, or its request is gone.
    Gone,
    /// It was used elsewhere.
    Used,
    /// It waits for its button.
    Shut,
    /// The request, for who pressed the button here.
    Open(Box<Request>),
}

impl MailedLink {
    /// The page's path.
    pub fn path(&self) -> String {
        path_of(self.reader, &self.live.site.key, &self.id)
    }

    /// What whoever comes with these headers finds.
    pub async fn look(&self, headers: &HeaderMap) -> Result<Door, Fault> {
        let Some((link, request)) = self.request().await? else { return Ok(Door::Gone) };
        Ok(match self.latch(link).look(headers).await? {
            Latched::Open => Door::Open(Box::new(request)),
            Latched::Shut => Door::Shut,
            Latched::Used => Door::Used,
        })
    }

    /// The button: leads to the page, or gives what was found instead.
    pub async fn press(&self, headers: &HeaderMap) -> Result<Result<Response, Door>, Fault> {
        let Some((link, _)) = self.request().await? else { return Ok(Err(Door::Gone)) };
        Ok(self.latch(link).press(headers).await?.ok_or(Door::Used))
    }

    fn latch(&self, link: Link) -> Latch<'_> {
        Latch { app: &self.app, path: self.path(), id: &self.id, spent: spent_by(link, &self.id) }
    }

    /// Link and request, unless the one has expired or the other is gone.
    async fn request(&self) -> Result<Option<(Link, Request)>, Fault> {
        let link = match self.reader {
            Reader::Requester => tokens::read_link(&self.app.keys, &self.id),
            Reader::Business => tokens::read_desk(&self.app.keys, &self.id),
        };
        let Some(link) = link.filter(|link| self.app.now() < link.expires_at) else { return Ok(None) };
        let request = self.app.store.lookup_request(link.request).await?;
        Ok(request.filter(|request| request.site == self.live.site.key).map(|request| (link, request)))
    }
}

/// What holds a link's page shut, until its button is pressed.
pub struct Latch<'a> {
    /// The host.
    pub app: &'a App,
    /// The page's path.
    pub path: String,
    /// The link's one-time id.
    pub id: &'a str,
    /// What opening it uses up.
    pub spent: Spent,
}

/// How a page is found by whoever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latched {
    /// The button was pressed here.
    Open,
    /// It waits for its button.
    Shut,
    /// It was used elsewhere.
    Used,
}

impl Latch<'_> {
    /// How whoever comes with these headers finds the page.
    pub async fn look(&self, headers: &HeaderMap) -> Result<Latched, Fault> {
        if self.is_visitor(headers) {
            return Ok(Latched::Open);
        }
        let used = self.app.store.spent_at(self.spent).await?;
        Ok(if used.is_some() { Latched::Used } else { Latched::Shut })
    }

    /// The button: leads to the page; `None` where it was used elsewhere.
    pub async fn press(&self, headers: &HeaderMap) -> Result<Option<Response>, Fault> {
        let now = self.app.now();
        Ok(match self.app.store.spend(self.spent, now).await? {
            Spending::Now => Some(self.welcomed()),
            Spending::Before(_) if self.is_visitor(headers) => Some(Redirect::to(&self.path).into_response()),
            // A second press before the first one's answer arrived: browsers then drop the first answer, and its cookie.
            Spending::Before(used_at) if now.duration_since(used_at) < SECOND_PRESS => Some(self.welcomed()),
            Spending::Before(_) => None,
        })
    }

    fn welcomed(&self) -> Response {
        let cookie = cookie(self.app, &self.path, self.id);
        ([(header::SET_COOKIE, cookie)], Redirect::to(&self.path)).into_response()
    }

    fn is_visitor(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(name, value)| name == COOKIE && tokens::is_link_visit(&self.app.keys, self.id, value))
    }
}

/// The cookie that shows the button was pressed here; it is sent to this page alone. It is of use as long as its link works.
pub fn cookie(app: &App, path: &str, one_time_id: &str) -> String {
    let token = tokens::link_visit(&app.keys, one_time_id);
    let secure = if app.public_url.starts_with("https://") { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path={path}; Max-Age={}; HttpOnly; SameSite=Lax{secure}", COOKIE_LIFE.as_secs())
}
