//! What the host asks a form for without its visitor noticing: a fresh token, a proof of work.

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, samples::Sample};
use reqwest::StatusCode;
use serde_json::json;

use crate::visit::{SUNDAY_NIGHT, Visit, binary, kept};

const REQUESTS: &str = "/v1/sites/pet-shop/requests";

/// Keeps the form token of every offer that the panel gets where the test can read it.
const OVERHEAR: &str = "const fetched = window.fetch;
    window.fetch = async (...asked) => {
        const answer = await fetched(...asked);
        if (String(asked[0]).includes('/offer')) window.overheard = (await answer.clone().json()).form_token;
        return answer;
    }";

async fn write_a_message(visit: &Visit) -> Result<()> {
    visit.browser.click("Оставить сообщение").await?;
    visit.fill("text", "Когда привезут будку?").await?;
    visit.fill("email", "anna@example.com").await
}

#[tokio::test]
async fn message_after_a_call_is_sent_by_a_form_of_its_own() -> Result<()> {
    let visit = Visit::in_panel(SUNDAY_NIGHT, "/").await?;
    let call = visit.book_a_call().await?;
    visit.browser.click("Назад").await?;
    write_a_message(&visit).await?;
    visit.send().await?;
    visit.browser.widget_says("Когда привезут будку?").await?;
    assert_ne!(visit.reference().await?, call);
    assert_eq!(kept(visit.host.data()).await?.len(), 2);
    visit.console_is_silent().await
}

#[tokio::test]
async fn used_form_is_renewed_and_sent_again_unseen() -> Result<()> {
    let visit = Visit::at(SUNDAY_NIGHT, "/").await?;
    visit.browser.script(OVERHEAR).await?;
    visit.open_panel().await?;
    let token = visit.browser.script("return window.overheard").await?;
    let token = token.as_str().context("a form token")?.to_owned();
    let before = Sample::message("Другая вкладка").with("form_token", token).body();
    assert_eq!(visit.host.post(REQUESTS, &before).send().await?.status(), StatusCode::CREATED);
    write_a_message(&visit).await?;
    visit.send().await?;
    visit.reference().await?;
    let texts: Vec<_> =
        kept(visit.host.data()).await?.iter().map(|request| request["entries"][0]["text"].clone()).collect();
    assert_eq!(texts, [json!("Когда привезут будку?"), json!("Другая вкладка")]);
    visit.console_speaks_only_of("status of 422").await
}

#[tokio::test]
async fn proof_of_work_is_given_unseen() -> Result<()> {
    let few = HostOptions::demo().clock(SUNDAY_NIGHT).environment("PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE", "6");
    let host = Host::start(binary(), few).await?;
    let page = host.url("/");
    let visit = Visit::on(host, &page).await?;
    visit.open_panel().await?;
    let other = visit.host.post(REQUESTS, &Sample::message("Сосед за тем же адресом").body());
    assert_eq!(other.send().await?.status(), StatusCode::CREATED, "the one that is taken without a proof");
    write_a_message(&visit).await?;
    visit.send().await?;
    visit.reference().await?;
    assert_eq!(kept(visit.host.data()).await?.len(), 2);
    let loaded = "return performance.getEntriesByType('resource').some((it) => it.name.includes('/assets/proof.'))";
    assert_eq!(visit.browser.script(loaded).await?, true, "the solver came when it was asked for");
    visit.console_speaks_only_of("status of 422").await
}
