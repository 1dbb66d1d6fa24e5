//! A real mailbox: Debian's Dovecot, started as a process of nobody in particular, with one Maildir.
//!
//! Dovecot serves no mail to root, and needs no root otherwise: where the tests run as root, it runs as `nobody`.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::{io::AsyncReadExt, net::TcpStream};

use crate::{
    mail::free_port,
    process::Process,
    wait::{PATIENCE, wait_until},
};

/// User and group of Debian that own nothing.
const NOBODY: (u32, u32) = (65_534, 65_534);

/// An IMAP server on 127.0.0.1 with one mailbox. Dropping it stops it and deletes its mail.
#[derive(Debug)]
pub struct ImapServer {
    port: u16,
    folder: TempDir,
    owner: (u32, u32),
    delivered: std::sync::atomic::AtomicUsize,
    _process: Process,
}

/// How a mail lies in the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Somebody has taken it.
    Seen,
    /// Somebody should look at it.
    Flagged,
    /// It is as it came.
    None,
}

impl ImapServer {
    /// Starts a server on a free port.
    pub async fn start() -> Result<Self> {
        let dovecot = std::env::var_os("PORCHLIGHT_DOVECOT")
            .context("PORCHLIGHT_DOVECOT is not set: run `cargo xtask test`, or set it to the path of Dovecot")?;
        let (folder, port) = (tempfile::tempdir().context("no temporary folder")?, free_port()?);
        let ours = fs::metadata(folder.path())?;
        let owner = if ours.uid() == 0 { NOBODY } else { (ours.uid(), ours.gid()) };
        for name in ["run", "mail", "mail/new", "mail/cur", "mail/tmp"] {
            fs::create_dir(folder.path().join(name))?;
        }
        let config = folder.path().join("dovecot.conf");
        fs::write(&config, settings(folder.path(), owner, port)?)?;
        let mut command = Command::new(dovecot);
        command.arg("-F").arg("-c").arg(&config).current_dir("/");
        if ours.uid() == 0 {
            own(folder.path(), owner)?;
            command.uid(owner.0).gid(owner.1);
        }
        let process = Process::start(&mut command)?;
        let delivered = std::sync::atomic::AtomicUsize::new(0);
        let server = Self { port, folder, owner, delivered, _process: process };
        let greeted = wait_until("the IMAP server's greeting", PATIENCE, || greets(port)).await;
        greeted.with_context(|| server._process.err())?;
        Ok(server)
    }

    /// The mailbox's URL with its user and password.
    pub fn url(&self) -> String {
        format!("imap://help%40shop.example:p%40ss@127.0.0.1:{}/INBOX", self.port)
    }

    /// Puts a mail into the mailbox, as a mail server does (Maildir: written aside, then moved).
    pub fn deliver(&self, mail: &[u8]) -> Result<()> {
        let number = self.delivered.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let name = format!("{number}.test.host");
        let (aside, new) = (self.mails("tmp").join(&name), self.mails("new").join(&name));
        fs::write(&aside, mail)?;
        chown(&aside, Some(self.owner.0), Some(self.owner.1))?;
        Ok(fs::rename(aside, new)?)
    }

    /// How many mails bear this mark alone.
    pub fn marked(&self, mark: Mark) -> Result<usize> {
        let flags = match mark {
            Mark::Seen => ":2,S",
            Mark::Flagged => ":2,F",
            Mark::None => ":2,",
        };
        let names =
            fs::read_dir(self.mails("cur"))?.map(|entry| Ok(entry?.file_name().into_string().unwrap_or_default()));
        Ok(names.collect::<std::io::Result<Vec<String>>>()?.iter().filter(|name| name.ends_with(flags)).count())
    }

    fn mails(&self, name: &str) -> PathBuf {
        self.folder.path().join("mail").join(name)
    }
}

/// All that Dovecot needs to be told: no user of its own, no folder but this one, one password, no TLS on loopback.
fn settings(folder: &Path, (user, group): (u32, u32), port: u16) -> Result<String> {
    let (user_name, group_name) = (name("passwd", user)?, name("group", group)?);
    let folder = folder.display();
    Ok(format!(
        "protocols = imap\nlisten = 127.0.0.1\nbase_dir = {folder}/run\nstate_dir = {folder}/run\n\
         log_path = /dev/stderr\nssl = no\ndisable_plaintext_auth = no\n\
         default_internal_user = {user_name}\ndefault_internal_group = {group_name}\ndefault_login_user = {user_name}\n\
         mail_location = maildir:{folder}/mail\nfirst_valid_uid = 1\nfirst_valid_gid = 1\n\
         passdb {{\n driver = static\n args = password=p@ss\n}}\n\
         userdb {{\n driver = static\n args = uid={user} gid={group} home={folder}\n}}\n\
         service imap-login {{\n chroot =\n inet_listener imap {{\n port = {port}\n }}\n inet_listener imaps {{\n port = 0\n }}\n}}\n\
         service anvil {{\n chroot =\n}}\nservice stats {{\n chroot =\n}}\n"
    ))
}

/// The name of a user or a group.
fn name(database: &str, id: u32) -> Result<String> {
    let output = Command::new("getent").args([database, &id.to_string()]).output().context("`getent` did not start")?;
    let line = String::from_utf8(output.stdout)?;
    let name = line.split(':').next().filter(|name| !name.is_empty());
    Ok(name.with_context(|| format!("{id} has no name in {database}"))?.to_owned())
}

fn own(folder: &Path, owner: (u32, u32)) -> Result<()> {
    chown(folder, Some(owner.0), Some(owner.1))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => own(&entry.path(), owner)?,
            false => chown(entry.path(), Some(owner.0), Some(owner.1))?,
        }
    }
    Ok(())
}

async fn greets(port: u16) -> Option<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let mut greeting = [0; 4];
    stream.read_exact(&mut greeting).await.ok()?;
    (&greeting == b"* OK").then_some(())
}
