//! The port for files: a large one is several changes, and others get their turn between them.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    SqliteStore,
    attachments::{self, Left},
    fault::Stop,
    job::Afterwards,
};
use crate::{AttachmentStore, KeepAttachmentError, NewAttachment, StoreError};

#[async_trait]
impl AttachmentStore for SqliteStore {
    async fn keep_attachment(
        &self,
        file: NewAttachment,
        site_bytes: u64,
        now: Timestamp,
    ) -> Result<(), KeepAttachmentError> {
        let NewAttachment { id, site, content } = file;
        let bytes = u32::try_from(content.len()).map_err(|_| KeepAttachmentError::SiteFull)?;
        let begin = move |connection: &rusqlite::Connection| {
            attachments::begin(connection, (id, &site), bytes, site_bytes, now)
        };
        let number = self.writer.change(Afterwards::Answer, begin).await?;
        for (place, piece) in attachments::split(&content) {
            self.write(move |connection| attachments::add(connection, number, place, &piece)).await?;
        }
        Ok(())
    }

    async fn attachment_piece(&self, id: Uuid, place: u32) -> Result<Option<Vec<u8>>, StoreError> {
        self.readers.read(move |connection| attachments::piece(connection, id, place)).await
    }

    async fn discard_attachment(&self, id: Uuid) -> Result<(), StoreError> {
        self.write(move |connection| attachments::discard(connection, id)).await?;
        self.clear_attachments().await
    }

    async fn sweep_attachments(&self, begun_by: Timestamp) -> Result<u64, StoreError> {
        let swept = self.write(move |connection| attachments::sweep(connection, begun_by)).await?;
        self.clear_attachments().await?;
        Ok(swept)
    }
}

impl SqliteStore {
    /// Clears what is left of files that are gone, a few pieces at a time, and then, if there was something, the log. What another
    /// cleared counts as well until the log has been emptied since: whoever comes first may be cut off, or be slower than we.
    pub(super) async fn clear_attachments(&self) -> Result<(), StoreError> {
        loop {
            match self.write(attachments::clear_some).await? {
                Left::Pieces => {}
                Left::Log => break,
                Left::Nothing => return Ok(()),
            }
        }
        let cleared = |connection: &rusqlite::Connection| attachments::cleared(connection).map_err(Stop::from);
        let cleared = self.writer.change::<_, StoreError>(Afterwards::EmptyLog, cleared).await?;
        self.write(move |connection| attachments::forget(connection, &cleared)).await
    }
}
