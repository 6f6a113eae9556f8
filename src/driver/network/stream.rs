//! [`Stream`]: a socket, encrypted or not.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::client::TlsStream;

use super::socket::Socket;

/// Bytes to and from the server.
pub enum Stream {
    /// Not encrypted.
    Plain(Socket),
    /// Encrypted.
    Tls(Box<TlsStream<Socket>>),
}

impl Stream {
    /// The server's certificate, as DER, where the stream is encrypted.
    pub fn server_certificate(&self) -> Option<&[u8]> {
        let Self::Tls(tls) = self else { return None };
        let certificates = tls.get_ref().1.peer_certificates()?;
        certificates.first().map(AsRef::as_ref)
    }

    /// Reads what has arrived already, without waiting. `None`: nothing has.
    pub fn read_now(&mut self, buffer: &mut [u8]) -> Option<io::Result<usize>> {
        self.set_probing(true);
        let mut context = Context::from_waker(futures_util::task::noop_waker_ref());
        let mut read = ReadBuf::new(buffer);
        let polled = Pin::new(&mut *self).poll_read(&mut context, &mut read);
        self.set_probing(false);
        match polled {
            Poll::Pending => None,
            Poll::Ready(Ok(())) => Some(Ok(read.filled().len())),
            Poll::Ready(Err(error)) => Some(Err(error)),
        }
    }

    fn set_probing(&mut self, is_probing: bool) {
        match self {
            Self::Plain(socket) => socket.is_probing = is_probing,
            Self::Tls(tls) => tls.get_mut().0.is_probing = is_probing,
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_read(context, buffer),
            Self::Tls(tls) => Pin::new(tls).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_write(context, bytes),
            Self::Tls(tls) => Pin::new(tls).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_flush(context),
            Self::Tls(tls) => Pin::new(tls).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(socket) => Pin::new(socket).poll_shutdown(context),
            Self::Tls(tls) => Pin::new(tls).poll_shutdown(context),
        }
    }
}
