//! HTTP/2 by hand (RFC 9113): frames as no library would send them.

use anyhow::{Context, Result, bail};
use porchlight_testkit::{Host, PATIENCE};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy, sink},
    net::TcpStream,
    time::timeout,
};

use crate::raw::authority;

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RESET: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const WINDOW_UPDATE: u8 = 8;
pub const CONTINUATION: u8 = 9;

pub const END_STREAM: u8 = 1;
pub const ACK: u8 = 1;
pub const END_HEADERS: u8 = 4;

/// What a client begins with.
pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// One frame.
#[derive(Debug)]
pub struct Frame {
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

impl Frame {
    /// The error code of a GOAWAY or RST_STREAM.
    pub fn code(&self) -> Option<u32> {
        let at = if self.kind == GOAWAY { 4 } else { 0 };
        let bytes = self.payload.get(at..at + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    }

    /// Whether it is the head of an answer with status 200.
    pub fn is_ok(&self) -> bool {
        // After dynamic table size updates (001xxxxx), entry 8 of the static table: `:status: 200`.
        self.kind == HEADERS && self.payload.iter().find(|byte| **byte & 0xe0 != 0x20) == Some(&0x88)
    }
}

/// The bytes of a frame.
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short payload").to_be_bytes();
    let head = [&length[1..], &[kind, flags], &stream.to_be_bytes()[..]].concat();
    [head.as_slice(), payload].concat()
}

/// Header fields of a GET, without indexing (RFC 7541, section 6.2.2).
pub fn get(authority: &str, path: &str) -> Vec<u8> {
    let mut block = vec![0x82, 0x86];
    block.extend(literal(&[0x01], authority));
    block.extend(literal(&[0x04], path));
    block
}

/// A header field with a name of its own, not to be indexed.
pub fn field(name: &str, value: &str) -> Vec<u8> {
    let mut block = vec![0x00];
    block.extend(text(name));
    block.extend(text(value));
    block
}

fn literal(name: &[u8], value: &str) -> Vec<u8> {
    [name, &text(value)].concat()
}

/// A length and its bytes (RFC 7541, section 5.2).
pub fn text(value: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    match u8::try_from(value.len()) {
        Ok(short) if short < 127 => bytes.push(short),
        _ => {
            let mut rest = value.len() - 127;
            bytes.push(127);
            while rest >= 128 {
                bytes.push(u8::try_from(rest % 128).expect("seven bits") | 128);
                rest /= 128;
            }
            bytes.push(u8::try_from(rest).expect("seven bits"));
        }
    }
    bytes.extend_from_slice(value.as_bytes());
    bytes
}

/// A client of HTTP/2.
pub struct Client {
    stream: TcpStream,
    authority: String,
}

impl Client {
    /// Connects and sends the preface with these settings: pairs of an identifier and its value.
    pub async fn connect(host: &Host, settings: &[(u16, u32)]) -> Result<Self> {
        let stream = TcpStream::connect(authority(host)).await?;
        let mut client = Self { stream, authority: authority(host).to_owned() };
        let pair = |(id, value): &(u16, u32)| [&id.to_be_bytes()[..], &value.to_be_bytes()[..]].concat();
        let settings: Vec<u8> = settings.iter().flat_map(pair).collect();
        client.say(&[PREFACE, &frame(SETTINGS, 0, 0, &settings), &frame(SETTINGS, ACK, 0, &[])].concat()).await?;
        Ok(client)
    }

    /// Sends bytes; fails once the host has closed the connection.
    pub async fn say(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(bytes).await?)
    }

    /// Says the same again and again without reading, until the host closes the connection.
    pub async fn shout(mut self, bytes: &[u8]) {
        while self.say(bytes).await.is_ok() {}
    }

    /// Says the same again and again and reads whatever comes, until the host closes the connection.
    pub async fn chatter(self, bytes: &[u8]) {
        let (mut reading, mut writing) = self.stream.into_split();
        let mut sink = sink();
        tokio::select! {
            _ = copy(&mut reading, &mut sink) => {}
            () = async { while writing.write_all(bytes).await.is_ok() {} } => {}
        }
    }

    /// Asks for a path on a stream.
    pub async fn ask(&mut self, stream: u32, path: &str) -> Result<()> {
        let head = get(&self.authority, path);
        self.say(&frame(HEADERS, END_HEADERS | END_STREAM, stream, &head)).await
    }

    /// The next frame; none once the connection has ended.
    pub async fn hear(&mut self) -> Result<Option<Frame>> {
        let mut head = [0; 9];
        match timeout(PATIENCE, self.stream.read_exact(&mut head))
            .await
            .context("the host neither speaks nor closes")?
        {
            Ok(_) => {}
            Err(_) => return Ok(None),
        }
        let [a, b, c, kind, flags, w, x, y, z] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        if self.stream.read_exact(&mut payload).await.is_err() {
            return Ok(None);
        }
        Ok(Some(Frame { kind, flags, stream: u32::from_be_bytes([w, x, y, z]), payload }))
    }

    /// Hears until a frame is what is looked for; fails when the connection ends before.
    pub async fn hear_until(&mut self, what: &str, mut found: impl FnMut(&Frame) -> bool) -> Result<Frame> {
        while let Some(frame) = self.hear().await? {
            if found(&frame) {
                return Ok(frame);
            }
        }
        bail!("the connection ended without {what}")
    }

    /// Hears all there is until the host ends the connection.
    pub async fn hear_out(&mut self) -> Result<Vec<Frame>> {
        let mut frames = Vec::new();
        while let Some(frame) = self.hear().await? {
            frames.push(frame);
        }
        Ok(frames)
    }
}
