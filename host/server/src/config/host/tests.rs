use super::*;

fn with(environment: &[(&str, &str)], text: &str) -> Result<HostConfig, Diagnostics> {
    read("porchlight.toml", text, environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

#[test]
fn an_empty_file_has_usable_settings() {
    let config = with(&[], "").expect("defaults");
    assert_eq!(config.listen.port(), 8080);
    assert_eq!(config.limits.body_bytes, 262_144);
}

#[test]
fn the_environment_overrides_the_file() {
    let text = "listen = \"127.0.0.1:1\"\n[limits]\nconnections = 5";
    let environment =
        [("PORCHLIGHT_LISTEN", "127.0.0.1:2"), ("PORCHLIGHT_LIMITS__CONNECTIONS", "7"), ("HOME", "/root")];
    let config = with(&environment, text).expect("good settings");
    assert_eq!((config.listen.port(), config.limits.connections), (2, 7));
}

#[test]
fn an_unknown_setting_of_the_environment_is_refused_by_its_key() {
    let mistakes = with(&[("PORCHLIGHT_MAIL__SEVRER", "x")], "").expect_err("no such key").to_string();
    assert!(mistakes.contains("`mail.sevrer`"), "{mistakes}");
}

#[test]
fn secrets_are_known_by_their_names_and_never_shown() {
    let environment = [("PORCHLIGHT_SECRETS__CRM_KEY", "12345"), ("PORCHLIGHT_SECRETS__CRM", "whsec_b")];
    let config = with(&environment, "[secrets]\nCRM = \"whsec_a\"\nTALLY = \"whsec_c\"").expect("good settings");
    let secrets = ["CRM_KEY", "CRM", "TALLY", "crm"].map(|name| config.secrets.lookup(name));
    assert_eq!(secrets, [Some("12345"), Some("whsec_b"), Some("whsec_c"), None]);
    assert!(format!("{config:?}").contains("secrets: {\"CRM\", \"CRM_KEY\", \"TALLY\"}"), "{config:?}");
    let mistakes = with(&[], "[secrets]\nmy-key = \"whsec_a\"").expect_err("no such name").to_string();
    assert!(mistakes.contains("`secrets`") && !mistakes.contains("whsec_a"), "{mistakes}");
}

#[test]
fn what_is_no_block_of_addresses_is_refused() {
    let mistakes = with(&[], "[egress]\nallow = [\"10.0.0.0/8\", \"localhost\"]").expect_err("no block").to_string();
    assert!(mistakes.starts_with("porchlight.toml:2:25: `egress.allow[1]`"), "{mistakes}");
    let config = with(&[("PORCHLIGHT_EGRESS__ALLOW", "[\"127.0.0.1/32\"]")], "").expect("good settings");
    assert!(config.egress.vetting().allows([127, 0, 0, 1].into()));
}

#[test]
fn mail_without_a_sender_is_refused() {
    let mistakes = with(&[], "[mail]\nserver = \"smtp://127.0.0.1:25\"").expect_err("no sender").to_string();
    assert!(mistakes.starts_with("porchlight.toml:2:1: `mail.server`"), "{mistakes}");
}

#[test]
fn reply_address_that_leaves_no_room_for_its_mark_is_refused() {
    for (replies, says) in
        [("help", "not an e-mail address"), ("a-name-that-is-too-long@shop.example", "longer than 19")]
    {
        let text = format!("[mail]\nreplies = \"{replies}\"");
        let mistakes = with(&[], &text).expect_err("no reply address").to_string();
        assert!(mistakes.contains("`mail.replies`") && mistakes.contains(says), "{mistakes}");
    }
    assert!(with(&[], "[mail]\nreplies = \"help@shop.example\"").is_ok());
}

#[test]
fn short_secret_of_incoming_mail_is_refused() {
    assert!(with(&[("PORCHLIGHT_MAIL__INBOUND_SECRET", "short")], "").is_err());
    let config = with(&[("PORCHLIGHT_MAIL__INBOUND_SECRET", "0123456789abcdefg")], "").expect("good settings");
    assert_eq!(
        (config.mail.inbound_secret.as_deref(), config.mail.inbound_bytes),
        (Some("0123456789abcdefg"), 10 << 20)
    );
}
