//! `porchlight.toml`: what the operator says about the host. Every setting can be overridden by the environment.

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
};

use porchlight_egress::{Block, Vetting};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    attachments::AttachmentsConfig,
    diagnostic::{Diagnostic, Diagnostics},
    document::{Document, Schema},
};
use crate::replies::ReplyAddress;

/// What settings in the environment begin with: `PORCHLIGHT_MAIL__SERVER` is `server` in `[mail]`.
pub const ENVIRONMENT_PREFIX: &str = "PORCHLIGHT_";

/// The section of secrets.
const SECRETS: &str = "secrets";

/// The host's settings.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HostConfig {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// How browsers reach this host: `https://help.example`. Without it, the address listened on.
    #[schemars(regex(pattern = "^https?://[^/?#\\s]+$"))]
    pub public_url: Option<String>,
    /// Addresses of reverse proxies before this host: what they say in `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Folder of the database and the keys.
    pub data: PathBuf,
    /// E-mail, outgoing and incoming.
    pub mail: MailConfig,
    /// Secrets by the names that site files call them: `NAME = "whsec_…"` signs webhooks.
    pub secrets: Secrets,
    /// Where webhooks may go.
    pub egress: EgressConfig,
    /// Prometheus metrics.
    pub metrics: MetricsConfig,
    /// The log on standard error.
    pub log: LogConfig,
    /// What one client may use of the host.
    pub limits: LimitsConfig,
    /// How much may be submitted.
    pub abuse: AbuseConfig,
    /// Files that people add to their requests.
    pub attachments: AttachmentsConfig,
}

impl Default for HostConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            trusted_proxies: Vec::new(),
            data: PathBuf::from("porchlight-data"),
            mail: MailConfig::default(),
            secrets: Secrets::default(),
            egress: EgressConfig::default(),
            metrics: MetricsConfig::default(),
            log: LogConfig::default(),
            limits: LimitsConfig::default(),
            abuse: AbuseConfig::default(),
            attachments: AttachmentsConfig::default(),
        }
    }
}

/// E-mail, outgoing and incoming.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MailConfig {
    /// The mail server: `smtp://user:password@mail.example:587?tls=required`. Without one nothing is sent, and the log says so.
    pub server: Option<String>,
    /// The address mail is sent from. Needed with `server`.
    pub from: Option<String>,
    /// The address that letters are answered to: `help@shop.example`. Each letter names one of its own, with a signed mark behind
    /// a plus sign, `help+…@shop.example`; all of them have to reach the host, by `imap` or `inbound_secret`. Without it an answer
    /// goes straight to the other side, and the conversation here does not show it.
    pub replies: Option<String>,
    /// A mailbox in which incoming mail is looked for: `imaps://user:password@mail.example/INBOX`. What was taken is marked as
    /// seen.
    pub imap: Option<String>,
    /// What a mail provider shows as `Authorization: Bearer …` when it posts incoming mail to `/v1/inbound/mail`. Without it
    /// there is no such address.
    #[schemars(length(min = 16, max = 512))]
    pub inbound_secret: Option<String>,
    /// The most bytes of an incoming mail.
    #[schemars(range(min = 65_536, max = 67_108_864))]
    pub inbound_bytes: usize,
}

impl Default for MailConfig {
    fn default() -> Self {
        let inbound_bytes = porchlight_delivery::inbox::USUAL_BYTES;
        Self { server: None, from: None, replies: None, imap: None, inbound_secret: None, inbound_bytes }
    }
}

/// Secrets by name. `Debug` shows the names alone.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(extend("propertyNames" = {"pattern": "^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$"}))]
pub struct Secrets(BTreeMap<String, String>);

impl Secrets {
    /// The secret of a name.
    pub fn lookup(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Where webhooks may go.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EgressConfig {
    /// Blocks of addresses that may be connected to though they are not out in the world, `10.1.0.0/16`; there without `https:` too,
    /// where the address itself stands in the URL. Whoever writes a site file reaches what is there.
    pub allow: Vec<String>,
}

impl EgressConfig {
    /// Which addresses may be connected to.
    pub fn vetting(&self) -> Vetting {
        Vetting::new(self.allow.iter().filter_map(|block| block.parse().ok()).collect())
    }

    /// The position of the first block that is none.
    fn mistake(&self) -> Option<usize> {
        self.allow.iter().position(|block| block.parse::<Block>().is_err())
    }
}

/// Prometheus metrics.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsConfig {
    /// Address and port of `/metrics`, a listener of its own. Without it there are none.
    pub listen: Option<SocketAddr>,
}

/// The log on standard error.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// For people, or one JSON object a line.
    pub format: LogFormat,
    /// What is logged: `info`, `debug`, or directives such as `info,plugin=debug`.
    pub level: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Human, level: "info".to_owned() }
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// What one client may use of the host.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Connections open at once; further ones wait to be accepted.
    #[schemars(range(min = 1, max = 100_000))]
    pub connections: usize,
    /// Connections one address may have open at once; further ones are closed unheard. An IPv6 network of 64 bits counts as one,
    /// trusted proxies do not count.
    #[schemars(range(min = 1, max = 100_000))]
    pub connections_per_address: usize,
    /// Size of a request's head, in bytes.
    #[schemars(range(min = 8_192, max = 1_048_576))]
    pub head_bytes: usize,
    /// Number of header fields in a request.
    #[schemars(range(min = 16, max = 1_000))]
    pub headers: usize,
    /// Size of a request's body, in bytes.
    #[schemars(range(min = 1_024, max = 16_777_216))]
    pub body_bytes: usize,
    /// Time a client has to send a request's head, in seconds; an idle connection is closed after it too.
    #[schemars(range(min = 1, max = 300))]
    pub head_seconds: u64,
    /// Time a client has to send a request's body, in seconds.
    #[schemars(range(min = 1, max = 300))]
    pub body_seconds: u64,
    /// Time a client has to take the next 16 KiB of an answer, in seconds.
    #[schemars(range(min = 1, max = 300))]
    pub reading_seconds: u64,
    /// Time a request may take from its head to the end of its answer's making, body included, in seconds.
    #[schemars(range(min = 1, max = 300))]
    pub request_seconds: u64,
    /// Time that requests under way are given when the host stops, in seconds.
    #[schemars(range(min = 0, max = 300))]
    pub shutdown_seconds: u64,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            connections: 4_096,
            connections_per_address: 256,
            head_bytes: 32_768,
            headers: 100,
            body_bytes: 262_144,
            head_seconds: 10,
            body_seconds: 10,
            reading_seconds: 10,
            request_seconds: 15,
            shutdown_seconds: 10,
        }
    }
}

/// How much may be submitted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AbuseConfig {
    /// Submissions an address may make a minute; an IPv6 network of 64 bits counts as one. Other walls follow from it: calls
    /// that ask for something (ten times as many), submissions without a proof of work (a sixth), how young a form may be
    /// (two seconds, less above 60), letters to a requester.
    pub requests_per_minute: NonZeroU32,
    /// Submissions a site takes a minute from all addresses together.
    pub site_requests_per_minute: NonZeroU32,
    /// Letters sent to one requester's address an hour. Without it, a twelfth of `requests_per_minute`.
    pub letters_per_hour: Option<NonZeroU32>,
}

impl AbuseConfig {
    /// Letters sent to one requester's address an hour.
    pub fn letters_per_hour(&self) -> NonZeroU32 {
        let usual = NonZeroU32::new(self.requests_per_minute.get() / 12);
        self.letters_per_hour.or(usual).unwrap_or(NonZeroU32::MIN)
    }
}

impl Default for AbuseConfig {
    fn default() -> Self {
        const fn number(number: u32) -> NonZeroU32 {
            match NonZeroU32::new(number) {
                Some(number) => number,
                None => NonZeroU32::MIN,
            }
        }
        Self { requests_per_minute: number(60), site_requests_per_minute: number(600), letters_per_hour: None }
    }
}

/// The JSON Schema of `porchlight.toml`.
pub fn schema() -> Value {
    schemars::schema_for!(HostConfig).to_value()
}

/// Reads the settings: a file's text, if there is a file, and the environment over it.
pub fn read(
    file: &str,
    text: &str,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<HostConfig, Diagnostics> {
    let mut document = Document::parse(file, text)?;
    for (name, value) in environment {
        if let Some(path) = setting(&name) {
            let value = if path[0] == SECRETS { Value::from(value) } else { literal(&value) };
            overlay(&mut document.value, &path, value);
        }
    }
    let config: HostConfig = document.read(&Schema::of::<HostConfig>())?;
    if config.mail.server.is_some() && config.mail.from.is_none() {
        let message = "mail needs an address to be sent from: `from = \"help@shop.example\"`".to_owned();
        return Err(Diagnostics(vec![document.diagnostic("/mail/server", message)]));
    }
    if let Some(Err(error)) = config.mail.replies.as_deref().map(ReplyAddress::parse) {
        return Err(Diagnostics(vec![document.diagnostic("/mail/replies", error.to_string())]));
    }
    if let Some(position) = config.egress.mistake() {
        let message = "not a block of addresses: write `10.1.0.0/16`, or `10.1.2.3/32` for one address".to_owned();
        return Err(Diagnostics(vec![document.diagnostic(&format!("/egress/allow/{position}"), message)]));
    }
    Ok(config)
}

/// `PORCHLIGHT_MAIL__SERVER` → `["mail", "server"]`; a name without a section that is no setting is somebody else's. What stands
/// for a secret is its own name.
fn setting(name: &str) -> Option<Vec<String>> {
    let name = name.strip_prefix(ENVIRONMENT_PREFIX)?;
    if let Some((section, secret)) = name.split_once("__").filter(|(section, _)| section.eq_ignore_ascii_case(SECRETS))
    {
        return Some(vec![section.to_lowercase(), secret.to_owned()]);
    }
    let path: Vec<String> = name.to_lowercase().split("__").map(str::to_owned).collect();
    let known = path.len() > 1 || schema()["properties"].get(&path[0]).is_some();
    known.then_some(path)
}

fn overlay(value: &mut Value, path: &[String], new: Value) {
    let Some((key, rest)) = path.split_first() else {
        *value = new;
        return;
    };
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    if let Value::Object(members) = value {
        overlay(members.entry(key.clone()).or_insert(Value::Null), rest, new);
    }
}

/// A value of the environment: a TOML number, truth value or array where it is one, else text.
fn literal(value: &str) -> Value {
    let read = Document::parse("environment", &format!("value = {value}")).ok();
    match read.map(|document| document.value["value"].clone()) {
        Some(value @ (Value::Number(_) | Value::Bool(_) | Value::Array(_))) => value,
        _ => Value::from(value),
    }
}

/// The mistake of a file that cannot be read.
pub fn unreadable(file: &str, error: &std::io::Error) -> Diagnostics {
    let message = format!("cannot be read: {error}");
    Diagnostics(vec![Diagnostic { file: file.to_owned(), place: None, key: String::new(), message }])
}

#[cfg(test)]
mod tests;
