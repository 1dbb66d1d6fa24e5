//! Pages of our own. What they refuse is said as a page; their forms come back to them.

use porchlight_model::request::ChangeRefused;
use porchlight_store::StoreError;
use serde_json::{Value, json};

use super::{
    operation::{Operation, Shows, operation},
    parameters::{answer_id, locale, query},
    requesters::CONFLICTS,
    schemas::Schemas,
};
use crate::http::problem::Fault;

const HTML: &str = "text/html";
const FORM: &str = "application/x-www-form-urlencoded";

fn page(method: &'static str, path: &'static str, name: &'static str, does: &'static str) -> Operation {
    let faults = [Fault::UnknownSite, Fault::RateLimited(1), Fault::Unavailable(StoreError::Closed)];
    operation(method, path, name, does).tag("pages").in_pages().refuses(&faults)
}

/// A page of a mailed link, and what its buttons do.
fn of_link(
    path: &'static str,
    names: [&'static str; 2],
    of: &'static str,
    (param, shows): (&'static str, &'static str),
) -> [Operation; 2] {
    let linked = |method, name, does| {
        page(method, path, name, does)
            .shows(Shows::Perhaps("visit"))
            .sends(200, "The page, where its button was pressed in this browser; else the button.", HTML)
            .sends(404, "The link has expired, or what it led to is gone.", HTML)
            .sends(410, "The link was used elsewhere.", HTML)
    };
    [
        linked("GET", names[0], of).takes(query(param, json!({"type": "string"}), shows)),
        sends_form(linked("POST", names[1], "The page's buttons and forms."), json!({"action": "open"}))
            .nothing(303, "Done: back to the page. The button sets the cookie of the page.")
            .header(303, "Location", "The page.")
            .refuses(&CONFLICTS),
    ]
}

fn sends_form(operation: Operation, example: Value) -> Operation {
    operation.body(FORM, fields).example(example).refuses(&[Fault::ForbiddenOrigin, Fault::Fields(Vec::new())])
}

/// What browsers send of the page's form.
fn fields(_: &mut Schemas) -> Value {
    json!({"type": "object", "additionalProperties": {"type": "string"}})
}

/// What browsers send of a form with a file.
fn one_file(_: &mut Schemas) -> Value {
    let file = json!({"type": "string", "contentMediaType": "application/octet-stream"});
    json!({"type": "object", "properties": {"file": file}, "required": ["file"]})
}

/// What visitors say of an answer.
fn answer_helped() -> Operation {
    sends_form(
        page("POST", "/c/{site}/answers/{id}", "answerHelpedOnPage", "Says whether an answer helped: `yes` or `no`."),
        json!({"helped": "yes"}),
    )
    .takes(answer_id())
    .takes(locale())
    .sends(200, "Thanks.", HTML)
    .refuses(&[Fault::NotFound])
}

/// Files of the conversation.
fn files() -> [Operation; 3] {
    let file = page("POST", "/r/{site}/{id}/attachments", "requestPageFile", "The form of the page with a file in it.")
        .shows(Shows::Perhaps("visit"))
        .body("multipart/form-data", one_file)
        .nothing(303, "It is kept: back to the page.")
        .header(303, "Location", "The page.")
        .sends(404, "The link has expired, or what it led to is gone.", HTML)
        .sends(410, "The link was used elsewhere.", HTML)
        .refuses(&[Fault::ForbiddenOrigin, Fault::Fields(Vec::new()), Fault::FileTooLarge(1)])
        .refuses(&[Fault::SiteFull, Fault::UploadsBusy, Fault::Refused(ChangeRefused::NoRoom)])
        .refuses(&CONFLICTS);
    let read =
        |path, name| page("GET", path, name, "A file of the conversation.").shows(Shows::Perhaps("visit")).sends_file();
    [
        file,
        read("/r/{site}/{id}/attachments/{file}", "requestPageReadFile"),
        read("/desk/{site}/{id}/attachments/{file}", "deskPageReadFile"),
    ]
}

/// The routes.
pub fn operations() -> Vec<Operation> {
    let message = json!({"kind": "message", "email": "anna@example.com", "text": "Where is it?", "consent": "true"});
    let hosted = [
        page("GET", "/c/{site}", "hostedPage", "The panel as a page.").takes(locale()).sends(200, "The page.", HTML),
        sends_form(
            page("POST", "/c/{site}", "submitOnPage", "A form of the page; its fields are a submission's."),
            message,
        )
        .takes(locale())
        .nothing(303, "It is kept: on to its own page. Sets the cookie of that page.")
        .header(303, "Location", "The request's page.")
        .sends(200, "It was kept before.", HTML)
        .refuses(&[Fault::KeyReused, Fault::Unproven(Box::default()), Fault::Conflict]),
    ];
    let asking = [
        page("GET", "/mine/{site}", "linkForm", "The form that asks for a link to all of one's requests.")
            .takes(locale())
            .sends(200, "The form.", HTML),
        sends_form(
            page("POST", "/mine/{site}", "linkFormSent", "The form, sent: `email`."),
            json!({"email": "anna@example.com"}),
        )
        .takes(locale())
        .sends(202, "Said whether the address is known or not.", HTML),
    ];
    let calendar =
        page("GET", "/r/{site}/{id}/calendar.ics", "pageCalendar", "The booked call, for one's own calendar.")
            .shows(Shows::Perhaps("visit"))
            .sends(200, "A calendar file.", "text/calendar")
            .refuses(&[Fault::NotFound]);
    const SAID: (&str, &str) = ("said", "What the page was just led to by.");
    let place = ("before", "Where the part begins.");
    hosted
        .into_iter()
        .chain(asking)
        .chain([calendar, answer_helped()])
        .chain(files())
        .chain(of_link("/mine/{site}/{id}", ["ownList", "ownListPosted"], "All of one's requests.", place))
        .chain(of_link(
            "/r/{site}/{id}",
            ["requestPage", "requestPagePosted"],
            "The requester's page of a request.",
            SAID,
        ))
        .chain(of_link("/desk/{site}/{id}", ["deskPage", "deskPagePosted"], "The business's page of a request.", SAID))
        .collect()
}
