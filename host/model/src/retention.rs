//! How long requests are kept.

use jiff::{SignedDuration, Timestamp};

use crate::request::{Request, Status};

/// How long a site keeps requests, where its owner has said so: counted from the last thing that happened to one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Those that are resolved or cancelled.
    pub ended: Option<SignedDuration>,
    /// Those that nobody has brought to an end.
    pub open: Option<SignedDuration>,
}

impl Retention {
    /// In which of these statuses requests are kept for this long.
    pub fn spans(&self) -> impl Iterator<Item = (SignedDuration, Vec<Status>)> {
        let (ended, open) = Status::ALL.into_iter().partition(|status| status.is_final());
        [(self.ended, ended), (self.open, open)].into_iter().filter_map(|(span, of)| Some((span?, of)))
    }

    /// Whether a request has been kept long enough. A call that is still to come keeps it.
    pub fn is_over(&self, request: &Request, now: Timestamp) -> bool {
        let span = if request.status.is_final() { self.ended } else { self.open };
        let last = request.events.last().map_or(request.received_at(), |event| event.at);
        let since = request.slot.filter(|_| !request.status.is_final()).map_or(last, |slot| slot.to.max(last));
        span.is_some_and(|span| now.duration_since(since) >= span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixture::{at, callback_request, message_request},
        request::{Actor, Event, Happening},
    };

    const KEPT: Retention =
        Retention { ended: Some(SignedDuration::from_hours(24)), open: Some(SignedDuration::from_hours(48)) };

    fn resolved(moment: &str) -> Request {
        let mut request = message_request();
        request.status = Status::Resolved;
        request.events.push(Event { at: at(moment), by: Actor::Agent, agent: None, what: Happening::Resolved });
        request
    }

    #[test]
    fn a_request_is_kept_from_its_end_on() {
        let request = resolved("2026-11-30T12:00:00Z");
        assert!(!KEPT.is_over(&request, at("2026-12-01T11:59:59Z")));
        assert!(KEPT.is_over(&request, at("2026-12-01T12:00:00Z")));
    }

    #[test]
    fn an_open_one_is_kept_for_as_long_as_the_owner_says_and_until_its_call() {
        let request = message_request();
        assert!(!KEPT.is_over(&request, at("2026-11-24T19:29:59Z")));
        assert!(KEPT.is_over(&request, at("2026-11-24T19:30:00Z")));
        assert!(!KEPT.is_over(&callback_request(), at("2026-11-24T19:30:00Z")));
        assert!(KEPT.is_over(&callback_request(), at("2026-11-25T08:00:00Z")));
    }

    #[test]
    fn what_the_owner_has_said_nothing_of_is_kept_for_good() {
        let forever = at("9000-01-01T00:00:00Z");
        assert!(!Retention::default().is_over(&resolved("2026-11-30T12:00:00Z"), forever));
        assert!(!Retention { open: None, ..KEPT }.is_over(&message_request(), forever));
        assert_eq!(Retention::default().spans().count(), 0);
    }

    #[test]
    fn every_status_is_in_one_of_the_spans() {
        let spans: Vec<_> = KEPT.spans().collect();
        assert_eq!(spans[0], (SignedDuration::from_hours(24), vec![Status::Resolved, Status::Cancelled]));
        assert_eq!(spans[1].1, [Status::Received, Status::Accepted, Status::InProgress]);
    }
}
