use proptest::prelude::*;

use super::*;

fn read(written: &str) -> Result<String, EmailError> {
    EmailAddress::parse(written).map(|address| address.as_str().to_owned())
}

#[track_caller]
fn assert_taken_as_written(addresses: &[&str]) {
    for address in addresses {
        assert_eq!(read(address).as_deref(), Ok(*address));
    }
}

#[track_caller]
fn assert_no_address(texts: &[&str]) {
    for text in texts {
        assert_eq!(read(text), Err(EmailError::Syntax), "{text:?}");
    }
}

/// That the part after `anna@` is named as the mistake.
#[track_caller]
fn assert_no_domain(domains: &[&str]) {
    for domain in domains {
        assert_eq!(read(&format!("anna@{domain}")), Err(EmailError::Domain), "{domain:?}");
    }
}

#[test]
fn addresses_people_have_are_taken_as_written() {
    assert_taken_as_written(&[
        "anna@example.com",
        "Anna.Petrova+shop@Mail.Example.co.uk",
        "o'brien@example.ie",
        "a@b.co",
        "x_y-z%1@sub-domain.example.museum",
        "anna@123.example",
        "anna@4.example.2go.de",
    ]);
}

#[test]
fn what_is_no_address_is_refused() {
    let texts = ["", "@", "anna", "anna.example.com", "@example.com", "anna @example.com", " anna@example.com"];
    assert_no_address(&texts);
    assert_no_address(&[
        "Anna <anna@example.com>",
        "anna,petr@example.com",
        "<anna@example.com>",
        "mailto:anna@example.com",
    ]);
}

#[test]
fn line_break_anywhere_is_refused() {
    for line_break in ["\r", "\n", "\r\n", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"] {
        for (before, after) in
            [("anna@example.com", ""), ("", "anna@example.com"), ("an", "na@example.com"), ("anna@", "example.com")]
        {
            assert_no_address(&[&format!("{before}{line_break}{after}")]);
        }
        assert_no_address(&[&format!("anna@example.com{line_break}Bcc: all@example.com")]);
    }
}

#[test]
fn encoded_line_break_is_never_decoded() {
    // In the name the letters of an encoding are letters as others are; in a domain they are not.
    assert_taken_as_written(&["anna%0d%0a@example.com", "anna=0D=0A@example.com"]);
    assert_no_address(&["anna%0d%0aBcc:all@example.com", "anna\\r\\n@example.com", "anna&#10;@example.com"]);
    assert_no_domain(&["example.com%0d%0a", "example.com=0D=0A", "example.com&#10;", "example.com\\r\\n"]);
}

#[test]
fn encoded_word_is_refused() {
    assert_no_address(&["=?utf-8?q?anna=40evil.example=3e=20?=@example.com", "anna=?x?q?=41?=b@example.com"]);
    assert_taken_as_written(&["anna=1@example.com", "anna?@example.com"]);
}

#[test]
fn nul_and_other_controls_are_refused() {
    for control in ['\0', '\t', '\u{1b}', '\u{7f}', '\u{9c}'] {
        let texts = [
            format!("an{control}na@example.com"),
            format!("anna@exam{control}ple.com"),
            format!("anna@example.com{control}"),
        ];
        assert_no_address(&texts.each_ref().map(String::as_str));
    }
}

#[test]
fn space_of_any_kind_is_refused() {
    for space in [' ', '\u{a0}', '\u{2009}', '\u{202f}', '\u{3000}'] {
        assert_no_address(&[&format!("an{space}na@example.com"), &format!("anna@example.com{space}")]);
    }
}

#[test]
fn ip_address_is_no_domain_however_it_is_written() {
    assert_no_domain(&["127.0.0.1", "[127.0.0.1]", "[IPv6:::1]", "[::1]", "::1", "1.2.3", "2130706433", "127.1"]);
    assert_no_domain(&[
        "127.0.0.0x1",
        "0x7f.0x1",
        "127.0.0.01",
        "127.0.0.1.",
        "１２７.０.０.１",
        "127。0。0。1",
        "[tag:content]",
    ]);
}

#[test]
fn domain_without_a_dot_is_no_domain() {
    assert_no_domain(&["", "localhost", "com", "рф", "xn--p1ai"]);
}

#[test]
fn domain_with_an_empty_or_misshapen_label_is_no_domain() {
    assert_no_domain(&[
        "example.",
        "example.com.",
        ".com",
        ".example.com",
        "example..com",
        "-a.com",
        "a-.com",
        "a_b.com",
    ]);
    assert_no_domain(&[
        "exam/ple.com",
        "<b>.com",
        "example.com:25",
        "example.com\u{200e}",
        "example.\u{202e}moc",
        "xn--a.com",
    ]);
}

#[test]
fn name_in_quotes_is_refused() {
    assert_no_address(&[
        "\"anna petrova\"@example.com",
        "\"anna\"@example.com",
        "\"a@b\"@example.com",
        "\"\"@example.com",
    ]);
    assert_no_address(&["anna\"petrova@example.com", "\"anna\\\"@example.com"]);
}

#[test]
fn comment_is_refused() {
    assert_no_address(&["anna(work)@example.com", "(work)anna@example.com"]);
    assert_no_domain(&["(work)example.com", "example.com(work)", "example(work).com"]);
}

#[test]
fn second_at_sign_is_refused() {
    assert_no_address(&[
        "a@b@example.com",
        "anna@@example.com",
        "@example.com:anna@example.com",
        "@@",
        "anna@example.com@",
    ]);
}

#[test]
fn dot_at_an_end_of_the_name_or_twice_is_refused() {
    assert_no_address(&[".anna@example.com", "anna.@example.com", "an..na@example.com", ".@example.com"]);
}

#[test]
fn name_has_at_most_64_bytes() {
    assert_eq!(read(&format!("{}@example.com", "n".repeat(64))).map(|address| address.len()), Ok(76));
    assert_no_address(&[&format!("{}@example.com", "n".repeat(65))]);
}

#[test]
fn label_of_a_domain_has_at_most_63_bytes() {
    assert_taken_as_written(&[&format!("anna@{}.com", "a".repeat(63))]);
    assert_no_domain(&[&format!("{}.com", "a".repeat(64))]);
    // `xn--` and what encodes the one letter count too.
    assert_no_domain(&[&format!("é{}.com", "a".repeat(60))]);
}

#[test]
fn address_has_at_most_254_bytes() {
    let domain = format!("{}.{}.{}.com", "a".repeat(63), "b".repeat(63), "c".repeat(57));
    let longest = format!("{}@{domain}", "n".repeat(64));
    assert_eq!(longest.len(), 254);
    assert_taken_as_written(&[&longest]);
    assert_no_address(&[&format!("{}@{domain}d", "n".repeat(64)), &format!("anna@{}", "a.".repeat(125) + "com")]);
    assert_no_address(&[&"@".repeat(1_000_000), &format!("anna@{}com", "a.".repeat(1_000_000))]);
}

#[test]
fn length_is_that_of_the_address_as_it_is_sent() {
    // 119 bytes as written, `xn--9ca` for each é when sent.
    let short = format!("{}@{}com", "n".repeat(64), "é.".repeat(17));
    assert!(short.len() < 120);
    assert_taken_as_written(&[&format!("anna@{}com", "é.".repeat(17)), &short]);
    assert_no_address(&[&format!("{}@{}com", "n".repeat(64), "é.".repeat(24))]);
}

#[test]
fn international_domain_is_kept_and_asked_for_in_punycode() {
    assert_taken_as_written(&[
        "info@пример.рф",
        "info@xn--e1afmkfd.xn--p1ai",
        "info@ПРИМЕР.РФ",
        "info@münchen.de",
        "info@例え.jp",
    ]);
    for (written, asked) in [
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("ПРИМЕР.РФ", "xn--e1afmkfd.xn--p1ai"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("пример。рф", "xn--e1afmkfd.xn--p1ai"),
        ("Example.COM", "example.com"),
    ] {
        assert_eq!(ascii_domain(written).as_deref(), Some(asked));
    }
}

#[test]
fn name_beyond_ascii_is_refused() {
    let cyrillic_letter = "аnna@example.com";
    assert_no_address(&["анна@example.com", "почта@пример.рф", "josé@example.com", "😀@example.com", cyrillic_letter]);
}

/// A visitor's own address: nobody is deceived by what it looks like, and the mail goes to the domain it names.
#[test]
fn domain_of_mixed_scripts_is_another_domain_than_it_looks() {
    let cyrillic_a = "pаypal.com";
    assert_taken_as_written(&[&format!("anna@{cyrillic_a}")]);
    assert_eq!(ascii_domain(cyrillic_a).as_deref(), Some("xn--pypal-4ve.com"));
}

proptest! {
    #[test]
    fn accepted_address_fits_into_a_header_line(text in ".{0,12}@?[a-zа-я0-9.@\r\n\\[\\] -]{0,12}") {
        if let Ok(address) = EmailAddress::parse(&text) {
            prop_assert_eq!(address.as_str(), &text);
            prop_assert!(!text.contains(|c: char| c.is_control() || c.is_whitespace() || "<>,;:\"()[]\\".contains(c)));
            prop_assert_eq!(text.matches('@').count(), 1);
        }
    }
}

#[test]
fn an_address_is_the_same_however_it_is_written() {
    let compared = |written: &str| EmailAddress::parse(written).expect("an address").compared();
    assert_eq!(compared("Anna@Example.COM"), "anna@example.com");
    assert_eq!(compared("anna@Почта.РФ"), compared("anna@xn--80a1acny.xn--p1ai"));
    assert_ne!(compared("anna+shop@example.com"), compared("anna@example.com"), "another mailbox, for all we know");
}
