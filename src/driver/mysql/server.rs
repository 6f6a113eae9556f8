//! [`Server`]: one endpoint of a configuration, and how to log in there.

use std::io;
use std::rc::Rc;

use bytes::BytesMut;
use once_cell::unsync::OnceCell;

use super::answer::OK;
use super::authentication::{NATIVE, Password};
use super::capabilities::{CONNECT_WITH_DB, Capabilities, SSL, WANTED};
use super::failure::{Answered, Failure};
use super::handshake::{self, Greeting};
use super::packet_reader::{PacketReader, malformed};
use super::session::Session;
use super::wire::Wire;
use crate::config::{ConnectionConfig, Endpoint};
use crate::driver::network::{Address, Socket, Stream, Tls};
use crate::error::{self, Error};

/// Asks for the log-in to go on in another way.
const SWITCH: u8 = 0xFE;
/// Asks something more.
const MORE: u8 = 1;

/// What all sessions on a server share.
pub struct Server {
    /// The connection's configuration.
    pub config: Rc<ConnectionConfig>,
    /// Where the server is, and who logs in.
    pub endpoint: Endpoint,
    tls: OnceCell<Option<Tls>>,
}

impl Server {
    /// Opens nothing yet.
    pub fn new(config: Rc<ConnectionConfig>, endpoint: Endpoint) -> Self {
        Self { config, endpoint, tls: OnceCell::new() }
    }

    /// Opens a session.
    ///
    /// # Errors
    /// `Config` for certificates that cannot be read, otherwise `Connection` with what was tried.
    pub async fn log_in(&self) -> error::Result<Session> {
        let tls = self.tls.get_or_try_init(|| Tls::new(&self.config.ssl, &self.endpoint.host))?;
        self.try_addresses(tls.as_ref()).await.map_err(|failure| self.explain(&failure))
    }

    /// What is told of a session that could not be opened.
    pub fn explain(&self, failure: &Failure) -> Error {
        failure.of_connect(&self.endpoint)
    }

    async fn try_addresses(&self, tls: Option<&Tls>) -> Answered<Session> {
        let addresses = match &self.endpoint.socket {
            Some(path) => vec![Address::Unix(path.clone())],
            None => Address::of_host(&self.endpoint.host, self.endpoint.port).await?,
        };
        let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in addresses {
            match Socket::connect(&address).await {
                Ok(socket) => return self.greet(socket, &address, tls).await,
                Err(error) => failure = error,
            }
        }
        Err(failure.into())
    }

    /// Logs in, and once more without TLS where that may be left out and failed.
    async fn greet(&self, socket: Socket, address: &Address, tls: Option<&Tls>) -> Answered<Session> {
        let tls = tls.filter(|_| address.is_network());
        match self.start(socket, address, tls).await {
            Err(Failure::Encryption(_)) if tls.is_some_and(Tls::is_optional) => {
                self.start(Socket::connect(address).await?, address, None).await
            }
            started => started,
        }
    }

    async fn start(&self, socket: Socket, address: &Address, tls: Option<&Tls>) -> Answered<Session> {
        let mut session = Session::new(Wire::new(Stream::Plain(socket)), 0);
        let greeting = session.receive(Greeting::read).await?;
        let mut capabilities = WANTED & greeting.capabilities;
        if !self.endpoint.database.is_empty() {
            capabilities |= CONNECT_WITH_DB;
        }
        let mut is_private = !address.is_network();
        match tls {
            Some(tls) if greeting.capabilities & SSL != 0 => {
                capabilities |= SSL;
                session = encrypt(session, tls, capabilities).await?;
                is_private = true;
            }
            Some(tls) if !tls.is_optional() => {
                let reason = "the server has no TLS; set `sslmode` to `disable` to connect without";
                return Err(Failure::Encryption(io::Error::other(reason)));
            }
            _ => {}
        }
        session.capabilities = capabilities;
        let password = Password { text: self.endpoint.password.as_deref().unwrap_or_default(), is_private };
        self.answer(&mut session, greeting, &password).await?;
        Ok(session)
    }

    /// Says who logs in and proves it, in the ways that the server asks for.
    async fn answer(
        &self,
        session: &mut Session,
        greeting: Greeting,
        password: &Password<'_>,
    ) -> Answered<()> {
        let Greeting { mut plugin, mut challenge, .. } = greeting;
        let proof = match password.prove(&plugin, &challenge) {
            Ok(proof) if proof.len() < 0xFB => proof,
            // The server's favourite need not be the user's: it says so then.
            _ => {
                NATIVE.clone_into(&mut plugin);
                password.prove(NATIVE, &challenge)?
            }
        };
        let capabilities = session.capabilities;
        session.wire.packet(|out| {
            handshake::write_answer(capabilities, &self.endpoint, (&plugin, &proof), out);
            Ok::<_, Failure>(())
        })?;
        loop {
            session.send().await?;
            let proof = match session.receive(Question::read).await? {
                Question::None => return Ok(()),
                Question::Switch { to, with } => {
                    (plugin, challenge) = (to, with);
                    Some(password.prove(&plugin, &challenge)?)
                }
                Question::More(question) => password.go_on(&plugin, &question)?,
            };
            let Some(proof) = proof else { continue };
            session.wire.packet(|out| {
                out.extend_from_slice(&proof);
                Ok::<_, Failure>(())
            })?;
        }
    }
}

/// Asks the server for TLS and encrypts.
async fn encrypt(mut session: Session, tls: &Tls, capabilities: Capabilities) -> Answered<Session> {
    session.wire.packet(|out: &mut BytesMut| {
        handshake::write_start(capabilities, out);
        Ok::<_, Failure>(())
    })?;
    session.send().await?;
    // What came unencrypted must never be taken for an answer.
    if !session.wire.incoming.is_empty() {
        return Err(Failure::Encryption(malformed()));
    }
    let number = session.wire.number();
    let Stream::Plain(socket) = session.wire.into_stream() else {
        return Err(Failure::Encryption(io::Error::other("it is encrypted already")));
    };
    let stream = tls.encrypt(socket).await.map_err(Failure::Encryption)?;
    Ok(Session::new(Wire::going_on(stream, number), capabilities))
}

/// What the server asks for during a log-in.
enum Question {
    None,
    Switch { to: String, with: Vec<u8> },
    More(Vec<u8>),
}

impl Question {
    fn read(payload: &[u8]) -> io::Result<Self> {
        let mut reader = PacketReader(payload);
        Ok(match reader.byte()? {
            OK => Self::None,
            // Alone it asks for the passwords of MySQL 4.0.
            SWITCH if !reader.0.is_empty() => {
                let to = String::from_utf8_lossy(reader.until_zero()).into_owned();
                let challenge = reader.0.strip_suffix(&[0]).unwrap_or(reader.0);
                Self::Switch { to, with: challenge.to_vec() }
            }
            MORE => Self::More(reader.0.to_vec()),
            _ => return Err(malformed()),
        })
    }
}
