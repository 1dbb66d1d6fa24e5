//! Listening: connections with limits on their number, their heads and their silence, and a graceful end.

mod answer;
mod connection;
mod moves;
mod peer;
mod room;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::OwnedSemaphorePermit,
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use peer::Peer;

use crate::config::host::LimitsConfig;
use connection::Serving;
use room::Room;

/// Connections that may wait to be accepted.
const WAITING: u32 = 1_024;
/// Bytes of answers that the kernel may hold for one connection. Left to itself it holds megabytes for whoever does not read.
const UNREAD_BY_CLIENT: u32 = 128 * 1024;
/// Files open beside the connections: the database, the log, what is watched.
const OTHER_FILES: u64 = 64;

/// Listens at an address.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(UNREAD_BY_CLIENT)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Serves until told to stop; then lets what is under way finish, within its time.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    limits: &LimitsConfig,
    trusted: &[IpAddr],
    stop: CancellationToken,
) {
    let serving = Arc::new(Serving::new(routes, limits, trusted));
    let room = Room::new(limits, trusted);
    let connections = TaskTracker::new();
    loop {
        let Some((permit, accepted)) = stop.run_until_cancelled(next(&listener, &room)).await else { break };
        match accepted {
            Ok((stream, address)) => {
                let peer = Peer(address.ip());
                let Some(place) = room.place(permit, peer) else {
                    tracing::debug!("an address has as many connections as one may have");
                    continue;
                };
                let connection = serving.clone().serve(stream, peer, stop.child_token());
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => refused(&error).await,
        }
    }
    drop(listener);
    connections.close();
    if timeout(Duration::from_secs(limits.shutdown_seconds), connections.wait()).await.is_err() {
        tracing::warn!("some requests were still under way when the time to stop was over");
    }
}

/// Lets the process open as many files as it has connections to serve, as far as the system allows.
pub fn make_room_for_files(limits: &LimitsConfig) {
    let needed = limits.connections as u64 + OTHER_FILES;
    match rlimit::increase_nofile_limit(needed) {
        Ok(allowed) if allowed < needed => {
            tracing::warn!(allowed, needed, "the system allows fewer open files than `limits.connections` may need");
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the limit of open files could not be raised"),
    }
}

/// The next connection, once there is room for one.
async fn next(
    listener: &TcpListener,
    room: &Room,
) -> (Option<OwnedSemaphorePermit>, io::Result<(TcpStream, SocketAddr)>) {
    (room.vacancy().await, listener.accept().await)
}

/// Accepting fails when the process runs out of descriptors: waiting a moment lets some come free.
async fn refused(error: &io::Error) {
    tracing::warn!(%error, "a connection could not be accepted");
    sleep(Duration::from_millis(50)).await;
}

#[cfg(test)]
mod tests {
    use rlimit::Resource;

    use super::*;

    #[test]
    fn there_are_as_many_files_as_connections_if_the_system_allows() {
        let most = Resource::NOFILE.get_hard().expect("a limit");
        Resource::NOFILE.set(most.min(256), most).expect("a lower limit");
        make_room_for_files(&LimitsConfig { connections: 512, ..LimitsConfig::default() });
        assert_eq!(Resource::NOFILE.get_soft().expect("a limit"), most.min(512 + OTHER_FILES));
    }
}
