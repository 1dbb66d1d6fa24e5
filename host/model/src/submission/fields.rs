//! One check per field of a submission. A missing field is fine here; what has to be there is said in one place above.

use jiff::Timestamp;

use super::{
    Draft, ProblemCode,
    characters::{is_blank as is_nothing, turns_direction},
};
use crate::{
    contact::{EmailAddress, Phone, PhoneError},
    form::FormKind,
    locale::Locale,
    request::{Consent, ReplyBy},
    site::Site,
    slots::{self, NotASlot, Slot},
    web,
};

/// The most characters each field may have.
const NAME: usize = 100;
const TEXT: usize = 5_000;
const PAGE: usize = 2_048;
const EMAIL: usize = 254;
const PHONE: usize = 64;
const LOCALE: usize = 35;

pub(super) fn is_blank(value: &Option<String>) -> bool {
    value.as_deref().is_none_or(is_nothing)
}

pub(super) fn kind(draft: &Draft, site: &Site) -> Result<FormKind, ProblemCode> {
    match draft.kind.as_deref() {
        Some("callback") if site.callback.is_some() => Ok(FormKind::Callback),
        Some("message") if site.message.is_some() => Ok(FormKind::Message),
        Some("callback" | "message") => Err(ProblemCode::NoSuchForm),
        Some(other) if !is_nothing(other) => Err(ProblemCode::UnknownValue),
        _ => Err(ProblemCode::Required),
    }
}

pub(super) fn slot(
    draft: &Draft,
    kind: Option<FormKind>,
    site: &Site,
    now: Timestamp,
) -> Result<Option<Slot>, ProblemCode> {
    let Some(written) = given(&draft.slot) else { return Ok(None) };
    let from: Timestamp = written.trim().parse().map_err(|_| ProblemCode::SlotInvalid)?;
    match (kind, &site.callback) {
        (Some(FormKind::Callback), Some(form)) => slots::slot_at(form, from, now).map(Some).map_err(not_a_slot),
        (Some(FormKind::Message), _) => Err(ProblemCode::UnknownField),
        _ => Ok(None),
    }
}

pub(super) fn phone(draft: &Draft, site: &Site) -> Result<Option<Phone>, ProblemCode> {
    let Some(written) = line(&draft.phone, PHONE)? else { return Ok(None) };
    let phone = Phone::parse(written.trim(), site.region.as_deref()).map_err(not_a_phone)?;
    Ok(Some(phone))
}

pub(super) fn name(draft: &Draft) -> Result<Option<String>, ProblemCode> {
    Ok(line(&draft.name, NAME)?.map(str::to_owned))
}

pub(super) fn email(draft: &Draft) -> Result<Option<EmailAddress>, ProblemCode> {
    let Some(written) = line(&draft.email, EMAIL)? else { return Ok(None) };
    EmailAddress::parse(written.trim()).map(Some).map_err(|_| ProblemCode::EmailInvalid)
}

pub(super) fn text(draft: &Draft) -> Result<Option<String>, ProblemCode> {
    let Some(text) = &draft.text else { return Ok(None) };
    limited(text, TEXT)?;
    // A form sent without JavaScript ends its lines with CR LF. What turns the direction stays: it ends with its line, and people
    // who write from right to left need it.
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(ProblemCode::ControlCharacter);
    }
    Ok(given(&draft.text).map(str::to_owned))
}

pub(super) fn reply_by(draft: &Draft) -> Result<Option<ReplyBy>, ProblemCode> {
    match given(&draft.reply_by) {
        None => Ok(None),
        Some("phone") => Ok(Some(ReplyBy::Phone)),
        Some("email") => Ok(Some(ReplyBy::Email)),
        Some(_) => Err(ProblemCode::UnknownValue),
    }
}

/// A well-formed tag (RFC 5646 as far as its characters go) of a language we have no texts in is answered in the site's.
pub(super) fn locale(draft: &Draft, site: &Site) -> Result<Locale, ProblemCode> {
    let Some(tag) = given(&draft.locale) else { return Ok(site.locale) };
    let well_formed = tag.len() <= LOCALE && tag.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if well_formed { Ok(Locale::of_tag(tag).unwrap_or(site.locale)) } else { Err(ProblemCode::UnknownValue) }
}

pub(super) fn page(draft: &Draft) -> Result<Option<String>, ProblemCode> {
    let Some(written) = line(&draft.page, PAGE)? else { return Ok(None) };
    let page = written.trim();
    if web::is_web_address(page) { Ok(Some(page.to_owned())) } else { Err(ProblemCode::PageInvalid) }
}

pub(super) fn consent(
    draft: &Draft,
    kind: Option<FormKind>,
    site: &Site,
    now: Timestamp,
) -> Result<Option<Consent>, ProblemCode> {
    let Some(sentence) = kind.and_then(|kind| sentence(kind, site)) else { return Ok(None) };
    match draft.consent {
        Some(true) => Ok(Some(Consent { text: sentence.to_owned(), at: now })),
        _ => Err(ProblemCode::ConsentRequired),
    }
}

fn sentence(kind: FormKind, site: &Site) -> Option<&str> {
    match kind {
        FormKind::Callback => site.callback.as_ref()?.consent.as_deref(),
        FormKind::Message => site.message.as_ref()?.consent.as_deref(),
    }
}

/// A field of one line, which is read within other words: no control character, nor one of the two that break lines without
/// being any, nor one that turns the words after it.
fn line(value: &Option<String>, limit: usize) -> Result<Option<&str>, ProblemCode> {
    let Some(written) = value.as_deref() else { return Ok(None) };
    limited(written, limit)?;
    if written.chars().any(|c| c.is_control() || turns_direction(c) || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(ProblemCode::ControlCharacter);
    }
    Ok(given(value))
}

fn limited(value: &str, limit: usize) -> Result<(), ProblemCode> {
    if value.chars().nth(limit).is_some() { Err(ProblemCode::TooLong(limit)) } else { Ok(()) }
}

fn given(value: &Option<String>) -> Option<&str> {
    value.as_deref().filter(|value| !is_nothing(value))
}

fn not_a_slot(reason: NotASlot) -> ProblemCode {
    match reason {
        NotASlot::Past => ProblemCode::SlotPast,
        NotASlot::TooFar => ProblemCode::SlotTooFar,
        NotASlot::None => ProblemCode::SlotNone,
    }
}

fn not_a_phone(error: PhoneError) -> ProblemCode {
    match error {
        PhoneError::TooShort { missing } => ProblemCode::PhoneTooShort(missing),
        PhoneError::TooLong | PhoneError::Impossible => ProblemCode::PhoneInvalid,
    }
}
