//! Attachments: files that belong to a conversation. What a file is, its content says (`content`), never who brings it.

mod content;
mod name;
mod size;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    request::{ChangeRefused, Request},
    submission::ProblemCode,
};

pub use content::{FileType, NotTaken, recognised};
pub use name::cleaned;

/// A file that belongs to an entry of a conversation. Its content is kept apart from the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Random (UUID v4).
    pub id: Uuid,
    /// Cleaned ([`cleaned`]): it fits what the file is.
    pub name: String,
    /// What it is, by its content.
    #[serde(rename = "type")]
    pub file_type: FileType,
    /// Its length in bytes.
    pub size: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

/// How much may be attached to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Files at most.
    pub files: usize,
    /// Bytes at most, of all files together.
    pub bytes: u64,
}

impl Room {
    /// Checks that a file of so many bytes may be added to those of a request.
    ///
    /// # Errors
    /// [`ChangeRefused::NoRoom`] where there are too many already, or they would be too large together.
    pub fn require<'a>(&self, there: impl Iterator<Item = &'a Attachment>, size: u64) -> Result<(), ChangeRefused> {
        let (count, bytes) = there.fold((0, 0), |(count, bytes), file| (count + 1, bytes + file.size));
        let has_room = count < self.files && size <= self.bytes.saturating_sub(bytes);
        if has_room { Ok(()) } else { Err(ChangeRefused::NoRoom) }
    }
}

impl Request {
    /// Every file of the conversation, the first one first.
    pub fn attachments(&self) -> impl Iterator<Item = &Attachment> {
        self.entries.iter().flat_map(|entry| &entry.attachments)
    }

    /// A file of the conversation by its id.
    pub fn attachment(&self, id: Uuid) -> Option<&Attachment> {
        self.attachments().find(|file| file.id == id)
    }
}

impl From<NotTaken> for ProblemCode {
    fn from(why: NotTaken) -> Self {
        match why {
            NotTaken::Empty => Self::Required,
            NotTaken::Unknown => Self::FileType,
            NotTaken::Mismatch => Self::FileMismatch,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixture::message_request,
        request::{Actor, Entry},
    };

    fn with(sizes: &[u64]) -> Request {
        let mut request = message_request();
        let file = |size: &u64| Attachment {
            id: Uuid::from_u128(u128::from(*size)),
            name: "a.pdf".to_owned(),
            file_type: FileType::Pdf,
            size: *size,
            sha256: String::new(),
        };
        let attachments = sizes.iter().map(file).collect();
        let at = request.received_at();
        request.entries.push(Entry { id: Uuid::nil(), from: Actor::Requester, at, text: String::new(), attachments });
        request
    }

    #[test]
    fn room_is_counted_in_files_and_in_bytes() {
        let required = |request: &Request, size| Room { files: 3, bytes: 100 }.require(request.attachments(), size);
        assert_eq!(required(&with(&[]), 100), Ok(()));
        assert_eq!(required(&with(&[]), 101), Err(ChangeRefused::NoRoom));
        assert_eq!(required(&with(&[40, 50]), 10), Ok(()));
        assert_eq!(required(&with(&[40, 50]), 11), Err(ChangeRefused::NoRoom));
        assert_eq!(required(&with(&[1, 2, 3]), 1), Err(ChangeRefused::NoRoom));
    }

    #[test]
    fn request_kept_before_there_were_files_is_read_as_one_without() {
        let mut document = serde_json::to_value(with(&[7])).expect("a document");
        for entry in document["entries"].as_array_mut().expect("entries") {
            entry.as_object_mut().expect("an entry").remove("attachments");
        }
        let read: Request = serde_json::from_value(document).expect("it is read");
        assert_eq!(read.attachments().count(), 0);
    }
}
