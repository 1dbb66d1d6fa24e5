//! A report as CSV (RFC 4180) for spreadsheets: one table, whose first column says what a line is about; what does not concern it is empty.
//!
//! Words in it come from visitors, plugins and owners. A cell that a spreadsheet would take for a formula begins with an apostrophe, as
//! OWASP advises ("CSV Injection"); so does whatever stands behind something that another spreadsheet takes for the end of a cell.
//! It begins with a byte order mark, without which Excel reads no Cyrillic.

use super::{Figures, Group, Report, Times};

const COLUMNS: [&str; 33] = [
    "about",
    "name",
    "channel",
    "form",
    "hour",
    "requests",
    "cancelled",
    "first_replies",
    "first_reply_median_seconds",
    "first_reply_p90_seconds",
    "first_reply_support_hours_median_seconds",
    "first_reply_support_hours_p90_seconds",
    "promises_kept",
    "promises_put_off",
    "promises_broken",
    "promises_kept_share",
    "resolved",
    "resolution_median_seconds",
    "resolution_p90_seconds",
    "resolved_at_first_contact",
    "resolved_at_first_contact_share",
    "callbacks_called",
    "callbacks_reached",
    "callbacks_reached_share",
    "ratings",
    "rating_average",
    "rating_response_rate",
    "concern",
    "searches",
    "helped",
    "did_not_help",
    "solved_themselves",
    "time_zone",
];

/// The table.
pub fn written(report: &Report) -> String {
    let mut table = Table { text: "\u{feff}".to_owned() };
    table.line(&COLUMNS.map(|column| (column, column.to_owned())));
    let whole = [
        ("name", format!("{} {} {}", report.site, report.from, report.to)),
        ("solved_themselves", number(report.solved_themselves)),
        ("time_zone", report.time_zone.clone()),
    ];
    table.row("total", [whole.to_vec(), cells(&report.total)].concat());
    for (about, groups) in [
        ("channel", &report.by_channel),
        ("form", &report.by_form),
        ("hour", &report.by_hour),
        ("group", &report.groups),
    ] {
        groups.iter().for_each(|group| table.row(about, of_group(group)));
    }
    for (about, counts) in [("concern", &report.by_concern), ("topic", &report.by_topic)] {
        for count in counts {
            let name = ("name", count.topic.clone().unwrap_or_default());
            let concern = ("concern", count.concern.to_owned());
            table.row(about, vec![name, concern, ("requests", count.requests.to_string())]);
        }
    }
    for count in &report.searches_without_result {
        let searches = ("searches", count.searches.to_string());
        table.row("search", vec![("name", count.words.clone()), searches]);
    }
    for count in &report.answers {
        let (helped, not) = (("helped", count.helped.to_string()), ("did_not_help", count.did_not_help.to_string()));
        table.row("answer", vec![("name", count.id.clone()), helped, not]);
    }
    table.text
}

type Cells = Vec<(&'static str, String)>;

fn of_group(group: &Group) -> Cells {
    let place = vec![
        ("channel", group.channel.unwrap_or_default().to_owned()),
        ("form", group.form.unwrap_or_default().to_owned()),
        ("hour", number(group.hour)),
    ];
    [place, cells(&group.figures)].concat()
}

fn cells(figures: &Figures) -> Cells {
    let Figures { requests, cancelled, first_reply, promises, resolution, callbacks, rating } = figures;
    let median = |times: &Option<Times>| number(times.as_ref().map(|times| times.median));
    let p90 = |times: &Option<Times>| number(times.as_ref().map(|times| times.p90));
    vec![
        ("requests", requests.to_string()),
        ("cancelled", cancelled.to_string()),
        ("first_replies", first_reply.count.to_string()),
        ("first_reply_median_seconds", median(&first_reply.wall)),
        ("first_reply_p90_seconds", p90(&first_reply.wall)),
        ("first_reply_support_hours_median_seconds", median(&first_reply.support_hours)),
        ("first_reply_support_hours_p90_seconds", p90(&first_reply.support_hours)),
        ("promises_kept", promises.kept.to_string()),
        ("promises_put_off", promises.put_off.to_string()),
        ("promises_broken", promises.broken.to_string()),
        ("promises_kept_share", number(promises.kept_share)),
        ("resolved", resolution.resolved.to_string()),
        ("resolution_median_seconds", median(&resolution.wall)),
        ("resolution_p90_seconds", p90(&resolution.wall)),
        ("resolved_at_first_contact", resolution.at_first_contact.to_string()),
        ("resolved_at_first_contact_share", number(resolution.at_first_contact_share)),
        ("callbacks_called", callbacks.called.to_string()),
        ("callbacks_reached", callbacks.reached.to_string()),
        ("callbacks_reached_share", number(callbacks.reached_share)),
        ("ratings", rating.count.to_string()),
        ("rating_average", number(rating.average)),
        ("rating_response_rate", number(rating.response_rate)),
    ]
}

fn number(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

struct Table {
    text: String,
}

impl Table {
    /// A line about something, with the cells that concern it.
    fn row(&mut self, about: &str, mut cells: Cells) {
        cells.push(("about", about.to_owned()));
        self.line(&cells);
    }

    fn line(&mut self, cells: &[(&str, String)]) {
        for (place, column) in COLUMNS.iter().enumerate() {
            let written = cells.iter().find(|(name, _)| name == column).map(|(_, written)| written.as_str());
            self.text.push_str(if place == 0 { "" } else { "," });
            self.text.push_str(&cell(written.unwrap_or_default()));
        }
        self.text.push_str("\r\n");
    }
}

/// A text as a cell: in quotation marks, and no formula wherever a spreadsheet has it begin.
fn cell(written: &str) -> String {
    let mut cell = String::with_capacity(written.len() + 2);
    cell.push('"');
    let mut begins = true;
    for c in written.chars() {
        if begins && is_formula(c) {
            cell.push('\'');
        }
        begins = is_end(c) || (begins && c.is_whitespace());
        match c {
            '"' => cell.push_str("\"\""),
            c => cell.push(c),
        }
    }
    cell.push('"');
    cell
}

/// Whether a cell that begins with this may be taken for a formula; so are the full-width forms.
fn is_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠' | '−')
}

/// What some spreadsheet takes for the end of a cell.
fn is_end(c: char) -> bool {
    matches!(c, ',' | ';' | '|' | '\t' | '\r' | '\n' | '"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_takes_for_a_formula_is_a_text() {
        for (written, safe) in [
            ("=1+1", "\"'=1+1\""),
            ("+7", "\"'+7\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t'=1\""),
            ("\r=1", "\"'\r'=1\""),
            ("  =1", "\"  '=1\""),
            ("a;=1", "\"a;'=1\""),
            ("a,\n@x", "\"a,'\n'@x\""),
            ("\"=1", "\"\"\"'=1\""),
            ("＝1", "\"'＝1\""),
            ("Возврат - срочно", "\"Возврат - срочно\""),
            ("a=b", "\"a=b\""),
            ("", "\"\""),
            ("0.5", "\"0.5\""),
        ] {
            assert_eq!(cell(written), safe, "{written:?}");
        }
    }

    #[test]
    fn every_cell_has_a_column() {
        let figures = Figures::of(&porchlight_model::measure::Tally::default());
        for (name, _) in cells(&figures) {
            assert!(COLUMNS.contains(&name), "{name}");
        }
    }
}
