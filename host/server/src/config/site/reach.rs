//! How the business is reached: channels, forms, and what they promise.

use std::{collections::HashSet, str::FromStr};

use jiff::SignedDuration;
use porchlight_model::{
    channel::{Channel, ChannelKind},
    form::{CallbackForm, MessageForm, SlotRules},
    reply::ReplyPromise,
};

use super::{
    super::site_file::{CallbackFile, ChannelFile, ChannelName, MessageFile},
    Reader,
    hours::HoursContext,
};

impl Reader {
    pub(super) fn channels(
        &mut self,
        files: &[ChannelFile],
        region: Option<&str>,
        hours: &HoursContext,
    ) -> Vec<Channel> {
        let mut taken = HashSet::new();
        let mut channels = Vec::new();
        for (position, file) in files.iter().enumerate() {
            let at = |key: &str| format!("/channels/{position}/{key}");
            let kind = channel_kind(file.kind);
            let id = file.id.clone().unwrap_or_else(|| numbered(kind, files, position));
            if !taken.insert(id.clone()) {
                self.wrong(&at("id"), format!("another channel is called `{id}`"));
            }
            let href = kind.href(&file.value, region).map_err(|error| self.wrong(&at("value"), error));
            let promise = self.promise(&at("expected_reply"), file.expected_reply.as_deref());
            let hours = self.own_hours(&at("hours"), file.hours.as_deref(), hours);
            if let Ok(href) = href {
                let (label, value) = (file.label.clone(), file.value.clone());
                let needs_duty = file.needs_duty;
                channels.push(Channel { id, kind, label, value, href, hours, promise, needs_duty });
            }
        }
        channels
    }

    pub(super) fn callback(&mut self, file: CallbackFile, hours: &HoursContext) -> Option<CallbackForm> {
        let length = self.seconds("/forms/callback/slot", &file.slot);
        let lead = self.seconds("/forms/callback/lead", &file.lead);
        if length.is_some_and(|length| !(300..=86_400).contains(&length)) {
            self.wrong("/forms/callback/slot", "a slot lasts from 5 minutes to 24 hours: write `30m`");
        }
        let promise = match file.expected_reply.as_deref() {
            None | Some("slot") => Some(ReplyPromise::Slot),
            other => self.promise_of_calls("/forms/callback/expected_reply", other),
        };
        Some(CallbackForm {
            hours: self.own_hours("/forms/callback/hours", file.hours.as_deref(), hours),
            slots: SlotRules { length: length?, lead: lead?, days_ahead: file.days_ahead, capacity: file.capacity },
            open_at_most: file.open_at_most,
            promise,
            consent: file.consent,
        })
    }

    pub(super) fn message(&mut self, file: MessageFile, hours: &HoursContext) -> Option<MessageForm> {
        Some(MessageForm {
            hours: self.own_hours("/forms/message/hours", file.hours.as_deref(), hours),
            promise: self.promise("/forms/message/expected_reply", file.expected_reply.as_deref()),
            consent: file.consent,
        })
    }

    /// `2h`; `measured, else 2h` promises what is written until there is a history to measure.
    fn promise(&mut self, pointer: &str, written: Option<&str>) -> Option<ReplyPromise> {
        let written = written?;
        let Some(behind) = written.strip_prefix("measured") else {
            return self.seconds(pointer, written).map(ReplyPromise::Within);
        };
        let Some(figure) = behind.strip_prefix(", else ") else {
            self.wrong(
                pointer,
                format!("`{written}` says nothing of the time before there is a history: write `measured, else 2h`"),
            );
            return None;
        };
        let otherwise = self.seconds(pointer, figure)?;
        Some(ReplyPromise::Measured { typical: None, otherwise })
    }

    fn promise_of_calls(&mut self, pointer: &str, written: Option<&str>) -> Option<ReplyPromise> {
        if written.is_some_and(|written| written.starts_with("measured")) {
            self.wrong(pointer, "how soon calls are made is up to their slots, and not measured: write `slot` or `2h`");
            return None;
        }
        self.promise(pointer, written)
    }

    fn seconds(&mut self, pointer: &str, written: &str) -> Option<u32> {
        let seconds =
            SignedDuration::from_str(written).ok().and_then(|duration| u32::try_from(duration.as_secs()).ok());
        if seconds.is_none() {
            self.wrong(pointer, format!("`{written}` is not a duration: write `30m`, `2h` or `1h 30m`"));
        }
        seconds
    }
}

fn numbered(kind: ChannelKind, files: &[ChannelFile], position: usize) -> String {
    let before = files[..position].iter().filter(|file| channel_kind(file.kind) == kind).count();
    if before == 0 { kind.as_str().to_owned() } else { format!("{}-{}", kind.as_str(), before + 1) }
}

fn channel_kind(name: ChannelName) -> ChannelKind {
    match name {
        ChannelName::Phone => ChannelKind::Phone,
        ChannelName::Email => ChannelKind::Email,
        ChannelName::Whatsapp => ChannelKind::Whatsapp,
        ChannelName::Telegram => ChannelKind::Telegram,
        ChannelName::Viber => ChannelKind::Viber,
        ChannelName::Messenger => ChannelKind::Messenger,
        ChannelName::Sms => ChannelKind::Sms,
        ChannelName::Social => ChannelKind::Social,
    }
}
