//! [`Socket`]: a connected TCP or Unix socket, with the options that notice a dead peer.

use std::io::{self, Read};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

/// An idle connection is probed after this long: well within the 350 s after which the strictest
/// common load balancer forgets a connection (AWS NLB).
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEPALIVE_PROBES: u32 = 3;

/// Data that nobody acknowledges for this long ends the connection.
#[cfg(target_os = "linux")]
const USER_TIMEOUT: Duration = Duration::from_secs(30);

/// Where a server listens, after its name was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A TCP port.
    Tcp(SocketAddr),
    /// A Unix socket.
    Unix(PathBuf),
}

impl Address {
    /// All addresses of a host, in the order to try them. Names are looked up on another thread.
    pub async fn of_host(host: &str, port: u16) -> io::Result<Vec<Self>> {
        let found = tokio::net::lookup_host((host, port)).await?;
        Ok(found.map(Self::Tcp).collect())
    }

    /// Whether TLS makes sense there. libpq and MySQL's clients, too, ignore it on Unix sockets.
    pub fn is_network(&self) -> bool {
        matches!(self, Self::Tcp(_))
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(formatter),
            Self::Unix(path) => path.display().fmt(formatter),
        }
    }
}

/// A connected socket.
pub struct Socket {
    connected: Connected,
    /// Ask the kernel, not the reactor, whether there is something to read: the reactor knows only
    /// what it saw at its last turn.
    pub is_probing: bool,
}

enum Connected {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Socket {
    /// Connects.
    pub async fn connect(address: &Address) -> io::Result<Self> {
        let connected = match address {
            Address::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                configure(&stream)?;
                Connected::Tcp(stream)
            }
            #[cfg(unix)]
            Address::Unix(path) => Connected::Unix(UnixStream::connect(path).await?),
            #[cfg(not(unix))]
            Address::Unix(_) => {
                let reason = "Unix sockets do not exist on this system; set `host` and `port`";
                return Err(io::Error::new(io::ErrorKind::Unsupported, reason));
            }
        };
        Ok(Self { connected, is_probing: false })
    }

    fn read_now(&self, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let socket = match &self.connected {
            Connected::Tcp(stream) => SockRef::from(stream),
            #[cfg(unix)]
            Connected::Unix(stream) => SockRef::from(stream),
        };
        match (&*socket).read(buffer.initialize_unfilled()) {
            Ok(length) => {
                buffer.advance(length);
                Poll::Ready(Ok(()))
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

fn configure(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE_IDLE).with_interval(KEEPALIVE_INTERVAL);
    #[cfg(unix)]
    let keepalive = keepalive.with_retries(KEEPALIVE_PROBES);
    socket.set_tcp_keepalive(&keepalive)?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(USER_TIMEOUT))?;
    Ok(())
}

macro_rules! poll_connected {
    ($socket:expr, $stream:ident => $poll:expr) => {
        match &mut $socket.get_mut().connected {
            Connected::Tcp(connected) => {
                let $stream = Pin::new(connected);
                $poll
            }
            #[cfg(unix)]
            Connected::Unix(connected) => {
                let $stream = Pin::new(connected);
                $poll
            }
        }
    };
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.is_probing {
            return self.read_now(buffer);
        }
        poll_connected!(self, stream => stream.poll_read(context, buffer))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        poll_connected!(self, stream => stream.poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        poll_connected!(self, stream => stream.poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        poll_connected!(self, stream => stream.poll_shutdown(context))
    }
}
