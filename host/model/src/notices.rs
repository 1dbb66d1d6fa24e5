//! Notices: what a site's own programs are told of a request, by webhook.
//!
//! Every event of a request's life is one notice to each endpoint that hears of it.

use jiff::Timestamp;

use crate::{
    delivery::{News, Notice},
    request::{Happening, Request},
    site::Site,
};

/// The names of all events there are.
pub const EVENTS: [&str; 15] = [
    "request.received",
    "request.accepted",
    "request.in-progress",
    "request.attempted",
    "request.entry-added",
    "request.resolved",
    "request.reopened",
    "request.rated",
    "request.rescheduled",
    "request.reply-by-changed",
    "request.cancelled",
    "request.due-soon",
    "request.postponed",
    "request.overdue",
    ERASED,
];

/// The name of the one event that no request is left to tell of.
pub const ERASED: &str = "request.erased";

/// The name of what happened to a request: `request.received`.
pub fn event_name(what: &Happening) -> String {
    // As it is kept, so that a new event has its name without further words.
    let kept = serde_json::to_value(what).unwrap_or_default();
    format!("request.{}", kept["event"].as_str().unwrap_or_default())
}

/// The notices that a new request calls for.
pub fn of_new(site: &Site, request: &Request) -> Vec<Notice> {
    of_events(site, request, 0)
}

/// The notices that a request's next revision calls for.
pub fn of_change(site: &Site, before: &Request, after: &Request) -> Vec<Notice> {
    of_events(site, after, before.events.len())
}

/// The notices that a request's end calls for.
pub fn of_erasure(site: &Site, request: &Request, now: Timestamp) -> Vec<Notice> {
    let news = || News::Erasure { reference: request.reference.clone(), id: request.id, at: now };
    heard(site, ERASED).map(|endpoint| Notice { endpoint, news: news() }).collect()
}

/// What is told of a request's events from a place on.
fn of_events(site: &Site, request: &Request, from: usize) -> Vec<Notice> {
    let news = request.events.iter().enumerate().skip(from);
    let notices = news.flat_map(|(place, event)| {
        heard(site, &event_name(&event.what))
            .map(move |endpoint| Notice { endpoint, news: News::Event { place } })
            .collect::<Vec<_>>()
    });
    notices.collect()
}

/// The endpoints that hear of an event.
fn heard<'a>(site: &'a Site, event: &'a str) -> impl Iterator<Item = String> + 'a {
    site.webhooks.iter().filter(move |webhook| webhook.hears_of(event)).map(|webhook| webhook.endpoint.clone())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        fixture::{at, callback_request, site, slot},
        request::{AgentAction, CallOutcome, ReplyBy, Stars, act},
        site::Webhook,
    };

    fn webhook(endpoint: &str, events: Option<&[&str]>) -> Webhook {
        let events = events.map(|events| events.iter().map(|name| (*name).to_owned()).collect());
        Webhook {
            endpoint: endpoint.to_owned(),
            url: "https://crm.example/".to_owned(),
            secret: "CRM".to_owned(),
            events,
        }
    }

    fn listening() -> Site {
        let all = webhook("all", None);
        let few = webhook("few", Some(&["request.resolved", "request.erased"]));
        Site { webhooks: vec![all, few], ..site() }
    }

    fn told(notices: &[Notice]) -> Vec<(&str, Option<usize>)> {
        let place = |news: &News| match news {
            News::Event { place } => Some(*place),
            News::Erasure { .. } => None,
        };
        notices.iter().map(|notice| (notice.endpoint.as_str(), place(&notice.news))).collect()
    }

    #[test]
    fn every_event_is_told_to_who_hears_of_it() {
        let request = callback_request();
        assert_eq!(told(&of_new(&listening(), &request)), [("all", Some(0))]);
        let called = act(&request, AgentAction::Reached, request.revision, at("2026-11-23T07:35:00Z")).expect("called");
        let notices = of_change(&listening(), &request, &called);
        assert_eq!(told(&notices), [("all", Some(1)), ("all", Some(2)), ("few", Some(2))], "attempted, then resolved");
        assert_eq!(
            told(&of_erasure(&listening(), &called, at("2026-11-24T00:00:00Z"))),
            [("all", None), ("few", None)]
        );
    }

    #[test]
    fn nothing_is_told_without_endpoints_and_without_news() {
        let request = callback_request();
        assert_eq!(of_new(&site(), &request), []);
        assert_eq!(of_change(&listening(), &request, &request), []);
    }

    #[test]
    fn notice_that_waits_says_nothing_of_anybody() {
        let request = callback_request();
        let waiting = serde_json::to_string(&of_new(&listening(), &request)).expect("JSON");
        assert_eq!(waiting, r#"[{"endpoint":"all","news":{"of":"event","place":0}}]"#);
    }

    #[test]
    fn names_that_can_be_asked_for_are_those_of_all_that_can_happen() {
        let happenings = [
            Happening::Received,
            Happening::Accepted,
            Happening::InProgress,
            Happening::Attempted { outcome: CallOutcome::NoAnswer },
            Happening::EntryAdded { entry: Uuid::nil() },
            Happening::Resolved,
            Happening::Reopened,
            Happening::Rated { stars: Stars::try_from(5).expect("stars") },
            Happening::Rescheduled { slot: slot() },
            Happening::ReplyByChanged { reply_by: ReplyBy::Email },
            Happening::Cancelled,
            Happening::DueSoon,
            Happening::Postponed { until: at("2026-11-23T09:00:00Z") },
            Happening::Overdue,
        ];
        let names: Vec<String> = happenings.iter().map(event_name).chain([ERASED.to_owned()]).collect();
        assert_eq!(names, EVENTS);
    }
}
