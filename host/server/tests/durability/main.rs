//! What was acknowledged is kept, once, whatever breaks: the power, the disk, its room.
//!
//! | module | what breaks |
//! |---|---|
//! | `kills` | the process, again and again under load |
//! | `letters` | the process while letters go out |
//! | `outage` | the mail server, for an hour |
//! | `sync_errors` | the disk: every sync fails |
//! | `full_disk` | there is no room left |
//! | `trace` | nothing: each answer is seen to follow the sync of its commit |
//! | `damaged` | a byte of the file |
//! | `second_host` | somebody starts a host where one runs |

mod backup;
mod damaged;
mod kept;
mod kills;
mod second_host;
mod visitors;

#[cfg(feature = "fault-tests")]
mod full_disk;
#[cfg(feature = "mail-tests")]
mod letters;
#[cfg(all(feature = "fault-tests", feature = "mail-tests"))]
mod outage;
#[cfg(feature = "fault-tests")]
mod sync_errors;
#[cfg(feature = "fault-tests")]
mod trace;

use std::path::Path;

fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_porchlight"))
}

/// Whether the long tests run too.
fn in_full() -> bool {
    std::env::var_os("PORCHLIGHT_FULL").is_some()
}
