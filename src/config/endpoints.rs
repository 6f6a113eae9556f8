//! Which servers a connection goes to: `host` and its companions, `read`, `write`.

use std::path::PathBuf;

use serde_json::Value;

use super::keys;
use super::options::{Options, refuse};
use super::{DriverName, Endpoint, SslMode};
use super::{ssl, url};
use crate::error::Result;

/// The servers of one connection.
#[derive(Debug)]
pub(super) struct Endpoints {
    pub write: Vec<Endpoint>,
    pub read: Vec<Endpoint>,
}

/// Reads the servers. What `read` and `write` leave out they take from the connection's own keys,
/// as in Laravel.
///
/// # Errors
/// A wrong type; no database on SQLite; replicas on SQLite.
pub(super) fn read(options: &Options, driver: DriverName) -> Result<Endpoints> {
    if driver == DriverName::Sqlite {
        return sqlite(options);
    }
    let replication = options.child("replication", keys::REPLICATION)?;
    let group = |name: &str| -> Result<Option<Vec<Endpoint>>> {
        let (holder, path) = if options.has(name) {
            (options, name.to_owned())
        } else {
            (&replication, format!("replication.{name}"))
        };
        let Some(value) = holder.get(name) else { return Ok(None) };
        let items = match value {
            Value::Array(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        let mut endpoints = Vec::new();
        for item in items {
            let server = match item {
                Value::Object(given) => Options::new(given.clone(), &format!("{path}."), keys::SERVER)?,
                Value::String(url) => server_url(url, driver)?,
                other => return Err(holder.wrong(name, "an object with `host`, or a list of such", other)),
            };
            endpoints.extend(servers(server, Some(options), driver)?);
        }
        if endpoints.is_empty() {
            return Err(refuse(format!("`{path}` names no server")));
        }
        Ok(Some(endpoints))
    };
    let write = match group("write")? {
        Some(endpoints) => endpoints,
        None => servers(Options::default(), Some(options), driver)?,
    };
    Ok(Endpoints { write, read: group("read")?.unwrap_or_default() })
}

/// One endpoint for each host that `own` names; what it leaves out comes from `common`.
fn servers(mut own: Options, common: Option<&Options>, driver: DriverName) -> Result<Vec<Endpoint>> {
    if let Some(url) = own.text("url")? {
        own.remove(&["url"]);
        own.fill(server_url(&url, driver)?);
    }
    let either =
        |name: &str| if own.has(name) { Some(&own) } else { common.filter(|options| options.has(name)) };
    let text = |name: &str| either(name).map_or(Ok(None), |options| options.filled_text(name));

    let port = match either("port").map_or(Ok(None), |options| options.whole("port"))? {
        None => driver.default_port(),
        Some(port) => u16::try_from(port)
            .ok()
            .filter(|port| *port > 0)
            .ok_or_else(|| refuse("`port` must be a number from 1 to 65535"))?,
    };
    let username = text("username")?.unwrap_or_else(|| driver.default_username().to_owned());
    // libpq: the database is named like the user unless it is given.
    let fallback = if driver == DriverName::Postgres { username.clone() } else { String::new() };
    let endpoint = Endpoint {
        host: "127.0.0.1".into(),
        port,
        socket: None,
        database: text("database")?.unwrap_or(fallback),
        password: text("password")?,
        username,
    };
    // A host that one server names wins over a socket that all share, and the other way round.
    let socket_is_closer = own.has("socketPath") || !own.has("host");
    if let Some(path) = text("socketPath")?.filter(|_| socket_is_closer) {
        return Ok(vec![Endpoint { socket: Some(socket_file(path, driver, port)), ..endpoint }]);
    }
    let hosts = either("host").map_or(Ok(None), |options| options.list("host"))?.unwrap_or_default();
    if hosts.is_empty() {
        return Ok(vec![endpoint]);
    }
    Ok(hosts
        .into_iter()
        .map(|host| {
            // libpq: a host that is a path is the directory of the socket.
            if host.starts_with('/') {
                return Endpoint { socket: Some(socket_file(host, driver, port)), ..endpoint.clone() };
            }
            Endpoint { host, ..endpoint.clone() }
        })
        .collect())
}

/// The URL of one server. TLS, pool and the rest are the connection's: a replica cannot have its own.
fn server_url(text: &str, driver: DriverName) -> Result<Options> {
    let mut options = url::read(text)?;
    let scheme = options.text("driver")?.and_then(|scheme| DriverName::parse(&scheme));
    if scheme.is_some_and(|scheme| scheme.family() != driver.family()) {
        return Err(refuse(format!("a `url` under `read` or `write` is not one of {}", driver.label())));
    }
    options.remove(&["driver"]);
    if let Some(name) = options.names().find(|name| keys::find(keys::SERVER, name).is_none()) {
        return Err(refuse(format!(
            "`{name}` belongs to the connection, not to a `url` under `read` or `write`"
        )));
    }
    Ok(options)
}

/// The socket's own path. PostgreSQL's users name the directory.
fn socket_file(path: String, driver: DriverName, port: u16) -> PathBuf {
    if driver == DriverName::Postgres && !path.contains("/.s.PGSQL.") {
        return PathBuf::from(path).join(format!(".s.PGSQL.{port}"));
    }
    path.into()
}

fn sqlite(options: &Options) -> Result<Endpoints> {
    if let Some(name) = ["read", "write", "replication"].into_iter().find(|name| options.has(name)) {
        return Err(refuse(format!("`{name}` has no meaning on SQLite, which has no servers")));
    }
    if !matches!(ssl::read(options)?.mode, SslMode::Disable | SslMode::Prefer) {
        return Err(refuse(
            "`ssl` has no meaning on SQLite, which has no servers; leave it out, or say `ssl: false`",
        ));
    }
    let database = options
        .filled_text("database")?
        .ok_or_else(|| refuse("`database` is missing: the path of a file, or ':memory:'"))?;
    let (host, username) = (String::new(), String::new());
    let endpoint = Endpoint { host, port: 0, socket: None, username, password: None, database };
    Ok(Endpoints { write: vec![endpoint], read: Vec::new() })
}
