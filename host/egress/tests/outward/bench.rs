//! What the client is tried with: a resolver that says what it is told to, a connector that notes what it is asked for and leads
//! to a server of ours wherever that is, and servers that say what a test wants.

use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use porchlight_egress::{
    Client, Connector, Destination, EgressError, HeaderMap, Limits, Method, Request, Resolver, Response, Stream,
    Vetting,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Answers in turn with what it was given; the last answer stays.
pub struct Names {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl Names {
    pub fn answering(answers: &[&[&str]]) -> Arc<Self> {
        let addresses = |answer: &&[&str]| answer.iter().map(|address| address.parse().expect("an address")).collect();
        Arc::new(Self { answers: Mutex::new(answers.iter().map(addresses).collect()), asked: Mutex::default() })
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("a lock").clone()
    }
}

#[async_trait]
impl Resolver for Names {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        self.asked.lock().expect("a lock").push(host.to_owned());
        let mut answers = self.answers.lock().expect("a lock");
        let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        answer.ok_or_else(|| io::Error::other("no such name"))
    }
}

/// Notes what it is asked to connect to, and connects to a server of ours, if there is one.
pub struct Door {
    tried: Mutex<Vec<SocketAddr>>,
    server: Option<SocketAddr>,
}

impl Door {
    pub fn shut() -> Arc<Self> {
        Arc::new(Self { tried: Mutex::default(), server: None })
    }

    pub fn to(server: SocketAddr) -> Arc<Self> {
        Arc::new(Self { tried: Mutex::default(), server: Some(server) })
    }

    pub fn tried(&self) -> Vec<String> {
        self.tried.lock().expect("a lock").iter().map(SocketAddr::to_string).collect()
    }
}

#[async_trait]
impl Connector for Door {
    async fn connect(&self, address: SocketAddr) -> io::Result<Box<dyn Stream>> {
        self.tried.lock().expect("a lock").push(address);
        let server = self.server.ok_or_else(|| io::Error::from(io::ErrorKind::ConnectionRefused))?;
        Ok(Box::new(TcpStream::connect(server).await?))
    }
}

/// Limits that a test can wait for.
pub const QUICK: Limits = Limits {
    resolve: Duration::from_secs(20),
    connect: Duration::from_secs(20),
    secure: Duration::from_secs(20),
    head: Duration::from_secs(20),
    body: Duration::from_secs(20),
    whole: Duration::from_secs(60),
    body_bytes: 1_000,
};

/// A client that may go into the world alone.
pub fn client(names: &Arc<Names>, door: &Arc<Door>) -> Client {
    Client::new(names.clone(), door.clone(), Vetting::default(), QUICK).expect("a client")
}

/// A client that may go to one address without TLS, where the door leads to the server.
pub fn plain_client(door: &Arc<Door>, limits: Limits) -> Client {
    let vetting = Vetting::new(vec!["10.1.2.3/32".parse().expect("a block")]);
    Client::new(Names::answering(&[]), door.clone(), vetting, limits).expect("a client")
}

/// Where [`plain_client`] may go.
pub const PLAIN: &str = "http://10.1.2.3:8080/hooks?key=s";

/// What a post of `{}` to an address gives.
pub async fn post(client: &Client, address: &str) -> Result<Response, EgressError> {
    let destination = Destination::parse(address)?;
    let mut headers = HeaderMap::new();
    headers.insert("content-type", "application/json".parse().expect("a value"));
    headers.insert("host", "evil.example".parse().expect("a value"));
    headers.insert("transfer-encoding", "chunked".parse().expect("a value"));
    client.send(Request { method: Method::POST, destination, headers, body: "{}".into() }).await
}

/// A server that reads one request a connection, then sends each of these pieces and closes; with `None` for a piece it says
/// nothing more and waits.
pub async fn server(pieces: &'static [Option<&'static str>]) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let heard = Arc::new(Mutex::new(Vec::new()));
    let notes = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(say(stream, pieces, notes.clone()));
        }
    });
    (address, heard)
}

async fn say(mut stream: TcpStream, pieces: &[Option<&str>], heard: Arc<Mutex<Vec<String>>>) {
    let mut request = String::new();
    let mut buffer = [0; 4_096];
    while !request.ends_with("{}") {
        match stream.read(&mut buffer).await {
            Ok(read) if read > 0 => request.push_str(&String::from_utf8_lossy(&buffer[..read])),
            _ => return,
        }
    }
    heard.lock().expect("a lock").push(request);
    for piece in pieces {
        let Some(piece) = piece else { return std::future::pending().await };
        if stream.write_all(piece.as_bytes()).await.is_err() {
            return;
        }
    }
}
