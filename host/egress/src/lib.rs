//! Outgoing HTTP that somebody else asks for: webhooks that a site file names, later what plugins fetch.
//!
//! Whoever writes such an address must not reach what stands beside the host: its own ports, the network around it, the
//! metadata of its cloud. So an address is resolved once, all that it resolves to is looked at ([`Vetting`]), and the connection
//! is made to exactly that: a name that changes its mind in between changes nothing. No redirect is followed, and no proxy of
//! the environment is asked, because either would connect where nobody has looked.
//!
//! The operator's own mail server is not vetted and does not come this way.

mod client;
mod connect;
mod destination;
mod error;
mod ports;
mod resolve;
mod vetting;

pub use client::{Client, Limits, Request, Response};
pub use connect::{Connector, Stream, TcpConnector};
pub use destination::{Destination, UrlRefused};
pub use error::{EgressError, Phase};
pub use hyper::{HeaderMap, Method, StatusCode, header};
pub use resolve::{Resolver, SystemResolver};
pub use rustls::RootCertStore;
pub use vetting::{Block, Refused, Vetting};
