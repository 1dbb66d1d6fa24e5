//! Bare hyper: sends the bytes that were recorded, whatever is asked.

use std::{convert::Infallible, fs, path::Path, process::Command};

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::Full;
use hyper::{HeaderMap, Request, Response, body::Incoming, header::HeaderName, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::{client::Answer, process::Server};

/// Starts this program once more, as a bare server of one answer.
pub fn serve(answer: &Answer, folder: &Path) -> Result<Server> {
    let fields: String = answer.own_fields().iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let (head, body) = (folder.join("bare.head"), folder.join("bare.body"));
    fs::write(&head, fields)?;
    fs::write(&body, &answer.body)?;
    let mut command = Command::new(std::env::current_exe()?);
    Server::start(command.arg("bare-hyper").arg(head).arg(body), &folder.join("bare.log"))
}

/// What the program then does. The runtime has tokio's default settings, as the product's has.
pub fn run(head: &Path, body: &Path) -> Result<()> {
    let (fields, body) = (fields(&fs::read_to_string(head)?)?, Bytes::from(fs::read(body)?));
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("listening on http://{}", listener.local_addr()?);
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(connection(stream, fields.clone(), body.clone()));
        }
    })
}

fn fields(text: &str) -> Result<HeaderMap> {
    let mut fields = HeaderMap::new();
    for line in text.lines() {
        let (name, value) = line.split_once(": ").context("a field is `name: value`")?;
        fields.append(HeaderName::from_bytes(name.as_bytes())?, value.parse()?);
    }
    Ok(fields)
}

async fn connection(stream: TcpStream, fields: HeaderMap, body: Bytes) {
    let answer = service_fn(move |_: Request<Incoming>| {
        let mut response = Response::new(Full::new(body.clone()));
        *response.headers_mut() = fields.clone();
        async { Ok::<_, Infallible>(response) }
    });
    let served = async {
        stream.set_nodelay(true)?;
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await?;
        Ok::<_, anyhow::Error>(())
    };
    if let Err(error) = served.await {
        eprintln!("a connection ended with an error: {error:#}");
    }
}
