//! What the writer of a mail added to it: without the mail it answers, and without signature.
//!
//! No standard says where an answer ends; these are the marks that the mail programs of our readers leave. Where nothing would be
//! left, everything is kept: rather too much than somebody's words lost.

use super::body::Written;

/// How many mails that were answered are looked for in one.
const ANSWERS: usize = 16;

/// The own words of a text.
pub(super) fn own_words(written: &Written) -> String {
    let found = written.own.iter().chain([&written.text]).map(|text| stripped(text));
    let own = found.into_iter().find(|own| !own.is_empty());
    own.unwrap_or_else(|| tidy(&written.text.lines().collect::<Vec<_>>()))
}

fn stripped(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let lines = before_forwarded(&lines);
    let lines = without_answered(lines);
    tidy(without_farewell(without_signature(&lines)))
}

/// No empty lines around, and never more than one together.
fn tidy(lines: &[&str]) -> String {
    let mut tidied: Vec<&str> = Vec::new();
    for line in lines.iter().map(|line| line.trim_end()) {
        if !line.is_empty() || tidied.last().is_some_and(|last| !last.is_empty()) {
            tidied.push(line);
        }
    }
    tidied.join("\n").trim().to_owned()
}

/// All before a mail that is repeated whole behind a line of its own, or behind its header.
fn before_forwarded<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let end = (0..lines.len()).find(|at| is_divider(lines[*at]) || is_header_block(&lines[*at..]));
    let before = &lines[..end.unwrap_or(lines.len())];
    let is_rule = |line: &&str| line.trim().len() >= 10 && line.trim().chars().all(|c| matches!(c, '_' | '-'));
    match before.iter().rposition(|line| !line.trim().is_empty()) {
        Some(last) if end.is_some() && is_rule(&before[last]) => &before[..last],
        _ => before,
    }
}

/// `-----Original Message-----` in the languages of our readers.
fn is_divider(line: &str) -> bool {
    const SAYS: [&str; 13] = [
        "original message",
        "original appointment",
        "forwarded message",
        "исходное сообщение",
        "первоначальное сообщение",
        "пересылаемое сообщение",
        "пересланное сообщение",
        "перенаправленное сообщение",
        "оригинално съобщение",
        "препратено съобщение",
        "ursprüngliche nachricht",
        "weitergeleitete nachricht",
        "message d'origine",
    ];
    let line = line.trim();
    let dashed = line.starts_with("---") && line.ends_with("--");
    let said = line.trim_matches('-').trim().to_lowercase();
    dashed && SAYS.iter().any(|known| said.starts_with(known))
}

/// The header that Outlook puts before the mail that is answered: `From: …`, then at least two more of its lines.
fn is_header_block(lines: &[&str]) -> bool {
    const FROM: [&str; 6] = ["from", "от", "от кого", "von", "de", "отправитель"];
    const MORE: [&str; 22] = [
        "sent",
        "date",
        "to",
        "cc",
        "subject",
        "отправлено",
        "дата",
        "кому",
        "копия",
        "тема",
        "изпратено",
        "до",
        "копие",
        "относно",
        "gesendet",
        "datum",
        "an",
        "betreff",
        "envoyé",
        "à",
        "objet",
        "importance",
    ];
    let label = |line: &str| {
        let (label, rest) = line.trim().trim_start_matches('*').split_once(':')?;
        (!rest.trim().trim_matches('*').is_empty()).then(|| label.trim().trim_matches('*').trim().to_lowercase())
    };
    let is = |line: &str, known: &[&str]| label(line).is_some_and(|label| known.contains(&label.as_str()));
    let Some((first, rest)) = lines.split_first() else { return false };
    is(first, &FROM)
        && rest.iter().filter(|line| !line.trim().is_empty()).take(4).filter(|line| is(line, &MORE)).count() >= 2
}

/// What is quoted at the end or at the beginning goes, with the line that says who wrote it; what is quoted between own words is
/// part of them.
fn without_answered<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let mut lines = lines.to_vec();
    for _ in 0..ANSWERS {
        let Some((at, length)) = attribution(&lines) else { break };
        let after = at + length;
        let quoted = lines[after..].iter().take_while(|line| is_quoted(line) || line.trim().is_empty()).count();
        let is_marked = lines[after..after + quoted].iter().any(|line| is_quoted(line));
        // Without marks there is no telling where the answered mail ends: it is what follows.
        let end = if is_marked { after + quoted } else { lines.len() };
        let words_before = lines[..at].iter().any(|line| !line.trim().is_empty());
        let words_after = lines[end..].iter().any(|line| !line.trim().is_empty());
        // Between own words the quotation stays, and the line that names its writer goes.
        let gone = if words_before && words_after { at..after } else { at..end };
        lines.drain(gone);
    }
    let last = lines.iter().rposition(|line| !line.trim().is_empty() && !is_quoted(line));
    lines.truncate(last.map_or(0, |last| last + 1));
    let first = lines.iter().position(|line| !line.trim().is_empty() && !is_quoted(line));
    lines.drain(..first.unwrap_or(0));
    lines
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// The first line that says who wrote what follows, and over how many lines it was broken.
fn attribution(lines: &[&str]) -> Option<(usize, usize)> {
    (0..lines.len()).find_map(|at| {
        let whole = |length: &usize| lines.get(at..at + length).is_some_and(is_attribution);
        (1..=3).find(whole).map(|length| (at, length))
    })
}

/// `On Tue, 24 Nov 2026 at 12:30, Пёс и Кот <help@shop.example> wrote:` and its like.
fn is_attribution(lines: &[&str]) -> bool {
    const LONGEST: usize = 500;
    if lines.iter().any(|line| line.trim().is_empty() || is_quoted(line)) {
        return false;
    }
    if lines.iter().map(|line| line.len()).sum::<usize>() > LONGEST {
        return false;
    }
    let whole = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ").to_lowercase();
    let Some(said) = whole.strip_suffix(':').map(str::trim_end) else { return false };
    let has_digits = said.chars().filter(char::is_ascii_digit).count() >= 3;
    let has_address = said.find('<').is_some_and(|at| said[at..].contains('@')) || said.contains("mailto:");
    let names_a_writer = has_address && (said.ends_with('>') || said.ends_with(']') || ends_as_written(said));
    has_digits && (names_a_writer || begins_as_written(said) && ends_as_written(said))
}

fn begins_as_written(said: &str) -> bool {
    const BEGINNINGS: [&str; 5] = ["on ", "на ", "am ", "le ", "el "];
    let begins_with_day = said.chars().next().is_some_and(|c| c.is_ascii_digit());
    const DAYS: [&str; 14] =
        ["пн", "вт", "ср", "чт", "пт", "сб", "вс", "нд", "понед", "втор", "сред", "четв", "пятн", "mo"];
    begins_with_day || BEGINNINGS.iter().chain(&DAYS).any(|beginning| said.starts_with(beginning))
}

fn ends_as_written(said: &str) -> bool {
    const ENDS: [&str; 11] = [
        "wrote",
        "пишет",
        "писал",
        "писала",
        "писал(а)",
        "написал",
        "написала",
        "написал(а)",
        "написа",
        "schrieb",
        "a écrit",
    ];
    ENDS.iter().any(|end| said.ends_with(end)) || said.contains(" schrieb ")
}

/// All before the signature: behind `-- ` (RFC 3676, section 4.3), or behind `--` where no more than a signature follows.
fn without_signature<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    const SIGNATURE_LINES: usize = 12;
    let begins = |at: &usize| match lines[*at] {
        "-- " => true,
        line => matches!(line.trim_end(), "--" | "—") && lines.len() - at <= SIGNATURE_LINES,
    };
    &lines[..(0..lines.len()).find(begins).unwrap_or(lines.len())]
}

/// Without the line that a telephone puts below every mail.
fn without_farewell<'a, 'b>(mut lines: &'b [&'a str]) -> &'b [&'a str] {
    while let Some((last, before)) = lines.split_last() {
        if !last.trim().is_empty() && !is_farewell(last) {
            break;
        }
        lines = before;
    }
    lines
}

fn is_farewell(line: &str) -> bool {
    const BEGINNINGS: [&str; 15] = [
        "sent from my ",
        "sent from mail for ",
        "sent from outlook",
        "sent from yahoo",
        "sent with proton",
        "get outlook for ",
        "отправлено с ",
        "отправлено из ",
        "отправлено от ",
        "отправлено через ",
        "изпратено от ",
        "изпратено с ",
        "von meinem ",
        "gesendet von ",
        "envoyé de ",
    ];
    const LONGEST: usize = 80;
    let line = line.trim().trim_start_matches(['-', '*', '_']).trim_start().to_lowercase();
    line.chars().count() <= LONGEST && BEGINNINGS.iter().any(|beginning| line.starts_with(beginning))
}
