//! The host that is looked at, as browsers reach it.

use std::sync::Arc;

use anyhow::{Context, bail};
use bytes::Bytes;
use porchlight_egress::{
    Client, Destination, EgressError, HeaderMap, Limits, Method, Request, Resolver, Response, SystemResolver,
    TcpConnector, UrlRefused, Vetting,
};

/// The host that serves, by its URL. The operator says where it is, so its address is not vetted.
pub struct OwnHost {
    client: Client,
    /// How it is written.
    url: String,
    /// The same, where it is a name without TLS, by the address of that name.
    reached: String,
}

impl OwnHost {
    /// The host at `https://help.example` or `http://127.0.0.1:8080`.
    pub async fn new(url: &str) -> anyhow::Result<Self> {
        let url = url.trim_end_matches('/').to_owned();
        let anywhere = ["0.0.0.0/0", "::/0"].map(str::parse).into_iter().collect::<Result<Vec<_>, _>>()?;
        let vetting = Vetting::new(anywhere);
        let client = Client::new(Arc::new(SystemResolver), Arc::new(TcpConnector), vetting, Limits::default())?;
        let reached = match Destination::parse(&url) {
            Ok(_) => url.clone(),
            Err(UrlRefused::Insecure) => by_address(&url).await?,
            Err(refused) => bail!("`{url}` is no address of a host: {refused}"),
        };
        Ok(Self { client, url, reached })
    }

    /// How it is written, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Asks for a path.
    pub async fn get(&self, path: &str) -> Result<Response, EgressError> {
        self.send(Method::GET, path, HeaderMap::new(), Bytes::new()).await
    }

    /// Sends anything to a path.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response, EgressError> {
        let destination = Destination::parse(&format!("{}{path}", self.reached))?;
        self.client.send(Request { method, destination, headers, body }).await
    }
}

/// `http://localhost:8080` with the address of its name.
async fn by_address(url: &str) -> anyhow::Result<String> {
    let Some(authority) = url.strip_prefix("http://") else { bail!("`{url}` is neither `https:` nor `http:`") };
    let (name, port) = authority.split_once(':').unwrap_or((authority, "80"));
    let found = SystemResolver.resolve(name).await.with_context(|| format!("`{name}` was not found"))?;
    let address = found.iter().min_by_key(|address| address.is_ipv6()).context("it has no address")?;
    let host = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
    Ok(format!("http://{host}:{port}"))
}
