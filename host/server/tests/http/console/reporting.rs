//! What a site's report says of what happened, and what is promised because of it.

use anyhow::{Context, Result};
use porchlight_testkit::{Host, samples::Sample};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};

use super::people::{self, OWNER, Person, STRANGER, left};
use crate::shop;

const REPORTS: &str = "sites/pet-shop/reports";

async fn answered(agent: &Person<'_>, id: &str, then: Value) -> Result<()> {
    let mut entry = json!({"text": "Приходите завтра, мы поможем"});
    if !then.is_null() {
        entry["then"] = then;
    }
    agent.post(&format!("requests/{id}/entries"), entry, StatusCode::CREATED).await?;
    Ok(())
}

async fn tagged(agent: &Person<'_>, id: &str, tag: &str) -> Result<()> {
    let revision = agent.get(&format!("requests/{id}")).await?["revision"].clone();
    let tags = json!({"tags": [tag], "revision": revision});
    agent.post(&format!("requests/{id}/tags"), tags, StatusCode::OK).await?;
    Ok(())
}

#[tokio::test]
async fn report_tells_how_requests_were_answered_and_forgets_whose_they_were() -> Result<()> {
    let host = people::shop().await?;
    let owner = Person::signed_in(&host, OWNER).await?;
    let slot = shop::slots(&host).await?[0].clone();
    let message = left(&host, &owner, Sample::message("Щенок боится будки")).await?;
    let callback = left(&host, &owner, Sample::callback(&slot)).await?;
    let cancelled = left(&host, &owner, Sample::message("Уже не нужно")).await?;
    let entered = json!({"origin": "walk-in", "kind": "message", "name": "Борис", "phone": "+7 916 123-45-67", "text": "Где мой заказ?", "consent": true});
    owner.post("sites/pet-shop/requests", entered, StatusCode::CREATED).await?;
    answered(&owner, &message.id, json!("resolve")).await?;
    let rating = host.post("/v1/request/rating", &json!({"stars": 4})).bearer_auth(&message.token);
    shop::json(rating, StatusCode::OK).await?;
    tagged(&owner, &message.id, "Жалоба").await?;
    let missed = json!({"action": "no-answer", "revision": 0});
    owner.post(&format!("requests/{}/actions", callback.id), missed, StatusCode::OK).await?;
    let body = json!({"status": "cancelled"});
    let cancel = host.request(reqwest::Method::PATCH, "/v1/request").json(&body).bearer_auth(&cancelled.token);
    shop::json(cancel, StatusCode::OK).await?;

    let report = owner.get(REPORTS).await?;
    let days = (&report["from"], &report["to"], &report["time_zone"]);
    assert_eq!(days, (&json!("2026-10-24"), &json!("2026-11-22"), &json!("Europe/Moscow")));
    let total = &report["total"];
    assert_eq!((&total["requests"], &total["cancelled"]), (&json!(4), &json!(1)));
    assert_eq!(total["promises"], json!({"kept": 2, "put_off": 0, "broken": 0, "kept_share": 1.0}));
    let times = json!({"median": 60, "p90": 60});
    assert_eq!(total["first_reply"], json!({"count": 2, "wall": times, "support_hours": times}));
    let resolution = json!({"resolved": 1, "wall": times, "at_first_contact": 1, "at_first_contact_share": 1.0});
    assert_eq!(total["resolution"], resolution);
    assert_eq!(total["callbacks"], json!({"called": 1, "reached": 0, "reached_share": 0.0}));
    let rating = json!({"count": 1, "stars": [0, 0, 0, 1, 0], "average": 4.0, "response_rate": 1.0});
    assert_eq!(total["rating"], rating);
    let requests = |groups: &str, name: &str| -> Vec<(Value, Value)> {
        let groups = report[groups].as_array().cloned().unwrap_or_default();
        groups.iter().map(|group| (group[name].clone(), group["requests"].clone())).collect()
    };
    assert_eq!(requests("by_channel", "channel"), [(json!("web"), json!(3)), (json!("walk-in"), json!(1))]);
    assert_eq!(requests("by_form", "form"), [(json!("callback"), json!(1)), (json!("message"), json!(3))]);
    assert_eq!(requests("by_hour", "hour"), [(json!(22), json!(4))]);
    assert_eq!(report["groups"].as_array().map(Vec::len), Some(3));
    let concerns = requests("by_concern", "concern");
    assert_eq!(concerns[1], (json!("complaint"), json!(1)), "{concerns:?}");

    for request in [&message, &callback, &cancelled] {
        assert_eq!(owner.status("DELETE", &format!("requests/{}", request.id)).await?, StatusCode::NO_CONTENT);
    }
    assert_eq!(owner.get(REPORTS).await?, report, "numbers stay");
    let of_yesterday = owner.get(&format!("{REPORTS}?from=2026-11-21&to=2026-11-21")).await?;
    assert_eq!(of_yesterday["total"]["requests"], json!(0));
    for query in ["from=x", "to=2026-02-30", "from=2026-11-22&to=2026-11-21", "from=2026-01-01&to=2026-11-01", "x=1"] {
        for path in [REPORTS, "sites/pet-shop/reports.csv"] {
            assert_eq!(owner.status("GET", &format!("{path}?{query}")).await?, StatusCode::BAD_REQUEST, "{query}");
        }
    }
    Ok(())
}

async fn searched(host: &Host, query: &str) -> Result<usize> {
    let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let found = host.get(&format!("/v1/sites/pet-shop/answers?locale=ru&q={query}"));
    Ok(shop::json(found, StatusCode::OK).await?["answers"].as_array().context("a list")?.len())
}

#[tokio::test]
async fn searches_in_vain_are_counted_and_say_nothing_of_anybody() -> Result<()> {
    let host = people::shop().await?;
    let owner = Person::signed_in(&host, OWNER).await?;
    let often = ["ква", "квакв", "Квакваква", "=cmd|'/c'!а", "qqq@example.com", "+7 916 123-45-67"];
    for query in often.iter().cycle().take(3 * often.len()).chain(&["квакваква", "иванов петр"]) {
        assert_eq!(searched(&host, query).await?, 0, "{query}");
    }
    assert!(searched(&host, "возврат").await? > 0);
    let report = owner.get(REPORTS).await?;
    let counted = json!([{"words": "квакваква", "searches": 4}, {"words": "=cmd|'/c'!а", "searches": 3}]);
    assert_eq!(report["searches_without_result"], counted);
    let table = owner.call("GET", "sites/pet-shop/reports.csv").send().await?;
    assert_eq!(table.status(), StatusCode::OK);
    assert_eq!(table.headers()[header::CONTENT_TYPE], "text/csv; charset=utf-8; header=present");
    let table = table.text().await?;
    assert!(table.starts_with("\u{feff}\"about\",\"name\",\"channel\""), "{table}");
    assert!(table.contains("\"search\",\"'=cmd|'/c'!а\","), "{table}");
    let columns: Vec<usize> = table.lines().map(|line| line.matches("\",\"").count()).collect();
    assert!(columns.len() > 5 && columns.iter().all(|count| *count == columns[0]), "{table}");
    Ok(())
}

#[tokio::test]
async fn what_visitors_say_of_an_answer_is_counted() -> Result<()> {
    let host = people::shop().await?;
    let owner = Person::signed_in(&host, OWNER).await?;
    let say = |answer: &str, body: Value| host.post(&format!("/v1/sites/pet-shop/answers/{answer}/feedback"), &body);
    for (answer, helped) in [("returns", true), ("returns", true), ("returns", false), ("delivery", false)] {
        shop::json(say(answer, json!({"helped": helped})), StatusCode::NO_CONTENT).await?;
    }
    for body in [json!({}), json!({"helped": "yes"}), json!({"helped": 1}), json!({"helped": true, "name": "Анна"})]
    {
        shop::json(say("returns", body), StatusCode::UNPROCESSABLE_ENTITY).await?;
    }
    shop::json(say("returns", json!([true])), StatusCode::BAD_REQUEST).await?;
    shop::json(say("nothing", json!({"helped": true})), StatusCode::NOT_FOUND).await?;
    shop::json(say("..%2Freturns", json!({"helped": true})), StatusCode::NOT_FOUND).await?;

    let page = host.get("/c/pet-shop?locale=ru").send().await?.text().await?;
    assert!(page.contains("action=\"/c/pet-shop/answers/returns?locale=ru\""), "{page}");
    let by_form = |helped: &str| {
        let sent = host.request(reqwest::Method::POST, "/c/pet-shop/answers/returns?locale=ru");
        sent.header("Content-Type", "application/x-www-form-urlencoded").body(format!("helped={helped}"))
    };
    let thanks = by_form("yes").send().await?;
    assert_eq!(thanks.status(), StatusCode::OK);
    assert!(thanks.text().await?.contains("Спасибо"));
    assert_eq!(by_form("maybe").send().await?.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let foreign = by_form("no").header("Origin", "https://evil.example").send().await?;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);

    let report = owner.get(REPORTS).await?;
    let counted = json!([
        {"id": "delivery", "helped": 0, "did_not_help": 1},
        {"id": "returns", "helped": 3, "did_not_help": 1},
    ]);
    assert_eq!(report["answers"], counted);
    assert_eq!(report["solved_themselves"], json!(1.0), "nobody had to ask");
    left(&host, &owner, Sample::message("А если чек потерян?")).await?;
    assert_eq!(owner.get(REPORTS).await?["solved_themselves"], json!(0.75));
    Ok(())
}

const MEASURED: &str = r#"key = "cinema"
name = "Кинотеатр"
reference_prefix = "KN"
locale = "ru"
time_zone = "Europe/Moscow"
hours = "24/7"

[forms.message]
expected_reply = "measured, else 2h"
"#;

/// What is promised to who writes to the cinema now.
async fn promised(host: &Host) -> Option<(Value, Value)> {
    let offer = host.get("/v1/sites/cinema/offer?locale=ru").send().await.ok()?;
    let offer: Value = offer.error_for_status().ok()?.json().await.ok()?;
    let reply = &offer["forms"]["message"]["expected_reply"];
    Some((reply["basis"].clone(), reply["seconds"].clone()))
}

#[tokio::test]
async fn measured_promise_is_made_once_there_were_enough_replies() -> Result<()> {
    let data = tempfile::tempdir()?;
    let host = people::later(data.path(), "2026-11-22T22:30:00+03:00").await?;
    people::add_cinema_with(&host, MEASURED).await?;
    assert_eq!(promised(&host).await, Some((json!("promised"), json!(7_200))));
    let owner = Person::signed_in(&host, STRANGER).await?;
    for number in 0..20 {
        let sample = Sample::message(&format!("Есть ли места {number}?")).without("consent");
        let receipt = host.post("/v1/sites/cinema/requests", &sample.body());
        shop::json(receipt, StatusCode::CREATED).await?;
    }
    let waiting = owner.get("sites/cinema/requests?limit=50").await?["requests"].as_array().cloned();
    for request in waiting.context("a list")? {
        answered(&owner, request["id"].as_str().context("an id")?, Value::Null).await?;
    }
    host.stop().await?;
    let host = people::later(data.path(), "2026-11-23T22:30:00+03:00").await?;
    assert_eq!(promised(&host).await, Some((json!("measured"), json!(60))));
    host.stop().await?;
    let host = people::later(data.path(), "2026-12-23T22:30:00+03:00").await?;
    assert_eq!(promised(&host).await.map(|(basis, _)| basis), Some(json!("promised")), "a month later it is forgotten");
    host.stop().await?;
    Ok(())
}
