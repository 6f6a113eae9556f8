//! [`PostgresDriver`]: opens sessions on one server.

use std::cell::Cell;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;

use bytes::BytesMut;
use futures_util::future::LocalBoxFuture;
use once_cell::unsync::OnceCell;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::login::log_in;
use super::session::Session;
use super::wire::Wire;
use crate::config::{ConnectionConfig, Endpoint};
use crate::driver::network::{Address, Socket, Stream, Tls};
use crate::driver::{Connection, Driver};
use crate::error::{Error, ErrorCode, Result};

/// Opens connections to one PostgreSQL server.
#[derive(Clone)]
pub struct PostgresDriver {
    server: Rc<Server>,
}

impl PostgresDriver {
    /// A driver for one endpoint of a connection. Opens nothing yet.
    #[must_use]
    pub fn new(config: Rc<ConnectionConfig>, endpoint: Endpoint) -> Self {
        Self { server: Rc::new(Server { config, endpoint, tls: OnceCell::new(), definitions: Cell::new(0) }) }
    }
}

impl Driver for PostgresDriver {
    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>>> {
        let server = Rc::clone(&self.server);
        Box::pin(async move {
            let session = connect(server).await?;
            Ok(Box::new(session) as Box<dyn Connection>)
        })
    }
}

/// What all sessions on a server, and their cancellers, share.
pub(super) struct Server {
    pub(super) config: Rc<ConnectionConfig>,
    pub(super) endpoint: Endpoint,
    tls: OnceCell<Option<Tls>>,
    /// Counts the changes of tables that were made here. A statement that was prepared before one
    /// has the types of then: its values would be read as those, and converted.
    pub(super) definitions: Cell<u64>,
}

impl Server {
    /// Opens a stream, encrypted as configured.
    pub(super) async fn open(&self, address: &Address) -> Result<io::Result<Stream>> {
        let tls = self.tls.get_or_try_init(|| Tls::new(&self.config.ssl, &self.endpoint.host))?;
        Ok(open(tls.as_ref().filter(|_| address.is_network()), address).await)
    }

    /// What the user calls it: `127.0.0.1:5432`, or a path.
    pub(super) fn label(&self) -> String {
        let Endpoint { host, port, socket, .. } = &self.endpoint;
        match socket {
            Some(path) => path.display().to_string(),
            None if host.contains(':') => format!("[{host}]:{port}"),
            None => format!("{host}:{port}"),
        }
    }
}

async fn open(tls: Option<&Tls>, address: &Address) -> io::Result<Stream> {
    let socket = Socket::connect(address).await?;
    let Some(tls) = tls else { return Ok(Stream::Plain(socket)) };
    match encrypt(tls, socket).await {
        Err(_) if tls.is_optional() => Ok(Stream::Plain(Socket::connect(address).await?)),
        encrypted => encrypted,
    }
}

/// Asks the server for TLS and encrypts.
async fn encrypt(tls: &Tls, mut socket: Socket) -> io::Result<Stream> {
    let mut request = BytesMut::new();
    postgres_protocol::message::frontend::ssl_request(&mut request);
    socket.write_all(&request).await?;
    // Exactly one byte: what came with it unencrypted must never be taken for an answer.
    match socket.read_u8().await? {
        b'S' => tls.encrypt(socket).await,
        _ if tls.is_optional() => Ok(Stream::Plain(socket)),
        _ => Err(io::Error::other("the server has no TLS; set `sslmode` to `disable` to connect without")),
    }
}

/// All addresses of an endpoint, in the order to try them.
async fn addresses_of(endpoint: &Endpoint) -> io::Result<Vec<Address>> {
    let directory_or_file = match &endpoint.socket {
        Some(path) => Some(path.clone()),
        None => endpoint.host.starts_with('/').then(|| PathBuf::from(&endpoint.host)),
    };
    let Some(path) = directory_or_file else {
        return Address::of_host(&endpoint.host, endpoint.port).await;
    };
    // As libpq: a directory holds a socket for each port.
    let file = if path.is_dir() { path.join(format!(".s.PGSQL.{}", endpoint.port)) } else { path };
    Ok(vec![Address::Unix(file)])
}

async fn connect(server: Rc<Server>) -> Result<Session> {
    let label = server.label();
    let unreachable = |reason: &str| {
        let advice = "Check `host` and `port`, and that the server runs and accepts connections";
        Error::new(
            ErrorCode::Connection,
            format!("PostgreSQL cannot be reached at {label}: {reason}. {advice}"),
        )
    };
    let addresses =
        addresses_of(&server.endpoint).await.map_err(|failure| unreachable(&failure.to_string()))?;
    let mut failures = Vec::new();
    for address in addresses {
        match server.open(&address).await? {
            Ok(stream) => {
                let mut session = Session::new(server, address, Wire::new(stream));
                log_in(&mut session).await?;
                return Ok(session);
            }
            Err(failure) => failures.push(format!("{failure} ({address})")),
        }
    }
    Err(unreachable(&failures.join("; ")))
}
