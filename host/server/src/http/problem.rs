//! Refusals: `application/problem+json` (RFC 9457), in the visitor's language.

use std::time::Duration;

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use porchlight_model::{
    locale::Locale,
    request::ChangeRefused,
    submission::{Problem as FieldProblem, ProblemCode},
    texts::Texts,
};
use porchlight_store::StoreError;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    flows::{change::ChangeFailed, request::SubmitError, sign_in::AccountFailed},
    wire::proof::Challenge,
};

/// Why a request is refused.
#[derive(Debug)]
pub enum Fault {
    /// No such address.
    NotFound,
    /// No such site.
    UnknownSite,
    /// No such request any more.
    UnknownRequest,
    /// The address does not take this method.
    MethodNotAllowed,
    /// The body is not JSON.
    NotJson,
    /// The body is nested too deeply.
    TooDeep,
    /// The body contains a lone surrogate.
    BadUnicode,
    /// A member of the body is given twice.
    GivenTwice,
    /// The body broke off, or its chunks make no sense.
    BadBody,
    /// The request names no host, or not one.
    BadHost,
    /// The body is of another media type, or compressed.
    UnsupportedMediaType,
    /// The body is too large.
    TooLarge,
    /// A file has more bytes than it may; this many megabytes are taken.
    FileTooLarge(u64),
    /// The site has no room for another file.
    SiteFull,
    /// Too many files are on their way in, or one of this request is.
    UploadsBusy,
    /// Fields have to be mended.
    Fields(Vec<FieldProblem>),
    /// A parameter in the address makes no sense.
    BadQuery,
    /// The idempotency key is empty, too long or not ASCII.
    BadIdempotencyKey,
    /// The idempotency key was used with another body.
    KeyReused,
    /// The token is missing or not ours.
    Unauthorized,
    /// Nobody is signed in, or not any more.
    SignedOut,
    /// Address, password or code is wrong.
    SignInRefused,
    /// A code of the second factor is needed.
    CodeRequired,
    /// The agent's role does not allow it.
    Forbidden,
    /// No such agent, as far as the asker may know.
    UnknownAgent,
    /// No such canned reply.
    UnknownReply,
    /// Nobody removes themselves.
    OwnAccount,
    /// A page of another site sent this to the console.
    ForeignPage,
    /// Pages of this origin may not do that.
    ForbiddenOrigin,
    /// The request changed in between.
    Conflict,
    /// The request's state does not allow it.
    Refused(ChangeRefused),
    /// A proof of work is asked for.
    Unproven(Box<Challenge>),
    /// Too much was submitted; this many seconds to wait.
    RateLimited(u64),
    /// It took too long.
    Timeout,
    /// It could not be kept or read.
    Unavailable(StoreError),
}

/// A refusal in a language.
#[derive(Debug)]
pub struct Problem {
    fault: Fault,
    locale: Locale,
}

/// What an answer that is a problem says to people; it goes along with the answer, for our own pages.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// What the visitor reads.
    pub title: String,
    /// In which language.
    pub locale: Locale,
}

/// A refusal as it is written (RFC 9457).
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct Body {
    r#type: String,
    title: String,
    status: u16,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<Box<Challenge>>,
}

/// What is wrong with one member of the body, or one parameter.
#[derive(Serialize, JsonSchema)]
struct FieldError {
    pointer: String,
    code: &'static str,
    message: String,
}

impl Fault {
    /// Says it in a language.
    pub fn said_in(self, locale: Locale) -> Problem {
        Problem { fault: self, locale }
    }

    /// The status, and the text that says it: `error-…`. The text's name is the problem's type too.
    pub fn said(&self) -> (StatusCode, &'static str) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "error-not-found"),
            Self::UnknownSite => (StatusCode::NOT_FOUND, "error-unknown-site"),
            Self::UnknownRequest => (StatusCode::NOT_FOUND, "error-unknown-request"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "error-method-not-allowed"),
            Self::NotJson => (StatusCode::BAD_REQUEST, "error-not-json"),
            Self::TooDeep => (StatusCode::BAD_REQUEST, "error-too-deep"),
            Self::BadUnicode => (StatusCode::BAD_REQUEST, "error-bad-unicode"),
            Self::GivenTwice => (StatusCode::BAD_REQUEST, "error-given-twice"),
            Self::BadBody => (StatusCode::BAD_REQUEST, "error-bad-body"),
            Self::BadHost => (StatusCode::BAD_REQUEST, "error-bad-host"),
            Self::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "error-unsupported-media-type"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "error-too-large"),
            Self::FileTooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "error-file-too-large"),
            Self::SiteFull => (StatusCode::SERVICE_UNAVAILABLE, "error-site-full"),
            Self::UploadsBusy => (StatusCode::SERVICE_UNAVAILABLE, "error-uploads-busy"),
            Self::Fields(_) => (StatusCode::UNPROCESSABLE_ENTITY, "error-fields"),
            Self::BadQuery => (StatusCode::BAD_REQUEST, "error-bad-query"),
            Self::BadIdempotencyKey => (StatusCode::BAD_REQUEST, "error-bad-idempotency-key"),
            Self::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "error-key-reused"),
            Self::Unproven(_) => (StatusCode::UNPROCESSABLE_ENTITY, "error-proof-required"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "error-unauthorized"),
            Self::SignedOut => (StatusCode::UNAUTHORIZED, "error-signed-out"),
            Self::SignInRefused => (StatusCode::UNAUTHORIZED, "error-sign-in-refused"),
            Self::CodeRequired => (StatusCode::UNAUTHORIZED, "error-totp-required"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "error-forbidden"),
            Self::UnknownAgent => (StatusCode::NOT_FOUND, "error-unknown-agent"),
            Self::UnknownReply => (StatusCode::NOT_FOUND, "error-unknown-reply"),
            Self::OwnAccount => (StatusCode::CONFLICT, "error-own-account"),
            Self::ForeignPage => (StatusCode::FORBIDDEN, "error-foreign-page"),
            Self::ForbiddenOrigin => (StatusCode::FORBIDDEN, "error-forbidden-origin"),
            Self::Conflict => (StatusCode::CONFLICT, "error-conflict"),
            Self::Refused(ChangeRefused::Final(_)) => (StatusCode::CONFLICT, "error-final"),
            Self::Refused(ChangeRefused::NotAnswered) => (StatusCode::CONFLICT, "error-not-answered"),
            Self::Refused(ChangeRefused::Changed) => (StatusCode::CONFLICT, "error-changed"),
            Self::Refused(ChangeRefused::TooOften) => (StatusCode::CONFLICT, "error-too-often"),
            Self::Refused(ChangeRefused::NoRoom) => (StatusCode::CONFLICT, "error-no-room"),
            Self::Refused(ChangeRefused::NoCallback) => (StatusCode::CONFLICT, "error-no-slot"),
            Self::Refused(ChangeRefused::NoContact) => (StatusCode::CONFLICT, "error-no-contact"),
            Self::RateLimited(_) => (StatusCode::TOO_MANY_REQUESTS, "error-rate-limited"),
            Self::Timeout => (StatusCode::REQUEST_TIMEOUT, "error-timeout"),
            Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "error-unavailable"),
        }
    }
}

impl From<SubmitError> for Fault {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Fields(problems) => Self::Fields(problems),
            SubmitError::KeyReused => Self::KeyReused,
            SubmitError::Unproven(challenge) => Self::Unproven(challenge),
            SubmitError::TooMany(wait) => wait.into(),
            SubmitError::TakenBefore => Self::Conflict,
            SubmitError::Store(error) => Self::Unavailable(error),
        }
    }
}

impl From<Duration> for Fault {
    /// Whole seconds, rounded up, so that whoever waits for them has waited long enough.
    fn from(wait: Duration) -> Self {
        Self::RateLimited((wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1))
    }
}

impl From<ChangeFailed> for Fault {
    fn from(error: ChangeFailed) -> Self {
        match error {
            ChangeFailed::Gone => Self::UnknownRequest,
            ChangeFailed::Field(problem) => Self::Fields(vec![problem]),
            ChangeFailed::Refused(refused) => Self::Refused(refused),
            ChangeFailed::Busy => Self::Conflict,
            ChangeFailed::SiteFull => Self::SiteFull,
            ChangeFailed::KeyReused => Self::KeyReused,
            ChangeFailed::Store(error) => Self::Unavailable(error),
        }
    }
}

impl From<AccountFailed> for Fault {
    fn from(error: AccountFailed) -> Self {
        match error {
            AccountFailed::Refused => Self::SignInRefused,
            AccountFailed::CodeRequired => Self::CodeRequired,
            AccountFailed::Field(problem) => Self::Fields(vec![problem]),
            AccountFailed::Unknown => Self::UnknownAgent,
            AccountFailed::Own => Self::OwnAccount,
            AccountFailed::Conflict => Self::Conflict,
            AccountFailed::TooMany(wait) => wait.into(),
            AccountFailed::Store(error) => Self::Unavailable(error),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error)
    }
}

impl Problem {
    /// What the visitor reads.
    pub fn title(&self) -> String {
        let texts = Texts::of(self.locale);
        match self.fault {
            Fault::RateLimited(seconds) => texts.count("error-rate-limited", seconds),
            Fault::FileTooLarge(megabytes) => texts.count("error-file-too-large", megabytes),
            _ => texts.say(self.fault.said().1),
        }
    }

    /// Logs what the operator has to know. Called once, where the refusal leaves the host.
    pub fn report(&self) {
        if let Fault::Unavailable(error) = &self.fault {
            tracing::error!(error = %crate::logs::chain(error), "the store failed, and the request was refused");
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.report();
        let (status, said) = self.fault.said();
        let (title, locale) = (self.title(), self.locale);
        let body = Body {
            r#type: code(said),
            title: title.clone(),
            status: status.as_u16(),
            errors: self.errors(),
            challenge: match &self.fault {
                Fault::Unproven(challenge) => Some(challenge.clone()),
                _ => None,
            },
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(locale.tag()));
        self.mark(headers);
        response.extensions_mut().insert(Refusal { title, locale });
        response
    }
}

impl Problem {
    fn errors(&self) -> Vec<FieldError> {
        match &self.fault {
            Fault::Fields(problems) => problems.iter().map(|problem| field_error(problem, self.locale)).collect(),
            Fault::Unproven(_) => {
                let problem = FieldProblem { field: "proof".to_owned(), code: ProblemCode::ProofRequired };
                vec![field_error(&problem, self.locale)]
            }
            _ => Vec::new(),
        }
    }

    /// Says in an answer's headers what clients act by: when to come again, and how to be let in.
    pub fn mark(&self, headers: &mut HeaderMap) {
        match self.fault {
            Fault::RateLimited(seconds) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            Fault::UploadsBusy => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            Fault::SiteFull => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("3600"));
            }
            Fault::Unavailable(_) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
            }
            Fault::Unauthorized => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            // RFC 9110, section 15.5.2: a 401 names a way in. Browsers know nothing of this one, and ask nobody.
            Fault::SignedOut | Fault::SignInRefused | Fault::CodeRequired => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Cookie"));
            }
            // What of the body is still to come is not read, so the connection cannot be used again.
            Fault::TooLarge | Fault::FileTooLarge(_) | Fault::Timeout => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
    }
}

/// The type of a problem, by the text that says it.
pub fn code(said: &str) -> String {
    format!("urn:porchlight:error:{}", said.trim_start_matches("error-"))
}

fn field_error(problem: &FieldProblem, locale: Locale) -> FieldError {
    let pointer = format!("/{}", problem.field.replace('~', "~0").replace('/', "~1"));
    FieldError { pointer, code: problem.code.as_str(), message: Texts::of(locale).problem(problem) }
}

/// A problem with one field.
pub fn field(name: &str, code: ProblemCode) -> Fault {
    Fault::Fields(vec![FieldProblem { field: name.to_owned(), code }])
}
