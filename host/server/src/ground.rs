//! The ground of offers with its JSON: what all visitors of a site see within one second, written once.
//!
//! Pages and plugins change little of it. What stands before the form token depends on the ways to reach the site alone: it
//! is written once for each set of ways that plugins leave. Of what stands after it, every answer is written once.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use axum::body::Bytes;
use porchlight_model::{
    answers,
    offer::{self, Offer, OfferedCallback, OfferedChannel, OfferedMessage},
    site::Site,
    texts::Texts,
};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    http::pieces::Pieces,
    wire::offer::{Answer, Reach, SelfHelp},
};

/// How many sets of ways are kept written at once. Plugins that look at the page can leave as many as there are pages.
const WAYS: usize = 4;
/// Bytes that guides and notices usually take at most.
const BESIDE_ANSWERS: usize = 1_024;

/// What all visitors of a site see within one second, in one language.
#[derive(Debug)]
pub struct WrittenGround {
    /// What they see, before a page and plugins are asked.
    pub model: offer::Ground,
    answers: HashMap<String, Box<RawValue>>,
    reaches: RwLock<Vec<(Ways, Bytes)>>,
}

/// An offer in JSON, but for its form token: every visitor gets one of their own.
#[derive(Debug)]
pub struct Rendered {
    before: Bytes,
    after: Bytes,
}

/// Everything that decides what stands before the form token, on one ground.
#[derive(Debug, PartialEq, Eq)]
struct Ways {
    channels: Vec<Arc<OfferedChannel>>,
    callback: Option<Arc<OfferedCallback>>,
    message: Option<Arc<OfferedMessage>>,
}

impl Rendered {
    /// Bytes that keeping it takes, but for what it shares with others on its ground.
    pub fn bytes(&self) -> usize {
        self.after.len()
    }

    /// The offer with a visitor's own token.
    pub fn with(&self, token: String) -> Pieces {
        Pieces::of([self.before.clone(), token.into(), self.after.clone()])
    }
}

impl WrittenGround {
    /// What is seen, with its answers written.
    pub fn new(model: offer::Ground) -> Self {
        let written = |answer: &Arc<answers::Answer>| (answer.id.clone(), piece(&Answer::from(answer.as_ref())));
        Self { answers: model.answers.iter().map(written).collect(), model, reaches: RwLock::default() }
    }

    /// Bytes that its answers take, written once more.
    pub fn bytes(&self) -> usize {
        2 * self.answers.values().map(|answer| answer.get().len()).sum::<usize>()
    }

    /// Writes an offer that stands on this ground.
    pub fn render(&self, offer: &Offer, site: &Site, texts: &Texts) -> Rendered {
        Rendered { before: self.before(offer, site, texts), after: self.after(offer) }
    }

    fn before(&self, offer: &Offer, site: &Site, texts: &Texts) -> Bytes {
        let known = self.reaches.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, text)) = known.iter().find(|(ways, _)| ways.are_of(offer)) {
            return text.clone();
        }
        drop(known);
        let text = Bytes::from(before(&Reach::new(offer, site, texts)));
        let mut known = self.reaches.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < WAYS {
            known.push((Ways::of(offer), text.clone()));
        }
        text
    }

    fn after(&self, offer: &Offer) -> Bytes {
        let answers = offer.answers.iter().filter_map(|answer| self.answers.get(&answer.id));
        let answers: Vec<&RawValue> = answers.map(Box::as_ref).collect();
        let room = answers.iter().map(|answer| answer.get().len() + 1).sum::<usize>() + BESIDE_ANSWERS;
        after(&SelfHelp::new(offer, answers), room).into()
    }
}

impl Ways {
    fn of(offer: &Offer) -> Self {
        let Offer { channels, callback, message, .. } = offer.clone();
        Self { channels, callback, message }
    }

    fn are_of(&self, offer: &Offer) -> bool {
        (&self.channels, &self.callback, &self.message) == (&offer.channels, &offer.callback, &offer.message)
    }
}

/// The beginning of an offer, up to its token: an object that is not closed yet.
fn before(reach: &Reach) -> String {
    let mut text = piece(reach).get().to_owned();
    text.pop();
    text + r#","form_token":""#
}

/// The end of an offer, from behind its token on: an object that was opened already.
fn after(help: &SelfHelp<'_>, room: usize) -> Vec<u8> {
    let mut text = Vec::with_capacity(room);
    text.push(b'"');
    #[expect(clippy::expect_used, reason = "it is made of texts, and a vector takes everything")]
    serde_json::to_writer(&mut text, help).expect("an offer can be written");
    text[1] = b',';
    text
}

fn piece(part: &impl Serialize) -> Box<RawValue> {
    #[expect(clippy::expect_used, reason = "an offer is made of texts and numbers")]
    serde_json::value::to_raw_value(part).expect("an offer can be written")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use porchlight_model::{
        answers::Guide,
        locale::Locale,
        offer::{Circumstances, Lengthened, Notice, NoticeLevel, OfferPatch, PromiseTarget},
        slots::Bookings,
    };
    use porchlight_store::SiteFile;

    use super::*;
    use crate::config::site;

    /// A shop that promises to reply to messages within so long.
    fn shop(message: &str) -> Site {
        let text = format!(
            "key = \"pet-shop\"\nname = \"Пёс \\\"и\\\" Кот\"\nreference_prefix = \"PS\"\norigins = [\"https://shop.example\"]\n\
             locale = \"ru\"\ntime_zone = \"Europe/Moscow\"\nhours = \"Mo-Fr 10:00-20:00\"\n\
             [[channels]]\nkind = \"phone\"\nvalue = \"+7 495 495-49-41\"\nexpected_reply = \"1m\"\n\
             [[channels]]\nkind = \"telegram\"\nvalue = \"@shop\"\n\
             [forms.callback]\nslot = \"30m\"\nlead = \"1h\"\ndays_ahead = 7\ncapacity = 1\nexpected_reply = \"slot\"\n\
             [forms.message]\nexpected_reply = \"{message}\"\n\
             [answers]\nfiles = \"answers/*.md\"\n\
             [[guides]]\npages = [\"/dog-houses/*\"]\ntitle = \"Будка\"\nurl = \"https://shop.example/kennel\"\n"
        );
        let file = |path: &str, text: &str| SiteFile { path: path.to_owned(), content: text.into() };
        let answer = |id: &str, front: &str| {
            let text = format!(
                "+++\nid = \"{id}\"\nquestion = 'Как \"{id}\"?'\nlocale = \"ru\"\n{front}+++\n\"form_token\":\"\"\n"
            );
            file(&format!("answers/{id}.md"), &text)
        };
        let files = [
            file(site::SITE_FILE, &text),
            answer("delivery", ""),
            answer("kennel", "pages = [\"/dog-houses/*\"]\n"),
            answer("returns", "url = \"https://shop.example/returns\"\n"),
        ];
        site::read(&files).unwrap_or_else(|mistakes| panic!("{mistakes}")).site
    }

    fn ground(site: &Site) -> WrittenGround {
        let now: Timestamp = "2026-11-22T19:30:00Z".parse().expect("a moment");
        let bookings = Bookings::from([("2026-11-23T07:30:00Z".parse().expect("a moment"), 1)]);
        WrittenGround::new(offer::Ground::new(site, Locale::Ru, &bookings, Circumstances::default(), now))
    }

    /// An offer as JSON, each part written anew.
    fn plain(offer: &Offer, site: &Site, token: &str) -> String {
        #[derive(Serialize)]
        struct Plain<'a> {
            #[serde(flatten)]
            reach: Reach,
            form_token: &'a str,
            #[serde(flatten)]
            help: SelfHelp<'a>,
        }
        let answers: Vec<_> = offer.answers.iter().map(|answer| piece(&Answer::from(answer.as_ref()))).collect();
        let help = SelfHelp::new(offer, answers.iter().map(Box::as_ref).collect());
        let reach = Reach::new(offer, site, Texts::of(Locale::Ru));
        serde_json::to_string(&Plain { reach, form_token: token, help }).expect("JSON")
    }

    /// Patches of every sort, and of every combination of sorts.
    fn patches() -> impl Iterator<Item = OfferPatch> {
        let lengthened = |target, seconds| Lengthened { target, seconds };
        (0..32_u32).map(move |sorts| {
            let has = |sort: u32| sorts & (1 << sort) != 0;
            let notice = Notice {
                level: NoticeLevel::Warning, text: "Отвечаем \"дольше\"\nобычного".to_owned()
            };
            let guide = Guide {
                pages: vec![],
                title: "А\\Б".to_owned(),
                url: "https://shop.example/a".to_owned(),
                locale: None,
            };
            let phone = PromiseTarget::Channel("phone".to_owned());
            OfferPatch {
                notices: has(0).then_some(notice).into_iter().collect(),
                guides: has(1).then_some(guide).into_iter().collect(),
                answers_first: has(2).then(|| "returns".to_owned()).into_iter().collect(),
                hidden_channels: has(3).then(|| "telegram".to_owned()).into_iter().collect(),
                lengthened: match has(4) {
                    true => vec![lengthened(phone, 7_200), lengthened(PromiseTarget::Message, 10_800 + sorts)],
                    false => vec![],
                },
            }
        })
    }

    fn read(rendered: &Rendered, token: &str) -> String {
        let whole = rendered.with(token.to_owned()).whole();
        String::from_utf8(whole.to_vec()).expect("text")
    }

    #[test]
    fn an_offer_reads_as_if_each_part_were_written_anew() {
        let site = shop("2h");
        let ground = ground(&site);
        // The second time round, what was kept is read.
        for patch in patches().chain(patches()) {
            for page in [None, Some("https://shop.example/"), Some("https://shop.example/dog-houses/lux")] {
                let (offer, _) = ground.model.offer(page).patched(patch.clone());
                let rendered = ground.render(&offer, &site, Texts::of(Locale::Ru));
                for token in ["", "t0", "token-1"] {
                    assert_eq!(read(&rendered, token), plain(&offer, &site, token), "{patch:?} on {page:?}");
                }
            }
        }
        assert!(ground.reaches.read().expect("whole").len() <= WAYS);
    }

    #[test]
    fn a_promise_made_longer_reads_as_the_owners_own() {
        let (two, four) = (shop("2h"), shop("4h"));
        let longer = Lengthened { target: PromiseTarget::Message, seconds: 4 * 3_600 };
        let ground_of_two = ground(&two);
        let (offer, _) =
            ground_of_two.model.offer(None).patched(OfferPatch { lengthened: vec![longer], ..OfferPatch::default() });
        let texts = Texts::of(Locale::Ru);
        let own = ground(&four);
        let patched = read(&ground_of_two.render(&offer, &two, texts), "t");
        assert_eq!(patched, read(&own.render(&own.model.offer(None), &four, texts), "t"));
        assert_ne!(patched, read(&ground_of_two.render(&ground_of_two.model.offer(None), &two, texts), "t"));
    }
}
