//! Canned replies.

use porchlight_model::agent::{CannedReply, ReplyId, Spoken};
use schemars::JsonSchema;
use serde::Serialize;

/// A canned reply as it was written.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CannedReply")]
pub struct Reply {
    id: ReplyId,
    title: String,
    text: String,
    /// Variables that stand for nothing here: they are left in the text. Given where it was filled in for a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<&'static str>>,
}

/// Canned replies.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CannedReplies")]
pub struct Replies {
    /// In the order they were written.
    pub replies: Vec<Reply>,
}

impl From<&CannedReply> for Reply {
    fn from(reply: &CannedReply) -> Self {
        Self { id: reply.id, title: reply.title.clone(), text: reply.text.clone(), missing: None }
    }
}

impl Reply {
    /// A canned reply filled in for a request.
    pub fn rendered(reply: &CannedReply, spoken: &Spoken<'_>) -> Self {
        let rendered = reply.rendered(spoken);
        let missing = rendered.missing.into_iter().map(|variable| variable.as_str()).collect();
        Self { text: rendered.text, missing: Some(missing), ..Self::from(reply) }
    }
}
