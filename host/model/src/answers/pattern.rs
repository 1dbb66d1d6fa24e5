//! Patterns over the paths of pages.

use crate::web;

/// A pattern over the path of a page: `*` stands for any run of characters, everything else for itself.
///
/// Percent-encoding does not matter on either side: `/собаки/*` matches `/%D1%81%D0%BE%D0%B1%D0%B0%D0%BA%D0%B8/1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePattern {
    /// What stands before, between and after the stars, decoded.
    literals: Vec<String>,
}

/// The path of a page, as patterns are held against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePath(String);

impl PagePath {
    /// The path of a page's address; a query or fragment does not matter. A bare path is taken too.
    pub fn of(page: &str) -> Self {
        Self(decoded(web::path(page)))
    }
}

impl PagePattern {
    /// Reads a pattern.
    pub fn new(written: &str) -> Self {
        Self { literals: written.split('*').map(decoded).collect() }
    }

    /// Whether a page matches.
    ///
    /// Each literal between stars is looked for once, leftmost: nothing is tried again.
    pub fn matches(&self, PagePath(path): &PagePath) -> bool {
        let [first, rest @ ..] = self.literals.as_slice() else { return false };
        let [middle @ .., last] = rest else { return path == first };
        let Some(path) = path.strip_prefix(first.as_str()) else { return false };
        let Some(path) = path.strip_suffix(last.as_str()) else { return false };
        holds_in_order(path, middle)
    }
}

fn holds_in_order(mut path: &str, literals: &[String]) -> bool {
    for literal in literals {
        let Some(at) = path.find(literal.as_str()) else { return false };
        path = &path[at + literal.len()..];
    }
    true
}

/// What a percent-encoded path stands for; bytes that are no UTF-8 become U+FFFD.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        let encoded = if *first == b'%' { after.split_at_checked(2).and_then(byte) } else { None };
        let (byte, next) = encoded.unwrap_or((*first, after));
        bytes.push(byte);
        rest = next;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn byte<'a>((digits, rest): (&'a [u8], &'a [u8])) -> Option<(u8, &'a [u8])> {
    let [high, low] = [char::from(digits[0]).to_digit(16)?, char::from(digits[1]).to_digit(16)?];
    Some((u8::try_from(high * 16 + low).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, page: &str) -> bool {
        PagePattern::new(pattern).matches(&PagePath::of(page))
    }

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        assert!(matches("/dog-houses/*", "https://shop.example/dog-houses/lux?size=xl#photo"));
        assert!(matches("/dog-houses/*", "/dog-houses/"));
        assert!(!matches("/dog-houses/*", "/dog-houses"));
        assert!(matches("*", "https://shop.example"));
        assert!(matches("/*/reviews", "/a/b/reviews"));
        assert!(!matches("/*/reviews", "/a/reviews/2"));
        assert!(matches("/a*b*c*", "/a-b-c"));
        assert!(!matches("/a*c*b", "/a-b-c"));
    }

    #[test]
    fn without_a_star_the_whole_path_has_to_be_equal() {
        assert!(matches("/contacts", "https://shop.example/contacts?from=menu"));
        assert!(!matches("/contacts", "/contacts/map"));
        assert!(matches("/", "https://shop.example"));
    }

    #[test]
    fn literals_do_not_overlap() {
        assert!(!matches("/aa*aa", "/aaa"));
        assert!(matches("/aa*aa", "/aaaa"));
    }

    #[test]
    fn only_the_path_counts() {
        assert!(!matches("/dog-houses/*", "https://shop.example/?next=/dog-houses/1"));
        assert!(!matches("*dog*", "https://dog.example/cats"));
    }

    #[test]
    fn percent_encoding_does_not_matter() {
        assert!(matches("/собаки/*", "https://shop.example/%D1%81%D0%BE%D0%B1%D0%B0%D0%BA%D0%B8/1"));
        assert!(matches("/%d1%81/*", "/с/1"));
        assert!(matches("/100%/*", "/100%/a"));
        assert!(matches("/%zz", "/%zz"));
    }

    #[test]
    fn many_stars_against_a_long_page_take_no_time() {
        let pattern = "*a".repeat(500) + "b";
        assert!(!matches(&pattern, &format!("/{}", "a".repeat(2_000))));
    }
}
