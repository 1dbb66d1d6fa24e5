//! What a rush changes in an offer.

use porchlight_sdk::{FormKind, Lengthened, Notice, NoticeLevel, Offer, OfferPatch, PromiseTarget, VisitorContext};

use crate::settings::{Level, Rush, Settings};

/// Notices that one patch can add.
const NOTICES: usize = 8;

/// What the rushes that are on change for this visitor.
pub fn patch(settings: &Settings, visitor: &VisitorContext, offer: &Offer) -> OfferPatch {
    let on: Vec<&Rush> = settings.rushes.iter().filter(|rush| rush.is_on(&visitor.now.local)).collect();
    OfferPatch {
        notices: on.iter().filter_map(|rush| notice(rush, &visitor.locale)).take(NOTICES).collect(),
        lengthened: promises(offer).filter_map(|promise| lengthened(&on, promise)).collect(),
        ..OfferPatch::default()
    }
}

/// A promise of the offer, and what an owner calls its target.
struct Promise {
    name: String,
    target: PromiseTarget,
    seconds: u32,
}

fn promises(offer: &Offer) -> impl Iterator<Item = Promise> {
    let channels = offer.channels.iter().filter_map(|channel| {
        let target = PromiseTarget::Channel(channel.id.clone());
        Some(Promise { name: channel.id.clone(), target, seconds: channel.promised_seconds? })
    });
    let forms = offer.forms.iter().filter_map(|form| {
        let name = match form.kind {
            FormKind::Callback => "callback",
            FormKind::Message => "message",
        };
        Some(Promise { name: name.to_owned(), target: PromiseTarget::Form(form.kind), seconds: form.promised_seconds? })
    });
    channels.chain(forms)
}

fn lengthened(on: &[&Rush], promise: Promise) -> Option<Lengthened> {
    let seconds = on.iter().map(|rush| in_rush(rush, &promise)).max()?;
    (seconds > promise.seconds).then_some(Lengthened { target: promise.target, seconds })
}

/// The promise in a rush, in whole seconds rounded up. Numbers too large for the contract stay at its largest.
fn in_rush(rush: &Rush, promise: &Promise) -> u32 {
    let multiplied = f64::from(promise.seconds) * rush.multiplier.unwrap_or(1.0);
    let hours = rush.reply_hours.get(&promise.name).copied().unwrap_or(0.0);
    multiplied.max(hours * 3_600.0).ceil() as u32
}

fn notice(rush: &Rush, locale: &str) -> Option<Notice> {
    let level = match rush.level {
        Level::Info => NoticeLevel::Info,
        Level::Warning => NoticeLevel::Warning,
    };
    Some(Notice { level, text: rush.notice.in_language(locale)?.to_owned() })
}

#[cfg(test)]
mod tests {
    use porchlight_sdk::{Channel, Form, Moment, Texts};

    use super::*;

    fn visitor(local: &str) -> VisitorContext {
        let now = Moment { unix_seconds: 0, local: local.to_owned() };
        VisitorContext { locale: "ru".to_owned(), page: None, time_zone: None, now }
    }

    fn offer() -> Offer {
        let channel = |id: &str, promised_seconds| Channel {
            id: id.to_owned(),
            kind: "phone".to_owned(),
            open: true,
            promised_seconds,
        };
        Offer {
            channels: vec![channel("phone", Some(60)), channel("telegram", None)],
            forms: vec![
                Form { kind: FormKind::Callback, open: true, promised_seconds: None },
                Form { kind: FormKind::Message, open: true, promised_seconds: Some(7_200) },
            ],
            answers: Vec::new(),
        }
    }

    fn rush() -> Rush {
        Rush {
            from: "2026-12-15".to_owned(),
            until: "2026-12-31".to_owned(),
            multiplier: Some(1.5),
            reply_hours: [("message".to_owned(), 8.0)].into(),
            notice: Texts::from([("ru", "Перед Новым годом отвечаем дольше.")]),
            level: Level::Warning,
        }
    }

    #[test]
    fn in_a_rush_promises_grow_and_a_notice_says_so() {
        let patch = patch(&Settings { rushes: vec![rush()] }, &visitor("2026-12-20T12:00:00+03:00"), &offer());
        assert_eq!(
            patch.lengthened,
            [
                Lengthened { target: PromiseTarget::Channel("phone".to_owned()), seconds: 90 },
                Lengthened { target: PromiseTarget::Form(FormKind::Message), seconds: 28_800 },
            ]
        );
        assert_eq!(
            patch.notices,
            [Notice {
                level: NoticeLevel::Warning, text: "Перед Новым годом отвечаем дольше.".to_owned()
            }]
        );
    }

    #[test]
    fn outside_a_rush_nothing_changes() {
        let patch = patch(&Settings { rushes: vec![rush()] }, &visitor("2026-11-22T22:30:00+03:00"), &offer());
        assert_eq!(patch, OfferPatch::default());
    }

    #[test]
    fn a_shorter_reply_changes_nothing() {
        let rush = Rush { multiplier: None, reply_hours: [("message".to_owned(), 1.0)].into(), ..rush() };
        let patch = patch(&Settings { rushes: vec![rush] }, &visitor("2026-12-20T12:00:00+03:00"), &offer());
        assert_eq!(patch.lengthened, []);
    }

    #[test]
    fn of_two_rushes_the_longer_reply_counts_and_both_are_told() {
        let longer = Rush { multiplier: Some(10.0), ..rush() };
        let settings = Settings { rushes: vec![rush(), longer] };
        let patch = patch(&settings, &visitor("2026-12-20T12:00:00+03:00"), &offer());
        assert_eq!(patch.notices.len(), 2);
        assert_eq!(patch.lengthened[1].seconds, 72_000);
    }

    #[test]
    fn numbers_beyond_the_contract_stay_at_its_largest() {
        let promise =
            Promise { name: String::new(), target: PromiseTarget::Form(FormKind::Message), seconds: u32::MAX };
        assert_eq!(in_rush(&Rush { multiplier: Some(100.0), ..rush() }, &promise), u32::MAX);
    }
}
