//! Support hours: the site's, and those of a channel's or form's own.

use std::str::FromStr;

use jiff::{civil::Date, tz::TimeZone};
use porchlight_model::{
    holidays::Calendar,
    hours::{Override, SupportHours},
};

use super::{super::site_file::SiteFile, Reader};

/// What expressions of a site are read with.
pub(super) struct HoursContext {
    pub(super) zone: TimeZone,
    calendar: Calendar,
    overrides: Vec<Override>,
    pub(super) site: SupportHours,
}

impl Reader {
    pub(super) fn hours_context(&mut self, file: &SiteFile) -> Option<HoursContext> {
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
    pub(super) fn own_hours(&mut self, pointer: &str, own: Option<&str>, context: &HoursContext) -> SupportHours {
        let Some(expression) = own else { return context.site.clone() };
        self.hours(pointer, expression, &context.zone, &context.calendar, &context.overrides)
            .unwrap_or_else(|| context.site.clone())
    }
}
