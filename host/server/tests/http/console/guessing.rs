//! Guessing by the thousand, over HTTP: how many guesses are looked at, what their owner notices, and what guessers learn.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures_util::{StreamExt, stream};
use porchlight_testkit::{Host, HostOptions};
use reqwest::StatusCode;
use serde_json::json;

use super::people::{self, OWNER, PASSWORD, Person, attempt};
use crate::shop;

/// How many guesses are made; how many of them are under way at once.
const GUESSES: usize = 10_000;
const AT_ONCE: usize = 16;
const NOBODY: &str = "nobody@shop.example";

/// What a guess is answered, from an address of its own.
async fn guessed(host: &Host, number: usize) -> Result<StatusCode> {
    // Every other one is for somebody who is not there.
    let email = if number.is_multiple_of(2) { OWNER } else { NOBODY };
    let from = format!("198.{}.{}.7", 18 + number / 65_536, number / 2 % 256);
    let body = json!({"email": email, "password": format!("guess number {number}")});
    Ok(attempt(host, &body).header("X-Forwarded-For", from).send().await?.status())
}

#[tokio::test]
async fn of_ten_thousand_guesses_few_are_looked_at_and_the_owner_comes_in_meanwhile() -> Result<()> {
    let options = HostOptions::demo().clock(shop::SUNDAY_NIGHT);
    let options = options.environment("PORCHLIGHT_TRUSTED_PROXIES", "[\"127.0.0.1\"]");
    let host = Host::start(shop::binary(), options).await?;
    people::people_of(&host)?;
    let vera = Person::signed_in(&host, OWNER).await?;
    let begun = Instant::now();
    let owner = async {
        let mut welcomes = 0;
        for _ in 0..4 {
            let right = json!({"email": OWNER, "password": PASSWORD});
            let welcome = attempt(&host, &right).header("Cookie", &vera.cookies).send().await?;
            assert_eq!(welcome.status(), StatusCode::NO_CONTENT, "whoever signed in here before gets in");
            welcomes += 1;
        }
        Ok::<_, anyhow::Error>(welcomes)
    };
    let guesses = async {
        let guesses = stream::iter(0..GUESSES).map(|number| {
            let guess = guessed(&host, number);
            async move { guess.await.map(|status| (number, status)) }
        });
        guesses.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await.into_iter().collect::<Result<Vec<_>>>()
    };
    let (welcomes, answered) = tokio::join!(owner, guesses);
    assert_eq!(welcomes?, 4);
    let answered = answered?;
    assert_eq!(answered.len(), GUESSES);
    for (person, is_theirs) in [("the owner", 0), ("nobody", 1)] {
        let theirs = answered.iter().filter(|(number, _)| number % 2 == is_theirs);
        let (looked_at, others): (Vec<_>, Vec<_>) = theirs.partition(|(_, status)| *status == StatusCode::UNAUTHORIZED);
        assert!(others.iter().all(|(_, status)| *status == StatusCode::TOO_MANY_REQUESTS), "{person}");
        // Twenty, and one more every three minutes: who is not there is no easier to guess for than who is. The owner's own
        // sign-in, before the device was known, is one of theirs.
        let more = usize::try_from(begun.elapsed().as_secs() / 180)? + 1;
        assert!((10..=20 + more).contains(&looked_at.len()), "{} were looked at for {person}", looked_at.len());
    }
    let host_log = host.log();
    assert!(!host_log.contains("panicked"), "{host_log}");
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Result<f64> {
    times.sort_unstable();
    Ok(times.get(times.len() / 2).context("some times")?.as_secs_f64())
}

#[tokio::test]
async fn guess_for_nobody_takes_as_long_as_one_for_somebody() -> Result<()> {
    const ROUNDS: usize = 25;
    let host = people::shop().await?;
    let mut times = [vec![], vec![]];
    // In turns, so that whatever else the machine does falls upon both.
    for round in 0..ROUNDS * 2 {
        let email = if round.is_multiple_of(2) { OWNER.to_owned() } else { format!("nobody-{round}@shop.example") };
        let guess = attempt(&host, &json!({"email": email, "password": format!("guess number {round}")}));
        let begun = Instant::now();
        assert_eq!(guess.send().await?.status(), StatusCode::UNAUTHORIZED);
        times[round % 2].push(begun.elapsed());
    }
    let [somebody, nobody] = times;
    let ratio = median(nobody)? / median(somebody)?;
    assert!((0.5..2.0).contains(&ratio), "who is not there takes {ratio} times as long");
    Ok(())
}
