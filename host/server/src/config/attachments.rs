//! `[attachments]` of `porchlight.toml`: how much may be attached.

use porchlight_model::attachment::Room;
use schemars::JsonSchema;
use serde::Deserialize;

/// Files that people add to their requests.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AttachmentsConfig {
    /// Size of a file, in bytes.
    #[schemars(range(min = 1_024, max = 67_108_864))]
    pub file_bytes: usize,
    /// Files of one request.
    #[schemars(range(min = 0, max = 100))]
    pub per_request: usize,
    /// Size of all files of one request together, in bytes.
    #[schemars(range(max = 1_073_741_824))]
    pub request_bytes: u64,
    /// Size of all files of one site together, in bytes. Where it is reached, no further file is taken.
    #[schemars(range(max = 1_099_511_627_776_u64))]
    pub site_bytes: u64,
    /// Files that are taken in at the same time; each is held in memory until it is kept.
    #[schemars(range(min = 1, max = 64))]
    pub at_once: usize,
    /// Time a client has to send a file, in seconds.
    #[schemars(range(min = 1, max = 3_600))]
    pub seconds: u64,
}

impl Default for AttachmentsConfig {
    fn default() -> Self {
        Self {
            file_bytes: 8 << 20,
            per_request: 10,
            request_bytes: 25 << 20,
            site_bytes: 1 << 30,
            at_once: 8,
            seconds: 120,
        }
    }
}

impl AttachmentsConfig {
    /// How much may be attached to one request.
    pub fn room(&self) -> Room {
        Room { files: self.per_request, bytes: self.request_bytes }
    }

    /// The largest file in whole megabytes, as people are told it; at least one.
    pub fn megabytes(&self) -> u64 {
        (self.file_bytes as u64 >> 20).max(1)
    }
}
