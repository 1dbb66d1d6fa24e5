//! What agents do about requests.

use anyhow::{Context, Result};
use futures_util::StreamExt;
use porchlight_testkit::samples::Sample;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::people::{self, AGENT, OWNER, Person, left, seen};
use crate::shop;

fn references(page: &Value) -> Vec<String> {
    let rows = page["requests"].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| row["reference"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn lists_are_narrowed_searched_and_read_page_by_page() -> Result<()> {
    let host = people::shop().await?;
    let agent = Person::signed_in(&host, AGENT).await?;
    let slot = shop::slots(&host).await?[0].clone();
    let message = left(&host, &agent, Sample::message("Щенок боится будки")).await?;
    let callback = left(&host, &agent, Sample::callback(&slot).with("name", "Борис Ёлкин")).await?;
    let other = left(&host, &agent, Sample::message("Где мой заказ?").with("email", "zoya@example.com")).await?;
    let me = agent.get("session").await?["agent"]["id"].clone();
    let row = agent.get(&format!("requests/{}", other.id)).await?;
    let assign = json!({"assignee": me, "revision": row["revision"]});
    agent.post(&format!("requests/{}/assign", other.id), assign, StatusCode::OK).await?;
    let done = json!({"action": "resolve", "revision": 0});
    agent.post(&format!("requests/{}/actions", message.id), done, StatusCode::OK).await?;
    let (first, second, third) = (&message.reference, &callback.reference, &other.reference);
    for (query, expected) in [
        ("", vec![third, second, first]),
        ("?status=received", vec![third, second]),
        ("?status=resolved", vec![first]),
        ("?waiting=business", vec![third, second]),
        ("?waiting=requester", vec![]),
        ("?mine=true", vec![third]),
        ("?overdue=true", vec![]),
        ("?q=щенок", vec![first]),
        ("?q=елкин", vec![second]),
        ("?q=zoya@example.com", vec![third]),
        ("?q=nobody@example.com", vec![]),
        ("?q=123-45", vec![second]),
        (&format!("?q={}", first.to_lowercase()), vec![first]),
        ("?status=received&q=щенок", vec![]),
    ] {
        let page = agent.get(&format!("sites/pet-shop/requests{query}")).await?;
        assert_eq!(references(&page).iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let page = agent.get("sites/pet-shop/requests?limit=2").await?;
    assert_eq!(references(&page), [third.as_str(), second]);
    let next = page["next"].as_str().context("more")?;
    let page = agent.get(&format!("sites/pet-shop/requests?limit=2&before={next}")).await?;
    assert_eq!((references(&page), page["next"].is_null()), (vec![first.clone()], true));
    for query in ["status=lost", "waiting=me", "mine=1", "limit=0", "limit=201", "before=x", "callbacks=soon", "x=1"] {
        let refused = agent.status("GET", &format!("sites/pet-shop/requests?{query}")).await?;
        assert_eq!(refused, StatusCode::BAD_REQUEST, "{query}");
    }
    Ok(())
}

#[tokio::test]
async fn calls_of_today_and_promises_that_are_over_are_found_when_it_is_so() -> Result<()> {
    let data = tempfile::tempdir()?;
    let sunday = people::later(data.path(), "2026-11-22T22:30:00+03:00").await?;
    people::people_of(&sunday)?;
    let agent = Person::signed_in(&sunday, AGENT).await?;
    let slot = shop::slots(&sunday).await?[0].clone();
    let call = left(&sunday, &agent, Sample::callback(&slot)).await?.reference;
    let message = left(&sunday, &agent, Sample::message("Подождём")).await?.reference;
    assert!(references(&agent.get("sites/pet-shop/requests?callbacks=today").await?).is_empty(), "not on Sunday");
    sunday.stop().await?;
    let monday = people::later(data.path(), "2026-11-23T09:00:00+03:00").await?;
    let agent = Person::signed_in(&monday, AGENT).await?;
    assert_eq!(references(&agent.get("sites/pet-shop/requests?callbacks=today").await?), [call.as_str()]);
    assert!(references(&agent.get("sites/pet-shop/requests?overdue=true").await?).is_empty());
    monday.stop().await?;
    let evening = people::later(data.path(), "2026-11-23T19:00:00+03:00").await?;
    let agent = Person::signed_in(&evening, AGENT).await?;
    let overdue = agent.get("sites/pet-shop/requests?overdue=true").await?;
    assert_eq!(references(&overdue), [message.as_str(), call.as_str()]);
    assert_eq!(overdue["requests"][0]["urgency"], "overdue");
    Ok(())
}

#[tokio::test]
async fn of_two_agents_who_accept_at_once_one_wins_and_the_request_says_which() -> Result<()> {
    let host = people::shop().await?;
    let (vera, boris) = (Person::signed_in(&host, OWNER).await?, Person::signed_in(&host, AGENT).await?);
    let left = left(&host, &vera, Sample::message("Щенок боится будки")).await?;
    let path = format!("requests/{}/actions", left.id);
    let accept =
        |person: &Person<'_>| person.call("POST", &path).json(&json!({"action": "accept", "revision": 0})).send();
    let (one, other) = tokio::join!(accept(&vera), accept(&boris));
    let statuses = [one?.status(), other?.status()];
    let winner = if statuses[0] == StatusCode::OK { "vera" } else { "boris" };
    let mut sorted = statuses;
    sorted.sort();
    assert_eq!(sorted, [StatusCode::OK, StatusCode::CONFLICT]);
    let request = boris.get(&format!("requests/{}", left.id)).await?;
    assert_eq!(request["status"], "accepted");
    assert_eq!(request["events"][1]["agent"]["name"], winner, "{request}");
    assert_eq!(seen(&host, &left.token).await?["status"], "accepted");
    let unknown = boris.call("POST", &path).json(&json!({"action": "explode", "revision": 1}));
    shop::json(unknown, StatusCode::UNPROCESSABLE_ENTITY).await?;
    Ok(())
}

#[tokio::test]
async fn answer_reaches_the_requester_once_and_notes_never_do() -> Result<()> {
    let host = people::shop().await?;
    let agent = Person::signed_in(&host, AGENT).await?;
    let left = left(&host, &agent, Sample::message("Щенок боится будки")).await?;
    let path = |of: &str| format!("requests/{}/{of}", left.id);
    agent.post(&path("notes"), json!({"text": "осторожно, скандалит"}), StatusCode::CREATED).await?;
    let tags = json!({"tags": ["трудный", "будка"], "revision": 1});
    let tagged = agent.post(&path("tags"), tags, StatusCode::OK).await?;
    assert_eq!(
        (&tagged["tags"], &tagged["notes"][0]["agent"]["name"]),
        (&json!(["трудный", "будка"]), &json!("boris"))
    );
    for _ in 0..2 {
        let entry = agent.call("POST", &path("entries")).header("Idempotency-Key", "once");
        let answered = shop::json(entry.json(&json!({"text": "Приходите завтра"})), StatusCode::CREATED).await?;
        assert_eq!(answered["status"], "in-progress");
        assert_eq!(answered["entries"].as_array().map(Vec::len), Some(2), "{answered}");
        assert_eq!(answered["entries"][1]["agent"]["name"], "boris");
    }
    let requester = seen(&host, &left.token).await?;
    assert_eq!(requester["entries"][1]["text"], "Приходите завтра");
    let whole = requester.to_string();
    for inside in ["скандалит", "трудный", "boris", "notes", "handling"] {
        assert!(!whole.contains(inside), "{inside} in {whole}");
    }
    shop::mailed_link(&host, "Приходите завтра", "/r/pet-shop/").await?;
    let closing = json!({"text": "Всё хорошо?", "then": "resolve"});
    let closed = agent.post(&path("entries"), closing, StatusCode::CREATED).await?;
    assert_eq!((&closed["status"], closed["waiting"].is_null()), (&json!("resolved"), true));
    for text in ["", "  ", "a\u{0}b"] {
        agent.post(&path("entries"), json!({ "text": text }), StatusCode::UNPROCESSABLE_ENTITY).await?;
    }
    Ok(())
}

#[tokio::test]
async fn request_is_shown_with_what_was_decided_sent_and_asked_before() -> Result<()> {
    let host = people::shop().await?;
    let agent = Person::signed_in(&host, AGENT).await?;
    let mine = |text: &str| Sample::message(text).with("email", "anna@example.com");
    let earlier = left(&host, &agent, mine("Первый вопрос")).await?;
    left(&host, &agent, Sample::message("Чужой вопрос").with("email", "boris@example.com")).await?;
    let later = left(&host, &agent, mine("Второй вопрос")).await?;
    let whole = agent.get(&format!("requests/{}", later.id)).await?;
    assert_eq!(whole["requester"]["email"], "anna@example.com");
    assert_eq!(whole["others"].as_array().map(Vec::len), Some(1), "{whole}");
    assert_eq!(whole["others"][0]["reference"], earlier.reference.as_str());
    assert_eq!(whole["actions"], json!(["accept", "resolve"]));
    assert_eq!(whole["events"][0]["event"], "received");
    assert!(whole["deliveries"].as_array().is_some_and(|sent| !sent.is_empty()), "{whole}");
    assert!(whole["provenance"].is_array(), "{whole}");
    Ok(())
}

#[tokio::test]
async fn person_is_found_by_address_and_number_however_much_came_since() -> Result<()> {
    let host = people::shop().await?;
    let agent = Person::signed_in(&host, AGENT).await?;
    let slot = shop::slots(&host).await?[0].clone();
    let zoya = |text: &str| Sample::message(text).with("email", "zoya@example.com").with("phone", "+7 916 765-43-21");
    let call = Sample::callback(&slot).with("phone", "8 916 765-43-21");
    let first = left(&host, &agent, zoya("Первый вопрос")).await?;
    let second = left(&host, &agent, call).await?;
    for old in [&first, &second] {
        let cancel = host.request(reqwest::Method::PATCH, "/v1/request").bearer_auth(&old.token);
        shop::json(cancel.json(&json!({"status": "cancelled"})), StatusCode::OK).await?;
    }
    let others = (0..501).map(|number| {
        let body = Sample::message(&format!("Вопрос {number}")).body();
        let host = &host;
        async move { shop::json(host.post("/v1/sites/pet-shop/requests", &body), StatusCode::CREATED).await }
    });
    let mut others = futures_util::stream::iter(others).buffer_unordered(50);
    while let Some(kept) = others.next().await {
        kept?;
    }
    for (query, expected) in [
        ("zoya@example.com", vec![&first.reference]),
        ("%2B79167654321", vec![&second.reference, &first.reference]),
        ("8 916 765-43-21", vec![&second.reference, &first.reference]),
    ] {
        let page = agent.get(&format!("sites/pet-shop/requests?q={query}")).await?;
        assert_eq!(references(&page).iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let third = left(&host, &agent, zoya("Третий вопрос")).await?;
    let whole = agent.get(&format!("requests/{}", third.id)).await?;
    let others: Vec<_> = whole["others"].as_array().into_iter().flatten().map(|it| it["reference"].as_str()).collect();
    assert_eq!(others, [Some(second.reference.as_str()), Some(first.reference.as_str())]);
    Ok(())
}

#[tokio::test]
async fn request_of_somebody_who_called_is_entered_by_hand_once() -> Result<()> {
    let host = people::shop().await?;
    let agent = Person::signed_in(&host, AGENT).await?;
    let body = json!({"origin": "phone", "kind": "message", "name": "Зоя", "phone": "8 916 123-45-67",
        "text": "Просит перезвонить насчёт будки", "consent": true});
    let entered = |body: &Value| {
        let enter = agent.call("POST", "sites/pet-shop/requests").header("Idempotency-Key", "call 1");
        enter.json(body)
    };
    let first = shop::json(entered(&body), StatusCode::CREATED).await?;
    let again = shop::json(entered(&body), StatusCode::CREATED).await?;
    assert_eq!(first["reference"], again["reference"]);
    assert_eq!((&first["origin"], &first["waiting"]), (&json!("phone"), &json!("business")));
    assert_eq!(first["events"][0]["agent"]["name"], "boris", "{first}");
    assert!(first["promise"].is_object(), "what is promised to everybody: {first}");
    assert_eq!(agent.get("sites/pet-shop/requests").await?["requests"].as_array().map(Vec::len), Some(1));
    let mut other = body.clone();
    other["text"] = json!("другое");
    shop::json(entered(&other), StatusCode::UNPROCESSABLE_ENTITY).await?;
    for (field, value, code) in [
        ("origin", json!("web"), "/origin unknown-value"),
        ("phone", json!("12"), "/phone phone-too-short"),
        ("form_token", json!("x"), "/form_token unknown-field"),
        ("page", json!("https://shop.example/"), "/page unknown-field"),
    ] {
        let mut wrong = body.clone();
        wrong[field] = value;
        let refused = agent.call("POST", "sites/pet-shop/requests").json(&wrong);
        let problem = shop::json(refused, StatusCode::UNPROCESSABLE_ENTITY).await?;
        assert!(shop::codes(&problem)[0].starts_with(&code[..code.len().min(12)]), "{problem}");
    }
    Ok(())
}

#[tokio::test]
async fn request_is_given_to_colleagues_of_the_site_alone() -> Result<()> {
    let host = people::shop().await?;
    people::add_cinema(&host).await?;
    let vera = Person::signed_in(&host, OWNER).await?;
    let left = left(&host, &vera, Sample::message("Щенок боится будки")).await?;
    let colleagues = vera.get("sites/pet-shop/colleagues").await?;
    let names: Vec<_> = colleagues["colleagues"].as_array().context("some")?.iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["vera", "boris"]);
    let agents = vera.get("agents").await?;
    let id = |name: &str| {
        let all = agents["agents"].as_array()?;
        all.iter().find(|agent| agent["name"] == name).map(|agent| agent["id"].clone())
    };
    let path = format!("requests/{}/assign", left.id);
    let stranger = json!({"assignee": id("gleb"), "revision": 0});
    vera.post(&path, stranger, StatusCode::UNPROCESSABLE_ENTITY).await?;
    let given = vera.post(&path, json!({"assignee": id("boris"), "revision": 0}), StatusCode::OK).await?;
    assert_eq!(given["assignee"]["name"], "boris");
    vera.post(&path, json!({"assignee": id("vera"), "revision": 0}), StatusCode::CONFLICT).await?;
    let freed = vera.post(&path, json!({"revision": 1}), StatusCode::OK).await?;
    assert!(freed["assignee"].is_null());
    Ok(())
}
