//! How long a session lasts: half an hour after it was used last, twelve hours after it began (OWASP ASVS 5.0, 7.3).

use jiff::{SignedDuration, Timestamp};
use porchlight_model::agent::AgentId;
use porchlight_store::{Session, TokenHash};

/// A session ends this long after it was used last.
const IDLE: SignedDuration = SignedDuration::from_mins(30);

/// A session ends this long after it began.
const WHOLE: SignedDuration = SignedDuration::from_hours(12);

/// Use is noted at most this often, as each note is a write. So a session may end up to a minute earlier than half an hour after it
/// was used last.
const NOTED: SignedDuration = SignedDuration::from_mins(1);

/// A session that begins now.
pub fn begun(token: TokenHash, agent: AgentId, now: Timestamp) -> Session {
    let ends_at = now.saturating_add(WHOLE).unwrap_or(Timestamp::MAX);
    Session { token, agent, created_at: now, seen_at: now, ends_at }
}

/// Whether a session goes on.
pub fn is_alive(session: &Session, now: Timestamp) -> bool {
    now < session.ends_at && now.duration_since(session.seen_at) < IDLE
}

/// Whether its use is to be noted again.
pub fn is_to_be_noted(session: &Session, now: Timestamp) -> bool {
    now.duration_since(session.seen_at) >= NOTED
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn session_ends_when_it_rests_and_when_it_is_old() {
        let begin: Timestamp = "2026-11-22T08:00:00Z".parse().expect("a moment");
        let at = |minutes: i64| begin + SignedDuration::from_mins(minutes);
        let session = begun([1; 32], AgentId(Uuid::nil()), begin);
        assert!(is_alive(&session, at(29)) && !is_alive(&session, at(30)));
        let used = Session { seen_at: at(719), ..session };
        assert!(is_alive(&used, at(719)) && !is_alive(&used, at(720)), "twelve hours are the end");
        assert!(!is_to_be_noted(&session, begin + SignedDuration::from_secs(59)) && is_to_be_noted(&session, at(1)));
    }
}
