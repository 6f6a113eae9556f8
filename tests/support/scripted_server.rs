//! A MySQL server that says what a test makes it say, packet by packet, over a socket of its own.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use guruorm::config::Endpoint;
use guruorm::driver::Connection as _;
use socket2::SockRef;

use super::executor::block_on;
use super::server::{Server, Session};

/// What the servers of these tests can do, as a greeting says it.
pub mod can {
    pub const CLIENT_MYSQL: u64 = 1;
    /// Connecting with a database, protocol 4.1, transactions, passwords by challenge, several
    /// statements and results, named ways to log in.
    const USUAL: u64 = 1 << 1 | 1 << 3 | 1 << 9 | 1 << 13 | 1 << 15 | 0xF << 16;
    pub const DEPRECATE_EOF: u64 = 1 << 24;
    pub const CACHE_METADATA: u64 = 1 << 36;
    pub const MYSQL_8: u64 = USUAL | CLIENT_MYSQL | DEPRECATE_EOF;
    pub const MYSQL_5_6: u64 = USUAL | CLIENT_MYSQL;
    pub const MARIADB: u64 = USUAL | DEPRECATE_EOF | CACHE_METADATA;
}

pub const CHALLENGE: &[u8; 20] = b"abcdefghijklmnopqrst";

pub const IN_TRANSACTION: u16 = 1;
pub const MORE_RESULTS: u16 = 8;

/// Types of columns.
pub const LONG: u8 = 3;
pub const LONG_LONG: u8 = 8;
pub const VAR_STRING: u8 = 0xFD;

/// A server for one connection.
pub struct Scripted {
    pub server: Server,
    thread: JoinHandle<()>,
}

impl Scripted {
    /// Starts a server that follows `script` on its first connection.
    pub fn start(script: impl FnOnce(Peer) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let thread = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            stream.set_nodelay(true).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            script(Peer { stream, number: 0, capabilities: 0 });
        });
        let endpoint = Endpoint {
            host: "127.0.0.1".into(),
            port,
            socket: None,
            username: "someone".into(),
            password: Some("secret".into()),
            database: "shop".into(),
        };
        Self { server: Server { endpoint }, thread }
    }

    /// Waits for the end of the script. What it found wrong fails the test.
    pub fn end(self) {
        if let Err(surprise) = self.thread.join() {
            std::panic::resume_unwind(surprise);
        }
    }
}

/// A logged-in session whose server then follows the script.
pub fn on<F: AsyncFnOnce(&mut Session)>(
    capabilities: u64,
    script: impl FnOnce(Peer) + Send + 'static,
    body: F,
) {
    let scripted = Scripted::start(move |mut peer| {
        peer.log_in(capabilities);
        script(peer);
    });
    block_on(async {
        let mut session = scripted.server.connect().await;
        body(&mut session).await;
        Box::new(session.0).close().await;
    });
    scripted.end();
}

/// The server's side of a connection.
pub struct Peer {
    stream: TcpStream,
    number: u8,
    /// What the greeting said.
    capabilities: u64,
}

impl Peer {
    /// Sends bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// Sends a payload, in as many packets as it takes.
    pub fn send(&mut self, payload: &[u8]) {
        let mut out = Vec::with_capacity(payload.len() + 8);
        for start in (0..=payload.len()).step_by(0xFF_FFFF) {
            let part = &payload[start..payload.len().min(start + 0xFF_FFFF)];
            out.extend_from_slice(&u32::try_from(part.len()).unwrap().to_le_bytes()[..3]);
            out.push(self.number);
            out.extend_from_slice(part);
            self.number = self.number.wrapping_add(1);
        }
        self.raw(&out);
    }

    /// The next packet's payload. `None`: the client closed the connection.
    pub fn receive(&mut self) -> Option<Vec<u8>> {
        let mut header = [0; 4];
        self.stream.read_exact(&mut header).ok()?;
        let mut payload = vec![0; u32::from_le_bytes([header[0], header[1], header[2], 0]) as usize];
        self.stream.read_exact(&mut payload).unwrap();
        self.number = header[3].wrapping_add(1);
        Some(payload)
    }

    /// Takes a command and checks which it is; what comes after its number.
    pub fn command(&mut self, code: u8) -> Vec<u8> {
        let payload = self.receive().expect("a command");
        assert_eq!(payload[0], code, "{payload:?}");
        payload[1..].to_vec()
    }

    /// Says nothing more, but listens.
    pub fn close_writing(&mut self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// The next answer is that of a command which was sent together with others.
    pub fn restart_numbers(&mut self) {
        self.number = 1;
    }

    /// Goes at once, so that the client's next bytes are refused.
    pub fn reset(self) {
        SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)).unwrap();
    }

    /// All bytes until the client closes.
    pub fn everything(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let _ = self.stream.read_to_end(&mut bytes);
        bytes
    }

    /// The client has nothing more to say: it closes, if need be after a goodbye.
    pub fn expect_end(&mut self) {
        let last = self.receive();
        assert!(last.is_none() || last.as_deref() == Some(&[1]), "{last:?}");
    }

    pub fn greet(&mut self, capabilities: u64, plugin: &str) {
        self.capabilities = capabilities;
        self.number = 0;
        self.send(&greeting(capabilities, plugin));
    }

    /// Takes the answer to a greeting: the proof of the password, and the way that it is for.
    pub fn take_log_in(&mut self) -> (Vec<u8>, String) {
        let payload = self.receive().expect("an answer to the greeting");
        let mut rest = payload[32..].split_at(b"someone\0".len()).1;
        let (proof, after) = rest[1..].split_at(rest[0].into());
        rest = after.strip_prefix(b"shop\0").expect("the database");
        (proof.to_vec(), String::from_utf8(rest.strip_suffix(&[0]).unwrap().to_vec()).unwrap())
    }

    /// All of a log-in, and the answer to what sets the session up.
    pub fn log_in(&mut self, capabilities: u64) {
        self.greet(capabilities, "mysql_native_password");
        self.take_log_in();
        self.send(&ok(0));
        self.set_up();
    }

    /// Answers what a client asks after its log-in.
    pub fn set_up(&mut self) {
        self.command(0x03);
        self.send(&ok(MORE_RESULTS));
        self.columns(&[("id", LONG_LONG), ("packet", LONG_LONG)]);
        self.send(&text_row(&["7", "67108864"]));
        self.end_rows(MORE_RESULTS);
        self.columns(&[("name", VAR_STRING), ("value", VAR_STRING)]);
        self.end_rows(0);
    }

    /// How many columns follow, and the columns.
    pub fn columns(&mut self, columns: &[(&str, u8)]) {
        let mut head = vec![u8::try_from(columns.len()).unwrap()];
        if self.capabilities & can::CACHE_METADATA != 0 {
            head.push(1);
        }
        self.send(&head);
        self.definitions(columns);
    }

    pub fn definitions(&mut self, columns: &[(&str, u8)]) {
        for (name, column_type) in columns {
            self.send(&column(name, *column_type));
        }
        if self.capabilities & can::DEPRECATE_EOF == 0 {
            self.send(&[0xFE, 0, 0, 0, 0]);
        }
    }

    /// What ends rows.
    pub fn end_rows(&mut self, status: u16) {
        let [low, high] = status.to_le_bytes();
        if self.capabilities & can::DEPRECATE_EOF == 0 {
            self.send(&[0xFE, 0, 0, low, high]);
        } else {
            self.send(&[0xFE, 0, 0, low, high, 0, 0]);
        }
    }

    /// Takes a statement that is prepared and answers that it is, under this number.
    pub fn prepare(&mut self, id: u8, placeholders: u8, columns: &[(&str, u8)]) {
        self.command(0x16);
        let count = u8::try_from(columns.len()).unwrap();
        self.send(&[0, id, 0, 0, 0, count, 0, placeholders, 0, 0, 0, 0]);
        if placeholders > 0 {
            self.definitions(&vec![("?", VAR_STRING); placeholders.into()]);
        }
        if count > 0 {
            self.definitions(columns);
        }
    }
}

pub fn greeting(capabilities: u64, plugin: &str) -> Vec<u8> {
    let bytes = capabilities.to_le_bytes();
    let mut out = b"\x0A8.4.0\0\x07\0\0\0".to_vec();
    out.extend_from_slice(&CHALLENGE[..8]);
    out.push(0);
    out.extend_from_slice(&bytes[..2]);
    out.extend_from_slice(&[45, 2, 0]);
    out.extend_from_slice(&bytes[2..4]);
    out.push(21);
    out.extend_from_slice(&[0; 6]);
    out.extend_from_slice(&bytes[4..]);
    out.extend_from_slice(&CHALLENGE[8..]);
    out.push(0);
    out.extend_from_slice(plugin.as_bytes());
    out.push(0);
    out
}

pub fn ok(status: u16) -> Vec<u8> {
    let [low, high] = status.to_le_bytes();
    vec![0, 0, 0, low, high, 0, 0]
}

pub fn error(number: u16, message: &str) -> Vec<u8> {
    let [low, high] = number.to_le_bytes();
    [&[0xFF, low, high][..], &b"#HY000"[..], message.as_bytes()].concat()
}

pub fn switch(plugin: &str, challenge: &[u8]) -> Vec<u8> {
    [&[0xFE], plugin.as_bytes(), &[0], challenge, &[0]].concat()
}

/// A length, as it stands in front of texts.
pub fn length(length: usize) -> Vec<u8> {
    let bytes = (length as u64).to_le_bytes();
    match length {
        0..0xFB => vec![bytes[0]],
        0xFB..=0xFFFF => [&[0xFC], &bytes[..2]].concat(),
        0x1_0000..=0xFF_FFFF => [&[0xFD], &bytes[..3]].concat(),
        _ => [&[0xFE], &bytes[..]].concat(),
    }
}

fn prefixed(text: &[u8]) -> Vec<u8> {
    [&length(text.len()), text].concat()
}

pub fn column(name: &str, column_type: u8) -> Vec<u8> {
    let mut out = prefixed(b"def");
    for part in ["shop", "t", "t", name, name] {
        out.extend(prefixed(part.as_bytes()));
    }
    out.extend_from_slice(&[0x0C, 45, 0, 0xFF, 0, 0, 0, column_type, 0, 0, 0, 0, 0]);
    out
}

pub fn text_row(cells: &[&str]) -> Vec<u8> {
    cells.iter().flat_map(|cell| prefixed(cell.as_bytes())).collect()
}

/// A row of the binary protocol without nulls, for fewer than 7 columns.
pub fn binary_row(cells: &[&[u8]]) -> Vec<u8> {
    [&[0, 0], cells.concat().as_slice()].concat()
}

/// A text as it stands in a row.
pub fn binary_text(text: &[u8]) -> Vec<u8> {
    prefixed(text)
}
