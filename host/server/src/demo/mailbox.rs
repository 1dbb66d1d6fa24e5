//! The demo's mailbox: every e-mail it would have sent, readable in the browser.

use std::{fs, path::Path, path::PathBuf};

use askama::Template;
use axum::{
    extract::{Path as UrlPath, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use mail_parser::MessageParser;

#[derive(Template)]
#[template(path = "mailbox.html")]
struct MailboxPage {
    mails: Vec<Letter>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage {
    mail: Letter,
}

struct Letter {
    id: String,
    at: i64,
    when: String,
    to: String,
    subject: String,
    lines: Vec<Line>,
}

/// A line of text; an address standing alone in it can be followed.
struct Line {
    text: String,
    is_link: bool,
}

/// GET `/demo/mail`: all of them, newest first.
pub async fn list(State(folder): State<PathBuf>) -> Response {
    let mut mails = letters(&folder);
    mails.sort_by_key(|mail| std::cmp::Reverse(mail.at));
    html(StatusCode::OK, &MailboxPage { mails })
}

/// GET `/demo/mail/{id}`: one of them.
pub async fn read(State(folder): State<PathBuf>, UrlPath(id): UrlPath<String>) -> Response {
    match letters(&folder).into_iter().find(|mail| mail.id == id) {
        Some(mail) => html(StatusCode::OK, &MailPage { mail }),
        None => (StatusCode::NOT_FOUND, "There is no such e-mail.\n").into_response(),
    }
}

fn letters(folder: &Path) -> Vec<Letter> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .filter_map(|path| letter(&path))
        .collect()
}

fn letter(path: &Path) -> Option<Letter> {
    let raw = fs::read(path).ok()?;
    let message = MessageParser::default().parse(&raw)?;
    let to = message.to().and_then(|to| to.first()).and_then(|to| to.address()).unwrap_or_default().to_owned();
    let text = message.body_text(0).unwrap_or_default();
    Some(Letter {
        id: path.file_stem()?.to_str()?.to_owned(),
        at: message.date().map_or(0, mail_parser::DateTime::to_timestamp),
        when: message.date().map(mail_parser::DateTime::to_rfc822).unwrap_or_default(),
        to,
        subject: message.subject().unwrap_or_default().to_owned(),
        lines: text.lines().map(line).collect(),
    })
}

fn line(text: &str) -> Line {
    let is_link = (text.starts_with("http://") || text.starts_with("https://")) && !text.contains(char::is_whitespace);
    Line { text: text.to_owned(), is_link }
}

fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the mailbox could not be shown");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
