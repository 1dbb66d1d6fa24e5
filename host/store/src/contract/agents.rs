//! Promises about agents, their sessions, what they did, and their canned replies.

use std::sync::Arc;

use porchlight_model::{
    agent::{Agent, AgentId, CannedReply, Duty, Reach, ReplyId, Role},
    contact::EmailAddress,
    request::Status,
};
use uuid::Uuid;

use super::fixtures::{SITE, accept, at, at_once, only, plain, request, stepped};
use crate::{Acceptance, AddAgentError, Audited, Change, Credentials, Ending, Session, Store};

pub(crate) fn agent(number: u16) -> Agent {
    Agent {
        id: id(number),
        email: EmailAddress::parse(&format!("agent{number}@shop.example")).expect("an address"),
        name: format!("Вера {number}"),
        role: Role::Agent,
        reach: Reach::Sites(vec![SITE.to_owned()]),
    }
}

pub(crate) fn id(number: u16) -> AgentId {
    AgentId(Uuid::from_u128(u128::from(number) | 5 << 120))
}

fn credentials(revision: u32) -> Credentials {
    let password = Some(format!("$argon2id${revision}"));
    Credentials { password, recovery: vec!["00".repeat(32)], revision, ..Credentials::default() }
}

async fn added(store: &Arc<dyn Store>, number: u16) -> Agent {
    store.add_agent(agent(number), credentials(0)).await.expect("added");
    agent(number)
}

fn session(of: u16, token: u8) -> Session {
    Session { token: [token; 32], agent: id(of), created_at: at(0), seen_at: at(0), ends_at: at(3600) }
}

async fn opened(store: &Arc<dyn Store>, of: u16, token: u8) {
    assert!(store.open_session(session(of, token), 0).await.expect("opened"));
}

async fn open_tokens(store: &Arc<dyn Store>) -> Vec<u8> {
    let mut open = vec![];
    for token in 0..10 {
        open.extend(store.lookup_session([token; 32]).await.expect("read").map(|(session, _)| session.token[0]));
    }
    open
}

pub(super) async fn an_agent_is_found_by_its_address_in_any_case(store: &Arc<dyn Store>) {
    let vera = added(store, 1).await;
    added(store, 2).await;
    let found = store.lookup_sign_in("AGENT1@shop.example").await.expect("read");
    assert_eq!(found, Some((vera.clone(), credentials(0))));
    assert_eq!(store.lookup_sign_in("agent3@shop.example").await.expect("read"), None);
    assert_eq!(store.lookup_agent(vera.id).await.expect("read"), Some((vera, credentials(0))));
    assert_eq!(store.agents().await.expect("read"), [agent(1), agent(2)]);
}

pub(super) async fn an_address_signs_in_one_agent(store: &Arc<dyn Store>) {
    let outcomes = at_once(8, |number| {
        let store = Arc::clone(store);
        let mut same = agent(number);
        same.email = EmailAddress::parse("Vera@shop.example").expect("an address");
        async move { store.add_agent(same, credentials(0)).await }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Err(AddAgentError::EmailTaken))).count(), 7);
    let mut capitals = agent(9);
    capitals.email = EmailAddress::parse("VERA@SHOP.example").expect("an address");
    let refused = store.add_agent(capitals, credentials(0)).await;
    assert!(matches!(refused, Err(AddAgentError::EmailTaken)), "{refused:?}");
}

pub(super) async fn of_concurrent_changes_of_credentials_one_is_kept(store: &Arc<dyn Store>) {
    let vera = added(store, 1).await;
    let kept = at_once(8, |_| {
        let store = Arc::clone(store);
        async move { store.change_credentials(id(1), credentials(1), Ending::Nothing).await.expect("asked") }
    })
    .await;
    assert_eq!(kept.into_iter().filter(|kept| *kept).count(), 1);
    assert_eq!(store.lookup_agent(vera.id).await.expect("read"), Some((vera, credentials(1))));
    assert!(!store.change_credentials(id(2), credentials(1), Ending::All).await.expect("asked"), "there is none");
}

pub(super) async fn a_removed_agent_is_gone_with_its_sessions(store: &Arc<dyn Store>) {
    added(store, 1).await;
    added(store, 2).await;
    opened(store, 1, 1).await;
    opened(store, 2, 2).await;
    assert!(store.remove_agent(id(1)).await.expect("removed"));
    assert!(!store.remove_agent(id(1)).await.expect("asked again"));
    assert_eq!(open_tokens(store).await, [2]);
    assert_eq!(store.agents().await.expect("read"), [agent(2)]);
    assert!(!store.open_session(session(1, 3), 0).await.expect("asked"), "nobody is there to sign in");
}

pub(super) async fn no_session_is_opened_by_credentials_that_were_changed(store: &Arc<dyn Store>) {
    added(store, 1).await;
    assert!(store.change_credentials(id(1), credentials(1), Ending::All).await.expect("changed"));
    assert!(!store.open_session(session(1, 1), 0).await.expect("asked"), "the check began before the change");
    assert_eq!(open_tokens(store).await, [0; 0]);
    assert!(store.open_session(session(1, 2), 1).await.expect("opened"));
    assert_eq!(open_tokens(store).await, [2]);
}

pub(super) async fn a_session_is_found_by_its_token_with_whose_it_is(store: &Arc<dyn Store>) {
    let vera = added(store, 1).await;
    opened(store, 1, 1).await;
    assert_eq!(store.lookup_session([1; 32]).await.expect("read"), Some((session(1, 1), vera.clone())));
    assert_eq!(store.lookup_session([2; 32]).await.expect("read"), None);
    store.see_session([1; 32], at(90)).await.expect("noted");
    store.see_session([1; 32], at(30)).await.expect("noted");
    let seen = Session { seen_at: at(90), ..session(1, 1) };
    assert_eq!(store.lookup_session([1; 32]).await.expect("read"), Some((seen, vera)));
}

pub(super) async fn sessions_end_as_they_are_told_to(store: &Arc<dyn Store>) {
    added(store, 1).await;
    added(store, 2).await;
    for token in 1..=4 {
        opened(store, 1, token).await;
    }
    opened(store, 2, 9).await;
    store.end_sessions(id(1), Ending::Only([1; 32])).await.expect("ended");
    assert_eq!(open_tokens(store).await, [2, 3, 4, 9]);
    store.end_sessions(id(2), Ending::Only([2; 32])).await.expect("asked");
    assert_eq!(open_tokens(store).await, [2, 3, 4, 9], "another agent's is left alone");
    assert!(store.change_credentials(id(1), credentials(1), Ending::AllBut([3; 32])).await.expect("changed"));
    assert_eq!(open_tokens(store).await, [3, 9]);
    assert!(!store.change_credentials(id(1), credentials(1), Ending::All).await.expect("asked"));
    assert_eq!(open_tokens(store).await, [3, 9], "what is not kept ends nothing");
    store.end_sessions(id(1), Ending::All).await.expect("ended");
    assert_eq!(open_tokens(store).await, [9]);
}

pub(super) async fn sessions_that_are_over_are_forgotten(store: &Arc<dyn Store>) {
    added(store, 1).await;
    opened(store, 1, 1).await;
    let later = Session { created_at: at(3600), seen_at: at(3600), ends_at: at(7200), ..session(1, 2) };
    assert!(store.open_session(later, 0).await.expect("opened"));
    assert_eq!(open_tokens(store).await, [2]);
}

fn audited(seconds: i64, action: &str, site: Option<&str>) -> Audited {
    Audited { at: at(seconds), agent: id(1), site: site.map(str::to_owned), action: action.to_owned(), request: None }
}

async fn log(store: &Arc<dyn Store>, site: &str) -> Vec<String> {
    let lines = store.audit(site, None, 100).await.expect("read");
    lines.into_iter().map(|line| line.audited.action).collect()
}

pub(super) async fn what_was_done_is_told_the_last_first(store: &Arc<dyn Store>) {
    for (seconds, action, site) in [
        (1, "signed-in", None),
        (2, "accepted", Some(SITE)),
        (3, "erased", Some("cinema")),
        (4, "resolved", Some(SITE)),
    ] {
        store.record(audited(seconds, action, site)).await.expect("noted");
    }
    assert_eq!(log(store, SITE).await, ["resolved", "accepted", "signed-in"]);
    assert_eq!(log(store, "cinema").await, ["erased", "signed-in"]);
    let page = store.audit(SITE, None, 1).await.expect("read");
    assert_eq!(page[0].audited, audited(4, "resolved", Some(SITE)));
    let next = store.audit(SITE, Some(page[0].number), 1).await.expect("read");
    assert_eq!(next[0].audited.action, "accepted");
}

pub(super) async fn what_was_done_is_forgotten_after_a_year(store: &Arc<dyn Store>) {
    const YEAR: i64 = 365 * 24 * 3600;
    store.record(audited(0, "first", Some(SITE))).await.expect("noted");
    store.record(audited(YEAR, "second", Some(SITE))).await.expect("noted");
    assert_eq!(log(store, SITE).await, ["second", "first"]);
    store.record(audited(YEAR + 1, "third", Some(SITE))).await.expect("noted");
    assert_eq!(log(store, SITE).await, ["third", "second"]);
}

pub(super) async fn a_change_is_noted_with_it_or_not_at_all(store: &Arc<dyn Store>) {
    let noted = |action: &str| Audited { request: Some(request(1).id), ..audited(1, action, Some(SITE)) };
    let entered = Acceptance { audited: Some(noted("entered")), ..plain(request(1)) };
    let first = accept(store, entered.clone()).await;
    let accepted = Change { audited: Some(noted("accepted")), ..only(stepped(&first, Status::Accepted)) };
    store.change_request(accepted.clone()).await.expect("changed");
    store.change_request(accepted).await.expect_err("stale");
    store.accept(entered).await.expect_err("the reference is in use");
    let lines = store.audit(SITE, None, 9).await.expect("read");
    let told: Vec<_> = lines.iter().map(|line| (line.audited.action.as_str(), line.reference.as_deref())).collect();
    assert_eq!(told, [("accepted", Some("PS-0000001")), ("entered", Some("PS-0000001"))]);
    assert_eq!(lines[0].audited.request, Some(first.id));
}

pub(super) async fn of_an_erased_request_the_log_says_only_that_there_was_one(store: &Arc<dyn Store>) {
    let kept = accept(store, plain(request(1))).await;
    let noted = Audited { request: Some(kept.id), ..audited(1, "accepted", Some(SITE)) };
    store.record(noted.clone()).await.expect("noted");
    assert!(store.erase_request(kept.id, vec![]).await.expect("erased"));
    let lines = store.audit(SITE, None, 9).await.expect("read");
    assert_eq!(lines[0].audited, Audited { request: None, ..noted });
    assert_eq!(lines[0].reference, None);
}

pub(super) async fn canned_replies_are_kept_by_site_in_their_order(store: &Arc<dyn Store>) {
    let reply = |number: u128, text: &str| CannedReply {
        id: ReplyId(Uuid::from_u128(number)),
        title: format!("Ответ {number}"),
        text: text.to_owned(),
    };
    for (site, number) in [(SITE, 2), (SITE, 1), ("cinema", 2)] {
        store.keep_reply(site, reply(number, "Здравствуйте, {name}")).await.expect("kept");
    }
    store.keep_reply(SITE, reply(2, "Добрый день")).await.expect("kept");
    assert_eq!(store.replies(SITE).await.expect("read"), [reply(2, "Добрый день"), reply(1, "Здравствуйте, {name}")]);
    assert!(store.remove_reply(SITE, ReplyId(Uuid::from_u128(2))).await.expect("removed"));
    assert!(!store.remove_reply(SITE, ReplyId(Uuid::from_u128(2))).await.expect("asked again"));
    assert_eq!(store.replies(SITE).await.expect("read").len(), 1);
    assert_eq!(store.replies("cinema").await.expect("read").len(), 1);
}

pub(super) async fn who_is_on_duty_is_so_until_the_session_ends(store: &Arc<dyn Store>) {
    let vera = added(store, 1).await;
    added(store, 2).await;
    opened(store, 1, 1).await;
    opened(store, 2, 2).await;
    let set = async |token, duty| store.set_duty([token; 32], duty).await.expect("set");
    let on_duty = async || store.on_duty().await.expect("read");
    assert!(set(1, Duty::On).await && set(1, Duty::On).await);
    assert!(!set(7, Duty::On).await, "there is no such session");
    assert_eq!(on_duty().await, [(session(1, 1), vera)]);
    assert!(set(1, Duty::Off).await && set(2, Duty::On).await);
    assert_eq!(on_duty().await.len(), 1);
    store.end_sessions(id(2), Ending::All).await.expect("ended");
    assert_eq!(on_duty().await, []);
}
