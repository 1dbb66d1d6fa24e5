//! Channels: the ways outward to a business.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{hours::SupportHours, reply::ReplyPromise};

/// What sort of way outward a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelKind {
    /// A telephone number, E.164 or as written locally.
    Phone,
    /// An e-mail address.
    Email,
    /// A WhatsApp number.
    Whatsapp,
    /// A Telegram user name.
    Telegram,
    /// A Viber number.
    Viber,
    /// A Facebook Messenger page name.
    Messenger,
    /// A number that takes text messages.
    Sms,
    /// A page on a social network, as an `https:` address.
    Social,
}

/// One way outward to the business, with its own hours and promise.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Name unique within the site, `phone` or `phone-2`.
    pub id: String,
    /// What sort of way it is.
    pub kind: ChannelKind,
    /// The label the owner gave; without one the widget's texts name the kind.
    pub label: Option<String>,
    /// The number, address or name as the owner wrote it.
    pub value: String,
    /// The address a click leads to: `tel:`, `mailto:`, `https:`, …
    pub href: String,
    /// When somebody answers here: the channel's own hours, or the site's.
    pub hours: SupportHours,
    /// How soon an answer is promised here, if it is.
    pub promise: Option<ReplyPromise>,
    /// Whether it is offered only while somebody of the business is on duty.
    pub needs_duty: bool,
}

/// Why a channel's value was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// Not a telephone number.
    #[error("`{0}` is not a telephone number ({1}): write it with its country code, `+7 495 495-49-41`")]
    Phone(String, crate::contact::PhoneError),
    /// Not an e-mail address.
    #[error("`{0}` is not an e-mail address: write `name@shop.example`")]
    Email(String),
    /// Not a user name.
    #[error("`{0}` is not a user name: letters, digits, `_`, `.` and `-` only, with or without `@`")]
    Name(String),
    /// Not an `https:` address.
    #[error("`{0}` is not an https address")]
    Address(String),
}

impl ChannelKind {
    /// The name used in JSON, site files and texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Whatsapp => "whatsapp",
            Self::Telegram => "telegram",
            Self::Viber => "viber",
            Self::Messenger => "messenger",
            Self::Sms => "sms",
            Self::Social => "social",
        }
    }

    /// The address a click leads to; numbers without a country code are read in `region` (ISO 3166-1 alpha-2).
    pub fn href(self, value: &str, region: Option<&str>) -> Result<String, ChannelError> {
        match self {
            Self::Phone => Ok(format!("tel:{}", phone(value, region)?)),
            Self::Sms => Ok(format!("sms:{}", phone(value, region)?)),
            Self::Whatsapp => Ok(format!("https://wa.me/{}", phone(value, region)?.trim_start_matches('+'))),
            Self::Viber => Ok(format!("viber://chat?number=%2B{}", phone(value, region)?.trim_start_matches('+'))),
            Self::Email => email(value),
            Self::Telegram => Ok(format!("https://t.me/{}", name(value)?)),
            Self::Messenger => Ok(format!("https://m.me/{}", name(value)?)),
            Self::Social if is_https(value) => Ok(value.to_owned()),
            Self::Social => Err(ChannelError::Address(value.to_owned())),
        }
    }
}

fn phone(value: &str, region: Option<&str>) -> Result<String, ChannelError> {
    match crate::contact::Phone::parse(value, region) {
        Ok(phone) => Ok(phone.as_str().to_owned()),
        Err(error) => Err(ChannelError::Phone(value.to_owned(), error)),
    }
}

fn email(value: &str) -> Result<String, ChannelError> {
    let address = crate::contact::EmailAddress::parse(value).map_err(|_| ChannelError::Email(value.to_owned()))?;
    Ok(address.href())
}

fn name(value: &str) -> Result<&str, ChannelError> {
    let bare = value.strip_prefix('@').unwrap_or(value);
    let fits = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if fits { Ok(bare) } else { Err(ChannelError::Name(value.to_owned())) }
}

fn is_https(value: &str) -> bool {
    value.starts_with("https://") && value.len() > 8 && !value.contains(|c: char| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_leads_somewhere() {
        let lead = |kind: ChannelKind, value| kind.href(value, Some("RU")).expect("a good value");
        assert_eq!(lead(ChannelKind::Phone, "+7 495 495-49-41"), "tel:+74954954941");
        assert_eq!(lead(ChannelKind::Sms, "8 495 495-49-41"), "sms:+74954954941");
        assert_eq!(lead(ChannelKind::Whatsapp, "+7 916 123-45-67"), "https://wa.me/79161234567");
        assert_eq!(lead(ChannelKind::Viber, "+7 916 123-45-67"), "viber://chat?number=%2B79161234567");
        assert_eq!(lead(ChannelKind::Email, "help@shop.example"), "mailto:help@shop.example");
        assert_eq!(lead(ChannelKind::Telegram, "@dog_and_cat"), "https://t.me/dog_and_cat");
        assert_eq!(lead(ChannelKind::Messenger, "dog.cat"), "https://m.me/dog.cat");
        assert_eq!(lead(ChannelKind::Social, "https://vk.example/dog"), "https://vk.example/dog");
    }

    #[test]
    fn a_channel_cannot_lead_into_a_script() {
        assert!(ChannelKind::Social.href("javascript:alert(1)", None).is_err());
        assert!(ChannelKind::Telegram.href("x/../../evil", None).is_err());
        assert!(ChannelKind::Phone.href("+7 (000)", None).is_err());
        assert!(ChannelKind::Email.href("a@b", None).is_err());
    }
}
