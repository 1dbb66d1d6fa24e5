//! Files of a conversation. Their content is asked for by their id.

use porchlight_model::attachment::Attachment as Kept;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

/// A file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Attachment {
    /// To ask for its content by.
    id: Uuid,
    /// What it is called; its ending fits what it is.
    name: String,
    /// What it is, by its content: a media type.
    r#type: &'static str,
    /// Its length in bytes.
    size: u64,
}

impl From<&Kept> for Attachment {
    fn from(file: &Kept) -> Self {
        Self { id: file.id, name: file.name.clone(), r#type: file.file_type.media_type(), size: file.size }
    }
}

/// The files of an entry.
pub fn all(files: &[Kept]) -> Vec<Attachment> {
    files.iter().map(Attachment::from).collect()
}
