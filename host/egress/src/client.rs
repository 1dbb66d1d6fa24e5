//! One request and its answer.

use std::{fmt, io, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    HeaderMap, Method, StatusCode,
    body::{Body, Incoming},
    client::conn::http1,
    header::{self, HeaderName, HeaderValue},
};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::ServerName};
use tokio::{task::JoinSet, time::timeout};
use tokio_rustls::TlsConnector;

use crate::{Connector, Destination, EgressError, Phase, Resolver, Stream, Vetting};

/// Addresses of one host that are tried at most.
const ADDRESSES: usize = 4;

/// Size of an answer's head, in bytes.
const HEAD_BYTES: usize = 32_768;

/// What the client says itself, or what is between two ends of a connection alone.
const OURS: [HeaderName; 8] = [
    header::HOST,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::TE,
    header::TRAILER,
    header::UPGRADE,
    header::EXPECT,
];

/// How long things may take, and how much may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Finding the host's addresses.
    pub resolve: Duration,
    /// Connecting to one address.
    pub connect: Duration,
    /// The TLS handshake.
    pub secure: Duration,
    /// From the request to the end of the answer's head.
    pub head: Duration,
    /// The answer's body.
    pub body: Duration,
    /// All of that together.
    pub whole: Duration,
    /// Size of an answer's body, in bytes.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            resolve: Duration::from_secs(5),
            connect: Duration::from_secs(5),
            secure: Duration::from_secs(5),
            head: Duration::from_secs(15),
            body: Duration::from_secs(10),
            whole: Duration::from_secs(30),
            body_bytes: 1 << 20,
        }
    }
}

/// What is sent.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its method.
    pub method: Method,
    /// Where it goes.
    pub destination: Destination,
    /// Its fields; `Host`, `Content-Length` and those of the connection are the client's own.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

/// What came back: an answer of any status but 3xx.
#[derive(Clone, Debug)]
pub struct Response {
    /// Its status.
    pub status: StatusCode,
    /// Its fields.
    pub headers: HeaderMap,
    /// Its body, whole.
    pub body: Bytes,
}

/// Sends requests to where they may go. Every request has a connection of its own. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    resolver: Arc<dyn Resolver>,
    connector: Arc<dyn Connector>,
    vetting: Vetting,
    limits: Limits,
    tls: Arc<ClientConfig>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("vetting", &self.vetting).field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Client {
    /// A client that trusts the certificates of the web's authorities (Mozilla's list).
    pub fn new(
        resolver: Arc<dyn Resolver>,
        connector: Arc<dyn Connector>,
        vetting: Vetting,
        limits: Limits,
    ) -> Result<Self, rustls::Error> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        Ok(Self { resolver, connector, vetting, limits, tls: Arc::new(tls(roots)?) })
    }

    /// The same client, trusting these authorities instead.
    pub fn trusting(self, roots: RootCertStore) -> Result<Self, rustls::Error> {
        Ok(Self { tls: Arc::new(tls(roots)?), ..self })
    }

    /// Sends a request and waits for the whole answer.
    pub async fn send(&self, request: Request) -> Result<Response, EgressError> {
        let all = async {
            let stream = self.connected(&request.destination).await?;
            self.exchanged(stream, request).await
        };
        within(self.limits.whole, Phase::Whole, all).await?
    }

    /// A connection to one of the addresses that were looked at, made safe.
    async fn connected(&self, destination: &Destination) -> Result<Box<dyn Stream>, EgressError> {
        let addresses = self.vetted(destination).await?;
        let stream = self.plain(&addresses).await?;
        if !destination.is_secure() {
            return Ok(stream);
        }
        let name =
            ServerName::try_from(destination.host()).map_err(|error| EgressError::Tls(io::Error::other(error)))?;
        let handshake = TlsConnector::from(self.tls.clone()).connect(name, stream);
        let secured = within(self.limits.secure, Phase::Securing, handshake).await?.map_err(EgressError::Tls)?;
        Ok(Box::new(secured))
    }

    /// Where the destination is. One address that may not be connected to spoils all: nobody in the world lists such.
    async fn vetted(&self, destination: &Destination) -> Result<Vec<SocketAddr>, EgressError> {
        let found = match destination.address() {
            Some(address) => vec![address],
            None => within(self.limits.resolve, Phase::Resolving, self.resolver.resolve(&destination.host()))
                .await?
                .map_err(EgressError::Unresolved)?,
        };
        let mut addresses = Vec::with_capacity(found.len());
        for address in found {
            let address = self.vetting.vet(address)?;
            if !destination.is_secure() && !self.vetting.allows(address) {
                return Err(EgressError::Insecure);
            }
            addresses.push(SocketAddr::new(address, destination.port()));
        }
        if addresses.is_empty() { Err(EgressError::NoAddress) } else { Ok(addresses) }
    }

    /// A connection to the first address that takes one.
    async fn plain(&self, addresses: &[SocketAddr]) -> Result<Box<dyn Stream>, EgressError> {
        let mut failed = EgressError::NoAddress;
        for &address in addresses.iter().take(ADDRESSES) {
            match within(self.limits.connect, Phase::Connecting, self.connector.connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => failed = EgressError::Connect(error),
                Err(late) => failed = late,
            }
        }
        Err(failed)
    }

    async fn exchanged(&self, stream: Box<dyn Stream>, request: Request) -> Result<Response, EgressError> {
        let mut builder = http1::Builder::new();
        let handshake = builder.max_buf_size(HEAD_BYTES).handshake::<_, Full<Bytes>>(TokioIo::new(stream));
        let (mut sender, connection) = handshake.await.map_err(EgressError::Http)?;
        // It ends with us, whatever the other side does.
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        let head = sender.send_request(written(request)?);
        let answer = within(self.limits.head, Phase::Head, head).await?.map_err(EgressError::Http)?;
        if answer.status().is_redirection() {
            return Err(EgressError::Redirected { status: answer.status() });
        }
        let (head, body) = answer.into_parts();
        let body = within(self.limits.body, Phase::Body, self.taken(body)).await??;
        Ok(Response { status: head.status, headers: head.headers, body })
    }

    async fn taken(&self, body: Incoming) -> Result<Bytes, EgressError> {
        let bytes = self.limits.body_bytes;
        if body.size_hint().lower() > bytes as u64 {
            return Err(EgressError::TooLong { bytes });
        }
        match Limited::new(body, bytes).collect().await {
            Ok(collected) => Ok(collected.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => Err(EgressError::TooLong { bytes }),
            Err(error) => match error.downcast::<hyper::Error>() {
                Ok(error) => Err(EgressError::Http(*error)),
                Err(error) => Err(EgressError::Connect(io::Error::other(error))),
            },
        }
    }
}

/// A request as it goes over the connection, which is closed behind it.
fn written(request: Request) -> Result<hyper::Request<Full<Bytes>>, EgressError> {
    let Request { method, destination, mut headers, body } = request;
    OURS.iter().for_each(|name| drop(headers.remove(name)));
    let host = HeaderValue::try_from(destination.authority()).map_err(|_| crate::UrlRefused::Malformed)?;
    headers.insert(header::HOST, host);
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    let mut written = hyper::Request::new(Full::new(body));
    *written.method_mut() = method;
    *written.uri_mut() = destination.path().parse().map_err(|_| crate::UrlRefused::Malformed)?;
    *written.headers_mut() = headers;
    Ok(written)
}

fn tls(roots: RootCertStore) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = versions.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

async fn within<T>(limit: Duration, phase: Phase, work: impl Future<Output = T>) -> Result<T, EgressError> {
    timeout(limit, work).await.map_err(|_| EgressError::TimedOut { phase, seconds: limit.as_secs() })
}
