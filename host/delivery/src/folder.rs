//! A folder as mail server, for the demo.

use std::path::PathBuf;

use async_trait::async_trait;
use jiff::Timestamp;
use lettre::Address;
use porchlight_model::{
    contact::EmailAddress,
    delivery::{Delivery, Mail},
};
use tokio::fs;

use crate::{Mailer, SendError, message};

/// Writes each e-mail to `<delivery>.eml` in a folder. A delivery that comes again replaces its file.
#[derive(Clone, Debug)]
pub struct MailFolder {
    folder: PathBuf,
    from: Address,
}

impl MailFolder {
    /// A folder (made if it is missing) and the address e-mails come from.
    pub async fn open(folder: impl Into<PathBuf>, from: &EmailAddress) -> Result<Self, SendError> {
        let folder = folder.into();
        fs::create_dir_all(&folder).await.map_err(SendError::Folder)?;
        Ok(Self { folder, from: message::address(from)? })
    }
}

#[async_trait]
impl Mailer for MailFolder {
    async fn send(&self, delivery: &Delivery, mail: &Mail, now: Timestamp) -> Result<(), SendError> {
        let message = message::message(delivery, mail, &self.from, now)?;
        // Whoever lists the folder sees whole letters only.
        let unfinished = self.folder.join(format!("{}.tmp", delivery.id));
        fs::write(&unfinished, message.formatted()).await.map_err(SendError::Folder)?;
        fs::rename(&unfinished, self.folder.join(format!("{}.eml", delivery.id))).await.map_err(SendError::Folder)
    }
}

#[cfg(test)]
mod tests {
    use porchlight_model::delivery::Letter;

    use super::*;
    use crate::message::tests::{delivery, email, mail};

    #[tokio::test]
    async fn a_delivery_is_one_file_however_often_it_comes() {
        let folder = tempfile::tempdir().expect("a folder");
        let mails = folder.path().join("mails");
        let mailer = MailFolder::open(&mails, &email("help@shop.example")).await.expect("a mail folder");
        for _ in 0..2 {
            mailer.send(&delivery(7, Letter::NewToRequester), &mail(), Timestamp::UNIX_EPOCH).await.expect("sent");
        }
        let names: Vec<_> =
            std::fs::read_dir(&mails).expect("a folder").map(|file| file.expect("a file").file_name()).collect();
        assert_eq!(names, ["00000000-0000-0000-0000-000000000007.eml"]);
        let written = std::fs::read(mails.join(&names[0])).expect("a letter");
        let read = mail_parser::MessageParser::default().parse(&written).expect("a message");
        assert_eq!(read.subject(), Some(mail().subject.as_str()));
    }

    #[tokio::test]
    async fn a_folder_that_is_gone_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let mailer = MailFolder::open(folder.path(), &email("help@shop.example")).await.expect("a mail folder");
        drop(folder);
        let error = mailer
            .send(&delivery(7, Letter::NewToRequester), &mail(), Timestamp::UNIX_EPOCH)
            .await
            .expect_err("an error");
        assert_eq!(error.class(), "folder");
    }
}
