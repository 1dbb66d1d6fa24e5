//! The SMTP server, started for one test.

use std::{env, fs, net::Ipv4Addr, process::Stdio, time::Duration};

use tempfile::TempDir;
use tokio::{
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    time::{sleep, timeout},
};

/// A running `aiosmtpd`; it ends with this value.
pub struct MailServer {
    port: u16,
    folder: TempDir,
    _process: Child,
}

impl MailServer {
    pub async fn start(port: u16) -> Self {
        let python = env::var_os("PORCHLIGHT_AIOSMTPD").expect("PORCHLIGHT_AIOSMTPD: a Python that has aiosmtpd");
        let folder = tempfile::tempdir().expect("a folder");
        let process = Command::new(python)
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}"), "-c", "aiosmtpd.handlers.Mailbox"])
            .arg(folder.path().join("mail"))
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("aiosmtpd starts");
        let server = Self { port, folder, _process: process };
        timeout(Duration::from_secs(30), server.listens()).await.expect("aiosmtpd listens within 30 s");
        server
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The letters that came, in no order.
    pub fn letters(&self) -> Vec<Vec<u8>> {
        let letters = fs::read_dir(self.folder.path().join("mail/new")).expect("a Maildir");
        letters.map(|letter| fs::read(letter.expect("a letter").path()).expect("its bytes")).collect()
    }

    /// It tells nobody when it is ready: asking is the only way.
    async fn listens(&self) {
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.is_err() {
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// A port nobody listens on now.
pub async fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    listener.local_addr().expect("an address").port()
}
