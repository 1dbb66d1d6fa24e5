//! Bodies that are sent, as they have to be. Handlers read them member by member, so as to say all that is wrong with one at
//! once; what `schemathesis` sends by these descriptions has to be taken or refused accordingly.
#![expect(dead_code, reason = "they are described, never made")]

use porchlight_model::{
    agent::Role,
    form::FormKind,
    request::{AgentAction, ReplyBy},
};
use schemars::JsonSchema;

/// A line: without control characters, those that break it, and those that turn the words after it.
const LINE: &str = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$";
/// Text: without control characters, but for line ends and tabs.
const TEXT: &str = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$";
/// A tag: without control characters.
const TAG: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";

/// What a visitor sends. A member in which there is nothing to see counts as left out.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// Which form: a callback needs `phone` and `slot`, a message `text` and one of `phone` and `email`.
    kind: FormKind,
    /// How to address the requester.
    #[schemars(length(max = 100), regex(pattern = LINE))]
    name: Option<String>,
    /// Their telephone number, as written in the site's country.
    #[schemars(length(max = 64), regex(pattern = LINE))]
    phone: Option<String>,
    /// Their e-mail address.
    #[schemars(length(max = 254), regex(pattern = LINE))]
    email: Option<String>,
    /// Beginning of the slot wanted: one of those the offer gives, RFC 3339.
    slot: Option<String>,
    /// What it is about.
    #[schemars(length(max = 5000), regex(pattern = TEXT))]
    text: Option<String>,
    /// `phone` or `email`, how they want to be answered; the contact for it has to be left.
    #[schemars(regex(pattern = r"^\s*$|^(phone|email)$"))]
    reply_by: Option<String>,
    /// BCP 47 tag of their language.
    #[schemars(regex(pattern = r"^\s*$|^[A-Za-z0-9_-]{1,35}$"))]
    locale: Option<String>,
    /// Address of the page it is sent from, http or https.
    #[schemars(length(max = 2048), regex(pattern = LINE))]
    page: Option<String>,
    /// Whether the form's `consent` was agreed to; it has to be, where there is one.
    consent: Option<bool>,
    /// The `form_token` that the offer gave.
    form_token: Option<String>,
    /// Left empty: people do not see it.
    website: Option<String>,
    /// The solution of the `challenge` that a refusal gave (`altcha`, version 1), base64.
    proof: Option<String>,
    /// Reserved.
    identity: Option<String>,
}

/// A wish for a link to all of one's requests.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkWish {
    /// The address that the link is mailed to, if it is known.
    #[schemars(length(min = 1))]
    email: String,
    /// BCP 47 tag of the letter's language.
    #[schemars(regex(pattern = "^[A-Za-z0-9_-]{0,35}$"))]
    locale: Option<String>,
}

/// A change: one of these at a time.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub struct Change {
    /// Beginning of another slot, RFC 3339.
    slot: Option<String>,
    /// How to be answered.
    reply_by: Option<ReplyBy>,
    /// Withdraws the request.
    #[schemars(extend("const" = "cancelled"))]
    status: Option<String>,
}

/// Whether an answer helped.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerFeedback {
    helped: bool,
}

/// Whether one is on duty.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    on: bool,
}

/// Something to add to the conversation.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEntry {
    /// Plain text, in which there is something to see.
    #[schemars(length(min = 1, max = 5000), regex(pattern = TEXT))]
    text: String,
}

/// How good the answer was.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRating {
    /// One (bad) to five (good).
    #[schemars(range(min = 1, max = 5))]
    stars: u8,
    /// Why, in their words.
    #[schemars(length(min = 1, max = 5000), regex(pattern = TEXT))]
    comment: Option<String>,
}

/// Signing in.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The agent's address.
    #[schemars(length(max = 254))]
    email: String,
    #[schemars(length(max = 1024))]
    password: String,
    /// A code of the second factor, or a recovery code, where there is one.
    #[schemars(length(max = 1024))]
    totp: Option<String>,
}

/// A change of one's password.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    #[schemars(length(max = 1024))]
    current: String,
    /// At least twelve characters, and no name or address that everybody knows.
    #[schemars(length(min = 12, max = 1024))]
    new: String,
}

/// One's password, to show that it is oneself.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Password {
    #[schemars(length(max = 1024))]
    password: String,
}

/// The first code of a second factor.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    #[schemars(length(max = 1024))]
    code: String,
}

/// A first password, by an invitation.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationTaken {
    /// The invitation's one-time code.
    #[schemars(length(max = 1024))]
    code: String,
    /// As for [`PasswordChange`].
    #[schemars(length(min = 12, max = 1024))]
    password: String,
}

/// An agent to be added.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgent {
    /// What they sign in by.
    #[schemars(length(min = 1, max = 254))]
    email: String,
    /// How colleagues and requesters know them.
    #[schemars(length(min = 1, max = 100), regex(pattern = LINE))]
    name: String,
    role: Role,
    /// Keys of their sites; left out for all sites.
    #[schemars(length(min = 1))]
    sites: Option<Vec<String>>,
}

/// How a request came that is entered by hand.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ByHand {
    /// Its requester called.
    Phone,
    /// Its requester came by.
    WalkIn,
}

/// A request that is entered by hand; its members are those of a [`Submission`].
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnteredRequest {
    origin: ByHand,
    kind: FormKind,
    #[schemars(length(max = 100), regex(pattern = LINE))]
    name: Option<String>,
    #[schemars(length(max = 64), regex(pattern = LINE))]
    phone: Option<String>,
    #[schemars(length(max = 254), regex(pattern = LINE))]
    email: Option<String>,
    slot: Option<String>,
    #[schemars(length(max = 5000), regex(pattern = TEXT))]
    text: Option<String>,
    #[schemars(regex(pattern = r"^\s*$|^(phone|email)$"))]
    reply_by: Option<String>,
    #[schemars(regex(pattern = r"^\s*$|^[A-Za-z0-9_-]{1,35}$"))]
    locale: Option<String>,
    consent: Option<bool>,
    /// Reserved.
    identity: Option<String>,
}

/// Something done about a request, by somebody who saw it at a revision.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    action: AgentAction,
    /// As it was seen: another in between is a conflict.
    revision: u32,
}

/// Whom a request is given to.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// A colleague's id; left out for nobody.
    #[schemars(length(max = 100))]
    assignee: Option<String>,
    /// As it was seen: another in between is a conflict.
    revision: u32,
}

/// What may follow an answer.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// That was all.
    Resolve,
}

/// What the business writes to a requester.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    /// Plain text, in which there is something to see.
    #[schemars(length(min = 1, max = 5000), regex(pattern = TEXT))]
    text: String,
    then: Option<Then>,
}

/// A note for colleagues.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// Plain text, in which there is something to see.
    #[schemars(length(min = 1, max = 5000), regex(pattern = TEXT))]
    text: String,
}

/// The tags a request has from now on.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tags {
    /// At most twenty, each of at most fifty characters.
    #[schemars(length(max = 20), inner(length(min = 1, max = 50), regex(pattern = TAG)))]
    tags: Vec<String>,
    /// As it was seen: another in between is a conflict.
    revision: u32,
}

/// A canned reply to be kept.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReply {
    #[schemars(length(min = 1, max = 100), regex(pattern = TEXT))]
    title: String,
    /// Plain text; `{name}`, `{reference}`, `{promise}` and `{agent}` stand for what differs.
    #[schemars(length(min = 1, max = 5000), regex(pattern = TEXT))]
    text: String,
}
