use super::*;

fn request() -> RequestId {
    RequestId(Uuid::from_u128(0x1234_5678))
}

#[test]
fn a_tracking_token_leads_to_its_request_alone() {
    let keys = Keys::fixed(&[1]);
    let token = tracking(&keys, request());
    assert_eq!(read_tracking(&keys, &token), Some(request()));
    for position in 0..token.len() {
        let mut damaged = token.clone().into_bytes();
        damaged[position] = if damaged[position] == b'A' { b'B' } else { b'A' };
        let damaged = String::from_utf8(damaged).expect("still text");
        assert_eq!(read_tracking(&keys, &damaged), None, "{position}");
    }
}

#[test]
fn a_replaced_key_still_reads_its_tokens() {
    let old = tracking(&Keys::fixed(&[1]), request());
    assert_eq!(read_tracking(&Keys::fixed(&[2, 1]), &old), Some(request()));
    assert_eq!(read_tracking(&Keys::fixed(&[2]), &old), None);
}

#[test]
fn one_kind_of_token_does_not_pass_for_another() {
    let keys = Keys::fixed(&[1]);
    assert!(!is_link_visit(&keys, "", &tracking(&keys, request())));
    assert_eq!(read_link(&keys, &link_visit(&keys, "")), None);
    assert_eq!(read_tracking(&keys, &form(&keys, "", shown())), None);
}

fn shown() -> Form {
    Form { shown_at: "2026-11-22T19:30:00.123Z".parse().expect("a moment"), nonce: [7; 8] }
}

#[test]
fn a_form_token_holds_for_its_own_site() {
    let keys = Keys::fixed(&[1]);
    let token = form(&keys, "pet-shop", shown());
    assert_eq!(read_form(&keys, "pet-shop", &token), Some(shown()));
    assert_eq!(read_form(&keys, "cinema", &token), None);
    assert_eq!(read_form(&keys, "pet-shop", &tracking(&keys, request())), None);
}

#[test]
fn a_link_says_what_it_opens_and_its_cookie_opens_no_other() {
    let keys = Keys::fixed(&[1]);
    let made = |nonce| Link {
        request: request(),
        nonce: [nonce; 8],
        expires_at: "2026-12-22T19:30:00Z".parse().expect("a moment"),
    };
    let id = link(&keys, made(1));
    assert_eq!(read_link(&keys, &id), Some(made(1)));
    assert_eq!(id, link(&keys, made(1)), "a letter written again holds the same link");
    let other = link(&keys, made(2));
    assert!(is_link_visit(&keys, &id, &link_visit(&keys, &id)));
    assert!(!is_link_visit(&keys, &other, &link_visit(&keys, &id)));
    assert_eq!(read_link(&keys, &tracking(&keys, request())), None);
    assert_eq!(read_desk(&keys, &desk(&keys, made(1))), Some(made(1)));
    assert_eq!(read_desk(&keys, &id), None, "who asked cannot answer for the business");
}

#[test]
fn what_opens_a_mailbox_says_whose_and_until_when_and_a_request_opens_none() {
    let keys = Keys::fixed(&[1]);
    let mailbox = Mailbox { site: "pet-shop".to_owned(), contact: [9; 16] };
    let expires_at = "2026-12-22T19:30:00Z".parse().expect("a moment");
    let link = MailboxLink { mailbox: mailbox.clone(), nonce: [7; 8], expires_at };
    let id = mailbox_link(&keys, &link);
    assert_eq!(read_mailbox_link(&keys, &id), Some(link));
    let token = requester(&keys, &mailbox, expires_at);
    assert_eq!(read_requester(&keys, &token), Some((mailbox, expires_at)));
    for other in [tracking(&keys, request()), form(&keys, "pet-shop", shown()), id.clone()] {
        assert_eq!(read_requester(&keys, &other), None);
    }
    assert_eq!(read_mailbox_link(&keys, &token), None);
    assert_eq!(read_link(&keys, &id), None);
}

#[test]
fn a_reply_token_says_whose_answer_it_is_however_its_letters_are_cased() {
    let keys = Keys::fixed(&[2, 1]);
    let old = Keys::fixed(&[1]);
    for reader in [Reader::Business, Reader::Requester] {
        let token = reply(&keys, request(), reader);
        assert_eq!((token.len(), token.to_lowercase()), (REPLY_CHARS, token.clone()));
        assert_eq!(read_reply(&keys, &token), Some((request(), reader)));
        assert_eq!(read_reply(&keys, &token.to_uppercase()), Some((request(), reader)));
        assert_eq!(read_reply(&keys, &reply(&old, request(), reader)), Some((request(), reader)), "a replaced key");
        assert_eq!(read_reply(&old, &token), None, "a key that is not ours");
    }
}

#[test]
fn a_reply_token_that_was_changed_or_cut_is_refused() {
    let keys = Keys::fixed(&[1]);
    let token = reply(&keys, request(), Reader::Business);
    for position in 0..token.len() {
        for letter in ["a", "b", "7", "1", "=", ""] {
            let mut damaged = token.clone();
            damaged.replace_range(position..=position, letter);
            assert!(damaged == token || read_reply(&keys, &damaged).is_none(), "{damaged}");
        }
        assert_eq!(read_reply(&keys, &token[..position]), None);
    }
    for other in [format!("{token}a"), tracking(&keys, request()), "ё".repeat(22), String::new()] {
        assert_eq!(read_reply(&keys, &other), None, "{other}");
    }
}

#[test]
fn what_is_no_token_is_refused() {
    let keys = Keys::fixed(&[1]);
    for token in ["", "A", "AQ", "не токен", "====", &"A".repeat(10_000)] {
        assert_eq!(read_tracking(&keys, token), None, "{token}");
    }
}
