//! Patterns over the paths of pages.

use crate::web;

/// A pattern over the path of a page: `*` stands for any run of characters, everything else for itself.
///
/// Percent-encoding does not matter on either side: `/собаки/*` matches `/%D1%81%D0%BE%D0%B1%D0%B0%D0%BA%D0%B8/1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePattern(pub String);

impl PagePattern {
    /// Whether the path of this page address matches; a query or fragment does not matter. A bare path is taken too.
    ///
    /// Each literal between stars is looked for once, leftmost: nothing is tried again.
    pub fn matches(&self, page: &str) -> bool {
        let path = decoded(web::path(page));
        let Some((first, rest)) = self.0.split_once('*') else { return path == decoded(&self.0) };
        let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
        let Some(path) = path.strip_prefix(decoded(first).as_str()) else { return false };
        let Some(path) = path.strip_suffix(decoded(last).as_str()) else { return false };
        holds_in_order(path, middle.split('*'))
    }
}

fn holds_in_order<'a>(mut path: &str, literals: impl Iterator<Item = &'a str>) -> bool {
    for literal in literals.map(decoded) {
        let Some(at) = path.find(&literal) else { return false };
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
        PagePattern(pattern.to_owned()).matches(page)
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
