//! A connection URL as [`Options`]: `postgres://user:password@host:5432/database?sslmode=require`.
//!
//! Its parts are percent-decoded. Messages never repeat the URL, because it holds a password.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::DriverName;
use super::keys;
use super::options::{Options, refuse};
use crate::error::Result;

/// Reads a URL into the options that it stands for, `driver` among them.
///
/// Query parameters are options of the same name; besides, `connect_timeout` and `pool_timeout`
/// (seconds, as libpq and Prisma have them) and `connection_limit`.
///
/// # Errors
/// A scheme nobody knows, a part that cannot be read, an unknown parameter.
pub(super) fn read(text: &str) -> Result<Options> {
    let text = text.trim();
    let lower = text.to_lowercase();
    let scheme = lower.split_once(':').map_or("", |(scheme, _)| scheme);
    if matches!(scheme, "sqlite" | "sqlite3" | "file") || lower == ":memory:" {
        return read_file(text, scheme);
    }
    if DriverName::parse(scheme).is_none() {
        return Err(refuse("`url` must start with postgres://, mysql://, mariadb://, sqlite: or mssql://"));
    }
    let parsed = url::Url::parse(text).map_err(|error| {
        refuse(format!(
            "`url` cannot be read ({error}); percent-encode special characters of the user name and the password"
        ))
    })?;
    let mut given = Map::new();
    put(&mut given, "driver", scheme);
    put(&mut given, "host", &decode(parsed.host_str().unwrap_or_default().trim_matches(['[', ']']), "host")?);
    put(&mut given, "username", &decode(parsed.username(), "user name")?);
    put(&mut given, "password", &decode(parsed.password().unwrap_or_default(), "password")?);
    put(&mut given, "database", &decode(parsed.path().trim_start_matches('/'), "database")?);
    if let Some(port) = parsed.port() {
        given.insert("port".into(), port.into());
    }
    parameters(&mut given, parsed.query().unwrap_or_default())?;
    Options::new(given, "", keys::CONNECTION)
}

/// `sqlite:path`, `sqlite://path`, `sqlite:///absolute`, `sqlite::memory:`, `file:path`.
fn read_file(text: &str, scheme: &str) -> Result<Options> {
    let rest = if scheme.is_empty() { text } else { &text[scheme.len() + 1..] };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = path.strip_prefix("//").unwrap_or(path);
    let mut given = Map::new();
    put(&mut given, "driver", "sqlite");
    put(&mut given, "database", &decode(path, "path")?);
    parameters(&mut given, query)?;
    Options::new(given, "", keys::CONNECTION)
}

fn parameters(given: &mut Map<String, Value>, query: &str) -> Result<()> {
    let mut pool = Map::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "connect_timeout" => pool.insert("createTimeoutMillis".into(), seconds(&name, &value)?),
            "pool_timeout" => pool.insert("acquireTimeoutMillis".into(), seconds(&name, &value)?),
            "connection_limit" => pool.insert("max".into(), Value::String(value.into_owned())),
            "driver" | "url" | "read" | "write" | "replication" | "pool" | "log" | "wrapIdentifier" => {
                return Err(refuse(format!("`{name}` cannot be a parameter of `url`")));
            }
            // The form of mysql2 and PlanetScale: ssl={"rejectUnauthorized":true}
            "ssl" if value.starts_with('{') => {
                let object = serde_json::from_str(&value)
                    .map_err(|_| refuse("the parameter `ssl` of `url` is not an object in JSON"))?;
                given.insert("ssl".into(), object)
            }
            _ => given.insert(name.into_owned(), Value::String(value.into_owned())),
        };
    }
    if !pool.is_empty() {
        given.insert("pool".into(), Value::Object(pool));
    }
    Ok(())
}

fn seconds(name: &str, value: &str) -> Result<Value> {
    let whole: Option<u32> = value.parse().ok();
    let seconds =
        whole.ok_or_else(|| refuse(format!("`{name}` in `url` must be a whole number of seconds")))?;
    Ok(Value::from(u64::from(seconds) * 1000))
}

fn put(given: &mut Map<String, Value>, name: &str, value: &str) {
    if !value.is_empty() {
        given.insert(name.to_owned(), Value::String(value.to_owned()));
    }
}

fn decode(part: &str, what: &str) -> Result<String> {
    let decoded = percent_decode_str(part).decode_utf8();
    decoded
        .map(Into::into)
        .map_err(|_| refuse(format!("the {what} in `url` is not UTF-8 after percent-decoding")))
}
