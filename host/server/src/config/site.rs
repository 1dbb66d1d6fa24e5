//! A site out of its files: what the site file says, checked and resolved into the model's `Site`.

mod hours;
mod programs;
mod reach;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use porchlight_model::{
    answers::{Answer, Guide, PagePattern},
    contact::EmailAddress,
    hours::SupportHours,
    locale::Locale,
    retention::Retention,
    site::{Look, Side, Site},
};
use porchlight_store::SiteFile as StoredFile;

use super::{
    answers,
    diagnostic::{Diagnostic, Diagnostics},
    document::{Document, Schema},
    retention,
    site_file::{GuideFile, LocaleName, RetentionFile, SideName, SiteFile},
};

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
}

/// Whether a path is one of the answers that `pattern` (`folder/*.md`) names.
pub fn is_answer(path: &str, pattern: &str) -> bool {
    let Some(folder) = pattern.strip_suffix("*.md") else { return false };
    path.strip_prefix(folder).is_some_and(|name| name.ends_with(".md") && !name.contains('/'))
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
mod tests;
