//! What the protocols of servers stand on: sockets, TLS, and the buffers in front of them.

mod channel;
mod socket;
mod stream;
mod tls;

pub use channel::Channel;
pub use socket::{Address, Socket};
pub use stream::Stream;
pub use tls::Tls;
