//! The mailbox that is looked into, joined to the flow that takes mail in.

use std::sync::Arc;

use async_trait::async_trait;
use porchlight_delivery::{ImapInbox, Intake, Received};
use tokio_util::sync::CancellationToken;

use crate::{
    app::App,
    flows::inbox::{self, Dropped, Taken},
    logs::chain,
};

/// Takes in what comes into a mailbox, until told to stop.
pub async fn receiving(app: App, inbox: ImapInbox, stop: CancellationToken) {
    inbox.run(Arc::new(HostIntake(app)), stop).await;
}

struct HostIntake(App);

#[async_trait]
impl Intake for HostIntake {
    async fn take(&self, mail: Vec<u8>) -> Received {
        match inbox::take_in(&self.0, mail.into()).await {
            Ok(Taken::Dropped(Dropped::Nobody)) => Received::NotOurs,
            Ok(Taken::Kept | Taken::Dropped(Dropped::Automatic(_) | Dropped::Forged)) => Received::Done,
            // People may have written it: somebody of the business has to see that it was not taken.
            Ok(dropped @ Taken::Dropped(_)) => Received::Left(dropped.class()),
            Err(error) => {
                tracing::error!(error = %chain(&error), "a mail could not be kept, and stays where it is");
                Received::NotNow
            }
        }
    }
}
