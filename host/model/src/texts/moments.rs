//! Moments as people say them.
//!
//! A moment is said relative to the day of the reader's `now`: "today at 17:00", "tomorrow at 10:30", within six days
//! "Monday at 10:00", later "23 November at 10:00" (with its year when it is more than half a year away). The clock has
//! 24 hours and no leading zero: "9:01". A letter is read later than it was written, so it names the date in full.

use jiff::{
    Timestamp, Zoned,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

use super::Texts;
use crate::{
    reply::{Basis, ExpectedReply, ReplyPromise},
    slots::Slot,
};

/// A promise up to this many seconds is said as "right away" when it begins now, and as a moment when it begins later.
const RIGHT_AWAY: u64 = 60;

impl Texts {
    /// A moment as people say it, seen from `now` in a zone: "tomorrow at 10:30".
    pub fn moment(&self, moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        let moment = moment.to_zoned(zone.clone());
        self.at(&self.near_day(moment.date(), now.to_zoned(zone.clone()).date()), &moment)
    }

    /// A deadline as people say it: "today by 17:00".
    pub fn moment_by(&self, moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        let moment = moment.to_zoned(zone.clone());
        self.by(&self.near_day(moment.date(), now.to_zoned(zone.clone()).date()), &moment)
    }

    /// A moment that stays true whenever it is read: "on Monday 23 November at 10:30".
    pub fn full_moment(&self, moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        let moment = moment.to_zoned(zone.clone());
        self.at(&self.full_day(moment.date(), now.to_zoned(zone.clone()).date()), &moment)
    }

    /// A deadline that stays true whenever it is read: "on Monday 23 November by 12:00".
    pub fn full_moment_by(&self, moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        let moment = moment.to_zoned(zone.clone());
        self.by(&self.full_day(moment.date(), now.to_zoned(zone.clone()).date()), &moment)
    }

    /// The time of day alone, "20:00".
    pub fn clock(&self, moment: Timestamp, zone: &TimeZone) -> String {
        clock(moment.to_zoned(zone.clone()).time())
    }

    /// The day alone, seen from `now`: "tomorrow", "on Monday", "23 November".
    pub fn day(&self, moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        self.near_day(moment.to_zoned(zone.clone()).date(), now.to_zoned(zone.clone()).date())
    }

    /// A slot as people say it: "tomorrow between 10:30 and 11:00".
    pub fn slot(&self, slot: Slot, now: Timestamp, zone: &TimeZone) -> String {
        let (from, to) = (slot.from.to_zoned(zone.clone()), slot.to.to_zoned(zone.clone()));
        let day = self.near_day(from.date(), now.to_zoned(zone.clone()).date());
        self.say_with("moment-between", &[("day", &day), ("time", &clock(from.time())), ("end", &clock(to.time()))])
    }

    /// When an answer is expected, to stand behind "we'll answer" or "we'll call": a chosen slot as the moment of the call
    /// ("tomorrow at 10:30"), at most a minute from now as "right away", anything else as a deadline ("today by 17:00").
    pub fn expected_reply(&self, reply: ExpectedReply, now: Timestamp, zone: &TimeZone) -> String {
        match reply.basis {
            Basis::Slot => self.moment(reply.by, now, zone),
            _ if reply.seconds <= RIGHT_AWAY => self.say("reply-right-away"),
            _ => self.moment_by(reply.by, now, zone),
        }
    }

    /// The same where the promise behind it is known: one of at most a minute that begins with the next opening is said as
    /// that moment ("tomorrow at 9:01"), because whoever calls then is answered then.
    pub fn promised_reply(
        &self,
        promise: Option<ReplyPromise>,
        reply: ExpectedReply,
        now: Timestamp,
        zone: &TimeZone,
    ) -> String {
        let at_once = promise.and_then(ReplyPromise::seconds).is_some_and(|seconds| u64::from(seconds) <= RIGHT_AWAY);
        if at_once && reply.seconds > RIGHT_AWAY {
            return self.moment(reply.by, now, zone);
        }
        self.expected_reply(reply, now, zone)
    }

    fn at(&self, day: &str, moment: &Zoned) -> String {
        self.say_with("moment-at", &[("day", day), ("time", &clock(moment.time()))])
    }

    fn by(&self, day: &str, moment: &Zoned) -> String {
        self.say_with("moment-by", &[("day", day), ("time", &clock(moment.time()))])
    }

    fn near_day(&self, day: Date, today: Date) -> String {
        match days_between(today, day) {
            0 => self.say("day-today"),
            1 => self.say("day-tomorrow"),
            2..=6 => self.say(weekday(day)),
            _ => self.date(day, today),
        }
    }

    fn full_day(&self, day: Date, today: Date) -> String {
        let (weekday, date) = (self.say(weekday(day)), self.date(day, today));
        self.say_with("day-full", &[("weekday", &weekday), ("date", &date)])
    }

    fn date(&self, day: Date, today: Date) -> String {
        let month = self.say(&format!("month-{}", day.month()));
        let (number, year) = (day.day().to_string(), day.year().to_string());
        if days_between(today, day).abs() <= 183 {
            return self.say_with("day-date", &[("day", &number), ("month", &month)]);
        }
        self.say_with("day-date-year", &[("day", &number), ("month", &month), ("year", &year)])
    }
}

fn clock(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

fn days_between(today: Date, day: Date) -> i64 {
    day.duration_since(today).as_hours() / 24
}

fn weekday(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "on-monday",
        Weekday::Tuesday => "on-tuesday",
        Weekday::Wednesday => "on-wednesday",
        Weekday::Thursday => "on-thursday",
        Weekday::Friday => "on-friday",
        Weekday::Saturday => "on-saturday",
        Weekday::Sunday => "on-sunday",
    }
}
