//! What a plugin's patch makes of an offer.

use std::{fmt, sync::Arc};

use super::{Lengthened, Notice, Offer, OfferPatch, PromiseTarget};
use crate::{answers::Guide, reply::ReplyPromise, web};

/// The most characters of a notice.
const NOTICE: usize = 500;

/// The most characters of a guide's title, and of its address.
const TITLE: usize = 500;
const ADDRESS: usize = 2_048;

impl Offer {
    /// This offer with a plugin's patch laid over it, and what really changed in short words (`message promise 4h`,
    /// `notice added`), for the provenance. Ids that do not exist, and promises that would get shorter, change nothing.
    ///
    /// A notice of more than 500 characters, and a guide that leads anywhere but to an http or https address, are dropped,
    /// which the short words say too.
    pub fn patched(mut self, patch: OfferPatch) -> (Self, Vec<String>) {
        let mut changes = Vec::new();
        patch.notices.into_iter().for_each(|notice| changes.push(self.notice(notice)));
        let at = self.guides.len();
        patch.guides.into_iter().for_each(|guide| changes.push(self.guide(guide)));
        self.guides.rotate_left(at);
        changes.extend(self.first(&patch.answers_first));
        patch.hidden_channels.iter().for_each(|id| changes.extend(self.hide(id)));
        patch.lengthened.iter().for_each(|longer| changes.extend(self.lengthen(longer)));
        (self, changes)
    }

    fn notice(&mut self, notice: Notice) -> String {
        if !is_text(&notice.text, NOTICE) {
            return format!("notice dropped: not 1 to {NOTICE} characters of text");
        }
        self.notices.push(notice);
        "notice added".to_owned()
    }

    fn guide(&mut self, guide: Guide) -> String {
        if !is_text(&guide.title, TITLE) {
            return format!("guide dropped: its title is not 1 to {TITLE} characters of text");
        }
        if !is_text(&guide.url, ADDRESS) || !web::is_web_address(&guide.url) {
            return "guide dropped: its address is not an http or https one".to_owned();
        }
        self.guides.push(Arc::new(guide));
        "guide added".to_owned()
    }

    fn first(&mut self, ids: &[String]) -> Option<String> {
        let rank = |id: &String| ids.iter().position(|first| first == id).unwrap_or(ids.len());
        if self.answers.is_sorted_by_key(|answer| rank(&answer.id)) {
            return None;
        }
        let mut answers = self.answers.to_vec();
        answers.sort_by_key(|answer| rank(&answer.id));
        self.answers = answers.into();
        let moved: Vec<&str> = self.answers.iter().map(|one| one.id.as_str()).filter(|id| is_among(ids, id)).collect();
        Some(format!("answers first {}", moved.join(" ")))
    }

    fn hide(&mut self, id: &str) -> Option<String> {
        let at = self.channels.iter().position(|channel| channel.id == id)?;
        self.channels.remove(at);
        Some(format!("channel {id} hidden"))
    }

    fn lengthen(&mut self, longer: &Lengthened) -> Option<String> {
        let promise = self.promise_of(&longer.target)?.as_mut()?;
        if promise.seconds()? >= longer.seconds {
            return None;
        }
        *promise = ReplyPromise::Within(longer.seconds);
        Some(format!("{} promise {}", longer.target, duration(longer.seconds)))
    }

    fn promise_of(&mut self, target: &PromiseTarget) -> Option<&mut Option<ReplyPromise>> {
        match target {
            PromiseTarget::Channel(id) => {
                let offered = self.channels.iter_mut().find(|channel| channel.id == *id)?;
                Some(&mut Arc::make_mut(offered).promise)
            }
            PromiseTarget::Callback => Some(&mut Arc::make_mut(self.callback.as_mut()?).promise),
            PromiseTarget::Message => Some(&mut Arc::make_mut(self.message.as_mut()?).promise),
        }
    }
}

impl fmt::Display for PromiseTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channel(id) => write!(f, "channel {id}"),
            Self::Callback => f.write_str("callback"),
            Self::Message => f.write_str("message"),
        }
    }
}

fn is_among(ids: &[String], id: &str) -> bool {
    ids.iter().any(|one| one == id)
}

fn is_text(text: &str, limit: usize) -> bool {
    let clean = !text.chars().any(|c| c.is_control() && c != '\n');
    clean && !text.trim().is_empty() && text.chars().nth(limit).is_none()
}

/// Seconds in the largest unit that fits: `4h`, `90m`, `45s`.
fn duration(seconds: u32) -> String {
    match seconds {
        whole if whole > 0 && whole.is_multiple_of(3600) => format!("{}h", whole / 3600),
        whole if whole > 0 && whole.is_multiple_of(60) => format!("{}m", whole / 60),
        other => format!("{other}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixture,
        locale::Locale,
        offer::{Circumstances, Ground, NoticeLevel},
        reply::ExpectedReply,
        slots::Bookings,
    };

    fn patched(patch: OfferPatch) -> (Offer, Vec<String>) {
        seen().patched(patch)
    }

    /// Sunday evening in Moscow.
    fn seen() -> Offer {
        let now = fixture::at("2026-11-22T19:30:00Z");
        Ground::new(&fixture::site(), Locale::Ru, &Bookings::new(), Circumstances::default(), now)
            .offer(Some("https://shop.example/"))
    }

    fn reply_by_phone(offer: &Offer) -> Option<ExpectedReply> {
        let phone = offer.channels.iter().find(|one| one.id == "phone")?;
        phone.expected_reply(&fixture::site(), offer.now)
    }

    fn longer(target: PromiseTarget, seconds: u32) -> OfferPatch {
        OfferPatch { lengthened: vec![Lengthened { target, seconds }], ..OfferPatch::default() }
    }

    fn guide(title: &str, url: &str) -> Guide {
        Guide { pages: vec![], title: title.to_owned(), url: url.to_owned(), locale: None }
    }

    fn notice(text: &str) -> Notice {
        Notice { level: NoticeLevel::Info, text: text.to_owned() }
    }

    #[test]
    fn an_empty_patch_changes_nothing() {
        assert_eq!(patched(OfferPatch::default()), (seen(), vec![]));
    }

    #[test]
    fn a_longer_promise_moves_the_moment() {
        let (offer, changes) = patched(longer(PromiseTarget::Message, 4 * 3600));
        assert_eq!(changes, ["message promise 4h"]);
        let reply = offer.message.and_then(|form| form.expected_reply(&fixture::site(), offer.now));
        let by = reply.map(|reply| reply.by);
        assert_eq!(by, Some(fixture::at("2026-11-23T11:00:00Z")));
    }

    #[test]
    fn a_channels_promise_counts_in_the_channels_own_hours() {
        let (offer, changes) = patched(longer(PromiseTarget::Channel("phone".to_owned()), 90 * 60));
        assert_eq!(changes, ["channel phone promise 90m"]);
        assert_eq!(reply_by_phone(&offer).map(|reply| reply.by), Some(fixture::at("2026-11-23T07:30:00Z")));
    }

    #[test]
    fn a_promise_never_gets_shorter() {
        for target in [PromiseTarget::Message, PromiseTarget::Channel("phone".to_owned())] {
            assert_eq!(patched(longer(target, 30)), (seen(), vec![]));
        }
        assert_eq!(patched(longer(PromiseTarget::Message, 7_200)), (seen(), vec![]), "the same is not longer");
    }

    #[test]
    fn what_is_not_there_is_not_lengthened() {
        assert_eq!(patched(longer(PromiseTarget::Channel("fax".to_owned()), 90)), (seen(), vec![]));
        assert_eq!(patched(longer(PromiseTarget::Channel("email".to_owned()), 90)), (seen(), vec![]), "no promise");
        assert_eq!(patched(longer(PromiseTarget::Callback, 7_200)), (seen(), vec![]), "the slot is the promise");
    }

    #[test]
    fn added_guides_come_first_in_their_order() {
        let added = vec![guide("A", "https://shop.example/a"), guide("B", "http://shop.example/b")];
        let (offer, changes) = patched(OfferPatch { guides: added, ..OfferPatch::default() });
        let titles: Vec<&str> = offer.guides.iter().map(|guide| guide.title.as_str()).collect();
        assert_eq!(titles, ["A", "B", "Blog"]);
        assert_eq!(changes, ["guide added", "guide added"]);
    }

    #[test]
    fn a_guide_that_leads_elsewhere_than_to_the_web_is_dropped() {
        let added = vec![guide("A", "javascript:alert(1)"), guide(" ", "https://shop.example/")];
        let (offer, changes) = patched(OfferPatch { guides: added, ..OfferPatch::default() });
        assert_eq!(offer, seen());
        assert_eq!(
            changes,
            [
                "guide dropped: its address is not an http or https one",
                "guide dropped: its title is not 1 to 500 characters of text"
            ]
        );
    }

    #[test]
    fn a_notice_of_more_than_500_characters_is_dropped() {
        let notices = vec![notice(&"ы".repeat(500)), notice(&"ы".repeat(501))];
        let (offer, changes) = patched(OfferPatch { notices, ..OfferPatch::default() });
        assert_eq!(offer.notices.len(), 1);
        assert_eq!(changes, ["notice added", "notice dropped: not 1 to 500 characters of text"]);
    }

    #[test]
    fn answers_are_shown_first_in_the_order_asked_for() {
        let ids = ["kennel", "nothing", "delivery"].map(str::to_owned).to_vec();
        let (offer, changes) = patched(OfferPatch { answers_first: ids, ..OfferPatch::default() });
        let order: Vec<&str> = offer.answers.iter().map(|answer| answer.id.as_str()).collect();
        assert_eq!(order, ["kennel", "delivery", "returns"]);
        assert_eq!(changes, ["answers first kennel delivery"]);
    }

    #[test]
    fn an_order_that_is_there_already_is_no_change() {
        let patch = OfferPatch { answers_first: vec!["returns".to_owned()], ..OfferPatch::default() };
        assert_eq!(patched(patch), (seen(), vec![]));
    }

    #[test]
    fn hidden_channels_are_left_out_once() {
        let hidden = ["phone", "phone", "fax"].map(str::to_owned).to_vec();
        let (offer, changes) = patched(OfferPatch { hidden_channels: hidden, ..OfferPatch::default() });
        assert!(offer.channels.iter().all(|channel| channel.id != "phone"));
        assert_eq!(changes, ["channel phone hidden"]);
    }
}
