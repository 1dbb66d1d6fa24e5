//! Every route of the console's interface, and what it needs: read by the router, and by the test that tries each of them as
//! nobody, as somebody whose session is over, as an agent of another site, and as one who is no owner.
//!
//! This file knows nothing else, so that the test can take it in as it is.

/// One route.
pub struct Route {
    /// Its method.
    pub method: &'static str,
    /// Its path, with parameters.
    pub path: &'static str,
    /// What it needs.
    pub needs: Needs,
    /// What it does.
    pub endpoint: Endpoint,
}

/// What a route needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it is how one gets in.
    Nothing,
    /// Somebody who is signed in; it concerns their own account, or what they may see anyway.
    Session,
    /// An agent of the site, or of the request's site; for all others that is not there.
    Site,
    /// An owner of that site; other agents of it are told so.
    OwnerOfSite,
    /// An owner, of whatever sites.
    Owner,
}

/// What a route does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// Signs in.
    SignIn,
    /// Says who is signed in.
    WhoAmI,
    /// Signs out here.
    SignOut,
    /// Signs out everywhere.
    SignOutEverywhere,
    /// Changes one's password.
    ChangePassword,
    /// Begins a second factor.
    Enrol,
    /// Confirms it.
    Confirm,
    /// Removes it.
    Disenrol,
    /// Goes on duty, or off.
    SetDuty,
    /// Chooses a first password.
    TakeUpInvitation,
    /// Lists the agents one manages.
    ListAgents,
    /// Adds one.
    AddAgent,
    /// Removes one.
    RemoveAgent,
    /// Lists requests.
    ListRequests,
    /// Enters a request by hand.
    EnterRequest,
    /// Says whom requests can be given to.
    Colleagues,
    /// Shows a request.
    ReadRequest,
    /// Erases a request.
    EraseRequest,
    /// Does something about a request.
    Act,
    /// Gives a request to somebody.
    Assign,
    /// Writes to the requester.
    Answer,
    /// Sends a file to the requester.
    Attach,
    /// Gives a file.
    ReadAttachment,
    /// Writes a note.
    Note,
    /// Gives tags.
    Tag,
    /// Fills canned replies in for a request.
    RenderReplies,
    /// Lists canned replies.
    ListReplies,
    /// Writes a canned reply.
    WriteReply,
    /// Writes one anew.
    RewriteReply,
    /// Removes one.
    RemoveReply,
    /// Shows who did what.
    ReadAudit,
    /// Shows how promises were kept.
    ReadReport,
    /// The same as a table.
    ReadReportTable,
}

const fn route(method: &'static str, path: &'static str, needs: Needs, endpoint: Endpoint) -> Route {
    Route { method, path, needs, endpoint }
}

/// Every route.
pub const ROUTES: &[Route] = &[
    route("POST", "/v1/console/session", Needs::Nothing, Endpoint::SignIn),
    route("GET", "/v1/console/session", Needs::Session, Endpoint::WhoAmI),
    route("DELETE", "/v1/console/session", Needs::Session, Endpoint::SignOut),
    route("DELETE", "/v1/console/sessions", Needs::Session, Endpoint::SignOutEverywhere),
    route("PUT", "/v1/console/password", Needs::Session, Endpoint::ChangePassword),
    route("POST", "/v1/console/totp", Needs::Session, Endpoint::Enrol),
    route("POST", "/v1/console/totp/confirmation", Needs::Session, Endpoint::Confirm),
    route("DELETE", "/v1/console/totp", Needs::Session, Endpoint::Disenrol),
    route("PUT", "/v1/console/duty", Needs::Session, Endpoint::SetDuty),
    route("POST", "/v1/console/invitation", Needs::Nothing, Endpoint::TakeUpInvitation),
    route("GET", "/v1/console/agents", Needs::Owner, Endpoint::ListAgents),
    route("POST", "/v1/console/agents", Needs::Owner, Endpoint::AddAgent),
    route("DELETE", "/v1/console/agents/{agent}", Needs::Owner, Endpoint::RemoveAgent),
    route("GET", "/v1/console/sites/{site}/requests", Needs::Site, Endpoint::ListRequests),
    route("POST", "/v1/console/sites/{site}/requests", Needs::Site, Endpoint::EnterRequest),
    route("GET", "/v1/console/sites/{site}/colleagues", Needs::Site, Endpoint::Colleagues),
    route("GET", "/v1/console/sites/{site}/replies", Needs::Site, Endpoint::ListReplies),
    route("POST", "/v1/console/sites/{site}/replies", Needs::OwnerOfSite, Endpoint::WriteReply),
    route("PUT", "/v1/console/sites/{site}/replies/{reply}", Needs::OwnerOfSite, Endpoint::RewriteReply),
    route("DELETE", "/v1/console/sites/{site}/replies/{reply}", Needs::OwnerOfSite, Endpoint::RemoveReply),
    route("GET", "/v1/console/sites/{site}/audit", Needs::OwnerOfSite, Endpoint::ReadAudit),
    route("GET", "/v1/console/sites/{site}/reports", Needs::OwnerOfSite, Endpoint::ReadReport),
    route("GET", "/v1/console/sites/{site}/reports.csv", Needs::OwnerOfSite, Endpoint::ReadReportTable),
    route("GET", "/v1/console/requests/{request}", Needs::Site, Endpoint::ReadRequest),
    route("DELETE", "/v1/console/requests/{request}", Needs::OwnerOfSite, Endpoint::EraseRequest),
    route("POST", "/v1/console/requests/{request}/actions", Needs::Site, Endpoint::Act),
    route("POST", "/v1/console/requests/{request}/assign", Needs::Site, Endpoint::Assign),
    route("POST", "/v1/console/requests/{request}/entries", Needs::Site, Endpoint::Answer),
    route("POST", "/v1/console/requests/{request}/attachments", Needs::Site, Endpoint::Attach),
    route("GET", "/v1/console/requests/{request}/attachments/{attachment}", Needs::Site, Endpoint::ReadAttachment),
    route("POST", "/v1/console/requests/{request}/notes", Needs::Site, Endpoint::Note),
    route("POST", "/v1/console/requests/{request}/tags", Needs::Site, Endpoint::Tag),
    route("GET", "/v1/console/requests/{request}/replies", Needs::Site, Endpoint::RenderReplies),
];
