//! The content of files that belong to conversations: kept in pieces, so that nobody waits long for a large one, and read in pieces.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{KeepAttachmentError, StoreError};

/// The bytes of a piece; the last one of a file may have fewer.
pub const PIECE: usize = 256 * 1024;

/// A file to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttachment {
    /// Its id, by which a request names it.
    pub id: Uuid,
    /// Key of the site.
    pub site: String,
    /// Its bytes; at least one.
    pub content: Vec<u8>,
}

/// The content of files. A request says which ones are its own, what they are called and what they are.
#[async_trait]
pub trait AttachmentStore: Send + Sync {
    /// Keeps a file that belongs to nothing yet, piece by piece, each a change of its own. It becomes a request's with the change,
    /// or the acceptance, that names it; until then it may be [discarded](Self::discard_attachment) or swept away.
    ///
    /// [`KeepAttachmentError::SiteFull`] where the site's files would take more than `site_bytes` with it.
    async fn keep_attachment(
        &self,
        file: NewAttachment,
        site_bytes: u64,
        now: Timestamp,
    ) -> Result<(), KeepAttachmentError>;

    /// A piece of a file, counted from 0; `None` where there is none.
    async fn attachment_piece(&self, id: Uuid, place: u32) -> Result<Option<Vec<u8>>, StoreError>;

    /// Lets go of a file that belongs to no request; one that does stays.
    async fn discard_attachment(&self, id: Uuid) -> Result<(), StoreError>;

    /// Lets go of files that belong to no request and were begun by then, and of what an erasure that was cut off left behind;
    /// nothing of them is left in any file when this returns. Returns how many files that were.
    async fn sweep_attachments(&self, begun_by: Timestamp) -> Result<u64, StoreError>;
}
