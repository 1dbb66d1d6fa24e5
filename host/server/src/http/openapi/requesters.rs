//! What became of a request: by its tracking token, or by a requester token.

use porchlight_model::request::{ChangeRefused, Status};
use serde_json::{Value, json};

use super::{
    bodies::{Change, NewEntry, NewRating},
    operation::{Operation, Shows},
    parameters::{header, idempotency_key, query},
    schemas::{Schemas, answered, sent},
    visitors::of_interface,
};
use crate::{
    http::problem::Fault,
    wire::{attachment::Attachment, listing::Listing, request::Request},
};

fn own(method: &'static str, path: &'static str, name: &'static str, does: &'static str) -> Operation {
    of_interface(method, path, name, does).tag("requesters").shows(Shows::Always("tracking")).refuses(&[
        Fault::Unauthorized,
        Fault::UnknownRequest,
        Fault::UnknownSite,
    ])
}

/// Why a change may not be.
pub const CONFLICTS: [Fault; 7] = [
    Fault::Conflict,
    Fault::Refused(ChangeRefused::Final(Status::Cancelled)),
    Fault::Refused(ChangeRefused::NotAnswered),
    Fault::Refused(ChangeRefused::Changed),
    Fault::Refused(ChangeRefused::TooOften),
    Fault::Refused(ChangeRefused::NoCallback),
    Fault::Refused(ChangeRefused::NoContact),
];

/// An event of the stream.
fn event(schemas: &mut Schemas) -> Value {
    let data = json!({"type": "string", "contentMediaType": "application/json", "contentSchema": answered::<Request>(schemas)});
    let event = json!({"enum": ["request", "gone"], "description": "`gone`: it was erased, and `data` says nothing."});
    let id = json!({"type": "string", "description": "The revision."});
    json!({"type": "object", "properties": {"event": event, "id": id, "data": data}})
}

/// Files of the conversation.
fn files() -> [Operation; 2] {
    [
        own("POST", "/v1/request/attachments", "sendFile", "Adds a file: the body, whose content says what it is.")
            .takes(idempotency_key())
            .file()
            .answers(201, "It is kept.", answered::<Attachment>)
            .refuses(&CONFLICTS),
        own("GET", "/v1/request/attachments/{file}", "readFile", "A file of the conversation.").sends_file(),
    ]
}

/// The routes.
pub fn operations() -> Vec<Operation> {
    let others = vec![
        own("GET", "/v1/request", "readRequest", "One's own request.").answers(
            200,
            "As it stands.",
            answered::<Request>,
        ),
        own("PATCH", "/v1/request", "changeRequest", "Changes slot or way to be answered, or withdraws it.")
            .json(sent::<Change>)
            .example(json!({"reply_by": "email"}))
            .answers(200, "As it stands then.", answered::<Request>)
            .refuses(&CONFLICTS),
        own("DELETE", "/v1/request", "eraseRequest", "Erases it and all that belongs to it.")
            .nothing(204, "Nothing of it is left.")
            .refuses(&[Fault::Conflict]),
        own("POST", "/v1/request/entries", "writeEntry", "Adds to the conversation; what was answered is open again.")
            .takes(idempotency_key())
            .json(sent::<NewEntry>)
            .example(json!({"text": "It came, but it is broken."}))
            .answers(201, "It is kept.", answered::<Request>)
            .refuses(&[Fault::BadIdempotencyKey, Fault::KeyReused])
            .refuses(&CONFLICTS),
        own("POST", "/v1/request/rating", "rateRequest", "Says how good the answer was; the last word counts.")
            .json(sent::<NewRating>)
            .example(json!({"stars": 5, "comment": "Quick and kind."}))
            .answers(200, "As it stands then.", answered::<Request>)
            .refuses(&CONFLICTS),
        own(
            "GET",
            "/v1/request/events",
            "followRequest",
            "One's own request, live: server-sent events (WHATWG HTML, section 9.2).",
        )
        .takes(header(
            "Last-Event-ID",
            json!({"type": "string"}),
            "The revision that is known: what follows is what changed since.",
        ))
        .streams(200, "How it stands, and again whenever that has changed.", event),
        own("GET", "/v1/request/calendar", "requestCalendar", "The booked call, for one's own calendar (RFC 5545).")
            .sends(200, "A calendar file.", "text/calendar")
            .refuses(&[Fault::NotFound]),
        of_interface(
            "GET",
            "/v1/requests",
            "listRequests",
            "All requests of a mailbox at a site, the one received last first.",
        )
        .tag("requesters")
        .shows(Shows::Always("requester"))
        .takes(query("cursor", json!({"type": "string"}), "The `next` of the part before."))
        .takes(query(
            "limit",
            json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 50}),
            "How many at most.",
        ))
        .answers(200, "A part of the list.", answered::<Listing>)
        .refuses(&[Fault::Unauthorized, Fault::UnknownSite]),
    ];
    others.into_iter().chain(files()).collect()
}
