use rlibphonenumber::{
    NumberLengthType, ParseError, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region, ValidationError,
};
use rlibphonenumber::{PHONE_NUMBER_UTIL, get_national_significant_number_owned as national_digits};
use serde::{Deserialize, Serialize};

/// The longest text that is read, in characters: far more than any number with its extension.
const LONGEST: usize = 64;

/// A telephone number in E.164: a plus sign and up to fifteen digits; an extension may follow as `;ext=12` (RFC 3966).
///
/// Read from our own store it is taken as it is; whatever comes from outside goes through [`Phone::parse`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

/// Why a telephone number was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Digits are missing: this many at least.
    #[error("too short by at least {missing} digits")]
    TooShort {
        /// How many more are needed.
        missing: u8,
    },
    /// There are too many digits.
    #[error("too long")]
    TooLong,
    /// Nobody can have this number.
    #[error("not a number anybody can have")]
    Impossible,
}

impl Phone {
    /// Reads a number as people write it; one without a country code is read in `region` (ISO 3166-1 alpha-2, `RU`).
    ///
    /// An extension is understood as `ext 12`, `x12`, `#12`, `доб. 12` or `;ext=12`. Letters are not digits here: `8-800-FLOWERS`
    /// is refused.
    ///
    /// # Errors
    /// [`PhoneError`] says what a person can do about it; a text with no digits, or with anything but a number, is
    /// [`PhoneError::Impossible`].
    pub fn parse(written: &str, region: Option<&str>) -> Result<Self, PhoneError> {
        if written.chars().nth(LONGEST).is_some() {
            return Err(PhoneError::TooLong);
        }
        let region = region.and_then(|code| Region::from_code(code).ok());
        let (digits, extension) = parts(written);
        if !digits.chars().all(may_stand_between_digits) || !digits.contains(is_digit) {
            return Err(PhoneError::Impossible);
        }
        if extension.is_empty() {
            return Ok(Self(e164(&require_valid(digits, region)?)));
        }
        let extension = extension_of(written, digits, region).ok_or(PhoneError::Impossible)?;
        Ok(Self(format!("{};ext={extension}", e164(&require_valid(digits, region)?))))
    }

    /// Where a click leads: `tel:` (RFC 3966).
    pub fn href(&self) -> String {
        format!("tel:{}", self.0)
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Splits before whatever may begin an extension.
fn parts(written: &str) -> (&str, &str) {
    let begins_extension = |letter: char| letter.is_alphabetic() || matches!(letter, ';' | ',' | '#' | '~');
    written.split_at(written.find(begins_extension).unwrap_or(written.len()))
}

/// Western digits, full-width ones, and the two kinds that Arabic and Persian keyboards have.
fn is_digit(letter: char) -> bool {
    matches!(letter, '0'..='9' | '\u{ff10}'..='\u{ff19}' | '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}')
}

fn may_stand_between_digits(letter: char) -> bool {
    let dash = ('\u{2010}'..='\u{2015}').contains(&letter) || letter == '\u{2212}';
    is_digit(letter)
        || dash
        || matches!(letter, '+' | ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '-' | '(' | ')' | '.' | '/')
}

fn require_valid(digits: &str, region: Option<Region>) -> Result<PhoneNumber, PhoneError> {
    let parsed = PhoneNumber::parse(digits, region);
    if let Ok(number) = &parsed
        && number.is_valid()
    {
        return parsed.map_err(|_| PhoneError::Impossible);
    }
    Err(why_not(parsed, digits, region))
}

fn why_not(parsed: Result<PhoneNumber, ParseError>, digits: &str, region: Option<Region>) -> PhoneError {
    let number = match parsed {
        Ok(number) => number,
        Err(ParseError::TooLongNsn) => return PhoneError::TooLong,
        Err(ParseError::InvalidCountryCode) => return PhoneError::Impossible,
        Err(_) => return too_short(digits, region),
    };
    let length = national_digits(&number).len();
    let usual = usual_length(&number);
    match number.is_possible_with_reason() {
        Err(ValidationError::TooLong) => PhoneError::TooLong,
        Err(ValidationError::InvalidLength) if usual.is_some_and(|usual| length > usual) => PhoneError::TooLong,
        Err(ValidationError::InvalidCountryCode) => PhoneError::Impossible,
        Err(ValidationError::TooShort | ValidationError::InvalidLength) => too_short(digits, region),
        Ok(NumberLengthType::IsPossibleLocalOnly) => too_short(digits, region),
        Ok(NumberLengthType::IsPossible) => {
            let forgotten = |missing: &u8| *missing <= 2 || usual.is_some_and(|usual| length < usual);
            let missing = missing_until_valid(digits, region).filter(forgotten);
            missing.map_or(PhoneError::Impossible, |missing| PhoneError::TooShort { missing })
        }
    }
}

/// How many digits a mobile number of the same country has, without the country code.
fn usual_length(number: &PhoneNumber) -> Option<usize> {
    let region = PHONE_NUMBER_UTIL.get_region_for_country_code(number.country_code)?;
    let example = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, PhoneNumberType::Mobile).ok()?;
    Some(national_digits(&example).len())
}

/// How many digits are missing until somebody can have the number, or else until its length is possible.
fn too_short(digits: &str, region: Option<Region>) -> PhoneError {
    let missing = missing_until_valid(digits, region).or_else(|| missing_until_possible(digits, region));
    missing.map_or(PhoneError::Impossible, |missing| PhoneError::TooShort { missing })
}

fn missing_until_valid(digits: &str, region: Option<Region>) -> Option<u8> {
    let valid =
        |more: String| PhoneNumber::parse(digits.to_owned() + &more, region).is_ok_and(|number| number.is_valid());
    (1..=15).find(|count| ["0", "2", "5", "9"].iter().any(|digit| valid(digit.repeat((*count).into()))))
}

fn missing_until_possible(digits: &str, region: Option<Region>) -> Option<u8> {
    let length = |count: u8| {
        let longer = digits.to_owned() + &"0".repeat(count.into());
        PhoneNumber::parse(longer, region).ok()?.is_possible_with_reason().ok()
    };
    (1..=15).find(|count| length(*count) == Some(NumberLengthType::IsPossible))
}

/// The extension after the number; `None` where what follows the number is none.
fn extension_of(written: &str, digits: &str, region: Option<Region>) -> Option<String> {
    let [whole, number] = [written, digits].map(|text| PhoneNumber::parse(text, region).ok());
    let (whole, number) = (whole?, number?);
    let same = whole.country_code == number.country_code && national_digits(&whole) == national_digits(&number);
    let last = |extension: &String| written.trim_end_matches([' ', ')', '#']).ends_with(extension);
    let of_digits = |extension: &String| extension.bytes().all(|letter| letter.is_ascii_digit());
    whole.extension.filter(|extension| same && !extension.is_empty() && of_digits(extension) && last(extension))
}

fn e164(number: &PhoneNumber) -> String {
    number.format_as(PhoneNumberFormat::E164).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(written: &str, region: &str) -> Result<String, PhoneError> {
        Phone::parse(written, Some(region).filter(|region| !region.is_empty())).map(|phone| phone.as_str().to_owned())
    }

    #[track_caller]
    fn assert_reads(written: &str, region: &str, e164: &str) {
        assert_eq!(read(written, region).as_deref(), Ok(e164), "{written} in {region}");
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_reads("+7 916 123-45-67", "", "+79161234567");
        assert_reads("8-916-123-45-67", "RU", "+79161234567");
        assert_reads("8 (916) 123 45 67", "RU", "+79161234567");
        assert_reads("916 123 45 67", "RU", "+79161234567");
        assert_reads("79161234567", "RU", "+79161234567");
        assert_reads("8-800-555-35-35", "RU", "+78005553535");
        assert_reads("+7\u{a0}495\u{a0}495\u{2011}49\u{2013}41", "RU", "+74954954941");
        assert_reads("0888 123 456", "BG", "+359888123456");
        assert_reads("(212) 555.0187", "US", "+12125550187");
        assert_reads("+49 30 901820", "RU", "+4930901820");
        assert_reads("+390612345678", "RU", "+390612345678");
        assert_reads("00 49 30 901820", "BG", "+4930901820");
        assert_reads("+٧ ٩١٦ ١٢٣ ٤٥ ٦٧", "", "+79161234567");
    }

    #[test]
    fn extension_is_kept() {
        for extension in
            [" доб. 12", " доб 12", ", доб. 12", " ext 12", " ext. 12", "x12", " #12", ";ext=12", " (доб. 12)"]
        {
            assert_reads(&format!("+7 495 495-49-41{extension}"), "", "+74954954941;ext=12");
        }
        assert_reads("8 (495) 495-49-41 доб. 007", "RU", "+74954954941;ext=007");
    }

    #[test]
    fn missing_digits_are_counted() {
        for (written, missing) in
            [("+7 916 12", 5), ("+7 916 123-45-6", 1), ("8 916 12", 5), ("916 12", 5), ("+7", 10), ("+7 9", 9)]
        {
            assert_eq!(read(written, "RU"), Err(PhoneError::TooShort { missing }), "{written}");
        }
        assert_eq!(read("123-45-67", "RU"), Err(PhoneError::TooShort { missing: 3 }), "the area code");
        assert_eq!(read("+7 (000)", "RU"), Err(PhoneError::TooShort { missing: 7 }));
        assert_eq!(read("088812345", "BG"), Err(PhoneError::TooShort { missing: 1 }));
        assert_eq!(read("+49 151 1234", ""), Err(PhoneError::TooShort { missing: 4 }));
        assert_eq!(read("212 555", "US"), Err(PhoneError::TooShort { missing: 4 }));
    }

    #[test]
    fn too_many_digits_are_too_long() {
        for written in ["+7 916 123-45-678", "+7 916 123-45-67-89-01-23", "8 916 123 45 67 8", "+1 212 555 01871"] {
            assert_eq!(read(written, "RU"), Err(PhoneError::TooLong), "{written}");
        }
        assert_eq!(read(&"9".repeat(1_000_000), "RU"), Err(PhoneError::TooLong));
        assert_eq!(read(&" ".repeat(65), "RU"), Err(PhoneError::TooLong));
    }

    #[test]
    fn numbers_nobody_can_have_are_impossible() {
        for written in
            ["+7 (000) 000-00-00", "+7 123 456-78-90", "+999 123 456 789", "+1 000 000 0000", "+0 916 123 45 67"]
        {
            assert_eq!(read(written, "RU"), Err(PhoneError::Impossible), "{written}");
        }
        assert_eq!(read("916 123 45 67", ""), Err(PhoneError::Impossible), "no region, no country code");
        assert_eq!(read("916 123 45 67", "no such"), Err(PhoneError::Impossible));
    }

    #[test]
    fn what_is_no_number_is_impossible() {
        for written in [
            "",
            " ",
            "+",
            "()",
            "позвоните мне",
            "8-800-FLOWERS",
            "call +7 916 123-45-67",
            "+7 916 123-45-67 Анна",
            "+7 916 123-45-67\0",
            "+7 916 123-45-67\n",
            "\0",
            "+7 916 123-45-67 доб.",
            "+7 916 123-45-67, +7 916 123-45-68",
            "<b>+79161234567</b>",
            "tel:+79161234567",
            "+79161234567;phone-context=+44",
            "½½½½½½½½½½",
            "+7 916 123-45-67;ext=12;isub=1",
        ] {
            assert_eq!(read(written, "RU"), Err(PhoneError::Impossible), "{written:?}");
        }
    }

    proptest! {
        #[test]
        fn accepted_number_is_e164_and_reads_back_the_same(written in "[+]?[0-9 ()-]{3,18}( доб\\. ?[0-9]{1,5})?", region in 0..4_usize) {
            if let Ok(phone) = Phone::parse(&written, [Some("RU"), Some("BG"), Some("US"), None][region]) {
                let (number, extension) = phone.as_str().split_once(";ext=").unwrap_or((phone.as_str(), "0"));
                let digits = number.strip_prefix('+').expect("a plus");
                prop_assert!((5..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()));
                prop_assert!(extension.bytes().all(|b| b.is_ascii_digit()));
                prop_assert_eq!(Phone::parse(phone.as_str(), None), Ok(phone));
            }
        }

        #[test]
        fn no_text_makes_it_panic(written in ".{0,70}", letters in "[+0-9доб;ext=#x ,()٣½]{0,40}") {
            for text in [written, letters] {
                let missing = match Phone::parse(&text, Some("RU")) {
                    Err(PhoneError::TooShort { missing }) => missing,
                    _ => 1,
                };
                prop_assert!((1..=15).contains(&missing));
            }
        }
    }
}
