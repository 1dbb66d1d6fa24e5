//! Signing in and out, second factors, and what guessing gets.

use anyhow::{Context, Result};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use porchlight_testkit::{Host, HostOptions};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::people::{self, AGENT, OWNER, PASSWORD, Person, attempt, command, cookies};
use crate::shop;

fn with(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password})
}

#[tokio::test]
async fn who_signs_in_is_known_until_they_sign_out() -> Result<()> {
    let host = people::shop().await?;
    let welcome = attempt(&host, &with("VERA@shop.example", PASSWORD)).send().await?;
    assert_eq!(welcome.status(), StatusCode::NO_CONTENT);
    for cookie in welcome.headers().get_all("set-cookie") {
        let cookie = cookie.to_str()?;
        assert!(cookie.contains("; HttpOnly; SameSite=Strict") && cookie.contains("; Path=/"), "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    let vera = Person { host: &host, cookies: cookies(&welcome) };
    let me = vera.get("session").await?;
    assert_eq!((&me["agent"]["email"], &me["agent"]["role"]), (&json!(OWNER), &json!("owner")));
    assert_eq!(me["sites"][0]["key"], "pet-shop");
    let elsewhere = Person::signed_in(&host, OWNER).await?;
    assert_eq!(vera.status("DELETE", "session").await?, StatusCode::NO_CONTENT);
    assert_eq!(vera.status("GET", "session").await?, StatusCode::UNAUTHORIZED);
    let third = Person::signed_in(&host, OWNER).await?;
    let boris = Person::signed_in(&host, AGENT).await?;
    assert_eq!(third.status("DELETE", "sessions").await?, StatusCode::NO_CONTENT);
    for person in [&elsewhere, &third] {
        assert_eq!(person.status("GET", "session").await?, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(boris.status("GET", "session").await?, StatusCode::OK, "others stay");
    Ok(())
}

#[tokio::test]
async fn behind_a_certificate_cookies_are_secure_and_bound_to_the_host() -> Result<()> {
    let options = HostOptions::demo().clock(shop::SUNDAY_NIGHT).unlimited();
    let options = options.environment("PORCHLIGHT_PUBLIC_URL", "https://help.shop.example");
    let host = Host::start(shop::binary(), options).await?;
    people::people_of(&host)?;
    let welcome = attempt(&host, &with(OWNER, PASSWORD)).send().await?;
    let set: Vec<_> = welcome.headers().get_all("set-cookie").iter().filter_map(|it| it.to_str().ok()).collect();
    assert!(set[0].starts_with("__Host-porchlight=") && set[0].ends_with("; Secure"), "{set:?}");
    assert!(set[1].starts_with("__Host-porchlight-device=") && set[1].ends_with("; Secure"), "{set:?}");
    let vera = Person { host: &host, cookies: cookies(&welcome) };
    let page = vera.call("GET", "session").header("Origin", "https://help.shop.example");
    shop::json(page, StatusCode::OK).await?;
    Ok(())
}

#[tokio::test]
async fn wrong_password_and_unknown_name_are_answered_alike() -> Result<()> {
    let host = people::shop().await?;
    let mut said = vec![];
    for (email, password) in
        [(OWNER, "correct horse battery stable"), ("nobody@shop.example", PASSWORD), ("no address", PASSWORD), ("", "")]
    {
        let refused = attempt(&host, &with(email, password)).header("Accept-Language", "ru").send().await?;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{email}");
        assert!(refused.headers().get("set-cookie").is_none(), "{email}");
        said.push(refused.text().await?);
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("Неверный адрес, пароль или код"), "{said:?}");
    for body in [json!({"email": OWNER}), json!({"email": 7, "password": PASSWORD}), json!({"x": 1}), json!([])] {
        let status = attempt(&host, &body).send().await?.status();
        assert!([StatusCode::UNPROCESSABLE_ENTITY, StatusCode::BAD_REQUEST].contains(&status), "{body}: {status}");
    }
    Ok(())
}

#[tokio::test]
async fn guesses_are_bounded_and_lock_nobody_out_of_a_known_device() -> Result<()> {
    let options = HostOptions::demo().clock(shop::SUNDAY_NIGHT);
    let host =
        Host::start(shop::binary(), options.environment("PORCHLIGHT_TRUSTED_PROXIES", "[\"127.0.0.1\"]")).await?;
    people::people_of(&host)?;
    let vera = Person::signed_in(&host, OWNER).await?;
    let mut looked_at = 0;
    for guess in 0..300 {
        let from = format!("198.51.{}.{}", guess / 200, guess % 200);
        let tried = attempt(&host, &with(OWNER, &format!("guess number {guess}"))).header("X-Forwarded-For", from);
        match tried.send().await?.status() {
            StatusCode::UNAUTHORIZED => looked_at += 1,
            status => assert_eq!(status, StatusCode::TOO_MANY_REQUESTS),
        }
    }
    assert!((15..=20).contains(&looked_at), "{looked_at}");
    let stranger = attempt(&host, &with(OWNER, PASSWORD)).header("X-Forwarded-For", "203.0.113.9").send().await?;
    assert_eq!(stranger.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(stranger.headers().contains_key("retry-after"));
    let known = attempt(&host, &with(OWNER, PASSWORD)).header("Cookie", &vera.cookies).send().await?;
    assert_eq!(known.status(), StatusCode::NO_CONTENT, "whoever signed in here before gets in");
    let other = attempt(&host, &with(AGENT, PASSWORD)).send().await?;
    assert_eq!(other.status(), StatusCode::NO_CONTENT, "other accounts are not concerned");
    Ok(())
}

#[tokio::test]
async fn nothing_that_was_typed_and_nobody_stands_in_the_log() -> Result<()> {
    let host = people::shop().await?;
    for (email, password) in [(OWNER, "a wrong password of hers"), ("nobody@elsewhere.example", PASSWORD)] {
        attempt(&host, &with(email, password)).send().await?;
    }
    let vera = Person::signed_in(&host, OWNER).await?;
    vera.get("sites/pet-shop/requests?q=anna@example.com").await?;
    let token = vera.cookies.split(['=', ';']).nth(1).context("a token")?.to_owned();
    let log = host.killed()?;
    assert!(log.contains("a sign-in was refused"), "{log}");
    for secret in ["vera", "nobody@", "elsewhere", "wrong password", "battery", "anna@", token.as_str()] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
    Ok(())
}

/// The demo's clock, and codes by it.
struct Authenticator {
    secret: Vec<u8>,
    began: std::time::Instant,
}

impl Authenticator {
    fn code(&self, steps: i64) -> Result<String> {
        let elapsed = SignedDuration::try_from(self.began.elapsed())?;
        let now: Timestamp = shop::SUNDAY_NIGHT.parse::<Timestamp>()? + elapsed;
        let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&self.secret)?;
        mac.update(&(now.as_second() / 30 + steps).to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let at = usize::from(digest[19] & 15);
        let number = u32::from_be_bytes(digest[at..at + 4].try_into()?) & 0x7fff_ffff;
        Ok(format!("{:06}", number % 1_000_000))
    }
}

async fn enrolled(host: &Host, vera: &Person<'_>, began: std::time::Instant) -> Result<(Authenticator, Vec<String>)> {
    let enrolment = vera.post("totp", json!({"password": PASSWORD}), StatusCode::OK).await?;
    let secret = enrolment["secret"].as_str().context("a secret")?;
    assert!(enrolment["uri"].as_str().is_some_and(|uri| uri.contains(secret)), "{enrolment}");
    let unconfirmed = attempt(host, &with(OWNER, PASSWORD)).send().await?;
    assert_eq!(unconfirmed.status(), StatusCode::NO_CONTENT, "not asked for before it is confirmed");
    let authenticator = Authenticator { secret: BASE32_NOPAD.decode(secret.as_bytes())?, began };
    vera.post("totp/confirmation", json!({"code": "000000"}), StatusCode::UNPROCESSABLE_ENTITY).await?;
    // The step before, so that the present one is still unused.
    let code = authenticator.code(-1)?;
    let codes = vera.post("totp/confirmation", json!({"code": code}), StatusCode::OK).await?;
    let codes = codes["recovery_codes"].as_array().context("codes")?.iter();
    Ok((authenticator, codes.filter_map(|code| code.as_str().map(str::to_owned)).collect()))
}

async fn with_code(host: &Host, code: &str) -> Result<StatusCode> {
    let body = json!({"email": OWNER, "password": PASSWORD, "totp": code});
    Ok(attempt(host, &body).send().await?.status())
}

#[tokio::test]
async fn second_factor_is_asked_for_and_every_code_is_good_once() -> Result<()> {
    let began = std::time::Instant::now();
    let host = people::shop().await?;
    let vera = Person::signed_in(&host, OWNER).await?;
    let (authenticator, recovery) = enrolled(&host, &vera, began).await?;
    let missing = shop::json(attempt(&host, &with(OWNER, PASSWORD)), StatusCode::UNAUTHORIZED).await?;
    assert_eq!(missing["type"], "urn:porchlight:error:totp-required");
    let wrong = shop::json(attempt(&host, &with(OWNER, "not the password at all")), StatusCode::UNAUTHORIZED).await?;
    assert_eq!(wrong["type"], "urn:porchlight:error:sign-in-refused", "who guesses learns nothing of it");
    let code = authenticator.code(1)?;
    assert_eq!(with_code(&host, &code).await?, StatusCode::NO_CONTENT);
    assert_eq!(with_code(&host, &code).await?, StatusCode::UNAUTHORIZED, "once");
    assert_eq!(with_code(&host, &authenticator.code(0)?).await?, StatusCode::UNAUTHORIZED, "nor an earlier one");
    assert_eq!(recovery.len(), 10);
    assert_eq!(with_code(&host, &recovery[0]).await?, StatusCode::NO_CONTENT);
    assert_eq!(with_code(&host, &recovery[0]).await?, StatusCode::UNAUTHORIZED, "once");
    assert_eq!(vera.get("session").await?["recovery_codes_left"], 9);
    let remove = |password: &str| vera.call("DELETE", "totp").json(&json!({ "password": password }));
    assert_eq!(remove("something else").send().await?.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(remove(PASSWORD).send().await?.status(), StatusCode::NO_CONTENT);
    assert_eq!(attempt(&host, &with(OWNER, PASSWORD)).send().await?.status(), StatusCode::NO_CONTENT);
    Ok(())
}

#[tokio::test]
async fn of_two_who_use_one_recovery_code_at_once_one_gets_in() -> Result<()> {
    let began = std::time::Instant::now();
    let host = people::shop().await?;
    let vera = Person::signed_in(&host, OWNER).await?;
    let (_, recovery) = enrolled(&host, &vera, began).await?;
    let (one, other) = tokio::join!(with_code(&host, &recovery[3]), with_code(&host, &recovery[3]));
    let mut statuses = [one?, other?];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::NO_CONTENT, StatusCode::UNAUTHORIZED]);
    Ok(())
}

#[tokio::test]
async fn new_password_signs_out_everywhere_else() -> Result<()> {
    const NEW: &str = "щенок боится новой будки";
    let host = people::shop().await?;
    let (vera, elsewhere) = (Person::signed_in(&host, OWNER).await?, Person::signed_in(&host, OWNER).await?);
    let change = |current: &str, new: &str| vera.call("PUT", "password").json(&json!({"current": current, "new": new}));
    for (current, new, code) in [
        ("wrong", NEW, "/current wrong"),
        (PASSWORD, "short", "/new password-too-short"),
        (PASSWORD, "vera@shop.example", "/new password-obvious"),
        (PASSWORD, "Pet-Shop pet-shop", "/new password-obvious"),
    ] {
        let problem = shop::json(change(current, new), StatusCode::UNPROCESSABLE_ENTITY).await?;
        assert_eq!(shop::codes(&problem), [code], "{new}");
    }
    assert_eq!(elsewhere.status("GET", "session").await?, StatusCode::OK);
    assert_eq!(change(PASSWORD, NEW).send().await?.status(), StatusCode::NO_CONTENT);
    assert_eq!(vera.status("GET", "session").await?, StatusCode::OK);
    assert_eq!(elsewhere.status("GET", "session").await?, StatusCode::UNAUTHORIZED);
    assert_eq!(attempt(&host, &with(OWNER, PASSWORD)).send().await?.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(attempt(&host, &with(OWNER, NEW)).send().await?.status(), StatusCode::NO_CONTENT);
    Ok(())
}

#[tokio::test]
async fn command_line_gives_a_new_password_and_takes_a_lost_second_factor_away() -> Result<()> {
    let began = std::time::Instant::now();
    let host = people::shop().await?;
    let vera = Person::signed_in(&host, OWNER).await?;
    enrolled(&host, &vera, began).await?;
    let new = "another horse battery staple";
    let set = command(host.data(), &["agent", "password", OWNER], &format!("{new}\n"))?;
    assert!(set.status.success(), "{}", String::from_utf8_lossy(&set.stderr));
    assert_eq!(vera.status("GET", "session").await?, StatusCode::UNAUTHORIZED, "signed out");
    let missing = shop::json(attempt(&host, &with(OWNER, new)), StatusCode::UNAUTHORIZED).await?;
    assert_eq!(missing["type"], "urn:porchlight:error:totp-required", "the second factor stays");
    let removed = command(host.data(), &["agent", "password", OWNER, "--without-totp"], &format!("{new}\n"))?;
    assert!(removed.status.success());
    assert_eq!(attempt(&host, &with(OWNER, new)).send().await?.status(), StatusCode::NO_CONTENT);
    Ok(())
}
