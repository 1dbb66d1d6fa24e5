//! A request that goes the whole way: submitted, followed, told of, answered by mail, and removed.

use std::time::Duration;

use porchlight_egress::{EgressError, HeaderMap, Method, Response, header};
use porchlight_model::{
    delivery::{Payload, Reader},
    request::RequestId,
    site::Site,
    texts::Texts,
};
use porchlight_store::HeldDelivery;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{Doctor, Finding, mail, proof};
use crate::{logs::chain, tokens, wiring::chance};

const CHECK: &str = "request";

/// How often it is looked whether something has come about.
pub const LOOK: Duration = Duration::from_millis(200);

/// How long letters are waited for where no mail server is set: a host that keeps them elsewhere has sent them by then.
const WITHOUT_SERVER: Duration = Duration::from_secs(3);

/// The longest that the walls may ask to wait.
const LONGEST_WAIT: u64 = 60;

/// Where the requester of the test has no mailbox: an address that there cannot be (RFC 2606).
const NO_MAILBOX: &str = "doctor@porchlight.invalid";

/// Sends a message through all of it. Whatever happens to it on the way, it is removed in the end.
pub async fn look(doctor: &Doctor, site: &Site, form_token: Option<String>, tell: &mut impl FnMut(Finding)) {
    if site.message.is_none() {
        let says = "no test is sent: the site has no message form, and a callback would take somebody's slot";
        tell(Finding::warning(CHECK, says, "write `[forms.message]` into `site.toml`, to have this looked at"));
        return tell(mail::goes_out(doctor, site).await.unwrap_or_else(mail::no_server));
    }
    let test = match submitted(doctor, site, form_token).await {
        Ok(test) => test,
        Err(found) => {
            tell(found);
            return tell(mail::goes_out(doctor, site).await.unwrap_or_else(mail::no_server));
        }
    };
    tell(followed(doctor, &test).await);
    told(doctor, &test).await.into_iter().for_each(&mut *tell);
    tell(mail::comes_back(doctor, site, test.id).await);
    tell(removed(doctor, &test).await);
}

/// The test, once it is kept.
struct Test {
    id: RequestId,
    reference: String,
    token: String,
}

async fn submitted(doctor: &Doctor, site: &Site, form_token: Option<String>) -> Result<Test, Finding> {
    let mut body = message(doctor, site, form_token);
    let mut answer = post(doctor, site, &body).await?;
    // The walls are for us as for anybody: a proof of work where one is asked for, and patience.
    if answer.status.as_u16() == 422
        && let Some(proof) = proof::of(&said(&answer)["challenge"])
    {
        body["proof"] = proof.into();
        answer = post(doctor, site, &body).await?;
    }
    if answer.status.as_u16() == 429 {
        sleep(Duration::from_secs(wait(&answer).min(LONGEST_WAIT))).await;
        answer = post(doctor, site, &body).await?;
    }
    if answer.status.as_u16() != 201 {
        let why = said(&answer)["title"].as_str().unwrap_or_default().to_owned();
        let mend = "see the host's log, and what plugins refuse";
        return Err(Finding::failed(CHECK, format!("a message is answered with {}: {why}", answer.status), mend));
    }
    kept(doctor, &said(&answer)).await
}

/// What a visitor would write, and says that it is a test.
fn message(doctor: &Doctor, site: &Site, form_token: Option<String>) -> Value {
    let texts = Texts::of(site.locale);
    let email = doctor.mailer.as_ref().map_or(NO_MAILBOX, |(_, from)| from.as_str());
    let mut body = json!({
        "kind": "message", "name": texts.say("doctor-name"), "email": email, "text": texts.say("doctor-request"),
        "locale": site.locale.tag(),
    });
    if site.message.as_ref().is_some_and(|form| form.consent.is_some()) {
        body["consent"] = true.into();
    }
    if let Some(token) = form_token {
        body["form_token"] = token.into();
    }
    body
}

async fn post(doctor: &Doctor, site: &Site, body: &Value) -> Result<Response, Finding> {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    if let Ok(key) = chance::uuid().to_string().parse() {
        headers.insert("idempotency-key", key);
    }
    let path = format!("/v1/sites/{}/requests", site.key);
    let sent = doctor.own.send(Method::POST, &path, headers, body.to_string().into()).await;
    sent.map_err(|error| {
        Finding::failed(CHECK, format!("a message is not taken: {}", chain(&error)), "see the host's log")
    })
}

fn said(answer: &Response) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// Seconds that the walls ask to wait.
fn wait(answer: &Response) -> u64 {
    let written = answer.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    written.and_then(|written| written.parse().ok()).unwrap_or(LONGEST_WAIT)
}

/// Whether what was acknowledged is in the store, and ours.
async fn kept(doctor: &Doctor, receipt: &Value) -> Result<Test, Finding> {
    let (reference, token) = (receipt["reference"].as_str(), receipt["tracking_token"].as_str());
    let id = token.and_then(|token| tokens::read_tracking(&doctor.keys, token));
    if let (Some(reference), Some(token), Some(id)) = (reference, token, id)
        && matches!(doctor.store.lookup_request(id).await, Ok(Some(_)))
    {
        return Ok(Test { id, reference: reference.to_owned(), token: token.to_owned() });
    }
    let says = format!("`{}` was acknowledged and is not in this data folder", reference.unwrap_or_default());
    let mend = "say by `--data` and `--url` which folder the host serves from, and where it is; the test stays there";
    Err(Finding::failed(CHECK, says, mend))
}

async fn followed(doctor: &Doctor, test: &Test) -> Finding {
    match own(doctor, test, Method::GET).await {
        Ok(answer) if said(&answer)["reference"] == test.reference.as_str() => {
            Finding::ok(CHECK, format!("`{}` was taken, and can be followed", test.reference))
        }
        Ok(answer) => {
            let says = format!("`{}` cannot be followed: {}", test.reference, answer.status);
            Finding::failed(CHECK, says, "see the host's log; a proxy has to let `Authorization` through")
        }
        Err(error) => {
            let says = format!("`{}` cannot be followed: {}", test.reference, chain(&error));
            Finding::failed(CHECK, says, "see the host's log")
        }
    }
}

async fn own(doctor: &Doctor, test: &Test, method: Method) -> Result<Response, EgressError> {
    let mut headers = HeaderMap::new();
    if let Ok(value) = format!("Bearer {}", test.token).parse() {
        headers.insert(header::AUTHORIZATION, value);
    }
    doctor.own.send(method, "/v1/request", headers, "".into()).await
}

/// Whether everybody was told who is to be told.
async fn told(doctor: &Doctor, test: &Test) -> Vec<Finding> {
    let patience = if doctor.mailer.is_some() { doctor.patience } else { doctor.patience.min(WITHOUT_SERVER) };
    let begun = Instant::now();
    loop {
        let held = doctor.store.held(test.id).await.ok().flatten();
        let deliveries = held.map(|held| held.deliveries).unwrap_or_default();
        let under_way = deliveries.iter().any(|held| held.sent_at.is_none() && held.error.is_none());
        if !under_way || begun.elapsed() >= patience {
            return of_deliveries(doctor, &deliveries);
        }
        sleep(LOOK).await;
    }
}

fn of_deliveries(doctor: &Doctor, deliveries: &[HeldDelivery]) -> Vec<Finding> {
    const CHECK: &str = "deliveries";
    let unsent = deliveries.iter().filter(|held| held.sent_at.is_none());
    // That there is no mail server is said of mail.
    let unsent = unsent.filter(|held| doctor.mailer.is_some() || matches!(held.delivery.payload, Payload::Notice(_)));
    let mut found: Vec<_> = unsent
        .map(|held| {
            let why = held.error.as_deref().unwrap_or("it still waits; see the host's log");
            let mend = "what waits is tried again for three days; `porchlight deliveries list` names what was given up";
            Finding::failed(CHECK, format!("{} was not sent: {why}", name(doctor, held)), mend)
        })
        .collect();
    let sent = deliveries.iter().filter(|held| held.sent_at.is_some()).count();
    if found.is_empty() && sent > 0 {
        found.push(Finding::ok(CHECK, format!("all {sent} letters and webhooks of the test were sent")));
    }
    found
}

fn name(doctor: &Doctor, held: &HeldDelivery) -> String {
    match (&held.delivery.payload, held.delivery.payload.reader()) {
        (Payload::Notice(notice), _) => format!("the webhook `{}`", notice.endpoint),
        (_, Reader::Business) => "the letter to the business".to_owned(),
        (_, Reader::Requester) => {
            let from = doctor.mailer.as_ref().map(|(_, from)| from.as_str()).unwrap_or_default();
            format!("the letter to the requester (`{from}`)")
        }
    }
}

/// Erases the test, and looks that nothing of it is left, in the site's report neither.
async fn removed(doctor: &Doctor, test: &Test) -> Finding {
    let mend = format!("erase it with `porchlight requests erase {}`", test.reference);
    if let Err(error) = doctor.store.uncount(test.id).await {
        return Finding::failed("erasure", format!("the test stays in the report: {}", chain(&error)), mend);
    }
    match own(doctor, test, Method::DELETE).await {
        Ok(answer) if answer.status.is_success() => match doctor.store.held(test.id).await {
            Ok(None) => Finding::ok("erasure", "the test is removed, and nothing of it is left"),
            Ok(Some(_)) => Finding::failed("erasure", "the test is said to be removed, and is there", mend),
            Err(error) => Finding::failed("erasure", format!("the store cannot be read: {}", chain(&error)), mend),
        },
        Ok(answer) => Finding::failed("erasure", format!("the test is not removed: {}", answer.status), mend),
        Err(error) => Finding::failed("erasure", format!("the test is not removed: {}", chain(&error)), mend),
    }
}
