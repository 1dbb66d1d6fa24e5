//! A site out of its files: what the site file says, checked and resolved into the model's `Site`.

use std::{
    collections::{HashMap, HashSet},
    str::FromStr,
    sync::LazyLock,
};

use jiff::{SignedDuration, civil::Date, tz::TimeZone};
use porchlight_egress::Destination;
use porchlight_model::{
    answers::{Answer, Guide, PagePattern},
    channel::{Channel, ChannelKind},
    contact::EmailAddress,
    form::{CallbackForm, MessageForm, SlotRules},
    holidays::Calendar,
    hours::{Override, SupportHours},
    locale::Locale,
    plugin::PluginUse,
    reply::ReplyPromise,
    retention::Retention,
    site::{Look, Side, Site, Webhook},
};
use porchlight_store::SiteFile as StoredFile;
use sha2::{Digest, Sha256};

use super::{
    answers,
    diagnostic::{Diagnostic, Diagnostics},
    document::{Document, Schema},
    retention,
    site_file::{
        CallbackFile, ChannelFile, ChannelName, GuideFile, LocaleName, MessageFile, PluginFile, RetentionFile,
        SideName, SiteFile, WebhookFile,
    },
};

use crate::hexadecimal::hexadecimal;

/// Name of the site file within a site's folder.
pub const SITE_FILE: &str = "site.toml";

/// A site and the document it was read from, for mistakes found later (a plugin's settings).
#[derive(Debug)]
pub struct SiteConfig {
    /// The site.
    pub site: Site,
    /// Its site file.
    pub document: Document,
}

/// The JSON Schema of site files.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(SiteFile).to_value()
}

/// Sites are read often and each with the same schema.
static SCHEMA: LazyLock<Schema> = LazyLock::new(Schema::of::<SiteFile>);

/// Reads the site file alone, checked by its schema.
pub fn read_site_file(name: &str, text: &str) -> Result<(Document, SiteFile), Diagnostics> {
    let document = Document::parse(name, text)?;
    let file = document.read(&SCHEMA)?;
    Ok((document, file))
}

/// Reads a whole site out of its files.
pub fn read(files: &[StoredFile]) -> Result<SiteConfig, Diagnostics> {
    let text = text_of(files, SITE_FILE)?;
    let (document, file) = read_site_file(SITE_FILE, &text)?;
    let mut reader = Reader { document, mistakes: Vec::new(), hours: HashMap::new() };
    let answers = reader.answers(&file, files);
    let site = reader.site(file, answers);
    match site {
        Some(site) if reader.mistakes.is_empty() => Ok(SiteConfig { site, document: reader.document }),
        _ => Err(Diagnostics(reader.mistakes)),
    }
}

fn text_of(files: &[StoredFile], path: &str) -> Result<String, Diagnostics> {
    let file = files.iter().find(|file| file.path == path).ok_or_else(|| whole_file(path, "there is no such file"))?;
    String::from_utf8(file.content.clone()).map_err(|_| whole_file(path, "not UTF-8 text"))
}

fn whole_file(path: &str, message: &str) -> Diagnostics {
    let message = message.to_owned();
    Diagnostics(vec![Diagnostic { file: path.to_owned(), place: None, key: String::new(), message }])
}

/// The model's name of a language.
pub fn locale(name: LocaleName) -> Locale {
    match name {
        LocaleName::En => Locale::En,
        LocaleName::Ru => Locale::Ru,
        LocaleName::Bg => Locale::Bg,
    }
}

/// Goes through a site file and collects every mistake rather than stopping at the first.
struct Reader {
    document: Document,
    mistakes: Vec<Diagnostic>,
    /// Expressions that were read: equal ones share what was made of them.
    hours: HashMap<String, SupportHours>,
}

/// What expressions of a site are read with.
struct HoursContext {
    zone: TimeZone,
    calendar: Calendar,
    overrides: Vec<Override>,
    site: SupportHours,
}

impl Reader {
    fn wrong(&mut self, pointer: &str, message: impl ToString) {
        let diagnostic = self.document.diagnostic(pointer, message.to_string());
        self.mistakes.push(diagnostic);
    }

    fn site(&mut self, file: SiteFile, answers: Vec<Answer>) -> Option<Site> {
        let hours = self.hours_context(&file)?;
        let region = file.holidays.clone();
        let mail = file.mail.as_deref().and_then(|mail| self.mail("/mail", mail));
        let retention = self.retention(&file.retention);
        let inbox = file.inbox.as_deref().and_then(|inbox| self.mail("/inbox", inbox));
        let channels = self.channels(&file.channels, region.as_deref(), &hours);
        let callback = file.forms.callback.and_then(|form| self.callback(form, &hours));
        let message = file.forms.message.and_then(|form| self.message(form, &hours));
        let plugins = self.plugins(file.plugins);
        let webhooks = self.webhooks(file.webhooks);
        Some(Site {
            key: file.key,
            name: file.name,
            reference_prefix: file.reference_prefix,
            origins: file.origins,
            locale: locale(file.locale),
            time_zone: hours.zone,
            time_zone_name: file.time_zone,
            region,
            hours: hours.site,
            mail,
            retention,
            inbox,
            look: Look { accent: file.look.accent.to_ascii_lowercase(), side: side(file.look.side) },
            channels,
            callback,
            message,
            answers,
            guides: file.guides.into_iter().map(guide).collect(),
            plugins,
            webhooks,
        })
    }

    fn hours_context(&mut self, file: &SiteFile) -> Option<HoursContext> {
        let zone = TimeZone::get(&file.time_zone);
        if zone.is_err() {
            let message = format!("`{}` is not an IANA time zone: write `Europe/Moscow`", file.time_zone);
            self.wrong("/time_zone", message);
        }
        let calendar = self.calendar(file.holidays.as_deref());
        let overrides = self.overrides(file);
        let zone = zone.ok()?;
        let site = self.hours("/hours", &file.hours, &zone, &calendar, &overrides)?;
        Some(HoursContext { zone, calendar, overrides, site })
    }

    fn calendar(&mut self, country: Option<&str>) -> Calendar {
        let Some(code) = country else { return Calendar::default() };
        Calendar::of_country(code).unwrap_or_else(|| {
            self.wrong(
                "/holidays",
                format!("there is no holiday calendar of `{code}`: write a country code such as `RU`"),
            );
            Calendar::default()
        })
    }

    fn overrides(&mut self, file: &SiteFile) -> Vec<Override> {
        let mut overrides = Vec::new();
        for (position, entry) in file.overrides.iter().enumerate() {
            match Date::from_str(&entry.date) {
                Ok(date) => overrides.push(Override { date, hours: entry.hours.clone() }),
                Err(_) => {
                    let message = format!("`{}` is not a date: write `2026-12-31`", entry.date);
                    self.wrong(&format!("/overrides/{position}/date"), message);
                }
            }
        }
        overrides
    }

    fn hours(
        &mut self,
        pointer: &str,
        expression: &str,
        zone: &TimeZone,
        calendar: &Calendar,
        overrides: &[Override],
    ) -> Option<SupportHours> {
        if let Some(known) = self.hours.get(expression) {
            return Some(known.clone());
        }
        match SupportHours::parse(expression, zone, calendar, overrides) {
            Ok(hours) => {
                self.hours.insert(expression.to_owned(), hours.clone());
                Some(hours)
            }
            Err(error) => {
                self.wrong(pointer, error);
                None
            }
        }
    }

    /// Hours of a channel's or form's own, or the site's.
    fn own_hours(&mut self, pointer: &str, own: Option<&str>, context: &HoursContext) -> SupportHours {
        let Some(expression) = own else { return context.site.clone() };
        self.hours(pointer, expression, &context.zone, &context.calendar, &context.overrides)
            .unwrap_or_else(|| context.site.clone())
    }

    fn mail(&mut self, pointer: &str, address: &str) -> Option<EmailAddress> {
        EmailAddress::parse(address).map_err(|error| self.wrong(pointer, error)).ok()
    }

    fn retention(&mut self, file: &RetentionFile) -> Retention {
        let mut span = |key: &str, written: Option<&str>| {
            let read = written.map(retention::days)?;
            read.map_err(|message| self.wrong(&format!("/retention/{key}"), message)).ok()
        };
        let ended = span("requests", file.requests.as_deref());
        Retention { ended, open: span("open_requests", file.open_requests.as_deref()) }
    }

    fn channels(&mut self, files: &[ChannelFile], region: Option<&str>, hours: &HoursContext) -> Vec<Channel> {
        let mut taken = HashSet::new();
        let mut channels = Vec::new();
        for (position, file) in files.iter().enumerate() {
            let at = |key: &str| format!("/channels/{position}/{key}");
            let kind = channel_kind(file.kind);
            let id = file.id.clone().unwrap_or_else(|| numbered(kind, files, position));
            if !taken.insert(id.clone()) {
                self.wrong(&at("id"), format!("another channel is called `{id}`"));
            }
            let href = kind.href(&file.value, region).map_err(|error| self.wrong(&at("value"), error));
            let promise = self.promise(&at("expected_reply"), file.expected_reply.as_deref());
            let hours = self.own_hours(&at("hours"), file.hours.as_deref(), hours);
            if let Ok(href) = href {
                let (label, value) = (file.label.clone(), file.value.clone());
                let needs_duty = file.needs_duty;
                channels.push(Channel { id, kind, label, value, href, hours, promise, needs_duty });
            }
        }
        channels
    }

    fn callback(&mut self, file: CallbackFile, hours: &HoursContext) -> Option<CallbackForm> {
        let length = self.seconds("/forms/callback/slot", &file.slot);
        let lead = self.seconds("/forms/callback/lead", &file.lead);
        if length.is_some_and(|length| !(300..=86_400).contains(&length)) {
            self.wrong("/forms/callback/slot", "a slot lasts from 5 minutes to 24 hours: write `30m`");
        }
        let promise = match file.expected_reply.as_deref() {
            None | Some("slot") => Some(ReplyPromise::Slot),
            other => self.promise_of_calls("/forms/callback/expected_reply", other),
        };
        Some(CallbackForm {
            hours: self.own_hours("/forms/callback/hours", file.hours.as_deref(), hours),
            slots: SlotRules { length: length?, lead: lead?, days_ahead: file.days_ahead, capacity: file.capacity },
            open_at_most: file.open_at_most,
            promise,
            consent: file.consent,
        })
    }

    fn message(&mut self, file: MessageFile, hours: &HoursContext) -> Option<MessageForm> {
        Some(MessageForm {
            hours: self.own_hours("/forms/message/hours", file.hours.as_deref(), hours),
            promise: self.promise("/forms/message/expected_reply", file.expected_reply.as_deref()),
            consent: file.consent,
        })
    }

    /// `2h`; `measured, else 2h` promises what is written until there is a history to measure.
    fn promise(&mut self, pointer: &str, written: Option<&str>) -> Option<ReplyPromise> {
        let written = written?;
        let Some(behind) = written.strip_prefix("measured") else {
            return self.seconds(pointer, written).map(ReplyPromise::Within);
        };
        let Some(figure) = behind.strip_prefix(", else ") else {
            self.wrong(
                pointer,
                format!("`{written}` says nothing of the time before there is a history: write `measured, else 2h`"),
            );
            return None;
        };
        let otherwise = self.seconds(pointer, figure)?;
        Some(ReplyPromise::Measured { typical: None, otherwise })
    }

    fn promise_of_calls(&mut self, pointer: &str, written: Option<&str>) -> Option<ReplyPromise> {
        if written.is_some_and(|written| written.starts_with("measured")) {
            self.wrong(pointer, "how soon calls are made is up to their slots, and not measured: write `slot` or `2h`");
            return None;
        }
        self.promise(pointer, written)
    }

    fn seconds(&mut self, pointer: &str, written: &str) -> Option<u32> {
        let seconds =
            SignedDuration::from_str(written).ok().and_then(|duration| u32::try_from(duration.as_secs()).ok());
        if seconds.is_none() {
            self.wrong(pointer, format!("`{written}` is not a duration: write `30m`, `2h` or `1h 30m`"));
        }
        seconds
    }

    fn answers(&mut self, file: &SiteFile, files: &[StoredFile]) -> Vec<Answer> {
        let Some(answers) = &file.answers else { return Vec::new() };
        let mut read = Vec::new();
        let mut taken = HashSet::new();
        for stored in files.iter().filter(|stored| is_answer(&stored.path, &answers.files)) {
            match text_of(files, &stored.path).and_then(|text| answers::read(&stored.path, &text)) {
                Ok(answer) if taken.insert((answer.id.clone(), answer.locale)) => read.push(answer),
                Ok(answer) => self.mistakes.extend(
                    whole_file(&stored.path, &format!("another answer in this language is called `{}`", answer.id)).0,
                ),
                Err(mistakes) => self.mistakes.extend(mistakes.0),
            }
        }
        if read.is_empty() && self.mistakes.is_empty() {
            self.wrong("/answers/files", format!("no file fits `{}`", answers.files));
        }
        read.shrink_to_fit();
        read
    }

    fn webhooks(&mut self, files: Vec<WebhookFile>) -> Vec<Webhook> {
        let mut webhooks: Vec<Webhook> = Vec::new();
        for (position, WebhookFile { url, secret, events }) in files.into_iter().enumerate() {
            let at = format!("/webhooks/{position}/url");
            if let Err(refused) = Destination::parse(&url) {
                self.wrong(&at, refused);
            }
            let endpoint = endpoint(&url);
            if webhooks.iter().any(|other| other.endpoint == endpoint) {
                self.wrong(&at, "another webhook has this address");
            }
            webhooks.push(Webhook { endpoint, url, secret, events });
        }
        webhooks
    }

    fn plugins(&mut self, files: Vec<PluginFile>) -> Vec<PluginUse> {
        let mut taken = HashSet::new();
        let mut plugins = Vec::new();
        for (position, file) in files.into_iter().enumerate() {
            if !taken.insert(file.name.clone()) {
                self.wrong(&format!("/plugins/{position}/name"), format!("another plugin is called `{}`", file.name));
            }
            let memory = file.limits.memory.as_deref().and_then(|written| self.bytes(position, written));
            let settings = serde_json::Value::Object(file.settings);
            let (name, component, sha256) = (file.name, file.component, file.sha256);
            plugins.push(PluginUse { name, component, sha256, settings, memory });
        }
        plugins
    }

    fn bytes(&mut self, position: usize, written: &str) -> Option<usize> {
        let bytes = written
            .strip_suffix("MiB")
            .and_then(|number| number.trim().parse::<usize>().ok())
            .filter(|number| (1..=1024).contains(number))
            .map(|number| number * 1024 * 1024);
        if bytes.is_none() {
            let pointer = format!("/plugins/{position}/limits/memory");
            self.wrong(&pointer, format!("`{written}` is not an amount of memory from `1MiB` to `1024MiB`"));
        }
        bytes
    }
}

/// Whether a path is one of the answers that `pattern` (`folder/*.md`) names.
pub fn is_answer(path: &str, pattern: &str) -> bool {
    let Some(folder) = pattern.strip_suffix("*.md") else { return false };
    path.strip_prefix(folder).is_some_and(|name| name.ends_with(".md") && !name.contains('/'))
}

fn numbered(kind: ChannelKind, files: &[ChannelFile], position: usize) -> String {
    let before = files[..position].iter().filter(|file| channel_kind(file.kind) == kind).count();
    if before == 0 { kind.as_str().to_owned() } else { format!("{}-{}", kind.as_str(), before + 1) }
}

/// Tells an address from others, and says nothing of it.
fn endpoint(url: &str) -> String {
    hexadecimal(&Sha256::digest(url)[..8])
}

fn channel_kind(name: ChannelName) -> ChannelKind {
    match name {
        ChannelName::Phone => ChannelKind::Phone,
        ChannelName::Email => ChannelKind::Email,
        ChannelName::Whatsapp => ChannelKind::Whatsapp,
        ChannelName::Telegram => ChannelKind::Telegram,
        ChannelName::Viber => ChannelKind::Viber,
        ChannelName::Messenger => ChannelKind::Messenger,
        ChannelName::Sms => ChannelKind::Sms,
        ChannelName::Social => ChannelKind::Social,
    }
}

fn side(name: SideName) -> Side {
    match name {
        SideName::Left => Side::Left,
        SideName::Right => Side::Right,
    }
}

fn guide(file: GuideFile) -> Guide {
    Guide {
        pages: file.pages.iter().map(|page| PagePattern::new(page)).collect(),
        title: file.title,
        url: file.url,
        locale: file.locale.map(locale),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: &str = "key = \"shop\"\nname = \"Shop\"\nreference_prefix = \"SH\"\norigins = []\nlocale = \"en\"\n\
                    time_zone = \"Europe/Sofia\"\nhours = \"Mo-Fr 09:00-18:00\"\n";

    /// A shop with a few lines more.
    fn with(lines: &str) -> Result<Site, String> {
        let file = StoredFile { path: SITE_FILE.to_owned(), content: format!("{SHOP}{lines}").into() };
        read(&[file]).map(|config| config.site).map_err(|mistakes| mistakes.to_string())
    }

    #[test]
    fn webhooks_are_read_and_their_endpoints_told_apart() {
        let site = with(
            "[[webhooks]]\nurl = \"https://crm.example/hooks?key=s3cret\"\nsecret = \"CRM\"\n\
             [[webhooks]]\nurl = \"http://10.1.2.3/\"\nsecret = \"CRM\"\nevents = [\"request.received\"]\n",
        );
        let webhooks = site.expect("a site").webhooks;
        assert_ne!(webhooks[0].endpoint, webhooks[1].endpoint);
        assert!(webhooks[0].endpoint.len() == 16 && !webhooks[0].endpoint.contains("s3cret"), "{webhooks:?}");
        assert_eq!(webhooks[1].events, Some(vec!["request.received".to_owned()]));
    }

    #[test]
    fn mistake_in_a_webhook_is_placed_and_says_its_mend() {
        for (line, mistake) in [
            ("url = \"http://crm.example/\"\nsecret = \"CRM\"", "site.toml:9:1: `webhooks[0].url`: not `https:`"),
            ("url = \"crm.example\"\nsecret = \"CRM\"", "site.toml:9:1: `webhooks[0].url`: not an address"),
            ("url = \"https://a:b@crm.example\"\nsecret = \"CRM\"", "site.toml:9:1: `webhooks[0].url`: a user name"),
            ("url = \"https://crm.example\"\nsecret = \"whsec_abc\"", "site.toml:10:1: `webhooks[0].secret`"),
            (
                "url = \"https://crm.example\"\nsecret = \"A\"\nevents = [\"request.eaten\"]",
                "site.toml:11:12: `webhooks[0].events[0]`",
            ),
            ("url = \"https://crm.example\"", "site.toml:8:1: `webhooks[0]`: the key `secret` is missing"),
        ] {
            let mistakes = with(&format!("[[webhooks]]\n{line}\n")).expect_err(line);
            assert!(mistakes.starts_with(mistake), "{mistakes}");
        }
        let hook = "[[webhooks]]\nurl = \"https://crm.example/\"\nsecret = \"CRM\"\n";
        let twice = with(&format!("{hook}{hook}")).expect_err("twice");
        assert!(twice.ends_with("another webhook has this address"), "{twice}");
    }

    #[test]
    fn measured_promise_is_read_with_what_stands_in_for_it() {
        let site = with("[forms.message]\nexpected_reply = \"measured, else 1h 30m\"\n").expect("a site");
        let promise = site.message.expect("the form").promise;
        assert_eq!(promise, Some(ReplyPromise::Measured { typical: None, otherwise: 5_400 }));
        for (lines, mistake) in [
            (
                "[forms.message]\nexpected_reply = \"measured\"\n",
                "site.toml:9:1: `forms.message.expected_reply`: `measured` says",
            ),
            (
                "[forms.message]\nexpected_reply = \"measured, else soon\"\n",
                "site.toml:9:1: `forms.message.expected_reply`: `soon` is",
            ),
            (
                "[forms.callback]\nslot = \"30m\"\nlead = \"1h\"\ndays_ahead = 7\ncapacity = 2\nexpected_reply = \"measured, else 2h\"\n",
                "site.toml:13:1: `forms.callback.expected_reply`: how soon calls",
            ),
        ] {
            let mistakes = with(lines).expect_err(lines);
            assert!(mistakes.starts_with(mistake), "{mistakes}");
        }
    }

    #[test]
    fn equal_hours_of_a_site_are_read_once() {
        let text = "key = \"shop\"\nname = \"Shop\"\nreference_prefix = \"SH\"\norigins = []\nlocale = \"en\"\n\
                    time_zone = \"Europe/Sofia\"\nhours = \"Mo-Fr 09:00-18:00\"\n\
                    [[channels]]\nkind = \"phone\"\nvalue = \"+359 2 981 0101\"\nhours = \"Mo-Fr 09:00-18:00\"\n\
                    [forms.message]\nexpected_reply = \"2h\"\nhours = \"24/7\"\n";
        let file = StoredFile { path: SITE_FILE.to_owned(), content: text.into() };
        let site = read(&[file]).expect("a site").site;
        assert!(site.channels[0].hours.is_shared_with(&site.hours));
        assert!(!site.message.expect("the form").hours.is_shared_with(&site.hours));
    }
}
