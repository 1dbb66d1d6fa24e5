//! Telephone numbers beside what the Python port of libphonenumber says: examples of every region and kind, and what is none.
//!
//! `phones/examples.txt` holds them, `phones/examples.py` made them. There are no differences.

use std::collections::BTreeSet;

use porchlight_model::contact::{Phone, PhoneError};

const EXAMPLES: &str = include_str!("phones/examples.txt");

/// `RU | mobile | +79123456789 | 8 (912) 345-67-89 | +7 912 345-67-89`, or `RU | too-short | +7301123456`, in its words.
fn lines(words: usize) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = EXAMPLES.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split(" | ").collect::<Vec<_>>()).filter(move |line| line.len() == words)
}

/// What we read in a text: a number, or the name of the mistake.
fn read(written: &str, region: Option<&str>) -> String {
    match Phone::parse(written, region) {
        Ok(phone) => phone.as_str().to_owned(),
        Err(PhoneError::TooShort { .. }) => "too-short".to_owned(),
        Err(PhoneError::TooLong) => "too-long".to_owned(),
        Err(PhoneError::Impossible) => "impossible".to_owned(),
    }
}

#[test]
fn example_of_every_region_and_kind_is_read_as_the_same_number() {
    let (mut regions, mut compared) = (BTreeSet::new(), 0);
    for line in lines(5) {
        let [region, _, e164, national, international] = line[..] else { unreachable!("five words") };
        let here = Some(region).filter(|region| *region != "001");
        let at_home = (national != "-").then_some((national, here));
        let abroad = [None, here, Some("RU"), Some("US")].map(|region| (international, region));
        for (written, region) in abroad.into_iter().chain(at_home) {
            assert_eq!(read(written, region), e164, "{written} in {region:?}");
            compared += 1;
        }
        regions.insert(region);
    }
    println!("{compared} readings of numbers of {} regions", regions.len());
    assert!(compared >= 5_000 && regions.len() >= 246, "{compared} readings of {} regions", regions.len());
}

#[test]
fn what_libphonenumber_says_is_no_number_is_none() {
    let mut compared = 0;
    for line in lines(3) {
        let [region, wrong, written] = line[..] else { unreachable!("three words") };
        let read = read(written, Some(region));
        assert!(!read.starts_with('+'), "{written} is {wrong}, and read as {read}");
        assert!(
            !matches!(wrong, "too-short" | "too-long") || read == wrong,
            "{written} is {wrong}, and said to be {read}"
        );
        compared += 1;
    }
    println!("{compared} texts that are no number compared");
    assert!(compared >= 1_000, "{compared} texts");
}
