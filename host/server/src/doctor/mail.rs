//! Does mail go out, and come back?

use porchlight_delivery::{Mailer, SendError};
use porchlight_model::{
    contact::EmailAddress,
    delivery::{Delivery, Letter, Mail, Payload, Reader},
    request::RequestId,
    site::Site,
    texts::Texts,
};
use tokio::time::{Instant, sleep};

use super::{Doctor, Finding, travel::LOOK};
use crate::{logs::chain, replies::ReplyAddress, wiring::chance};

const CHECK: &str = "mail";

/// Sends a letter that says what it is: to the business, or to the sender's own mailbox where nobody is told. `None` where no mail
/// server is set, of which more is said elsewhere.
pub async fn goes_out(doctor: &Doctor, site: &Site) -> Option<Finding> {
    let (mailer, from) = doctor.mailer.as_ref()?;
    let (now, to) = (doctor.clock.now(), site.mail.as_ref().unwrap_or(from));
    // Nobody keeps it: all that is used of it is its id and that nothing goes before it.
    let delivery = Delivery {
        id: chance::uuid(),
        site: site.key.clone(),
        request: None,
        since: now,
        due_at: now,
        attempts: 0,
        payload: Payload::Letter { letter: Letter::NewToBusiness },
    };
    let mail = written(site, to, "doctor-letter");
    Some(match mailer.send(&delivery, &mail, now).await {
        Ok(()) => Finding::ok(CHECK, "it goes out"),
        Err(error) => refused(&error),
    })
}

/// Answers a letter about a request, as its requester would, and waits until the host has taken the answer in; else says why that
/// cannot be tried, and sees that mail goes out.
pub async fn comes_back(doctor: &Doctor, site: &Site, request: RequestId) -> Finding {
    let Some((mailer, from)) = &doctor.mailer else { return no_server() };
    let address = match address(doctor, request) {
        Ok(address) => address,
        Err((missing, mend)) => {
            let gone = goes_out(doctor, site).await.unwrap_or_else(no_server);
            let says = format!("it goes out; that it comes back is not checked: {missing}");
            return if gone.mend.is_some() { gone } else { Finding::warning(CHECK, says, mend) };
        }
    };
    let mail = Mail { from_name: from.as_str().to_owned(), ..written(site, &address, "doctor-echo") };
    if let Err(error) = mailer.send_unmarked(chance::uuid(), &mail, doctor.clock.now()).await {
        return refused(&error);
    }
    if has_come(doctor, request).await {
        return Finding::ok(CHECK, "it goes out and comes back");
    }
    let (seconds, mend) = (
        doctor.patience.as_secs(),
        "see that mail to `[mail] replies` with a mark behind a plus sign reaches the mailbox, and what the host's log says of \
         incoming mail; slow mail takes a longer `--wait`",
    );
    Finding::failed(CHECK, format!("it goes out, and did not come back within {seconds} s"), mend)
}

/// Where the host takes answers.
fn address(doctor: &Doctor, request: RequestId) -> Result<EmailAddress, (&'static str, &'static str)> {
    const MEND: &str =
        "set `replies`, and `imap` or `inbound_secret`, so that answers by mail are part of the conversation";
    let mail = &doctor.config.mail;
    let replies = mail.replies.as_deref().ok_or(("`[mail] replies` is not set", MEND))?;
    if mail.imap.is_none() && mail.inbound_secret.is_none() {
        return Err(("neither `[mail] imap` nor `inbound_secret` is set", MEND));
    }
    let replies = ReplyAddress::parse(replies).ok();
    let address = replies.and_then(|replies| replies.of(&doctor.keys, request, Reader::Requester));
    address.ok_or(("no mark fits behind `[mail] replies`", MEND))
}

/// Waits until a request has one entry more than it began with.
async fn has_come(doctor: &Doctor, request: RequestId) -> bool {
    let begun = Instant::now();
    loop {
        let known = doctor.store.lookup_request(request).await;
        if known.is_ok_and(|request| request.is_some_and(|request| request.entries.len() > 1)) {
            return true;
        }
        if begun.elapsed() >= doctor.patience {
            return false;
        }
        sleep(LOOK).await;
    }
}

fn written(site: &Site, to: &EmailAddress, text: &'static str) -> Mail {
    let texts = Texts::of(site.locale);
    let (subject, text) = (texts.say("doctor-letter-subject"), texts.say(text));
    Mail { to: to.clone(), reply_to: None, from_name: site.name.clone(), subject, text }
}

fn refused(error: &SendError) -> Finding {
    Finding::failed(CHECK, format!("it does not go out: {}", chain(error)), mend(error))
}

fn mend(error: &SendError) -> &'static str {
    match error {
        SendError::Refused { code: 530..=535 } => {
            "write user and password into `[mail] server`, as your provider gave them"
        }
        SendError::Refused { .. } | SendError::RefusedForNow { .. } => {
            "see whether the server lets mail from `[mail] from` go out, and the server's own log"
        }
        SendError::Address => "write an address that mail can be sent to: `mail` of `site.toml`, `[mail] from`",
        SendError::Protocol => "see whether port and `?tls=` of `[mail] server` are those that your provider gave you",
        _ => "see whether `[mail] server` is right, and up",
    }
}

/// Nothing is sent at all.
pub fn no_server() -> Finding {
    let mend = "write `server` and `from` into `[mail]` of `porchlight.toml`";
    Finding::warning(CHECK, "no mail server is set: nobody hears of requests by mail", mend)
}
