//! What a site's visitors see and send.

use porchlight_store::StoreError;
use schemars::JsonSchema;
use serde_json::json;

use super::{
    bodies::{AnswerFeedback, LinkWish, Submission},
    operation::{Operation, Shows, operation},
    parameters::{answer_id, idempotency_key, locale, query},
    schemas::{answered, sent},
};
use crate::{
    http::{answers::Found, inbound::Answer, problem::Fault},
    wire::{
        Slots,
        listing::RequesterToken,
        offer::{Reach, SelfHelp},
        request::Receipt,
    },
};

/// An offer, which is written piece by piece.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is described, never made")]
struct Offer {
    #[serde(flatten)]
    reach: Reach,
    /// To be sent along with a form that is shown now.
    form_token: String,
    #[serde(flatten)]
    self_help: SelfHelp<'static>,
}

/// A route of the interface, which counts its calls and answers pages of the sites' origins alone.
pub fn of_interface(method: &'static str, path: &'static str, name: &'static str, does: &'static str) -> Operation {
    let faults = [Fault::ForbiddenOrigin, Fault::RateLimited(1), Fault::Unavailable(StoreError::Closed)];
    operation(method, path, name, does).refuses(&faults)
}

fn of_site(method: &'static str, path: &'static str, name: &'static str, does: &'static str) -> Operation {
    of_interface(method, path, name, does).tag("visitors").refuses(&[Fault::UnknownSite])
}

/// What visitors say of an answer.
fn answer_helped() -> Operation {
    of_site("POST", "/v1/sites/{site}/answers/{id}/feedback", "answerHelped", "Says whether an answer helped.")
        .takes(answer_id())
        .json(sent::<AnswerFeedback>)
        .example(json!({"helped": true}))
        .nothing(204, "It is counted, without who said it; of one address only so often.")
        .refuses(&[Fault::NotFound])
}

/// The routes.
pub fn operations() -> Vec<Operation> {
    let day = json!({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]});
    vec![
        of_site("GET", "/v1/sites/{site}/offer", "offer", "What one visitor sees on one page, now.")
            .takes(query("page", json!({"type": "string", "maxLength": 2048}), "Address of the page, http or https."))
            .takes(locale())
            .takes(query(
                "time_zone",
                json!({"type": "string"}),
                "IANA name of the visitor's zone; another counts as not given.",
            ))
            .answers(200, "The offer.", answered::<Offer>)
            .refuses(&[Fault::Fields(Vec::new())]),
        of_site("GET", "/v1/sites/{site}/slots", "slots", "Callback slots of more days than the offer carries.")
            .takes(query("from", day, "The first day, or a moment within it; else today, at the site."))
            .takes(query(
                "days",
                json!({"type": "integer", "minimum": 1, "maximum": 31, "default": 7}),
                "How many days.",
            ))
            .answers(200, "The slots.", answered::<Slots>)
            .refuses(&[Fault::Fields(Vec::new())]),
        of_site("GET", "/v1/sites/{site}/answers", "searchAnswers", "Answers that fit a visitor's words, best first.")
            .takes(query(
                "q",
                json!({"type": "string"}),
                "The words; without any, all answers of the language are given.",
            ))
            .takes(locale())
            .answers(200, "At most twenty, where words are given.", answered::<Found>),
        answer_helped(),
        of_site("POST", "/v1/sites/{site}/requests", "submit", "Leaves a request.")
            .takes(idempotency_key())
            .json(sent::<Submission>)
.example(json!({"kind": "message", "name": "Anna", "email": "anna@example.com", "text": "Where is my order?", "consent": true}))
            .answers(201, "It is kept, and so is whatever is to be sent about it.", answered::<Receipt>)
            .refuses(&[
                Fault::BadIdempotencyKey,
                Fault::KeyReused,
                Fault::Unproven(Box::default()),
                Fault::Conflict,
            ]),
        of_site("POST", "/v1/sites/{site}/links", "wishForLink", "Asks for a mailed link to all of one's requests.")
            .json(sent::<LinkWish>)
.example(json!({"email": "anna@example.com", "locale": "en"}))
            .nothing(202, "Said whether the address is known or not."),
        of_site("POST", "/v1/sites/{site}/links/{id}", "exchangeLink", "Uses a mailed link up for a requester token.")
            .answers(200, "The token.", answered::<RequesterToken>)
            .refuses(&[Fault::Unauthorized]),
        of_interface("POST", "/v1/inbound/mail", "bringMail", "Brings an e-mail as it came (RFC 5322).")
            .shows(Shows::Always("mail"))
            .body("message/rfc822", |_| json!({"type": "string"}))
            .or_none()
            .example(json!("From: Anna <anna@example.com>\r\nMessage-ID: <1@example.com>\r\nSubject: Order\r\n\r\nWhere is it?\r\n"))
            .answers(200, "It is not kept, and need not come again.", answered::<Answer>)
            .answers(202, "It is kept.", answered::<Answer>)
            .refuses(&[Fault::NotFound, Fault::Unauthorized]),
    ]
}
