//! A client that costs little: prepared requests, answers counted off by their length, nothing parsed that is not needed.

use std::{
    cell::{Cell, RefCell},
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Stands in a template where each request has a number of its own, in as many digits.
pub const NUMBER: &str = "00000000";

/// How a body in chunks ends: after the end of the last but one.
const LAST_CHUNK: &[u8] = b"\r\n0\r\n\r\n";

/// An answer, read whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status line and fields.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether its status is 2xx.
    pub fn is_success(&self) -> bool {
        self.head.starts_with("HTTP/1.1 2")
    }

    /// Its fields but those that a server adds by itself.
    pub fn own_fields(&self) -> Vec<(String, String)> {
        let fields = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        fields
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .filter(|(name, _)| !["date", "content-length", "transfer-encoding", "connection"].contains(&name.as_str()))
            .collect()
    }
}

/// One GET over a connection of its own.
pub fn get(address: SocketAddr, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    let fields: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{fields}\r\n")?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = head_end(&bytes).with_context(|| format!("`{path}` was not answered"))?;
    let body = bytes.split_off(end);
    let head = String::from_utf8(bytes)?;
    let body = match length_in(head.as_bytes()) {
        Some(length) => Some(body).filter(|body| body.len() == length),
        None => unchunked(&body),
    };
    let body = body.with_context(|| format!("`{path}` was not answered whole:\n{head}"))?;
    Ok(Answer { head, body })
}

/// What is asked, over and over.
#[derive(Clone, Debug)]
pub struct Template {
    bytes: Vec<u8>,
    numbers: Vec<usize>,
}

impl Template {
    /// A request as it stands; where it says [`NUMBER`], each one gets its own.
    pub fn new(request: String) -> Self {
        let numbers = request.match_indices(NUMBER).map(|(place, _)| place).collect();
        Self { bytes: request.into_bytes(), numbers }
    }

    fn number(&mut self, number: u64) {
        let digits = format!("{:08}", number % 100_000_000);
        for &place in &self.numbers {
            self.bytes[place..place + NUMBER.len()].copy_from_slice(digits.as_bytes());
        }
    }
}

/// What came of a load.
#[derive(Clone, Debug, Default)]
pub struct Load {
    /// Requests answered.
    pub answered: u64,
    /// How long that took, in seconds.
    pub seconds: f64,
    /// How long each took, in microseconds, in rising order.
    pub latencies: Vec<u32>,
}

impl Load {
    /// Requests answered in a second.
    pub fn per_second(&self) -> f64 {
        self.answered as f64 / self.seconds
    }

    /// The latency that so large a part of the requests kept below, in milliseconds.
    pub fn within_ms(&self, part: f64) -> f64 {
        let place = (self.latencies.len().saturating_sub(1) as f64 * part).round() as usize;
        f64::from(self.latencies.get(place).copied().unwrap_or_default()) / 1e3
    }
}

/// How long a load goes on.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// For some time.
    Elapsed(Duration),
    /// Until so many are answered.
    Answered(u64),
}

/// Sends one request after the other over each of so many connections.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    connections: u32,
    next: Rc<Cell<u64>>,
}

impl Client {
    /// A client of this server.
    pub fn new(address: SocketAddr, connections: u32) -> Self {
        Self { address, connections, next: Rc::default() }
    }

    /// Puts load on the server; an answer that is no success ends it with an error.
    pub fn load(&self, template: &Template, until: Until) -> Result<Load> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        runtime.block_on(tokio::task::LocalSet::new().run_until(self.drive(template, until)))
    }

    async fn drive(&self, template: &Template, until: Until) -> Result<Load> {
        let begun = Instant::now();
        let (taken, latencies) = (Rc::new(Cell::new(0)), Rc::new(RefCell::new(Vec::new())));
        let mut tasks = Vec::new();
        for _ in 0..self.connections {
            let connection = Connection::open(self.address).await?;
            let (template, next) = (template.clone(), Rc::clone(&self.next));
            let (taken, latencies) = (Rc::clone(&taken), Rc::clone(&latencies));
            tasks.push(tokio::task::spawn_local(async move {
                let goes_on = || {
                    taken.set(taken.get() + 1);
                    match until {
                        Until::Elapsed(time) => begun.elapsed() < time,
                        Until::Answered(count) => taken.get() <= count,
                    }
                };
                connection.keep_asking(template, &next, goes_on, &latencies).await
            }));
        }
        for task in tasks {
            task.await??;
        }
        let mut latencies = latencies.take();
        latencies.sort_unstable();
        Ok(Load { answered: latencies.len() as u64, seconds: begun.elapsed().as_secs_f64(), latencies })
    }
}

struct Connection {
    stream: tokio::net::TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = tokio::net::TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 << 10) })
    }

    async fn keep_asking(
        mut self,
        mut template: Template,
        next: &Cell<u64>,
        goes_on: impl Fn() -> bool,
        latencies: &RefCell<Vec<u32>>,
    ) -> Result<()> {
        while goes_on() {
            template.number(next.replace(next.get() + 1));
            let sent = Instant::now();
            self.stream.write_all(&template.bytes).await?;
            self.answer().await?;
            latencies.borrow_mut().push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
        Ok(())
    }

    /// Reads one answer off: by its length, or up to its last chunk.
    async fn answer(&mut self) -> Result<()> {
        self.buffer.clear();
        let mut end = None;
        while end.is_none_or(|end| !self.is_whole(end)) {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server closed the connection");
            if end.is_none() {
                end = head_end(&self.buffer).map(|end| (end, length_in(&self.buffer[..end])));
            }
        }
        if !self.buffer.starts_with(b"HTTP/1.1 2") {
            bail!("the server refused:\n{}", String::from_utf8_lossy(&self.buffer));
        }
        Ok(())
    }
}

impl Connection {
    fn is_whole(&self, (end, length): (usize, Option<usize>)) -> bool {
        match length {
            Some(length) => self.buffer.len() >= end + length,
            None => self.buffer[end..].ends_with(LAST_CHUNK),
        }
    }
}

/// Puts chunks together (RFC 9112, section 7.1).
fn unchunked(mut chunks: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = chunks.windows(2).position(|two| two == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&chunks[..line]).ok()?, 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.extend(chunks.get(line + 2..line + 2 + length)?);
        chunks = chunks.get(line + 4 + length..)?;
    }
}

fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|place| place + 4)
}

fn length_in(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let line = head
        .split(|byte| *byte == b'\n')
        .find(|line| line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)))?;
    std::str::from_utf8(&line[NAME.len()..]).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_has_its_number_wherever_the_template_says_so() {
        let mut template = Template::new(format!("a{NUMBER}b{NUMBER}"));
        template.number(42);
        assert_eq!(template.bytes, b"a00000042b00000042");
    }

    #[test]
    fn an_answers_length_is_found_in_its_head() {
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n";
        assert_eq!((head_end(head), length_in(head)), (Some(head.len()), Some(12)));
        assert_eq!(length_in(b"HTTP/1.1 200 OK\r\n\r\n"), None);
    }

    #[test]
    fn chunks_are_put_together() {
        assert_eq!(unchunked(b"3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n").as_deref(), Some(&b"abc0123456789"[..]));
        assert_eq!(unchunked(b"5\r\nabc"), None);
    }

    #[test]
    fn percentiles_are_of_the_sorted_latencies() {
        let load = Load { answered: 101, seconds: 1.0, latencies: (0..=100).map(|each| each * 1000).collect() };
        assert_eq!((load.within_ms(0.5), load.within_ms(0.99)), (50.0, 99.0));
    }
}
