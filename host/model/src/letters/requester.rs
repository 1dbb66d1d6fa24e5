//! The letters to whoever left the request.

use jiff::Timestamp;

use super::{Draft, joined, one_line};
use crate::{
    contact::EmailAddress,
    delivery::Mail,
    locale::Locale,
    reply::{Basis, ExpectedReply},
    request::Request,
    site::Site,
    texts::Texts,
};

/// Tells the requester that the request is kept: reference, promise, link to its status. `None` without their address.
///
/// In the requester's language, in the site's zone, which is named. Nobody has shown yet that the address is theirs:
/// what they wrote is not repeated, or else the form would send any text to anybody.
pub fn to_requester(site: &Site, request: &Request, link: &str, now: Timestamp) -> Option<Mail> {
    let to = request.requester.email.clone()?;
    let letter = Draft { site, request, now, texts: Texts::of(request.locale) };
    let subject = match request.slot {
        Some(_) => "letter-requester-callback-subject",
        None => "letter-requester-message-subject",
    };
    Some(letter.for_requester(to, subject, letter.kept(), letter.link_behind("letter-requester-link", link)))
}

/// Tells the requester that they were called and did not answer, with a link to choose another time. `None` without their
/// address, and for what is no call.
pub fn missed_to_requester(site: &Site, request: &Request, link: &str, now: Timestamp) -> Option<Mail> {
    let to = request.requester.email.clone()?;
    let letter = Draft { site, request, now, texts: Texts::of(request.locale) };
    let missed = letter.with("letter-requester-missed", "phone", request.requester.phone.as_ref()?.as_str());
    let link = letter.link_behind("letter-requester-missed-link", link);
    Some(letter.for_requester(to, "letter-requester-missed-subject", missed, link))
}

/// A link to all that somebody asked the site, for whoever reads the mail of this address; it repeats nothing they wrote.
pub fn links_to_requester(site: &Site, to: &EmailAddress, locale: Locale, link: &str) -> Mail {
    let texts = Texts::of(locale);
    let site_named = |id: &str| texts.say_with(id, &[("site", &one_line(&site.name))]);
    let text = joined(vec![
        Some(texts.say("letter-greeting")),
        Some(site_named("letter-requester-links")),
        Some(format!("{}\n{link}", texts.say("letter-requester-links-link"))),
        Some(texts.say("letter-requester-links-not-you")),
        Some(format!("-- \n{}", one_line(&site.name))),
    ]);
    let subject = site_named("letter-requester-links-subject");
    Mail { to: to.clone(), reply_to: site.mail.clone(), from_name: site.name.clone(), subject, text }
}

impl Draft<'_> {
    pub(super) fn for_requester(&self, to: EmailAddress, subject: &str, said: String, link: String) -> Mail {
        let (site, request) = (self.site, self.request);
        let text = joined(vec![
            Some(self.greeting()),
            Some(said),
            Some(self.with("letter-requester-reference", "reference", request.reference.as_str())),
            Some(link),
            Some(self.with("letter-requester-zone", "zone", &site.time_zone_name)),
            Some(self.texts.say("letter-requester-not-you")),
            Some(format!("-- \n{}", one_line(&site.name))),
        ]);
        let subject = self.subject(subject);
        Mail { to, reply_to: site.mail.clone(), from_name: site.name.clone(), subject, text }
    }

    fn greeting(&self) -> String {
        match self.request.requester.name.as_deref().filter(|name| !is_link(name)) {
            Some(name) => self.with("letter-greeting-name", "name", one_line(name).trim()),
            None => self.texts.say("letter-greeting"),
        }
    }

    fn kept(&self) -> String {
        let phone = self.request.requester.phone.as_ref();
        match (self.call(), phone) {
            (Some(call), Some(phone)) => {
                self.texts.say_with("letter-requester-callback", &[("moment", &call), ("phone", phone.as_str())])
            }
            _ => [Some(self.texts.say("letter-requester-message")), self.answer()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
        }
    }

    fn answer(&self) -> Option<String> {
        let ExpectedReply { by, seconds, basis } = self.request.promise?;
        if seconds <= 60 && basis != Basis::Slot {
            return Some(self.texts.say("letter-requester-promise-right-away"));
        }
        let by = self.texts.full_moment_by(by, self.now, &self.site.time_zone);
        Some(self.with("letter-requester-promise", "moment", &by))
    }
}

/// Whether mail programs would make a link of this name: `buy at shop.example`, but not `J. Smith`.
fn is_link(name: &str) -> bool {
    let dotted = |word: &str| word.trim_end_matches('.').split('.').filter(|part| part.chars().count() > 1).count() > 1;
    name.contains(['@', '/', ':']) || name.split_whitespace().any(dotted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_become_a_link_is_told_apart() {
        for name in ["visit evil.example now", "https://evil", "a@b", "www.evil.example"] {
            assert!(is_link(name), "{name}");
        }
        for name in ["Анна", "J. R. Smith", "А.С. Пушкин", "St. John Jr.", "<img onerror>"] {
            assert!(!is_link(name), "{name}");
        }
    }
}
