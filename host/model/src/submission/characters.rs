//! Characters that are not what they seem: that nobody sees, or that turn the text around them.

/// Whether there is nothing to see: blanks, and characters without width.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_unseen(c))
}

/// Whether a character turns the direction of what follows it, beyond its own field: the embeddings, overrides and isolates of
/// the Unicode bidirectional algorithm (UAX 9, section 2).
pub(crate) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character shows nothing by itself: the `Default_Ignorable_Code_Point`s of Unicode that stand in planes 0 and 14.
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}')
}
