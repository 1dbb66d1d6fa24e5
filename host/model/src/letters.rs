//! Letters: the e-mails that tell of a request.

use jiff::Timestamp;

use crate::{delivery::Mail, request::Request, site::Site};

/// Tells the business of a new request. `None` where the site has no address for it.
pub fn to_business(site: &Site, request: &Request, now: Timestamp) -> Option<Mail> {
    unimplemented!("{} {request:?} {now}", site.key)
}

/// Tells the requester that the request is kept: reference, promise, link to its status. `None` without their address.
pub fn to_requester(site: &Site, request: &Request, link: &str, now: Timestamp) -> Option<Mail> {
    unimplemented!("{} {request:?} {link} {now}", site.key)
}
