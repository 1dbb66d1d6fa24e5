//! Promises of an offer as moments, worked out when they are asked for: a plugin may lengthen them several times before.

use jiff::Timestamp;

use super::{OfferedCallback, OfferedChannel, OfferedMessage};
use crate::{
    hours::SupportHours,
    reply::{self, ExpectedReply, ReplyPromise},
    site::Site,
};

impl OfferedChannel {
    /// When whoever asks here now is answered, if that is promised.
    pub fn expected_reply(&self, site: &Site, now: Timestamp) -> Option<ExpectedReply> {
        let channel = site.channels.iter().find(|channel| channel.id == self.id)?;
        expected(self.promise, &channel.hours, now)
    }
}

impl OfferedCallback {
    /// When whoever asks for a call now is called, if that is promised: in the first free slot, where the promise is the slot.
    pub fn expected_reply(&self, site: &Site, now: Timestamp) -> Option<ExpectedReply> {
        match self.promise {
            Some(ReplyPromise::Slot) => self.first_free(now),
            promise => expected(promise, &site.callback.as_ref()?.hours, now),
        }
    }

    fn first_free(&self, now: Timestamp) -> Option<ExpectedReply> {
        let first = self.slots.iter().find(|offered| offered.free)?;
        Some(ExpectedReply::at_slot(first.slot, now))
    }
}

impl OfferedMessage {
    /// When a message written now is answered, if that is promised.
    pub fn expected_reply(&self, site: &Site, now: Timestamp) -> Option<ExpectedReply> {
        expected(self.promise, &site.message.as_ref()?.hours, now)
    }
}

fn expected(promise: Option<ReplyPromise>, hours: &SupportHours, now: Timestamp) -> Option<ExpectedReply> {
    reply::expected_reply(promise?, hours, now)
}
