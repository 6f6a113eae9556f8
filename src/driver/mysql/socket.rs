//! [`WatchedSocket`]: a second handle on the socket that sqlx keeps to itself.
//!
//! It sets what notices a dead peer, and sees without a round trip that an idle connection has ended.
//! Where the socket cannot be found for certain (other systems than Linux, no `/proc`) there is none,
//! and a connection is asked by a ping after a pause instead.

use std::future::Future;
use std::io;
use std::mem::MaybeUninit;

use socket2::Socket;
use tokio::net::TcpStream;

use crate::config::Endpoint;

/// A second handle on the socket of a connection.
#[derive(Debug)]
pub(super) struct WatchedSocket(Socket);

impl WatchedSocket {
    /// Opens a connection and finds its socket.
    ///
    /// Our futures run on one thread, so a socket that `opening` made appeared during one of its polls.
    /// Other threads may make some at the same moments: if two such sockets lead to the endpoint's
    /// port, nobody can tell which is ours, and none is taken.
    ///
    /// # Errors
    /// What `opening` says.
    pub(super) async fn of<T, E>(
        opening: impl Future<Output = Result<T, E>>,
        endpoint: &Endpoint,
    ) -> Result<(T, Option<Self>), E> {
        #[cfg(target_os = "linux")]
        let found = linux::find(opening, endpoint).await;
        #[cfg(not(target_os = "linux"))]
        let found = (endpoint, opening.await.map(|opened| (opened, None))).1;
        found
    }

    /// Whether the idle connection has ended. The server says nothing unasked but goodbye, so bytes that
    /// wait are one (MySQL 8 announces its time limit before it closes).
    pub(super) fn is_dead(&self) -> bool {
        // The socket does not block: it shares its mode with the handle that tokio waits on.
        match self.0.peek(&mut [MaybeUninit::uninit()]) {
            Ok(_) => true,
            Err(error) => error.kind() != io::ErrorKind::WouldBlock,
        }
    }

    /// Waits until the server has closed as well: only then has a full server room for another.
    pub(super) async fn closed_by_server(self) {
        let is_network = self.0.peer_addr().is_ok_and(|peer| peer.as_socket().is_some());
        if let Some(Ok(mut stream)) = is_network.then(|| TcpStream::from_std(self.0.into())) {
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        }
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::HashMap;
    use std::future::{Future, poll_fn};
    use std::os::fd::{BorrowedFd, RawFd};
    use std::path::PathBuf;
    use std::pin::pin;
    use std::time::Duration;
    use std::{fs, io};

    use socket2::{Socket, TcpKeepalive};

    use super::WatchedSocket;
    use crate::config::Endpoint;

    /// As PostgreSQL's sockets: well within the 350 s after which AWS's NLB forgets a connection.
    const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);
    const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
    const KEEPALIVE_PROBES: u32 = 3;
    /// Data that nobody acknowledges for this long ends the connection.
    const USER_TIMEOUT: Duration = Duration::from_secs(30);

    pub(super) async fn find<T, E>(
        opening: impl Future<Output = Result<T, E>>,
        endpoint: &Endpoint,
    ) -> Result<(T, Option<WatchedSocket>), E> {
        let mut opening = pin!(opening);
        let mut made = Vec::new();
        let opened = poll_fn(|context| {
            let before = open_sockets();
            let polled = opening.as_mut().poll(context);
            made.extend(open_sockets().into_keys().filter(|name| !before.contains_key(name)));
            polled
        })
        .await?;
        let open = open_sockets();
        let handles = made.iter().filter_map(|name| second_handle(*open.get(name)?).ok());
        let mut ours = handles.filter(|socket| leads_to(socket, endpoint));
        let socket = match (ours.next(), ours.next()) {
            (Some(socket), None) => Some(socket),
            _ => None,
        };
        Ok((opened, socket.filter(|socket| configure(socket, endpoint).is_ok()).map(WatchedSocket)))
    }

    /// The sockets of this process: the kernel's name of each (`socket:[12345]`), and a descriptor.
    fn open_sockets() -> HashMap<PathBuf, RawFd> {
        let Ok(entries) = fs::read_dir("/proc/self/fd") else { return HashMap::new() };
        let sockets = entries.filter_map(|entry| {
            let entry = entry.ok()?;
            let name = fs::read_link(entry.path()).ok()?;
            let descriptor = entry.file_name().to_str()?.parse().ok()?;
            name.to_str()?.starts_with("socket:").then_some((name, descriptor))
        });
        sockets.collect()
    }

    #[allow(unsafe_code)] // a descriptor that is known by its number only
    fn second_handle(descriptor: RawFd) -> io::Result<Socket> {
        // SAFETY: the descriptor is borrowed for one call of `dup`. It was open a moment ago; should
        // another thread have closed it since, `dup` fails or gives a handle that `leads_to` refuses.
        let borrowed = unsafe { BorrowedFd::borrow_raw(descriptor) };
        Ok(borrowed.try_clone_to_owned()?.into())
    }

    fn leads_to(socket: &Socket, endpoint: &Endpoint) -> bool {
        socket.peer_addr().is_ok_and(|peer| match &endpoint.socket {
            Some(_) => peer.is_unix(),
            None => peer.as_socket().is_some_and(|peer| peer.port() == endpoint.port),
        })
    }

    fn configure(socket: &Socket, endpoint: &Endpoint) -> io::Result<()> {
        if endpoint.socket.is_some() {
            return Ok(());
        }
        socket.set_tcp_nodelay(true)?;
        let keepalive = TcpKeepalive::new().with_time(KEEPALIVE_IDLE).with_interval(KEEPALIVE_INTERVAL);
        socket.set_tcp_keepalive(&keepalive.with_retries(KEEPALIVE_PROBES))?;
        socket.set_tcp_user_timeout(Some(USER_TIMEOUT))
    }
}
