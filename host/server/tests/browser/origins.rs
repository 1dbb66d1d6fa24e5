//! The widget on pages of other origins than the host's.

use anyhow::Result;

use crate::{
    elsewhere::{Elsewhere, Named},
    visit::only_one_kept,
};

async fn send_a_message(shop: &Elsewhere) -> Result<()> {
    let Elsewhere { visit, .. } = shop;
    visit.open_panel().await?;
    visit.browser.click("Написать").await?;
    visit.fill("text", "С другого адреса").await?;
    visit.fill("email", "anna@example.com").await?;
    visit.send().await?;
    let reference = visit.reference().await?;
    let request = only_one_kept(visit.host.data()).await?;
    assert_eq!(request["reference"], reference.as_str());
    assert!(request["page"].as_str().is_some_and(|page| page.starts_with(&shop.origin)), "{request:#}");
    Ok(())
}

#[tokio::test]
async fn shops_own_page_sends_changes_and_cancels_across_origins() -> Result<()> {
    let shop = Elsewhere::visitor(Named::Ours, "ru", "/ru").await?;
    send_a_message(&shop).await?;
    let browser = &shop.visit.browser;
    browser.click("Отменить обращение").await?;
    browser.click("Да, отменить").await?;
    browser.widget_says("Отменено").await?;
    assert_eq!(only_one_kept(shop.visit.host.data()).await?["status"], "cancelled");
    shop.visit.console_is_silent().await
}

#[tokio::test]
async fn content_security_policy_needs_the_host_for_scripts_and_connections_alone() -> Result<()> {
    let shop = Elsewhere::visitor(Named::Ours, "ru", "/strict").await?;
    send_a_message(&shop).await?;
    shop.visit.browser.shoot("status-strict-policy-desktop-light-ru").await?;
    shop.visit.console_is_silent().await
}

#[tokio::test]
async fn page_of_an_origin_that_the_site_does_not_name_gets_a_link_to_the_support_page() -> Result<()> {
    let shop = Elsewhere::visitor(Named::Another, "ru", "/ru").await?;
    let browser = &shop.visit.browser;
    browser.click("Помощь").await?;
    let link = browser.widget_control("Открыть страницу поддержки").await?;
    assert_eq!(link.prop("href").await?, Some(shop.visit.host.url("/c/pet-shop")));
    browser.shoot("home-foreign-origin-desktop-light-ru").await?;
    let errors = browser.console_errors().await?;
    assert!(errors.iter().all(|error| error.contains("/offer")), "{errors:#?}");
    Ok(())
}
