//! The whole story of a request: a visitor in a browser, two agents at the console's interface, letters by a real mail server and
//! answers out of a real mailbox.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use porchlight_testkit::{Browser, Host, PATIENCE, SmtpSink, imap::ImapServer, mail::ReceivedMail, wait_until};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    elsewhere::{Elsewhere, Named},
    hosted::{click, fill, says},
    visit::binary,
};

const PASSWORD: &str = "correct horse battery staple";
const ANNA: &str = "anna@example.com";
const SHOP: &str = "owner@shop.example";

/// A visitor of the shop, who writes and reads mail too.
struct Story {
    shop: Elsewhere,
    sent: SmtpSink,
    mailbox: ImapServer,
}

impl Story {
    async fn begin() -> Result<Self> {
        let (sent, mailbox) = (SmtpSink::start().await?, ImapServer::start().await?);
        let shop = Elsewhere::visitor_of(Named::Ours, "ru-RU", "/", |options| {
            options
                .environment("PORCHLIGHT_MAIL__SERVER", &format!("smtp://127.0.0.1:{}", sent.port()))
                .environment("PORCHLIGHT_MAIL__FROM", "help@shop.example")
                .environment("PORCHLIGHT_MAIL__REPLIES", "help@shop.example")
                .environment("PORCHLIGHT_MAIL__IMAP", &mailbox.url())
        });
        Ok(Self { shop: shop.await?, sent, mailbox })
    }

    fn host(&self) -> &Host {
        &self.shop.visit.host
    }

    fn panel(&self) -> &Browser {
        &self.shop.visit.browser
    }

    /// The letter to somebody that says something.
    async fn letter(&self, to: &str, says: &str) -> Result<ReceivedMail> {
        wait_until(&format!("a letter to {to} that says `{says}`"), PATIENCE, async || {
            let mails = self.sent.mails().ok()?;
            mails.into_iter().find(|mail| mail.envelope_to == [to] && mail.text.contains(says))
        })
        .await
    }

    /// Somebody answers a letter with their mail program.
    fn reply(&self, letter: &ReceivedMail, text: &str) -> Result<()> {
        let (from, to) = (&letter.envelope_to[0], letter.reply_to.as_ref().context("a way to answer")?);
        let id = letter.message_id.as_ref().context("an id")?;
        let quoted: Vec<String> = letter.text.lines().map(|line| format!("> {line}")).collect();
        let quoted = quoted.join("\r\n");
        self.mailbox.deliver(
            format!(
                "From: {from}\r\nTo: {to}\r\nMessage-ID: <answer-{id}>\r\nIn-Reply-To: <{id}>\r\nSubject: Re: {}\r\n\
                 Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\r\n22.11.2026, 22:31, Пёс и Кот <{to}>:\r\n{quoted}\r\n",
                letter.subject
            )
            .as_bytes(),
        )
    }
}

/// An agent who has signed in.
struct Agent<'a> {
    host: &'a Host,
    cookies: String,
}

impl<'a> Agent<'a> {
    /// Adds an agent at the command line, who then signs in.
    async fn hired(host: &'a Host, name: &str, role: &str) -> Result<Self> {
        let email = format!("{name}@shop.example");
        let mut command = Command::new(binary());
        command.args(["agent", "add", &email, "--name", name, "--role", role, "--data"]).arg(host.data());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        writeln!(child.stdin.take().context("a pipe")?, "{PASSWORD}")?;
        ensure!(child.wait()?.success(), "{name} is no agent");
        let welcome = host.post("/v1/console/session", &json!({"email": email, "password": PASSWORD})).send().await?;
        ensure!(welcome.status() == StatusCode::NO_CONTENT, "{}", welcome.text().await?);
        let set = welcome.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        let cookies = set.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ");
        Ok(Self { host, cookies })
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Result<Response> {
        let call = self.host.request(method, &format!("/v1/console/{path}")).header("Cookie", &self.cookies);
        Ok(body.into_iter().fold(call, |call, body| call.json(&body)).send().await?)
    }

    async fn get(&self, path: &str) -> Result<Value> {
        Ok(self.call(Method::GET, path, None).await?.error_for_status()?.json().await?)
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value> {
        Ok(self.call(Method::POST, path, Some(body)).await?.error_for_status()?.json().await?)
    }

    /// The request as soon as it is in a state.
    async fn sees(&self, request: &str, what: &str, is_so: impl Fn(&Value) -> bool) -> Result<Value> {
        wait_until(what, PATIENCE, async || self.get(request).await.ok().filter(|request| is_so(request))).await
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a story is told in one go")]
async fn request_is_asked_taken_on_answered_by_three_ways_rated_reopened_found_again_and_forgotten() -> Result<()> {
    let story = Story::begin().await?;
    let (host, panel, visit) = (story.host(), story.panel(), &story.shop.visit);
    let (vera, boris) = (Agent::hired(host, "vera", "owner").await?, Agent::hired(host, "boris", "agent").await?);

    // Asked in the panel: both hear of it.
    visit.open_panel().await?;
    panel.click("Написать").await?;
    visit.fill("text", "Щенок боится будки. Можно вернуть?").await?;
    visit.fill("email", ANNA).await?;
    visit.send().await?;
    let reference = visit.reference().await?;
    story.letter(SHOP, "Щенок боится будки").await?;
    story.letter(ANNA, &reference).await?;

    // Taken on by one of two agents who press at once; the visitor sees that.
    let found = boris.get("sites/pet-shop/requests?waiting=business").await?;
    let id = found["requests"][0]["id"].as_str().context("on the list")?;
    let (request, actions) = (format!("requests/{id}"), format!("requests/{id}/actions"));
    let accept = || Some(json!({"action": "accept", "revision": 0}));
    let accepted =
        tokio::join!(vera.call(Method::POST, &actions, accept()), boris.call(Method::POST, &actions, accept()));
    let mut statuses = [accepted.0?.status(), accepted.1?.status()];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT]);
    panel.widget("li.done.accepted").await?;

    // Worked on inside, of which the visitor sees nothing, and answered at the console: seen at once in the panel, and mailed.
    boris.post(&format!("{request}/notes"), json!({"text": "Постоянный покупатель"})).await?;
    let answer = json!({"text": "Можно, в течение 14 дней."});
    boris.post(&format!("{request}/entries"), answer).await?;
    let shown = panel.widget_says("Можно, в течение 14 дней.").await?;
    assert!(!shown.contains("Постоянный"), "{shown}");
    let answered = story.letter(ANNA, "Можно, в течение 14 дней.").await?;
    assert!(!answered.raw.contains("boris") && !answered.text.contains("Постоянный"), "{}", answered.raw);

    // The visitor answers by mail, the shop's owner too; each is in the panel, at the console and in the other's mail.
    story.reply(&answered, "А без чека?")?;
    panel.widget_says("А без чека?").await?;
    let asked = story.letter(SHOP, "А без чека?").await?;
    story.reply(&asked, "И без чека: мы вас помним.")?;
    let shown = panel.widget_says("мы вас помним").await?;
    assert!(!shown.contains("22.11.2026") && !shown.contains("> "), "no quotation: {shown}");
    let thanked = story.letter(ANNA, "мы вас помним").await?;
    let said = vera.get(&request).await?;
    let from: Vec<_> = said["entries"].as_array().context("entries")?.iter().map(|it| it["from"].as_str()).collect();
    assert_eq!(from, [Some("requester"), Some("agent"), Some("requester"), Some("agent")]);

    // Closed, rated in the panel, and open again by one more mail.
    vera.post(&format!("{request}/entries"), json!({"text": "Ждём вас!", "then": "resolve"})).await?;
    panel.widget_says("Ответ помог?").await?;
    panel.click("В основном").await?;
    visit.fill("comment", "Быстро!").await?;
    panel.click("Отправить оценку").await?;
    panel.widget_says("Ваша оценка ответа").await?;
    let rated = vera.get(&request).await?;
    let rating = json!({"stars": 4, "comment": "Быстро!"});
    assert_eq!((&rated["status"], &rated["rating"]), (&json!("resolved"), &rating), "{rated}");
    story.reply(&thanked, "Нашла чек, но будка всё равно мала.")?;
    let reopened = vera.sees(&request, "it to be open again", |it| it["status"] != "resolved").await?;
    let last = reopened["entries"].as_array().and_then(|entries| entries.last()).context("an entry")?;
    assert_eq!(last["text"], "Нашла чек, но будка всё равно мала.");
    panel.widget_says("будка всё равно мала").await?;
    visit.console_is_silent().await?;

    // Found again on another device, by a mailed link.
    let phone = Browser::start().await?;
    phone.open(&host.url("/mine/pet-shop?locale=ru")).await?;
    fill(&phone, "input[name=email]", ANNA).await?;
    click(&phone, "form button").await?;
    let link = story.letter(ANNA, "/mine/pet-shop/").await?;
    let link = link.text.split_whitespace().find(|word| word.contains("/mine/pet-shop/")).context("a link")?.to_owned();
    phone.open(&link).await?;
    click(&phone, "form button").await?;
    says(&phone, &reference).await?;

    // Forgotten when the owner erases it; an agent may not, and what remains says who did.
    let by = |agent: &'static str| format!("{agent} erases");
    let refused = boris.call(Method::DELETE, &request, None).await?;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{}", by("boris"));
    assert_eq!(vera.call(Method::DELETE, &request, None).await?.status(), StatusCode::NO_CONTENT, "{}", by("vera"));
    assert_eq!(vera.call(Method::GET, &request, None).await?.status(), StatusCode::NOT_FOUND);
    let audit = vera.get("sites/pet-shop/audit").await?.to_string();
    assert!(audit.contains("vera") && !audit.contains(ANNA), "{audit}");
    Ok(())
}
