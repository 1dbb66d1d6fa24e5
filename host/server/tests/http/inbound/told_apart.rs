//! Who wrote a mail, and whether it came before.

use std::fs;

use anyhow::{Context, Result};
use porchlight_testkit::{Host, PATIENCE, wait_until};
use serde_json::Value;

use super::{ANNA, OWNER, answer, asked, dropped, kept, letter, options, question, references, said, shop_with_mail};
use crate::{console::people, shop};

#[tokio::test]
async fn answer_from_an_agents_own_address_is_that_agents() -> Result<()> {
    let asked = asked().await?;
    people::add_cinema(&asked.host).await?;
    people::people_of(&asked.host)?;
    let letter_to_owner = letter(&asked.host, OWNER, "боится").await?;
    for stranger in [people::STRANGER, "nobody@shop.example"] {
        assert_eq!(dropped(&asked.host, answer(&letter_to_owner, stranger, "Чужое")).await?, "stranger", "{stranger}");
    }
    let mail = answer(&letter_to_owner, "Борис <Boris@shop.example>", "Отвечаю сам.");
    for _ in 0..2 {
        kept(&asked.host, mail.clone()).await?;
    }
    assert_eq!(asked.said().await?[1..], [said("agent", "Отвечаю сам.")], "once, and to the requester as the business");
    letter(&asked.host, ANNA, "Отвечаю сам.").await?;
    let agent = people::Person::signed_in(&asked.host, people::AGENT).await?;
    let list = agent.get("sites/pet-shop/requests").await?;
    let id = list["requests"][0]["id"].as_str().context("an id")?.to_owned();
    let whole = agent.get(&format!("requests/{id}")).await?;
    assert_eq!(whole["entries"][1]["agent"]["name"], "boris", "{whole}");
    let owner = people::Person::signed_in(&asked.host, people::OWNER).await?;
    let audit = owner.get("sites/pet-shop/audit").await?.to_string();
    assert!(audit.contains("answered-by-mail"), "{audit}");
    assert!(!asked.host.log().contains("boris@"), "{}", asked.host.log());
    Ok(())
}

#[tokio::test]
async fn two_people_who_call_their_mails_the_same_are_both_heard() -> Result<()> {
    let host = shop_with_mail().await?;
    for from in [ANNA, "boris@example.com", ANNA] {
        kept(&host, question("same", from, "Будки есть?")).await?;
    }
    assert_eq!(references(host.data())?.len(), 2, "and each of them once");
    Ok(())
}

#[tokio::test]
async fn mail_that_comes_again_after_the_key_was_replaced_is_known() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let start = || Host::start(shop::binary(), options().unlimited().data(folder.path()));
    let host = start().await?;
    kept(&host, question("once", ANNA, "Будки есть?")).await?;
    host.stop().await?;
    let path = folder.path().join("keys.json");
    let mut file: Value = serde_json::from_slice(&fs::read(&path)?)?;
    let mut new = file["keys"][0].clone();
    new["id"] = 77.into();
    new["secret"] = "A".repeat(43).into();
    file["keys"].as_array_mut().context("keys")?.insert(0, new);
    fs::write(&path, file.to_string())?;
    let host = start().await?;
    kept(&host, question("once", ANNA, "Будки есть?")).await?;
    assert_eq!(references(host.data())?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn whoever_was_forwarded_a_letter_speaks_for_nobody() -> Result<()> {
    let asked = asked().await?;
    let to_owner = letter(&asked.host, OWNER, "боится").await?;
    assert_eq!(dropped(&asked.host, answer(&to_owner, "boris@example.com", "Да.")).await?, "stranger");
    let told = async || asked.host.log().contains("neither from the site's `mail` nor from an agent").then_some(());
    wait_until("a line in the log", PATIENCE, told).await.with_context(|| asked.host.log())?;

    let to_anna = letter(&asked.host, ANNA, "Номер обращения").await?;
    kept(&asked.host, answer(&to_anna, "Борис <boris@example.com>", "И мне такую же.")).await?;
    assert_eq!(asked.said().await?.len(), 1, "{:?}", asked.said().await?);
    letter(&asked.host, "boris@example.com", "Номер обращения").await?;
    letter(&asked.host, OWNER, "> И мне такую же.").await?;
    assert_eq!(references(asked.host.data())?.len(), 2, "a question of his own");
    assert!(!asked.host.log().contains("boris"), "{}", asked.host.log());
    Ok(())
}
