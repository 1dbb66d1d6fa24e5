//! What a submission brings along to show that a person sent it: the token of its form, an empty trap, a proof of work.

use jiff::{SignedDuration, Timestamp};
use porchlight_model::submission::{Problem, ProblemCode};
use porchlight_store::Spent;

use super::request::{Arrival, FollowBy, SubmitError};
use crate::{
    abuse::proof,
    app::App,
    keys::Keys,
    tokens::{self, Form},
    wire::{self, submission::SubmissionBody},
    wiring::chance,
};

/// How long a form can be sent after it was shown.
const FORM_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// What a submission brings that is good for one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// Its form.
    pub form: Option<Spent>,
    /// Its proof of work.
    pub proof: Option<Spent>,
    /// The e-mail that it came by.
    pub mail: Option<Spent>,
}

impl Brought {
    /// All that the request uses up.
    pub fn spends(self) -> Vec<Spent> {
        self.form.into_iter().chain(self.proof).chain(self.mail).collect()
    }
}

/// What is wrong with token and trap.
pub fn problems(app: &App, site: &str, body: &SubmissionBody, now: Timestamp) -> Vec<Problem> {
    let trap = body.website.as_ref().filter(|website| !website.is_empty()).map(|_| ProblemCode::UnknownValue);
    let form = form(&app.keys, site, body, now).err();
    let problem =
        |(field, code): (&str, Option<ProblemCode>)| code.map(|code| Problem { field: field.to_owned(), code });
    [("website", trap), ("form_token", form)].into_iter().filter_map(problem).collect()
}

/// The form a submission was sent by. One that has yet to be shown was not shown by us.
fn form(keys: &Keys, site: &str, body: &SubmissionBody, now: Timestamp) -> Result<Option<Form>, ProblemCode> {
    let Some(token) = &body.form_token else { return Ok(None) };
    let form = tokens::read_form(keys, site, token).filter(|form| form.shown_at <= now);
    let form = form.ok_or(ProblemCode::UnknownValue)?;
    if now < end(form) { Ok(Some(form)) } else { Err(ProblemCode::FormExpired) }
}

fn end(form: Form) -> Timestamp {
    form.shown_at.checked_add(FORM_LIFE).unwrap_or(Timestamp::MAX)
}

/// What a submission in order uses up.
///
/// Without a proof of work it is counted. Where there were too many, or where the form was shown a moment ago, a page that runs
/// our widget is asked for one; whoever cannot give one has to wait.
pub fn brought(
    app: &App,
    site: &str,
    body: &SubmissionBody,
    arrival: &Arrival,
    now: Timestamp,
) -> Result<Brought, SubmitError> {
    let form = form(&app.keys, site, body, now).ok().flatten();
    let used = form.zip(body.form_token.as_ref());
    let used = used.map(|(form, token)| Spent { hash: tokens::spent_hash(token.as_bytes()), expires_at: end(form) });
    let solution = body.proof.as_deref().and_then(wire::proof::read);
    let proof = solution.and_then(|solution| proof::solved(&app.keys, site, &solution, now));
    let brought = Brought { form: used, proof, mail: None };
    if proof.is_some() {
        return Ok(brought);
    }
    let solver = form.filter(|_| arrival.follow_by == FollowBy::Token);
    if solver.is_some_and(|form| app.walls.is_young(now.duration_since(form.shown_at))) {
        return Err(asked(app, site, now));
    }
    match app.walls.unproven(arrival.address) {
        Ok(()) => Ok(brought),
        Err(_) if solver.is_some() => Err(asked(app, site, now)),
        Err(wait) => Err(SubmitError::TooMany(wait)),
    }
}

/// The refusal that asks for a proof of work.
pub fn asked(app: &App, site: &str, now: Timestamp) -> SubmitError {
    SubmitError::Unproven(Box::new(proof::challenge(&app.keys, site, now, chance::bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(written: &str) -> Timestamp {
        written.parse().expect("a moment")
    }

    fn sent_with(token: Option<String>) -> SubmissionBody {
        SubmissionBody { form_token: token, ..SubmissionBody::default() }
    }

    #[test]
    fn form_can_be_sent_for_a_day_and_not_before_it_was_shown() {
        let keys = Keys::fixed(&[1]);
        let shown = Form { shown_at: at("2026-11-22T19:30:00Z"), nonce: [7; 8] };
        let body = sent_with(Some(tokens::form(&keys, "pet-shop", shown)));
        let read = |site, now| form(&keys, site, &body, at(now));
        assert_eq!(read("pet-shop", "2026-11-22T19:30:00Z"), Ok(Some(shown)));
        assert_eq!(read("pet-shop", "2026-11-23T19:29:59.999Z"), Ok(Some(shown)));
        assert_eq!(read("pet-shop", "2026-11-23T19:30:00Z"), Err(ProblemCode::FormExpired));
        assert_eq!(read("pet-shop", "2026-11-22T19:29:59.999Z"), Err(ProblemCode::UnknownValue));
        assert_eq!(read("cinema", "2026-11-22T19:30:00Z"), Err(ProblemCode::UnknownValue));
        assert_eq!(form(&keys, "pet-shop", &sent_with(None), shown.shown_at), Ok(None));
        assert_eq!(
            form(&keys, "pet-shop", &sent_with(Some("x".to_owned())), shown.shown_at),
            Err(ProblemCode::UnknownValue)
        );
    }
}
