//! What a file is called that is sent as a body: a parameter of its `Content-Type`, which no proxy logs, as it would an address.
//!
//! `name*` (RFC 8187, section 3.2) goes before `name`, as a token or a quoted string (RFC 9110, section 5.6.6). What is written
//! otherwise counts as no name.

use percent_encoding::percent_decode_str;

/// The name that a content type gives.
pub fn file_name(content_type: &str) -> Option<String> {
    let (_, written) = content_type.split_once(';')?;
    let parameters = parameters(written)?;
    let of = |wanted: &str| {
        let found = parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.as_str())
    };
    of("name*").and_then(extended).or_else(|| of("name").map(str::to_owned))
}

/// Each with its value; `None` where they cannot be told apart.
fn parameters(mut written: &str) -> Option<Vec<(&str, String)>> {
    let mut parameters = Vec::new();
    loop {
        written = written.trim_start_matches([';', ' ', '\t']);
        if written.is_empty() {
            return Some(parameters);
        }
        let (name, rest) = written.split_once('=')?;
        let (value, rest) = if let Some(rest) = rest.strip_prefix('"') { quoted(rest)? } else { token(rest) };
        if !rest.is_empty() && !rest.starts_with(';') {
            return None;
        }
        parameters.push((name, value));
        written = rest;
    }
}

fn token(written: &str) -> (String, &str) {
    let (value, rest) = written.split_at(written.find(';').unwrap_or(written.len()));
    (value.trim_end().to_owned(), rest)
}

/// What stands before the quote that ends it, and what after it.
fn quoted(written: &str) -> Option<(String, &str)> {
    let (mut value, mut chars) = (String::new(), written.chars());
    loop {
        match chars.next()? {
            '"' => return Some((value, chars.as_str().trim_start())),
            '\\' => value.push(chars.next()?),
            other => value.push(other),
        }
    }
}

/// `UTF-8'language'%D0%9F…`.
fn extended(written: &str) -> Option<String> {
    let (charset, rest) = written.split_once('\'')?;
    let (_language, value) = rest.split_once('\'')?;
    let decoded = percent_decode_str(value).decode_utf8().ok()?;
    charset.eq_ignore_ascii_case("utf-8").then(|| decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_is_read_in_each_way_it_may_be_written() {
        for (written, name) in [
            ("image/jpeg; name=a.jpg", "a.jpg"),
            ("image/jpeg;name=\"a; b=\\\"c.jpg\" ; charset=x", "a; b=\"c.jpg"),
            ("text/plain; charset=utf-8; NAME*=utf-8''%D0%9F%D1%91%D1%81.txt", "Пёс.txt"),
            ("image/jpeg; name=a.jpg; name*=UTF-8'ru'%D0%B1.jpg", "б.jpg"),
            ("image/jpeg; name*=UTF-8''it's.jpg", "it's.jpg"),
            ("image/jpeg; name*=UTF-8''%FF; name=a.jpg", "a.jpg"),
            ("; name=a.jpg", "a.jpg"),
        ] {
            assert_eq!(file_name(written).as_deref(), Some(name), "{written}");
        }
    }

    #[test]
    fn what_is_written_otherwise_is_no_name() {
        for written in [
            "",
            "image/jpeg",
            "image/jpeg;",
            "image/jpeg; name",
            "image/jpeg; name=\"a.jpg",
            "image/jpeg; name=\"a.jpg\"b",
            "image/jpeg; name=\"a.jpg\\",
            "image/jpeg; name*=a.jpg",
            "image/jpeg; name*=UTF-8''%D0",
            "image/jpeg; name*=ISO-8859-1''%E9.jpg",
            "image/jpeg; x=\"; name=a.jpg",
        ] {
            assert_eq!(file_name(written), None, "{written}");
        }
    }
}
