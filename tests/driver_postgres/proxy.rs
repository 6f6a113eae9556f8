//! A proxy in front of the real server that disturbs what the server sends.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use guruorm::config::Endpoint;

use crate::client::endpoint;

/// What happens to the server's bytes.
#[derive(Debug, Clone, Copy)]
pub enum Disturbance {
    /// Nothing.
    None,
    /// They arrive one by one.
    OneByOne,
    /// The connection is cut after so many of them.
    CutAfter(usize),
}

/// A proxy for one connection.
pub struct Proxy {
    pub endpoint: Endpoint,
    /// How many bytes the server sent.
    pub received: Arc<AtomicUsize>,
    /// How often the client sent something.
    pub flights: Arc<AtomicUsize>,
}

impl Proxy {
    pub fn start(disturbance: Disturbance) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let server = endpoint();
        let (host, port) = ("127.0.0.1".into(), listener.local_addr()?.port());
        let proxy = Self {
            endpoint: Endpoint { host, port, ..server.clone() },
            received: Arc::default(),
            flights: Arc::default(),
        };
        let (received, flights) = (Arc::clone(&proxy.received), Arc::clone(&proxy.flights));
        std::thread::spawn(move || -> std::io::Result<()> {
            let (client, _) = listener.accept()?;
            let server = TcpStream::connect((server.host.as_str(), server.port))?;
            for stream in [&client, &server] {
                stream.set_nodelay(true)?;
            }
            let (from_client, to_server) = (client.try_clone()?, server.try_clone()?);
            std::thread::spawn(move || pass_on(from_client, to_server, &flights));
            disturb(server, client, disturbance, &received)
        });
        Ok(proxy)
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, flights: &AtomicUsize) -> std::io::Result<()> {
    let mut buffer = vec![0; 1 << 20];
    loop {
        let length = from.read(&mut buffer)?;
        if length == 0 {
            return to.shutdown(Shutdown::Write);
        }
        flights.fetch_add(1, Ordering::SeqCst);
        to.write_all(&buffer[..length])?;
    }
}

fn disturb(
    mut from: TcpStream,
    mut to: TcpStream,
    disturbance: Disturbance,
    received: &AtomicUsize,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = from.read(&mut buffer)?;
        if length == 0 {
            return to.shutdown(Shutdown::Both);
        }
        let before = received.fetch_add(length, Ordering::SeqCst);
        match disturbance {
            Disturbance::None => to.write_all(&buffer[..length])?,
            Disturbance::OneByOne => buffer[..length].chunks(1).try_for_each(|byte| to.write_all(byte))?,
            Disturbance::CutAfter(most) => {
                to.write_all(&buffer[..length.min(most.saturating_sub(before))])?;
                if before + length >= most {
                    from.shutdown(Shutdown::Both)?;
                    return to.shutdown(Shutdown::Both);
                }
            }
        }
    }
}
