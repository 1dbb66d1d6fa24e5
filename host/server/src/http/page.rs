//! What our own pages have in common: the frame, days of slots, the site's style, answers as HTML.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use jiff::{Timestamp, tz::TimeZone};
use porchlight_model::{locale::Locale, site::Site, slots::OfferedSlot, texts::Texts};

use super::problem::Refusal;
use crate::{
    widget::{CSS, SiteAsset},
    wire::Instant,
};

/// Around every page.
pub struct Frame {
    /// BCP 47 tag.
    pub lang: &'static str,
    /// Title of the page.
    pub title: String,
    /// The site it belongs to; empty where there is none.
    pub site_key: String,
    /// Where the way back leads; empty where there is none.
    pub home: String,
}

/// A page that says something, and may have one button.
#[derive(Template)]
#[template(path = "notice.html")]
pub struct Notice {
    /// Around it.
    pub frame: Frame,
    /// What it says.
    pub lines: Vec<String>,
    /// What the button says.
    pub button: Option<String>,
    /// What the way back says.
    pub back: String,
}

/// One day with its free slots.
pub struct Day {
    /// The day in words.
    pub label: String,
    /// Its free slots.
    pub slots: Vec<SlotChoice>,
}

/// A slot to choose.
pub struct SlotChoice {
    /// Its beginning, RFC 3339.
    pub from: String,
    /// The moment in words.
    pub label: String,
}

/// Free slots by day, in words.
pub fn days(slots: &[OfferedSlot], texts: &Texts, now: Timestamp, zone: &TimeZone) -> Vec<Day> {
    let mut days: Vec<(jiff::civil::Date, Day)> = Vec::new();
    for slot in slots.iter().filter(|slot| slot.free).map(|slot| slot.slot) {
        let date = zone.to_datetime(slot.from).date();
        let choice = SlotChoice { from: instant(slot.from), label: texts.moment(slot.from, now, zone) };
        match days.last_mut() {
            Some((last, day)) if *last == date => day.slots.push(choice),
            _ => days.push((date, Day { label: texts.day(slot.from, now, zone), slots: vec![choice] })),
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

/// A moment as it stands in JSON and form fields.
pub fn instant(moment: Timestamp) -> String {
    serde_json::to_value(Instant(moment)).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A page as an answer.
pub fn html(status: StatusCode, locale: Locale, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => {
            let mut response = (status, Html(text)).into_response();
            response.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(locale.tag()));
            response
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page that says something about a site's request.
pub fn notice(
    site: &Site,
    locale: Locale,
    status: StatusCode,
    title: &str,
    lines: &[&str],
    button: Option<&str>,
) -> Response {
    let texts = Texts::of(locale);
    let named = |id: &str| texts.say_with(id, &[("site", &site.name)]);
    let page = Notice {
        frame: Frame { lang: locale.tag(), title: named(title), site_key: site.key.clone(), home: home(site) },
        lines: lines.iter().map(|id| named(id)).collect(),
        button: button.map(|id| texts.say(id)),
        back: named("page-back-to-site"),
    };
    html(status, locale, &page)
}

/// A page that says why nothing else is shown; without a site it is plain, for there is no style nor a way back.
pub fn refused(site: Option<&Site>, status: StatusCode, refusal: &Refusal) -> Response {
    let texts = Texts::of(refusal.locale);
    let of_site = |text: &str| site.map(|site| texts.say_with(text, &[("site", &site.name)]));
    let page = Notice {
        frame: Frame {
            lang: refusal.locale.tag(),
            title: of_site("page-title").unwrap_or_else(|| status.to_string()),
            site_key: site.map(|site| site.key.clone()).unwrap_or_default(),
            home: site.map(home).unwrap_or_default(),
        },
        lines: vec![refusal.title.clone()],
        button: None,
        back: of_site("page-back-to-site").unwrap_or_default(),
    };
    html(status, refusal.locale, &page)
}

/// Where the way back to a site leads: its own pages, or where it names none, the hosted one.
pub fn home(site: &Site) -> String {
    site.origins.first().map_or_else(|| format!("/c/{}", site.key), |origin| format!("{origin}/"))
}

/// The style of a site's own pages: its accent colour, and text on it that can be read.
pub fn style(site: &Site) -> SiteAsset {
    let accent = &site.look.accent;
    let on_accent = if is_bright(accent) { "#241603" } else { "#ffffff" };
    let own = format!(":root{{--accent:{accent};--on-accent:{on_accent}}}\n");
    SiteAsset::new(CSS, own, ("", include_str!("../../templates/page.css")))
}

/// Whether black stands out more than white: relative luminance above 0.179 (WCAG 2.2, contrast ratio).
fn is_bright(colour: &str) -> bool {
    let channel = |position: usize| {
        let value = colour.get(position..position + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5) > 0.179
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_on_the_accent_can_be_read() {
        assert!(is_bright("#ffb35c"));
        assert!(is_bright("#ffffff"));
        assert!(!is_bright("#b4530a"));
        assert!(!is_bright("#000000"));
    }
}
