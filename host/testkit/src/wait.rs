//! Waiting for something to be so.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

/// How long tests usually wait before they give up; generous, for machines with little to spare.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks again and again until `poll` finds something, and returns it; fails after `within`, naming `what` was waited for.
pub async fn wait_until<T, F>(what: &str, within: Duration, mut poll: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Option<T>>,
{
    let deadline = Instant::now() + within;
    loop {
        if let Some(found) = poll().await {
            return Ok(found);
        }
        if Instant::now() >= deadline {
            bail!("waited {} s in vain for {what}", within.as_secs_f64());
        }
        sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waiting_returns_what_was_found_as_soon_as_it_is_there() {
        let mut looks = 0;
        let found = wait_until("the third look", PATIENCE, || {
            looks += 1;
            let look = looks;
            async move { (look == 3).then_some(look) }
        });
        assert_eq!(found.await.expect("it comes"), 3);
    }

    #[tokio::test]
    async fn waiting_in_vain_says_for_what() {
        let outcome = wait_until("a blue moon", Duration::from_millis(50), async || None::<()>).await;
        assert_eq!(outcome.expect_err("it never comes").to_string(), "waited 0.05 s in vain for a blue moon");
    }
}
