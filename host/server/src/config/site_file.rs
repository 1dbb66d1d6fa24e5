//! The site file as it is written; [`super::site`] turns it into the model's `Site`.

use porchlight_model::notices;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value};

/// `site.toml`: one business website using the widget.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteFile {
    /// Short name in addresses: lower-case letters, digits and hyphens.
    #[schemars(regex(pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$"))]
    pub key: String,
    /// The business's name as visitors know it.
    #[schemars(length(min = 1, max = 100))]
    pub name: String,
    /// What references begin with: two to four letters of A–Z.
    #[schemars(regex(pattern = "^[A-Z]{2,4}$"))]
    pub reference_prefix: String,
    /// Origins whose pages may use the widget: `https://shop.example`.
    #[serde(default)]
    #[schemars(inner(regex(pattern = "^https?://[^/?#\\s]+$")))]
    pub origins: Vec<String>,
    /// Language where a visitor asks for none there are texts in: `en`, `ru` or `bg`.
    pub locale: LocaleName,
    /// IANA name of the business's time zone: `Europe/Moscow`.
    pub time_zone: String,
    /// Country of the public holidays, ISO 3166-1 alpha-2: `RU`. Telephone numbers without a country code are read there too.
    #[serde(default)]
    pub holidays: Option<String>,
    /// Support hours, an OSM opening hours expression: `Mo-Fr 10:00-20:00; PH off`.
    pub hours: String,
    /// Dates with hours of their own.
    #[serde(default)]
    pub overrides: Vec<OverrideFile>,
    /// Where requests are announced.
    #[serde(default)]
    pub mail: Option<String>,
    /// Address at which e-mail of visitors opens requests: `shop@help.example`. Its mail has to reach the host: see `[mail]`
    /// in `porchlight.toml`.
    #[serde(default)]
    pub inbox: Option<String>,
    /// How the widget looks.
    #[serde(default)]
    pub look: LookFile,
    /// How long requests are kept. Without it, until somebody erases them.
    #[serde(default)]
    pub retention: RetentionFile,
    /// Ways outward, in the order shown.
    #[serde(default)]
    pub channels: Vec<ChannelFile>,
    /// What can be submitted.
    #[serde(default)]
    pub forms: FormsFile,
    /// Where the answers are.
    #[serde(default)]
    pub answers: Option<AnswersFile>,
    /// Links offered on matching pages.
    #[serde(default)]
    pub guides: Vec<GuideFile>,
    /// Plugins in the order they are asked.
    #[serde(default)]
    pub plugins: Vec<PluginFile>,
    /// Programs of yours that are told of requests, by the Standard Webhooks specification.
    #[serde(default)]
    pub webhooks: Vec<WebhookFile>,
}

/// A language there are texts in.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LocaleName {
    /// English.
    En,
    /// Russian.
    Ru,
    /// Bulgarian.
    Bg,
}

/// A date with hours of its own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OverrideFile {
    /// The local date, `2026-12-31`.
    pub date: String,
    /// Its hours, `10:00-15:00` or `off`.
    pub hours: String,
    /// Why, for whoever reads the file.
    #[serde(default)]
    #[expect(dead_code, reason = "a remark between people")]
    pub note: Option<String>,
}

/// How the widget looks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LookFile {
    /// Accent colour, `#rrggbb`.
    #[schemars(regex(pattern = "^#[0-9a-fA-F]{6}$"))]
    pub accent: String,
    /// Which lower corner the launcher stands in.
    pub side: SideName,
}

impl Default for LookFile {
    fn default() -> Self {
        Self { accent: "#b4530a".to_owned(), side: SideName::Right }
    }
}

/// How long requests are kept, counted from the last thing that happened to one.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionFile {
    /// Those that are resolved or cancelled, `365d`.
    #[serde(default)]
    pub requests: Option<String>,
    /// Those that nobody has brought to an end, `730d`.
    #[serde(default)]
    pub open_requests: Option<String>,
}

/// A lower corner of the page.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SideName {
    /// Where lines of text begin.
    Left,
    /// Where lines of text end.
    Right,
}

/// One way outward.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelFile {
    /// What sort of way it is.
    pub kind: ChannelName,
    /// Name unique within the site; the kind, numbered from the second on, if not given.
    #[serde(default)]
    #[schemars(regex(pattern = "^[a-z0-9-]{1,40}$"))]
    pub id: Option<String>,
    /// The label, if the kind's own name does not fit.
    #[serde(default)]
    #[schemars(length(min = 1, max = 60))]
    pub label: Option<String>,
    /// Number, address or name.
    #[schemars(length(min = 1, max = 254))]
    pub value: String,
    /// Hours of its own; else the site's.
    #[serde(default)]
    pub hours: Option<String>,
    /// What is promised, counted in support hours: `1m`, `2h`. `measured, else 2h` promises the time within which nine of ten e-mails of
    /// the last 30 days were answered, once there were 20; of other channels nothing is measured, so that is `2h`.
    #[serde(default)]
    pub expected_reply: Option<String>,
    /// Whether it is offered only while an agent of the site is on duty.
    #[serde(default)]
    pub needs_duty: bool,
}

/// What sort of way outward.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelName {
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A WhatsApp number.
    Whatsapp,
    /// A Telegram user name.
    Telegram,
    /// A Viber number.
    Viber,
    /// A Facebook Messenger page name.
    Messenger,
    /// A number that takes text messages.
    Sms,
    /// A page on a social network, as an `https:` address.
    Social,
}

/// What can be submitted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormsFile {
    /// "Call me back."
    #[serde(default)]
    pub callback: Option<CallbackFile>,
    /// "Here is my question."
    #[serde(default)]
    pub message: Option<MessageFile>,
}

/// The callback form.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallbackFile {
    /// When calls are made; else the site's hours.
    #[serde(default)]
    pub hours: Option<String>,
    /// Length of a slot, `30m`.
    pub slot: String,
    /// How long before its beginning a slot can still be taken, `1h`.
    pub lead: String,
    /// How many days ahead of today can be booked.
    #[schemars(range(min = 0, max = 60))]
    pub days_ahead: u16,
    /// How many callbacks one slot holds.
    #[schemars(range(min = 1, max = 1000))]
    pub capacity: u32,
    /// How many callbacks may be open at once, whatever their slots: as long as there are so many, the form is not offered.
    #[serde(default)]
    #[schemars(range(min = 1, max = 10_000))]
    pub open_at_most: Option<u32>,
    /// `slot`, or a duration.
    #[serde(default)]
    pub expected_reply: Option<String>,
    /// The sentence agreed to by sending.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1000))]
    pub consent: Option<String>,
}

/// The message form.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageFile {
    /// When messages are answered; else the site's hours. They are taken at any hour.
    #[serde(default)]
    pub hours: Option<String>,
    /// What is promised, counted in support hours: `2h`. `measured, else 2h` promises the time within which nine of ten messages of the
    /// last 30 days were answered, once there were 20.
    #[serde(default)]
    pub expected_reply: Option<String>,
    /// The sentence agreed to by sending.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1000))]
    pub consent: Option<String>,
}

/// Where the answers are.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswersFile {
    /// Markdown files in one folder of the site: `answers/*.md`.
    #[schemars(regex(pattern = "^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*/\\*\\.md$"))]
    pub files: String,
}

/// A link offered on matching pages.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuideFile {
    /// Paths it is offered on, `/dog-houses/*`; none means every page.
    #[serde(default)]
    pub pages: Vec<String>,
    /// What the link says.
    #[schemars(length(min = 1, max = 200))]
    pub title: String,
    /// Where it leads, http or https.
    #[schemars(regex(pattern = "^https?://"))]
    pub url: String,
    /// The language it is written in; without one it is shown to everybody.
    #[serde(default)]
    pub locale: Option<LocaleName>,
}

/// A plugin.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginFile {
    /// Name unique within the site.
    #[schemars(regex(pattern = "^[a-z0-9-]{1,40}$"))]
    pub name: String,
    /// The component's path within the site's folder.
    #[schemars(regex(pattern = "^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\\.wasm$"))]
    pub component: String,
    /// SHA-256 the component must have, in lower-case hexadecimal.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: Option<String>,
    /// Settings, by the plugin's own schema.
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// What it may use at most.
    #[serde(default)]
    pub limits: LimitsFile,
}

/// What a plugin may use at most.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsFile {
    /// Memory, summed over all its memories: `16MiB`.
    #[serde(default)]
    pub memory: Option<String>,
}

/// A program that is told of requests.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookFile {
    /// Its address, `https://crm.example/hooks`; `http:` only with an IP address that the host's `[egress] allow` names.
    #[schemars(length(min = 1, max = 2000))]
    pub url: String,
    /// Name of the secret that what is sent there is signed with. The secret itself stands in the host's `[secrets]`.
    #[schemars(regex(pattern = "^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$"))]
    pub secret: String,
    /// What it is told of; without it, of all there is.
    #[serde(default)]
    #[schemars(schema_with = "event_names")]
    pub events: Option<Vec<String>>,
}

fn event_names(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "array", "items": {"enum": notices::EVENTS}, "minItems": 1, "uniqueItems": true})
}
