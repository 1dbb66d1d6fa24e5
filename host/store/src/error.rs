//! What can go wrong while keeping something.

use crate::Spent;

/// Nothing was kept or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full.
    #[error("the disk is full")]
    Full(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database could not be read, written or synced.
    #[error("the database failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The writer has stopped.
    #[error("the store is closed")]
    Closed,
}

/// Why a request was not kept.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// Others took the slot, or all that may be booked at once.
    #[error("the slot is full")]
    SlotTaken,
    /// The reference is in use; another one will do.
    #[error("the reference is in use")]
    ReferenceTaken,
    /// The idempotency key was used with another body.
    #[error("the idempotency key was used with another body")]
    KeyReused,
    /// A file that comes with it is not there any more.
    #[error("a file that comes with it is gone")]
    AttachmentGone,
    /// Another request used this up before.
    #[error("what it brings was used up by another request")]
    Spent(Spent),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a file was not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepAttachmentError {
    /// The site's files would take more bytes than they may.
    #[error("the site has no room for the file")]
    SiteFull,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a change was not kept.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Somebody else changed the request in between, or it is gone; or a file that comes with it is.
    #[error("the request was changed in between")]
    Stale,
    /// Others took the slot.
    #[error("the slot is full")]
    SlotTaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
