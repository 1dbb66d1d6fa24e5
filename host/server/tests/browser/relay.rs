//! A way between browser and host on which answers get lost.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use anyhow::Result;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Passes on everything, but for answers to submissions while it loses them.
#[derive(Debug)]
pub struct Relay {
    listener: TcpListener,
    loses: Arc<AtomicBool>,
}

impl Relay {
    /// A relay on a free port that loses nothing yet; nobody answers there before [`Relay::towards`].
    pub async fn open() -> Result<Self> {
        Ok(Self { listener: TcpListener::bind("127.0.0.1:0").await?, loses: Arc::default() })
    }

    /// Its address, as browsers reach it.
    pub fn url(&self) -> Result<String> {
        Ok(format!("http://{}", self.listener.local_addr()?))
    }

    /// Begins to pass on to this address, `http://127.0.0.1:41234`. The switch makes it lose answers.
    pub fn towards(self, host: &str) -> Arc<AtomicBool> {
        let (address, loses) = (host.trim_start_matches("http://").to_owned(), self.loses.clone());
        tokio::spawn(async move {
            while let Ok((browser, _)) = self.listener.accept().await {
                tokio::spawn(pass_on(browser, address.clone(), self.loses.clone()));
            }
        });
        loses
    }
}

/// One connection, ended where an answer is to be lost.
async fn pass_on(browser: TcpStream, address: String, loses: Arc<AtomicBool>) -> Result<()> {
    let (mut from_browser, mut to_browser) = browser.into_split();
    let (mut from_host, mut to_host) = TcpStream::connect(address).await?.into_split();
    let submits = Arc::new(AtomicBool::new(false));
    let submitted = submits.clone();
    let asking = tokio::spawn(async move {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from_browser.read(&mut bytes).await {
            submits.fetch_or(bytes[..length].starts_with(b"POST "), Ordering::SeqCst);
            to_host.write_all(&bytes[..length]).await?;
        }
        anyhow::Ok(())
    });
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from_host.read(&mut bytes).await {
        if submitted.load(Ordering::SeqCst) && loses.load(Ordering::SeqCst) {
            break;
        }
        to_browser.write_all(&bytes[..length]).await?;
    }
    asking.abort();
    Ok(())
}
