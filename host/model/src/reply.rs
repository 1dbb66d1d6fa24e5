//! Expected reply times: what is promised, counted in support hours.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    form::FormKind,
    hours::SupportHours,
    measure::{Cell, Count, Report, Span, Tally},
    request::Origin,
    slots::Slot,
};

/// How many days a history is of, and how many first replies it takes at least.
pub const HISTORY_DAYS: u16 = 30;
const REPLIES: u32 = 20;

/// Of a hundred first replies, how many came within the typical time: a promise that is made of it is kept nine times of ten.
const TYPICAL: u64 = 90;

/// What the owner promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReplyPromise {
    /// An answer within this many seconds of support time.
    Within(u32),
    /// An answer within what was typical of late, where that is known; else within what the owner says. Seconds of support time.
    Measured {
        /// What was typical.
        typical: Option<u32>,
        /// What the owner says.
        otherwise: u32,
    },
    /// A call in the chosen slot.
    Slot,
}

/// What was typical of late, in seconds of support time: within that, nine of ten were first answered. Those whose promise was broken
/// and who have no answer to this day count as waiting longer than any. None where there were too few replies, or where nine of ten
/// were not answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplyHistory {
    /// Of messages that were left by the form.
    pub message: Option<u32>,
    /// Of e-mails.
    pub email: Option<u32>,
}

impl ReplyHistory {
    /// What a report of the [last days](HISTORY_DAYS) says.
    pub fn of(report: &Report) -> Self {
        let by_form = |cell: &Cell| cell.channel == Origin::Web && cell.form == FormKind::Message;
        let by_mail = |cell: &Cell| cell.channel == Origin::Email;
        Self { message: typical(report, by_form), email: typical(report, by_mail) }
    }
}

fn typical(report: &Report, belongs: impl Fn(&Cell) -> bool) -> Option<u32> {
    let mut sum = Tally::default();
    report.cells.iter().filter(|(cell, _)| belongs(cell)).for_each(|(_, tally)| sum.add(tally));
    let times = sum.times(Span::FirstReplyInHours);
    let within = times.within_of(TYPICAL, sum.of(Count::Unanswered)).filter(|_| times.count() >= REPLIES)?;
    u32::try_from(within).ok()
}

impl ReplyPromise {
    /// Seconds of support time within which an answer is promised.
    pub fn seconds(self) -> Option<u32> {
        match self {
            Self::Within(seconds) => Some(seconds),
            Self::Measured { typical, otherwise } => Some(typical.unwrap_or(otherwise)),
            Self::Slot => None,
        }
    }

    /// The same promise where this was typical; only one that is measured is another then.
    pub fn measured(self, typical: Option<u32>) -> Self {
        match self {
            Self::Measured { otherwise, .. } => Self::Measured { typical, otherwise },
            said => said,
        }
    }

    fn basis(self) -> Basis {
        match self {
            Self::Within(_) | Self::Measured { typical: None, .. } => Basis::Promised,
            Self::Measured { typical: Some(_), .. } => Basis::Measured,
            Self::Slot => Basis::Slot,
        }
    }
}

/// Where a promise comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Said by the owner.
    Promised,
    /// Typical of the last 30 days.
    Measured,
    /// The slot that was chosen.
    Slot,
}

/// When an answer is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedReply {
    /// The latest moment.
    pub by: Timestamp,
    /// Seconds of wall time from the moment of asking until `by`; 0 when `by` has passed.
    pub seconds: u64,
    /// Where the promise comes from.
    pub basis: Basis,
}

impl ExpectedReply {
    /// The promise made by choosing a slot: a call when it begins.
    pub fn at_slot(slot: Slot, now: Timestamp) -> Self {
        Self { by: slot.from, seconds: seconds_until(slot.from, now), basis: Basis::Slot }
    }
}

/// The promise as a moment, for somebody who asks now.
///
/// `Within` counts open time only: "2 hours" asked half an hour before closing on Saturday lands an hour and a half after
/// the next opening. `None` where nobody is ever there, or where the promise is the slot and none is chosen yet.
pub fn expected_reply(promise: ReplyPromise, hours: &SupportHours, now: Timestamp) -> Option<ExpectedReply> {
    let by = hours.after_open_time(now, promise.seconds()?)?;
    Some(ExpectedReply { by, seconds: seconds_until(by, now), basis: promise.basis() })
}

fn seconds_until(moment: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(moment.as_second() - now.as_second()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::holidays::Calendar;

    const PET_SHOP: &str = "Mo-Fr 10:00-20:00; Sa 11:00-18:00; PH off";

    fn hours(zone: &str, expression: &str) -> SupportHours {
        let zone = TimeZone::get(zone).expect("a zone");
        let russia = Calendar::of_country("RU").expect("a country");
        SupportHours::parse(expression, &zone, &russia, &[]).expect("valid hours")
    }

    fn at(moment: &str) -> Timestamp {
        moment.parse().expect("a moment")
    }

    /// The promised moment and the seconds until then.
    fn promised(hours: &SupportHours, seconds: u32, now: &str) -> Option<(String, u64)> {
        let reply = expected_reply(ReplyPromise::Within(seconds), hours, at(now))?;
        assert_eq!(reply.basis, Basis::Promised);
        Some((reply.by.to_string(), reply.seconds))
    }

    #[test]
    fn two_hours_said_on_saturday_evening_land_on_monday_morning() {
        let shop = hours("Europe/Moscow", PET_SHOP);
        // Saturday 17:30 in Moscow: half an hour is left, an hour and a half comes on Monday from 10:00 on.
        let monday = Some(("2026-11-23T08:30:00Z".to_owned(), 42 * 3_600));
        assert_eq!(promised(&shop, 7_200, "2026-11-21T14:30:00Z"), monday);
        // Saturday 21:00: both hours come on Monday.
        assert_eq!(
            promised(&shop, 7_200, "2026-11-21T18:00:00Z"),
            Some(("2026-11-23T09:00:00Z".to_owned(), 39 * 3_600))
        );
    }

    #[test]
    fn minute_promised_on_sunday_night_is_a_minute_after_opening() {
        let phone = hours("Europe/Moscow", "Mo-Fr 09:00-18:00; PH off");
        assert_eq!(promised(&phone, 60, "2026-11-22T19:30:00Z"), Some(("2026-11-23T06:01:00Z".to_owned(), 37_860)));
    }

    #[test]
    fn promise_at_the_opening_or_closing_moment_counts_from_there() {
        let shop = hours("Europe/Moscow", PET_SHOP);
        assert_eq!(promised(&shop, 3_600, "2026-11-23T07:00:00Z"), Some(("2026-11-23T08:00:00Z".to_owned(), 3_600)));
        assert_eq!(
            promised(&shop, 3_600, "2026-11-23T17:00:00Z"),
            Some(("2026-11-24T08:00:00Z".to_owned(), 15 * 3_600))
        );
        let until_closing = promised(&shop, 3_600, "2026-11-23T16:00:00Z");
        assert_eq!(until_closing, Some(("2026-11-23T17:00:00Z".to_owned(), 3_600)), "closing is not the next opening");
    }

    #[test]
    fn holidays_do_not_count() {
        let shop = hours("Europe/Moscow", PET_SHOP);
        // Tuesday 3 November 19:00; Wednesday is a holiday.
        assert_eq!(
            promised(&shop, 7_200, "2026-11-03T16:00:00Z"),
            Some(("2026-11-05T08:00:00Z".to_owned(), 40 * 3_600))
        );
    }

    #[test]
    fn always_open_counts_straight_on_and_always_closed_promises_nothing() {
        let day_and_night = hours("Europe/Sofia", "24/7");
        assert_eq!(
            promised(&day_and_night, 7_200, "2026-10-25T00:30:00Z"),
            Some(("2026-10-25T02:30:00Z".to_owned(), 7_200))
        );
        for never in ["off", "2020 Mo-Fr 10:00-18:00"] {
            assert_eq!(promised(&hours("Europe/Sofia", never), 7_200, "2026-11-23T08:00:00Z"), None);
            assert_eq!(promised(&hours("Europe/Sofia", never), 0, "2026-11-23T08:00:00Z"), None);
        }
    }

    #[test]
    fn hour_that_the_clocks_skip_or_repeat_counts_as_it_passes() {
        let night = hours("Europe/Berlin", "Sa 22:00-06:00");
        // Four hours from 23:00 by the clock: skipped hour, 04:00 by the clock; repeated hour, 02:00.
        assert_eq!(
            promised(&night, 4 * 3_600, "2026-03-28T22:00:00Z"),
            Some(("2026-03-29T02:00:00Z".to_owned(), 4 * 3_600))
        );
        assert_eq!(
            promised(&night, 4 * 3_600, "2026-10-24T21:00:00Z"),
            Some(("2026-10-25T01:00:00Z".to_owned(), 4 * 3_600))
        );
    }

    #[test]
    fn promise_of_no_time_is_the_first_open_moment() {
        let shop = hours("Europe/Moscow", PET_SHOP);
        assert_eq!(promised(&shop, 0, "2026-11-23T08:00:00Z"), Some(("2026-11-23T08:00:00Z".to_owned(), 0)));
        assert_eq!(promised(&shop, 0, "2026-11-22T19:30:00Z"), Some(("2026-11-23T07:00:00Z".to_owned(), 41_400)));
    }

    #[test]
    fn what_is_measured_is_promised_once_there_were_enough_replies() {
        let report = |replies: u64, channel, form| {
            let mut tally = Tally::default();
            (0..replies)
                .for_each(|reply| tally.time(Span::FirstReplyInHours, if reply % 10 < 9 { 600 } else { 9_000 }));
            Report { cells: [(Cell { channel, form, hour: 9 }, tally)].into(), ..Report::default() }
        };
        let history = |replies| ReplyHistory::of(&report(replies, Origin::Web, FormKind::Message));
        assert_eq!(history(19), ReplyHistory::default());
        assert_eq!(history(20), ReplyHistory { message: Some(608), email: None }, "nine of ten took ten minutes");
        assert_eq!(ReplyHistory::of(&report(20, Origin::Email, FormKind::Message)).email, Some(608));
        for channel in [Origin::Phone, Origin::WalkIn] {
            let told = ReplyHistory::of(&report(20, channel, FormKind::Message));
            assert_eq!(told, ReplyHistory::default(), "who called or came by did not wait for a reply");
        }
        assert_eq!(ReplyHistory::of(&report(20, Origin::Web, FormKind::Callback)), ReplyHistory::default());
    }

    #[test]
    fn messages_that_nobody_answered_count_as_those_that_waited_longest() {
        let cell = Cell { channel: Origin::Web, form: FormKind::Message, hour: 9 };
        let typical = |quick: u32, slow: u32, unanswered: u32| {
            let mut tally = Tally::default();
            (0..quick).for_each(|_| tally.time(Span::FirstReplyInHours, 600));
            (0..slow).for_each(|_| tally.time(Span::FirstReplyInHours, 9_000));
            (0..unanswered).for_each(|_| tally.count(Count::Unanswered));
            ReplyHistory::of(&Report { cells: [(cell, tally)].into(), ..Report::default() }).message
        };
        assert_eq!(typical(20, 0, 30), None, "most are not answered at all");
        assert_eq!((typical(18, 2, 0), typical(18, 2, 1)), (Some(608), Some(9_728)));
        assert_eq!((typical(18, 0, 2), typical(27, 0, 3)), (None, Some(608)), "twenty replies are asked for");
        assert_eq!(typical(27, 0, 4), None);
    }

    #[test]
    fn measured_promise_says_what_it_stands_on() {
        let shop = hours("Europe/Moscow", PET_SHOP);
        let now = at("2026-11-23T08:00:00Z");
        let promise = ReplyPromise::Measured { typical: None, otherwise: 7_200 };
        let said = |promise| expected_reply(promise, &shop, now).map(|reply| (reply.seconds, reply.basis));
        assert_eq!(said(promise), Some((7_200, Basis::Promised)));
        assert_eq!(said(promise.measured(Some(608))), Some((608, Basis::Measured)));
        assert_eq!(said(ReplyPromise::Within(60).measured(Some(608))), Some((60, Basis::Promised)));
    }

    #[test]
    fn slot_promises_its_beginning_and_nothing_before_one_is_chosen() {
        let shop = hours("Europe/Moscow", PET_SHOP);
        let now = at("2026-11-22T19:30:00Z");
        assert_eq!(expected_reply(ReplyPromise::Slot, &shop, now), None);
        let slot = Slot { from: at("2026-11-23T07:00:00Z"), to: at("2026-11-23T07:30:00Z") };
        assert_eq!(
            ExpectedReply::at_slot(slot, now),
            ExpectedReply { by: slot.from, seconds: 41_400, basis: Basis::Slot }
        );
        assert_eq!(ExpectedReply::at_slot(slot, slot.to).seconds, 0);
    }
}
