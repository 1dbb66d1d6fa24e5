//! The console's interface: its routes and what each needs are those of its table, by which the router guards them.

use porchlight_store::StoreError;
use serde_json::{Value, json};

use super::{
    bodies::{
        Action, Assignment, Code, Duty, EnteredRequest, InvitationTaken, NewAgent, NewAnswer, NewNote, NewReply,
        Password, PasswordChange, SignIn, Tags,
    },
    operation::{Operation, Shows, operation},
    parameters::{idempotency_key, query},
    requesters::CONFLICTS,
    schemas::{answered, sent},
};
use crate::{
    http::{
        console::routes::{Endpoint, Needs, ROUTES, Route},
        problem::Fault,
    },
    wire::attachment::Attachment,
    wire::console::{
        agent::{Agents, Colleagues, Enrolment, Invited, Me, RecoveryCodes},
        audit,
        list::Page,
        reply::{Replies, Reply},
        report::Report,
        request::Whole,
    },
};

/// The routes.
pub fn operations() -> Vec<Operation> {
    ROUTES.iter().map(|route| detailed(route.endpoint, guarded(route))).collect()
}

/// What a route of the console has in common with others of the same need.
fn guarded(route: &Route) -> Operation {
    let (name, does) = said(route.endpoint);
    let faults = [Fault::ForeignPage, Fault::RateLimited(1), Fault::Unavailable(StoreError::Closed)];
    let open = operation(route.method, route.path, name, does).tag("console").refuses(&faults);
    if route.needs == Needs::Nothing {
        return open;
    }
    let guarded = open.shows(Shows::Always("session")).refuses(&[Fault::SignedOut]);
    let not_there = if route.path.contains("{request}") { Fault::UnknownRequest } else { Fault::UnknownSite };
    match route.needs {
        Needs::Nothing | Needs::Session => guarded,
        Needs::Site => guarded.refuses(&[not_there]),
        Needs::OwnerOfSite => guarded.refuses(&[not_there, Fault::Forbidden]),
        Needs::Owner => guarded.refuses(&[Fault::Forbidden]),
    }
}

/// What an endpoint is called, and what it does.
fn said(endpoint: Endpoint) -> (&'static str, &'static str) {
    match endpoint {
        Endpoint::SignIn => ("signIn", "Signs in."),
        Endpoint::WhoAmI => ("whoAmI", "Who is signed in."),
        Endpoint::SignOut => ("signOut", "Signs out here."),
        Endpoint::SignOutEverywhere => ("signOutEverywhere", "Signs out everywhere."),
        Endpoint::ChangePassword => ("changePassword", "Changes one's password; other sessions end."),
        Endpoint::Enrol => ("enrol", "Begins a second factor."),
        Endpoint::Confirm => ("confirm", "Confirms it by its first code; other sessions end."),
        Endpoint::Disenrol => ("disenrol", "Removes it."),
        Endpoint::TakeUpInvitation => ("takeUpInvitation", "Chooses the first password by an invitation."),
        Endpoint::ListAgents => ("listAgents", "The agents one manages."),
        Endpoint::AddAgent => ("addAgent", "Adds an agent."),
        Endpoint::RemoveAgent => ("removeAgent", "Removes an agent; they are signed out at once."),
        Endpoint::ListRequests => ("findRequests", "Requests of a site, the one kept last first."),
        Endpoint::EnterRequest => ("enterRequest", "Enters a request of somebody who called or came by."),
        Endpoint::Colleagues => ("colleagues", "Whom a request of the site can be given to."),
        Endpoint::ReadRequest => ("openRequest", "A request with all that is known of it."),
        Endpoint::EraseRequest => ("eraseForRequester", "Erases a request and all that belongs to it."),
        Endpoint::Act => ("act", "Takes a request on, closes it, or says how a call went."),
        Endpoint::Assign => ("assign", "Gives a request to a colleague, or to nobody."),
        Endpoint::Answer => ("answer", "Writes to its requester."),
        Endpoint::Note => ("note", "Writes a note for colleagues."),
        Endpoint::Tag => ("tag", "Gives a request tags instead of those it had."),
        Endpoint::RenderReplies => ("renderReplies", "Canned replies, filled in for a request."),
        Endpoint::ListReplies => ("listReplies", "Canned replies of a site."),
        Endpoint::WriteReply => ("writeReply", "Writes a canned reply."),
        Endpoint::RewriteReply => ("rewriteReply", "Writes one anew."),
        Endpoint::RemoveReply => ("removeReply", "Removes one."),
        Endpoint::SetDuty => ("setDuty", "Goes on duty, or off. Who signs out is off."),
        Endpoint::Attach => ("attach", "Sends its requester a file: the body, whose content says what it is."),
        Endpoint::ReadAttachment => ("readAttachment", "A file of the conversation."),
        Endpoint::ReadReport => ("readReport", "How promises were kept, and what visitors looked for in vain."),
        Endpoint::ReadReportTable => ("readReportTable", "The same as a table for spreadsheets (RFC 4180)."),
        Endpoint::ReadAudit => ("readAudit", "What was done at a site and to its agents' accounts, the last first."),
    }
}

/// What it takes and answers. Every endpoint of the table has its description: one that is forgotten does not build.
#[expect(clippy::too_many_lines, reason = "each endpoint is said in some lines")]
fn detailed(endpoint: Endpoint, it: Operation) -> Operation {
    match endpoint {
        Endpoint::SignIn => it
            .json(sent::<SignIn>)
.example(json!({"email": "vera@shop.example", "password": "correct horse battery staple"}))
            .nothing(204, "Signed in.")
            .header(204, "Set-Cookie", "The session, and what the device is known by from now on.")
            .refuses(&[Fault::SignInRefused, Fault::CodeRequired]),
        Endpoint::WhoAmI => it.answers(200, "The agent, their sites and session.", answered::<Me>),
        Endpoint::SignOut | Endpoint::SignOutEverywhere => {
            it.nothing(204, "Signed out.").header(204, "Set-Cookie", "Removes the session.")
        }
        Endpoint::ChangePassword => {
            it.json(sent::<PasswordChange>).nothing(204, "Changed.").refuses(&[Fault::Conflict])
        }
        Endpoint::Enrol => it
            .json(sent::<Password>)
            .answers(200, "What an authenticator needs, shown this once.", answered::<Enrolment>)
            .refuses(&[Fault::Conflict]),
        Endpoint::Confirm => it
            .json(sent::<Code>)
            .answers(200, "Recovery codes, shown this once.", answered::<RecoveryCodes>)
            .refuses(&[Fault::Conflict]),
        Endpoint::Disenrol => it.json(sent::<Password>).nothing(204, "Removed.").refuses(&[Fault::Conflict]),
        Endpoint::TakeUpInvitation => {
            it.json(sent::<InvitationTaken>).nothing(204, "Chosen.").refuses(&[Fault::SignInRefused, Fault::Conflict])
        }
        Endpoint::ListAgents => it.answers(200, "The agents.", answered::<Agents>),
        Endpoint::AddAgent => it.json(sent::<NewAgent>)
.example(json!({"email": "boris@shop.example", "name": "Boris", "role": "agent"}))
.answers(
            201,
            "The agent, and the one-time code by which they choose a password.",
            answered::<Invited>,
        ),
        Endpoint::RemoveAgent => {
            it.nothing(204, "Removed.").refuses(&[Fault::UnknownAgent, Fault::OwnAccount, Fault::Conflict])
        }
        Endpoint::ListRequests => listed(it),
        Endpoint::EnterRequest => it
            .takes(idempotency_key())
            .json(sent::<EnteredRequest>)
.example(json!({"origin": "phone", "kind": "message", "phone": "+7 916 123-45-67", "text": "Where is my order?", "consent": true}))
            .answers(201, "It is kept.", answered::<Whole>)
            .refuses(&[Fault::BadIdempotencyKey, Fault::KeyReused, Fault::Conflict]),
        Endpoint::Colleagues => it.answers(200, "Names and no addresses.", answered::<Colleagues>),
        Endpoint::ReadRequest => it.answers(200, "As it stands.", answered::<Whole>),
        Endpoint::EraseRequest => it.nothing(204, "Nothing of it is left.").refuses(&[Fault::Conflict]),
        Endpoint::Act => changed(it.json(sent::<Action>).example(json!({"action": "accept", "revision": 0}))),
        Endpoint::Assign => changed(it.json(sent::<Assignment>).example(json!({"revision": 0}))),
        Endpoint::Answer => it
            .takes(idempotency_key())
            .json(sent::<NewAnswer>)
.example(json!({"text": "It arrives tomorrow."}))
            .answers(201, "It is kept.", answered::<Whole>)
            .refuses(&[Fault::BadIdempotencyKey, Fault::KeyReused])
            .refuses(&CONFLICTS),
        Endpoint::Note => it.json(sent::<NewNote>).example(json!({"text": "A regular: be kind."})).answers(201, "It is kept.", answered::<Whole>).refuses(&CONFLICTS),
        Endpoint::Tag => changed(it.json(sent::<Tags>).example(json!({"tags": ["order"], "revision": 0}))),
        Endpoint::RenderReplies | Endpoint::ListReplies => {
            it.answers(200, "In the order they were written.", answered::<Replies>)
        }
        Endpoint::WriteReply => it.json(sent::<NewReply>).example(json!({"title": "Thanks", "text": "Thank you, {name}!"})).answers(201, "It is kept.", answered::<Reply>),
        Endpoint::RewriteReply => {
            it.json(sent::<NewReply>).example(json!({"title": "Thanks", "text": "Thank you, {name}!"})).answers(200, "It is kept.", answered::<Reply>).refuses(&[Fault::UnknownReply])
        }
        Endpoint::RemoveReply => it.nothing(204, "Removed.").refuses(&[Fault::UnknownReply]),
        Endpoint::SetDuty => it.json(sent::<Duty>).example(json!({"on": true})).nothing(204, "So it is."),
        Endpoint::Attach => {
            it.takes(idempotency_key()).file().answers(201, "It is kept.", answered::<Attachment>).refuses(&CONFLICTS)
        }
        Endpoint::ReadAttachment => it.sends_file(),
        Endpoint::ReadReport => of_days(it).answers(200, "The report.", answered::<Report>),
        Endpoint::ReadReportTable => of_days(it).sends(200, "The report.", "text/csv").header(
            200,
            "Content-Disposition",
            "`attachment`, with a name.",
        ),
        Endpoint::ReadAudit => it.takes(query("before", number(), "The `next` of the page before.")).answers(
            200,
            "A page of it.",
            answered::<audit::Page>,
        ),
    }
}

fn of_days(it: Operation) -> Operation {
    let date = || json!({"type": "string", "format": "date"});
    it.takes(query("from", date(), "The first day, at the site; else thirty days before the last.")).takes(query(
        "to",
        date(),
        "The last day, at most 92 days after the first; else today.",
    ))
}

fn changed(it: Operation) -> Operation {
    it.answers(200, "As it stands then.", answered::<Whole>).refuses(&CONFLICTS)
}

fn number() -> Value {
    json!({"type": "string", "pattern": "^[0-9]{1,18}$"})
}

fn listed(it: Operation) -> Operation {
    let statuses = json!({"enum": ["received", "accepted", "in-progress", "resolved", "cancelled"]});
    it.takes(query("status", statuses, "Those that stand there."))
        .takes(query("waiting", json!({"enum": ["business", "requester"]}), "Those that wait for them."))
        .takes(query("mine", json!({"enum": ["true"]}), "One's own."))
        .takes(query("overdue", json!({"enum": ["true"]}), "Those promised until now or earlier."))
        .takes(query("callbacks", json!({"enum": ["today"]}), "Those with a call today, at the site."))
        .takes(query("q", json!({"type": "string", "maxLength": 100}), "Reference, address, number, or words in them."))
        .takes(query("before", number(), "The `next` of the page before."))
        .takes(query(
            "limit",
            json!({"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
            "How many at most.",
        ))
        .answers(200, "A page of them.", answered::<Page>)
}
