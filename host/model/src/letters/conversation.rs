//! The letters about what comes after a request: what is written on either side, how good it was, and what is due.

use jiff::Timestamp;
use uuid::Uuid;

use super::Draft;
use crate::{
    delivery::Mail,
    request::{Entry, Request, Status},
    site::Site,
    texts::Texts,
};

/// Tells the business what the requester wrote after the request itself. `None` where the site has no address for it, or what
/// they wrote is not there.
pub fn entry_to_business(site: &Site, request: &Request, entry: Uuid, link: &str, now: Timestamp) -> Option<Mail> {
    let written = written(request, entry)?;
    let letter = Draft { site, request, now, texts: Texts::of(site.locale) };
    letter.for_business(
        "letter-business-entry-subject",
        vec![
            Some(letter.behind("letter-business-entry-intro", &letter.said(written))),
            letter.promise(),
            Some(letter.link_behind("letter-business-link", link)),
            Some(letter.fact_lines()),
        ],
    )
}

/// Tells the requester what somebody of the business wrote, with a link to answer. `None` without their address, or where it is
/// not there.
pub fn answer_to_requester(site: &Site, request: &Request, entry: Uuid, link: &str, now: Timestamp) -> Option<Mail> {
    let to = request.requester.email.clone()?;
    let written = written(request, entry)?;
    let letter = Draft { site, request, now, texts: Texts::of(request.locale) };
    let link = letter.link_behind(link_intro(request.status), link);
    Some(letter.for_requester(to, "letter-requester-answer-subject", letter.said(written), link))
}

/// Tells the requester that the answer takes longer than was promised, and until when. `None` without their address, or where
/// nothing is promised any more.
pub fn later_to_requester(site: &Site, request: &Request, link: &str, now: Timestamp) -> Option<Mail> {
    let to = request.requester.email.clone()?;
    let promise = request.open_promise()?;
    let letter = Draft { site, request, now, texts: Texts::of(request.locale) };
    let moment = letter.texts.full_moment_by(promise.by, now, &site.time_zone);
    let said = letter.with("letter-requester-later", "moment", &moment);
    let link = letter.link_behind("letter-requester-link", link);
    Some(letter.for_requester(to, "letter-requester-later-subject", said, link))
}

/// Tells the business how good the requester found the answer. `None` where the site has no address, or nothing was said.
pub fn rated_to_business(site: &Site, request: &Request, link: &str, now: Timestamp) -> Option<Mail> {
    let rating = request.rating.as_ref()?;
    let letter = Draft { site, request, now, texts: Texts::of(site.locale) };
    let stars = u8::from(rating.stars).to_string();
    let comment = rating.comment.as_deref().map(|comment| letter.behind("letter-business-rated-comment", comment));
    let (intro, link) =
        (letter.with("letter-business-rated-intro", "stars", &stars), letter.link_behind("letter-business-link", link));
    letter.for_business(
        "letter-business-rated-subject",
        vec![Some(intro), comment, Some(link), Some(letter.fact_lines())],
    )
}

/// Reminds the business of what is promised and due soon. `None` where the site has no address, or nothing is promised.
pub fn due_to_business(site: &Site, request: &Request, link: &str, now: Timestamp) -> Option<Mail> {
    reminder(site, request, ("letter-business-due-subject", "letter-business-due-intro"), link, now)
}

/// Tells the business that what was promised is over, and nobody has answered. `None` where the site has no address, or nothing
/// is promised.
pub fn overdue_to_business(site: &Site, request: &Request, link: &str, now: Timestamp) -> Option<Mail> {
    reminder(site, request, ("letter-business-overdue-subject", "letter-business-overdue-intro"), link, now)
}

fn reminder(
    site: &Site,
    request: &Request,
    (subject, intro): (&str, &str),
    link: &str,
    now: Timestamp,
) -> Option<Mail> {
    let promise = request.open_promise()?;
    let letter = Draft { site, request, now, texts: Texts::of(site.locale) };
    let moment = letter.texts.full_moment_by(promise.by, now, &site.time_zone);
    letter.for_business(
        subject,
        vec![
            Some(letter.with(intro, "moment", &moment)),
            Some(letter.link_behind("letter-business-link", link)),
            Some(letter.fact_lines()),
            letter.quoted(),
        ],
    )
}

/// What the link is for: to go on, or to say how good it was.
fn link_intro(status: Status) -> &'static str {
    match status {
        Status::Resolved => "letter-requester-resolved-link",
        _ => "letter-requester-answer-link",
    }
}

fn written(request: &Request, id: Uuid) -> Option<&Entry> {
    request.entries.iter().find(|entry| entry.id == id)
}
