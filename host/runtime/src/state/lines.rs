//! Lines a guest writes: through `log`, and on its standard output and error.

use tracing::Level;

use crate::hook::Hook;

/// Lines a call may write.
const LINES: u32 = 64;
/// Characters of a line that are kept.
const LINE_CHARS: usize = 1_024;
/// Bytes of the last words that are kept.
const LAST_WORDS: usize = 2_048;

/// Whose lines they are.
#[derive(Clone, Debug)]
pub struct Whose {
    /// The plugin's name in the site file.
    pub plugin: String,
    /// Key of the site.
    pub site: String,
    /// The hook called.
    pub hook: Hook,
}

/// The lines of one call, bounded in number and length.
#[derive(Debug)]
pub struct Lines {
    whose: Whose,
    written: u32,
    output: Vec<u8>,
    errors: Vec<u8>,
    last_words: String,
}

impl Lines {
    /// No lines yet.
    pub fn of(whose: Whose) -> Self {
        Self { whose, written: 0, output: Vec::new(), errors: Vec::new(), last_words: String::new() }
    }

    /// Writes one line to the operator's log, unless there were too many.
    pub fn write(&mut self, level: Level, line: &str) {
        self.written = self.written.saturating_add(1);
        if self.written > LINES {
            return;
        }
        let line = plain(line);
        let Whose { plugin, site, hook } = &self.whose;
        let hook = hook.as_str();
        match level {
            Level::ERROR => tracing::error!(target: "plugin", plugin, site, hook, "{line}"),
            Level::WARN => tracing::warn!(target: "plugin", plugin, site, hook, "{line}"),
            Level::INFO => tracing::info!(target: "plugin", plugin, site, hook, "{line}"),
            _ => tracing::debug!(target: "plugin", plugin, site, hook, "{line}"),
        }
    }

    /// Takes what the guest wrote on its standard output.
    pub fn output(&mut self, bytes: &[u8]) {
        let mut buffer = std::mem::take(&mut self.output);
        self.write_whole_lines(&mut buffer, bytes, Level::INFO);
        self.output = buffer;
    }

    /// Takes what the guest wrote on its standard error output. Its last lines explain a trap.
    pub fn errors(&mut self, bytes: &[u8]) {
        let mut buffer = std::mem::take(&mut self.errors);
        self.remember(bytes);
        self.write_whole_lines(&mut buffer, bytes, Level::WARN);
        self.errors = buffer;
    }

    /// What the guest said last on its standard error output, bounded; empty where it said nothing.
    pub fn last_words(&self) -> &str {
        self.last_words.trim()
    }

    /// Writes what no line break came after, and how many lines were left out.
    pub fn close(&mut self) {
        for (rest, level) in
            [(std::mem::take(&mut self.output), Level::INFO), (std::mem::take(&mut self.errors), Level::WARN)]
        {
            if !rest.is_empty() {
                self.write(level, &String::from_utf8_lossy(&rest));
            }
        }
        let Whose { plugin, site, hook } = &self.whose;
        if let Some(dropped_lines) = self.written.checked_sub(LINES).filter(|dropped| *dropped > 0) {
            let hook = hook.as_str();
            tracing::warn!(target: "plugin", plugin, site, hook, dropped_lines, "too many lines: {dropped_lines} left out");
        }
        self.written = 0;
    }

    fn remember(&mut self, bytes: &[u8]) {
        let room = LAST_WORDS.saturating_sub(self.last_words.len());
        let kept = bytes.get(..room.min(bytes.len())).unwrap_or_default();
        self.last_words.push_str(&String::from_utf8_lossy(kept));
    }

    fn write_whole_lines(&mut self, buffer: &mut Vec<u8>, bytes: &[u8], level: Level) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let whole = piece.ends_with(b"\n");
            // Only as much is kept as can ever be shown: a character has at most four bytes.
            let room = (LINE_CHARS * 4).saturating_sub(buffer.len());
            buffer.extend(piece.iter().take(room).filter(|byte| **byte != b'\n'));
            if whole {
                let line = std::mem::take(buffer);
                self.write(level, &String::from_utf8_lossy(&line));
            }
        }
    }
}

/// A line as it goes into the log: cut, and without control characters that would forge further lines.
fn plain(line: &str) -> String {
    line.chars().take(LINE_CHARS).map(|char| if char.is_control() { ' ' } else { char }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Lines {
        Lines::of(Whose { plugin: "p".to_owned(), site: "s".to_owned(), hook: Hook::ShapeOffer })
    }

    #[test]
    fn a_line_is_cut_and_cannot_forge_another() {
        assert_eq!(plain("a\nb\u{1b}[0m"), "a b [0m");
        assert_eq!(plain(&"я".repeat(2_000)).chars().count(), LINE_CHARS);
    }

    #[test]
    fn output_in_pieces_makes_whole_lines_and_never_piles_up() {
        let mut lines = lines();
        lines.output(b"one ");
        lines.output(b"line\nand ");
        assert_eq!((lines.written, lines.output.as_slice()), (1, b"and ".as_slice()));
        lines.output(&vec![b'x'; 100_000]);
        assert_eq!(lines.output.len(), LINE_CHARS * 4);
    }

    #[test]
    fn last_words_are_bounded() {
        let mut lines = lines();
        for _ in 0..1_000 {
            lines.errors("паника\n".as_bytes());
        }
        assert!(lines.last_words().starts_with("паника\nпаника"));
        assert!(lines.last_words.len() <= LAST_WORDS + 3, "{}", lines.last_words.len());
    }
}
