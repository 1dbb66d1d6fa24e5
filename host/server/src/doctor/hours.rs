//! Do the hours make sense?

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use porchlight_model::{
    checkup::{self, Doubt, Whose},
    site::Site,
    slots::Bookings,
};

use super::{Doctor, Finding};

const CHECK: &str = "hours";

/// How far ahead bookings are asked for; no form can be booked further.
const BOOKED: SignedDuration = SignedDuration::from_hours(370 * 24);

/// Looks at the hours of a site, as they are from now on.
pub async fn look(doctor: &Doctor, site: &Site) -> Vec<Finding> {
    let now = doctor.clock.now();
    let until = now.checked_add(BOOKED).unwrap_or(Timestamp::MAX);
    let bookings = match doctor.store.bookings(&site.key, now, until).await {
        Ok(bookings) => bookings,
        Err(error) => {
            let says = format!("what is booked cannot be read: {}", crate::logs::chain(&error));
            return vec![Finding::failed(CHECK, says, "see whether the disk is full or damaged")];
        }
    };
    let doubts = checkup::of_hours(site, &Bookings::from_iter(bookings), now);
    if doubts.is_empty() {
        return vec![Finding::ok(CHECK, format!("they make sense, in the zone {}", site.time_zone_name))];
    }
    doubts.iter().map(|doubt| found(doubt, &site.time_zone)).collect()
}

fn found(doubt: &Doubt, zone: &TimeZone) -> Finding {
    let (says, mend) = said(doubt, zone);
    if doubt.is_wrong() { Finding::failed(CHECK, says, mend) } else { Finding::warning(CHECK, says, mend) }
}

/// What is doubted, and what would mend it.
fn said(doubt: &Doubt, zone: &TimeZone) -> (String, String) {
    match doubt {
        Doubt::NeverOpen(whose) => {
            let key = match whose {
                Whose::Site => "hours".to_owned(),
                _ => format!("hours` of {whose}, `overrides"),
            };
            (format!("{whose} is never open in the coming two weeks"), format!("look at `{key}` in `site.toml`"))
        }
        Doubt::AlwaysOpen(whose) => (
            format!("{whose} is open day and night"),
            "write the hours at which somebody takes calls, unless that is meant".to_owned(),
        ),
        Doubt::NoHolidays => (
            "public holidays are taken for ordinary days".to_owned(),
            "write `holidays = \"BG\"`, with your country's code".to_owned(),
        ),
        Doubt::HolidaysUnknown { country } => (
            format!("the holidays of {country} are not known for the year ahead"),
            "update Porchlight, or write them as `overrides`".to_owned(),
        ),
        Doubt::OverridesOver { last } => (
            format!("all overrides are over, the last one since {last}"),
            "write those of the coming holidays, or take the old ones out".to_owned(),
        ),
        Doubt::NoSlot { days_ahead } => (
            format!("no callback can be booked within `days_ahead = {days_ahead}`"),
            "allow more days, a shorter `lead` or a shorter `slot` in `[forms.callback]`, or longer hours".to_owned(),
        ),
        Doubt::AllSlotsTaken => (
            "every callback that can be booked is booked".to_owned(),
            "allow more `days_ahead` or more `capacity` in `[forms.callback]`".to_owned(),
        ),
        Doubt::LongReply { whose, by } => (
            match by {
                Some(by) => format!("{whose} promises who asks now an answer by {}", by.to_zoned(zone.clone()).date()),
                None => format!("{whose} promises an answer that comes in more than a year"),
            },
            "promise a shorter `expected_reply`, or write longer hours: it counts open time alone".to_owned(),
        ),
        Doubt::NoPlace { zone } => (
            format!("the hours are read in {zone}, which is no place"),
            "write the zone that the business is in, `time_zone = \"Europe/Sofia\"`".to_owned(),
        ),
    }
}
