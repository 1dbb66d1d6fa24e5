//! Answers: Markdown files with a TOML front matter between lines of `+++`.

use std::sync::LazyLock;

use ammonia::Builder;
use porchlight_model::answers::{Answer, PagePattern};
use pulldown_cmark::{Event, Parser, html};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    diagnostic::{Diagnostic, Diagnostics},
    document::{Document, Schema},
    site::locale,
    site_file::LocaleName,
};

/// What stands above an answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    /// Name unique within the site and language.
    #[schemars(regex(pattern = "^[a-z0-9-]{1,60}$"))]
    id: String,
    /// The question as a visitor would ask it.
    #[schemars(length(min = 1, max = 200))]
    question: String,
    /// The language it is written in.
    locale: LocaleName,
    /// Paths it is offered first on.
    #[serde(default)]
    pages: Vec<String>,
    /// Words it is searched by beside those that stand in it.
    #[serde(default)]
    words: Vec<String>,
    /// A page with the whole story.
    #[serde(default)]
    #[schemars(regex(pattern = "^https?://"))]
    url: Option<String>,
}

static SCHEMA: LazyLock<Schema> = LazyLock::new(Schema::of::<FrontMatter>);

/// Reads one answer file.
pub fn read(file: &str, text: &str) -> Result<Answer, Diagnostics> {
    let (front, body) = split(text).ok_or_else(|| missing_front_matter(file))?;
    let front: FrontMatter = Document::parse(file, &front)?.read(&SCHEMA)?;
    Ok(Answer {
        id: front.id,
        question: front.question,
        locale: locale(front.locale),
        pages: front.pages.iter().map(|page| PagePattern::new(page)).collect(),
        url: front.url,
        html: rendered(body),
        text: format!("{} {}", plain(body), front.words.join(" ")).trim_end().to_owned(),
    })
}

/// Front matter with the same line numbers as in the file, and the Markdown below it.
fn split(text: &str) -> Option<(String, &str)> {
    let rest = text.trim_start_matches('\u{feff}').strip_prefix("+++")?.trim_start_matches('\r').strip_prefix('\n')?;
    let end = rest.find("\n+++")?;
    let body = rest[end + 4..].trim_start_matches('\r').strip_prefix('\n').unwrap_or("");
    Some((format!("\n{}\n", &rest[..end]), body))
}

fn missing_front_matter(file: &str) -> Diagnostics {
    Diagnostics(vec![Diagnostic {
        file: file.to_owned(),
        place: Some((1, 1)),
        key: String::new(),
        message: "an answer begins with its id, question and locale between two lines of `+++`".to_owned(),
    }])
}

fn rendered(markdown: &str) -> String {
    let mut raw = String::new();
    html::push_html(&mut raw, Parser::new(markdown));
    let mut clean = Builder::default()
        .tags(["a", "p", "ul", "ol", "li", "strong", "em", "code", "br", "h3", "h4", "blockquote"].into())
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .link_rel(Some("noopener"))
        .clean(&raw)
        .to_string();
    // It was grown by doubling, and is kept as long as the site is served.
    clean.shrink_to_fit();
    clean
}

fn plain(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push(' '),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use porchlight_model::locale::Locale;

    use super::*;

    const RETURNS: &str = "+++\nid = \"returns\"\nquestion = \"Как вернуть товар?\"\nlocale = \"ru\"\n+++\n\
        Привезите его **в магазин**.\n\n- с чеком\n- без [чека](https://shop.example/receipt)\n";

    #[test]
    fn markdown_becomes_html_and_plain_text() {
        let answer = read("answers/returns.md", RETURNS).expect("a good answer");
        assert_eq!(answer.locale, Locale::Ru);
        assert!(answer.html.contains("<strong>в магазин</strong>"), "{}", answer.html);
        assert!(answer.html.contains("rel=\"noopener\""), "{}", answer.html);
        assert_eq!(answer.text, "Привезите его в магазин . с чеком без чека");
    }

    #[test]
    fn scripts_do_not_survive() {
        let hostile = RETURNS
            .replace("с чеком", "<img src=x onerror=alert(1)><script>alert(1)</script> [x](javascript:alert(1))");
        let html = read("answers/returns.md", &hostile).expect("it is still an answer").html;
        assert!(!html.contains("onerror") && !html.contains("<script") && !html.contains("javascript:"), "{html}");
    }

    #[test]
    fn a_mistake_is_placed_in_the_file() {
        let broken = RETURNS.replace("locale = \"ru\"", "locale = \"xx\"");
        let mistakes = read("answers/returns.md", &broken).expect_err("no such language").to_string();
        assert!(mistakes.starts_with("answers/returns.md:4:1: `locale`"), "{mistakes}");
    }

    #[test]
    fn a_file_without_front_matter_says_what_belongs_there() {
        let mistakes = read("answers/x.md", "Просто текст").expect_err("nothing above it").to_string();
        assert!(mistakes.contains("+++"), "{mistakes}");
    }
}
