use porchlight_model::reply::ReplyPromise;

use super::*;

const SHOP: &str = "key = \"shop\"\nname = \"Shop\"\nreference_prefix = \"SH\"\norigins = []\nlocale = \"en\"\n\
                time_zone = \"Europe/Sofia\"\nhours = \"Mo-Fr 09:00-18:00\"\n";

/// A shop with a few lines more.
fn with(lines: &str) -> Result<Site, String> {
    let file = StoredFile { path: SITE_FILE.to_owned(), content: format!("{SHOP}{lines}").into() };
    read(&[file]).map(|config| config.site).map_err(|mistakes| mistakes.to_string())
}

#[test]
fn webhooks_are_read_and_their_endpoints_told_apart() {
    let site = with(
        "[[webhooks]]\nurl = \"https://crm.example/hooks?key=s3cret\"\nsecret = \"CRM\"\n\
         [[webhooks]]\nurl = \"http://10.1.2.3/\"\nsecret = \"CRM\"\nevents = [\"request.received\"]\n",
    );
    let webhooks = site.expect("a site").webhooks;
    assert_ne!(webhooks[0].endpoint, webhooks[1].endpoint);
    assert!(webhooks[0].endpoint.len() == 16 && !webhooks[0].endpoint.contains("s3cret"), "{webhooks:?}");
    assert_eq!(webhooks[1].events, Some(vec!["request.received".to_owned()]));
}

#[test]
fn mistake_in_a_webhook_is_placed_and_says_its_mend() {
    for (line, mistake) in [
        ("url = \"http://crm.example/\"\nsecret = \"CRM\"", "site.toml:9:1: `webhooks[0].url`: not `https:`"),
        ("url = \"crm.example\"\nsecret = \"CRM\"", "site.toml:9:1: `webhooks[0].url`: not an address"),
        ("url = \"https://a:b@crm.example\"\nsecret = \"CRM\"", "site.toml:9:1: `webhooks[0].url`: a user name"),
        ("url = \"https://crm.example\"\nsecret = \"whsec_abc\"", "site.toml:10:1: `webhooks[0].secret`"),
        (
            "url = \"https://crm.example\"\nsecret = \"A\"\nevents = [\"request.eaten\"]",
            "site.toml:11:12: `webhooks[0].events[0]`",
        ),
        ("url = \"https://crm.example\"", "site.toml:8:1: `webhooks[0]`: the key `secret` is missing"),
    ] {
        let mistakes = with(&format!("[[webhooks]]\n{line}\n")).expect_err(line);
        assert!(mistakes.starts_with(mistake), "{mistakes}");
    }
    let hook = "[[webhooks]]\nurl = \"https://crm.example/\"\nsecret = \"CRM\"\n";
    let twice = with(&format!("{hook}{hook}")).expect_err("twice");
    assert!(twice.ends_with("another webhook has this address"), "{twice}");
}

#[test]
fn measured_promise_is_read_with_what_stands_in_for_it() {
    let site = with("[forms.message]\nexpected_reply = \"measured, else 1h 30m\"\n").expect("a site");
    let promise = site.message.expect("the form").promise;
    assert_eq!(promise, Some(ReplyPromise::Measured { typical: None, otherwise: 5_400 }));
    for (lines, mistake) in [
        (
            "[forms.message]\nexpected_reply = \"measured\"\n",
            "site.toml:9:1: `forms.message.expected_reply`: `measured` says",
        ),
        (
            "[forms.message]\nexpected_reply = \"measured, else soon\"\n",
            "site.toml:9:1: `forms.message.expected_reply`: `soon` is",
        ),
        (
            "[forms.callback]\nslot = \"30m\"\nlead = \"1h\"\ndays_ahead = 7\ncapacity = 2\nexpected_reply = \"measured, else 2h\"\n",
            "site.toml:13:1: `forms.callback.expected_reply`: how soon calls",
        ),
    ] {
        let mistakes = with(lines).expect_err(lines);
        assert!(mistakes.starts_with(mistake), "{mistakes}");
    }
}

#[test]
fn equal_hours_of_a_site_are_read_once() {
    let text = "key = \"shop\"\nname = \"Shop\"\nreference_prefix = \"SH\"\norigins = []\nlocale = \"en\"\n\
                time_zone = \"Europe/Sofia\"\nhours = \"Mo-Fr 09:00-18:00\"\n\
                [[channels]]\nkind = \"phone\"\nvalue = \"+359 2 981 0101\"\nhours = \"Mo-Fr 09:00-18:00\"\n\
                [forms.message]\nexpected_reply = \"2h\"\nhours = \"24/7\"\n";
    let file = StoredFile { path: SITE_FILE.to_owned(), content: text.into() };
    let site = read(&[file]).expect("a site").site;
    assert!(site.channels[0].hours.is_shared_with(&site.hours));
    assert!(!site.message.expect("the form").hours.is_shared_with(&site.hours));
}
