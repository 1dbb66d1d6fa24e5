//! The table: figures, what they stand beside, and whether they are what was to be reached.

use std::fmt::Write;

use crate::rounds::{Series, Spread};

/// The figures of one part.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it is about.
    pub title: String,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// One figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    what: String,
    ours: String,
    bare: String,
    ratio: String,
    targets: Vec<(String, bool)>,
}

impl Row {
    /// A figure that stands alone.
    pub fn new(what: impl Into<String>, ours: impl Into<String>) -> Self {
        Self { what: what.into(), ours: ours.into(), ..Self::default() }
    }

    /// What it stands beside.
    pub fn beside(mut self, bare: impl Into<String>) -> Self {
        self.bare = bare.into();
        self
    }

    /// How many times the other it is, round by round.
    pub fn ratio(mut self, ratio: &Series) -> Self {
        self.ratio = spread(ratio.spread());
        self
    }

    /// A ratio of two sums.
    pub fn ratio_of_sums(mut self, ratio: f64) -> Self {
        self.ratio = format!("{ratio:.2}");
        self
    }

    /// At least this much was to be reached.
    pub fn at_least(self, value: f64, target: f64, words: &str) -> Self {
        self.target(format!("≥ {words}"), value >= target)
    }

    /// At most this much was to be reached.
    pub fn at_most(self, value: f64, target: f64, words: &str) -> Self {
        self.target(format!("≤ {words}"), value <= target)
    }

    fn target(mut self, words: String, reached: bool) -> Self {
        self.targets.push((words, reached));
        self
    }
}

fn spread(Spread { median, least, most }: Spread) -> String {
    format!("{median:.2} ({least:.2} … {most:.2})")
}

/// The table of all parts, in Markdown.
pub fn markdown(parts: &[Part]) -> String {
    let mut text = String::from("| | Porchlight | bare | ratio | to reach | |\n|---|--:|--:|--:|--:|---|\n");
    for part in parts {
        line(&mut text, [&format!("**{}**", part.title), "", "", "", "", ""]);
        for row in &part.rows {
            let words: Vec<&str> = row.targets.iter().map(|(words, _)| words.as_str()).collect();
            let verdicts: Vec<&str> = row.targets.iter().map(|(_, reached)| verdict(*reached)).collect();
            line(&mut text, [&row.what, &row.ours, &row.bare, &row.ratio, &words.join("; "), &verdicts.join("; ")]);
        }
    }
    text
}

fn verdict(reached: bool) -> &'static str {
    if reached { "reached" } else { "**not reached**" }
}

fn line(text: &mut String, cells: [&str; 6]) {
    // Writing into a string cannot fail.
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

/// A number with its thousands apart: `12 345`.
pub fn whole(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = if number <= -0.5 { "−".to_owned() } else { String::new() };
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_is_reached_and_what_is_not() {
        let mut ratio = Series::default();
        [0.61, 0.6, 0.7].into_iter().for_each(|value| ratio.push(value));
        let row = Row::new("one plugin", "12\u{202f}000/s").beside("20\u{202f}000/s").ratio(&ratio);
        let rows = vec![row.at_least(0.61, 0.5, "0.5"), Row::new("p99", "60 ms").at_most(60.0, 50.0, "50 ms")];
        let table = markdown(&[Part { title: "Offers".to_owned(), rows }]);
        let lines: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| **Offers** |  |  |  |  |  |",
                "| one plugin | 12\u{202f}000/s | 20\u{202f}000/s | 0.61 (0.60 … 0.70) | ≥ 0.5 | reached |",
                "| p99 | 60 ms |  |  | ≤ 50 ms | **not reached** |",
            ]
        );
    }

    #[test]
    fn a_row_with_two_targets_has_two_verdicts() {
        let row = Row::new("submissions", "6 000/s").at_least(0.3, 0.4, "0.4").at_least(6000.0, 5000.0, "5 000/s");
        let table = markdown(&[Part { title: "Submissions".to_owned(), rows: vec![row] }]);
        assert!(table.ends_with("| ≥ 0.4; ≥ 5 000/s | **not reached**; reached |\n"), "{table}");
    }

    #[test]
    fn thousands_stand_apart() {
        let spaced = |number| whole(number).replace('\u{202f}', " ");
        assert_eq!(
            [spaced(7.4), spaced(1234.0), spaced(1_000_000.0), spaced(-1500.0)],
            ["7", "1 234", "1 000 000", "−1 500"]
        );
    }
}
