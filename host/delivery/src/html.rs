//! A letter as HTML, made from its plain text: the two cannot say different things.
//!
//! The text is a structure already (see `model::letters`): paragraphs with an empty line between them; what others wrote stands
//! behind labels or `> `; an address on a line of its own is ours. It is shown quietly: the reader's own font and colours, dark
//! or light, no image and nothing that tells who looked.

/// Before the paragraphs. Fonts and measures stand in the element, because many mail programs read no style sheet.
const HEAD: &str = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\">\
<meta name=\"color-scheme\" content=\"light dark\">\
<meta name=\"supported-color-schemes\" content=\"light dark\"></head>\n\
<body style=\"margin:0;padding:24px 16px\">\
<div style=\"max-width:36em;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;overflow-wrap:anywhere\">\n";
const TAIL: &str = "</div></body></html>\n";

/// A letter's plain text as an HTML document. Everything is escaped; only an address that has a line to itself becomes a link.
pub(crate) fn of_text(text: &str) -> String {
    let (letter, signature) = match text.split_once("\n-- \n") {
        Some((letter, signature)) => (letter, Some(signature)),
        None => (text, None),
    };
    let mut html = HEAD.to_owned();
    for paragraph in letter.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        html.push_str(&of_paragraph(paragraph));
    }
    if let Some(signature) = signature.map(str::trim) {
        html.push_str(&format!("<p style=\"margin:24px 0 0;opacity:.7\">{}</p>\n", broken(signature)));
    }
    html + TAIL
}

/// Lines behind `> ` are a quotation, the others a paragraph; both may be in one.
fn of_paragraph(paragraph: &str) -> String {
    let lines: Vec<&str> = paragraph.lines().collect();
    let runs = lines.chunk_by(|one, next| is_quoted(one) == is_quoted(next));
    runs.map(|run| if is_quoted(run[0]) { quotation(run) } else { plain(run) }).collect()
}

fn is_quoted(line: &str) -> bool {
    line.starts_with('>')
}

fn quotation(lines: &[&str]) -> String {
    let said: Vec<&str> = lines.iter().map(|line| line.trim_start_matches('>').trim_start()).collect();
    let style = "margin:0 0 16px;padding:0 0 0 12px;border-left:3px solid #8888";
    format!("<blockquote style=\"{style}\">{}</blockquote>\n", broken(&said.join("\n")))
}

fn plain(lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| link(line).unwrap_or_else(|| escaped(line))).collect();
    format!("<p style=\"margin:0 0 16px\">{}</p>\n", lines.join("<br>\n"))
}

/// A line that is an address and nothing else, as a link.
fn link(line: &str) -> Option<String> {
    let is_address = line.starts_with("https://") || line.starts_with("http://");
    let address = (is_address && !line.contains(char::is_whitespace)).then(|| escaped(line))?;
    Some(format!("<a href=\"{address}\" style=\"color:inherit\">{address}</a>"))
}

fn broken(text: &str) -> String {
    text.lines().map(escaped).collect::<Vec<_>>().join("<br>\n")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "Анна спрашивает.\n\nОткрыть:\nhttps://help.example/desk/pet-shop/AQ?a=1&b\n\nИмя: Анна <b>\n\
                          Адрес: https://evil.example\n\nЧто написано:\n> https://evil.example\n> <i>да</i>\n\n-- \nПёс & Кот\n";

    #[test]
    fn every_line_of_the_text_is_in_the_html_and_escaped() {
        let html = of_text(LETTER);
        for line in LETTER.lines().filter(|line| !line.is_empty() && *line != "-- ") {
            let said = escaped(line.trim_start_matches("> "));
            assert!(html.contains(&said), "{said} in {html}");
        }
        assert!(!html.contains("<b>") && !html.contains("<i>"), "{html}");
    }

    #[test]
    fn only_an_address_on_a_line_of_ours_becomes_a_link() {
        let html = of_text(LETTER);
        let links: Vec<&str> = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(links, ["https://help.example/desk/pet-shop/AQ?a=1&amp;b"]);
    }

    #[test]
    fn nothing_is_fetched_when_a_letter_is_looked_at() {
        let html = of_text("x\" onload=\"y\n<img src=https://evil.example/p.gif>\n");
        for fetched in ["<img", "src=\"", "url(", "<link", "@import", " onload=\""] {
            assert!(!html.contains(fetched), "{fetched} in {html}");
        }
    }

    #[test]
    fn quotation_and_signature_are_told_apart() {
        let html = of_text(LETTER);
        assert_eq!(html.matches("<blockquote").count(), 1, "{html}");
        assert!(html.contains("opacity:.7\">Пёс &amp; Кот</p>"), "{html}");
        assert!(of_text("a\n> b\nc\n").contains("</p>\n<blockquote"), "one paragraph can be of both");
    }
}
