//! `porchlight deliveries`.

use anyhow::bail;
use porchlight_store::DeadLetter;

use super::{open_store, read_settings};
use crate::{
    cli::{DeliveriesCommand, Settings},
    wiring::clock::Clock,
};

/// Shows what was given up, and lets it be sent again.
pub async fn deliveries(settings: &Settings, command: DeliveriesCommand) -> anyhow::Result<()> {
    let store = open_store(&read_settings(settings)?.data)?;
    match command {
        DeliveriesCommand::List => {
            store.dead_letters().await?.iter().for_each(|letter| println!("{}", line(letter)));
            Ok(())
        }
        DeliveriesCommand::Resend { id, .. } => {
            let revived = store.revive_deliveries(id, Clock::real().now()).await?;
            if let Some(id) = id.filter(|_| revived == 0) {
                bail!("no delivery `{id}` was given up; `porchlight deliveries list` names those that were");
            }
            println!("{revived} to be sent again");
            Ok(())
        }
    }
}

fn line(letter: &DeadLetter) -> String {
    let DeadLetter { delivery, site, target, reference, attempts, dead_at, error } = letter;
    let reference = reference.as_deref().unwrap_or("-");
    format!("{delivery}\t{dead_at:.0}\t{site}\t{target}\t{reference}\t{attempts} attempts\t{error}")
}
