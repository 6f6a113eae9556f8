//! Reads what the user wrote into a [`ConnectionConfig`].

use serde_json::Value;

use super::options::{Options, refuse};
use super::{BigIntMode, ConnectionConfig, DriverName, PoolConfig, SqliteConfig, endpoints, keys, ssl, url};
use crate::error::{Error, Result};
use crate::value::temporal::Zone;

/// Reads and checks the options of one connection, given as JSON.
///
/// # Errors
/// `Config` for an unknown driver or key (naming the nearest known one), a wrong type, a URL that
/// cannot be read, or `min > max`.
pub fn parse(name: &str, options: &str) -> Result<ConnectionConfig> {
    read(name, options)
        .map_err(|error| Error { message: format!("Connection [{name}]: {}", error.message), ..error })
}

fn read(name: &str, options: &str) -> Result<ConnectionConfig> {
    let Ok(Value::Object(given)) = serde_json::from_str(options) else {
        return Err(refuse("the options must be an object"));
    };
    let mut options = Options::new(given, "", keys::CONNECTION)?;
    merge_url(&mut options)?;
    let driver = driver(&options)?;
    refuse_foreign(&options, driver)?;
    if options.has("wrapIdentifier") {
        return Err(refuse(
            "`wrapIdentifier` is not supported: identifiers are quoted by the engine; use `prefix`, or aliases in queries",
        ));
    }
    if options.choice("channel_binding", &[("disable", false), ("prefer", false), ("require", true)])?
        == Some(true)
    {
        return Err(refuse(
            "`channel_binding=require` is not supported; leave it out and use sslmode=verify-full, which proves the server",
        ));
    }
    let endpoints = endpoints::read(&options, driver)?;
    let (charset, collation) = character_set(&options, driver)?;
    Ok(ConnectionConfig {
        name: name.to_owned(),
        driver,
        write: endpoints.write,
        read: endpoints.read,
        sticky: options.boolean("sticky")?.unwrap_or(false),
        ssl: ssl::read(&options)?,
        pool: pool(&options)?,
        sqlite: sqlite(&options)?,
        search_path: match options.list("searchPath")? {
            Some(path) => path,
            None => options.list("schema")?.unwrap_or_default(),
        },
        charset,
        collation,
        timezone: zone(&options)?,
        prefix: options.text("prefix")?.unwrap_or_default(),
        bigint: options.choice("bigint", BIGINT)?.unwrap_or_default(),
        dates_as_text: options.choice("dates", &[("date", false), ("string", true)])?.unwrap_or(false),
        json_as_text: options.choice("json", &[("parsed", false), ("string", true)])?.unwrap_or(false),
        statement_timeout_ms: options.whole("statementTimeout")?.filter(|limit| *limit > 0),
        application_name: options.filled_text("applicationName")?.unwrap_or_else(|| "guruorm".into()),
        pgbouncer: options.boolean("pgbouncer")?.unwrap_or(false),
        strict: options.boolean("strict")?.unwrap_or(true),
        engine: options.word("engine")?,
        table_charset: options.word("charset")?,
        prefix_indexes: options.boolean("prefixIndexes")?.unwrap_or(true),
        use_native_json: options.boolean("useNativeJson")?.unwrap_or(false),
        use_native_jsonb: options.boolean("useNativeJsonb")?.unwrap_or(false),
        use_upsert_alias: options.boolean("useUpsertAlias")?.unwrap_or(false),
        nullable_by_default: options.boolean("nullableByDefault")?.unwrap_or(false),
    })
}

const BIGINT: &[(&str, BigIntMode)] = &[
    ("auto", BigIntMode::Auto),
    ("string", BigIntMode::String),
    ("bigint", BigIntMode::BigInt),
    ("number", BigIntMode::Number),
];

/// Adds what the URL says, where no key of its own does.
fn merge_url(options: &mut Options) -> Result<()> {
    let Some(text) = options.filled_text("url")? else { return Ok(()) };
    let mut from_url = url::read(&text)?;
    for group in [ssl::NAMES, &["schema", "searchPath"], &["host", "socketPath"]] {
        if group.iter().any(|name| options.has(name)) {
            from_url.remove(group);
        }
    }
    let (own, scheme) = (options.text("driver")?, from_url.text("driver")?);
    if let (Some(own), Some(scheme)) = (own.as_deref().and_then(DriverName::parse), scheme.as_deref()) {
        let spoken = DriverName::parse(scheme);
        if spoken.is_some_and(|spoken| spoken.family() != own.family()) {
            return Err(refuse(format!("`driver` says {}, but `url` starts with {scheme}:", own.label())));
        }
    }
    let mut pool = from_url.child("pool", keys::POOL)?;
    if options.has("pool") {
        let mut own = options.child("pool", keys::POOL)?;
        std::mem::swap(&mut own, &mut pool);
        pool.fill(own);
        options.remove(&["pool"]);
        options.put("pool", pool.into_value());
    }
    options.fill(from_url);
    Ok(())
}

fn driver(options: &Options) -> Result<DriverName> {
    let known = "'postgres', 'mysql', 'mariadb', 'sqlite', 'sqlserver'";
    let Some(text) = options.filled_text("driver")? else {
        return Err(refuse(format!("`driver` is missing; it is one of {known}, or give `url`")));
    };
    DriverName::parse(&text).ok_or_else(|| {
        let shown: String = text.chars().filter(|character| !character.is_control()).take(40).collect();
        refuse(format!("there is no driver '{shown}'; the known ones are {known}"))
    })
}

/// Refuses options that mean something to other databases only: to ignore `searchPath` on MySQL
/// would send queries to the wrong tables.
fn refuse_foreign(options: &Options, driver: DriverName) -> Result<()> {
    for name in options.names() {
        let only = keys::find(keys::CONNECTION, name).map_or(&[][..], |key| key.only);
        if !only.is_empty() && !only.contains(&driver) {
            let owners: Vec<_> = only.iter().map(|owner| owner.label()).collect();
            let owners = owners.join(" and ");
            return Err(refuse(format!(
                "`{name}` is an option of {owners}; {} has no such thing",
                driver.label()
            )));
        }
    }
    Ok(())
}

fn pool(options: &Options) -> Result<PoolConfig> {
    let default = PoolConfig::default();
    let given = options.child("pool", keys::POOL)?;
    let count = |name: &str, or: usize| -> Result<usize> {
        let number = given.whole(name)?;
        number.map_or(Ok(or), |number| {
            usize::try_from(number).ok().filter(|number| *number <= 10_000).ok_or_else(|| {
                refuse(format!("`pool.{name}` is over 10 000; no server takes that many connections"))
            })
        })
    };
    given.whole("reapIntervalMillis")?; // checked; idle connections are closed on time without it
    let pool = PoolConfig {
        min: count("min", default.min)?,
        max: count("max", default.max)?,
        acquire_timeout_ms: match given.whole("acquireTimeoutMillis")? {
            Some(limit) => limit,
            None => options.whole("acquireConnectionTimeout")?.unwrap_or(default.acquire_timeout_ms),
        },
        idle_timeout_ms: given.whole("idleTimeoutMillis")?.unwrap_or(default.idle_timeout_ms),
        create_timeout_ms: given.whole("createTimeoutMillis")?.unwrap_or(default.create_timeout_ms),
        max_lifetime_ms: given.whole("maxLifetimeMillis")?.unwrap_or(default.max_lifetime_ms),
    };
    if pool.max == 0 {
        return Err(refuse("`pool.max` must be at least 1"));
    }
    if pool.min > pool.max {
        let which = if given.has("max") { "" } else { ", the default" };
        return Err(refuse(format!("`pool.min` ({}) is over `pool.max` ({}{which})", pool.min, pool.max)));
    }
    Ok(pool)
}

fn sqlite(options: &Options) -> Result<SqliteConfig> {
    let default = SqliteConfig::default();
    let journal = ["delete", "truncate", "persist", "memory", "wal", "off"].map(|mode| (mode, mode));
    let synchronous = [
        ("off", "off"),
        ("normal", "normal"),
        ("full", "full"),
        ("extra", "extra"),
        ("0", "off"),
        ("1", "normal"),
        ("2", "full"),
        ("3", "extra"),
    ];
    Ok(SqliteConfig {
        foreign_keys: options.boolean("foreignKeyConstraints")?.unwrap_or(default.foreign_keys),
        busy_timeout_ms: options.whole("busyTimeout")?.unwrap_or(default.busy_timeout_ms),
        journal_mode: options.choice("journalMode", &journal)?.map_or(default.journal_mode, Into::into),
        synchronous: options.choice("synchronous", &synchronous)?.map_or(default.synchronous, Into::into),
    })
}

/// Character set and collation. Only MySQL has a choice: the others speak UTF-8 with us.
fn character_set(options: &Options, driver: DriverName) -> Result<(String, Option<String>)> {
    let charset = options.word("charset")?;
    let collation = options.word("collation")?;
    if driver.family() == DriverName::MySql {
        return Ok((charset.unwrap_or_else(|| "utf8mb4".into()), collation));
    }
    match charset {
        Some(charset)
            if !matches!(charset.to_lowercase().as_str(), "utf8" | "utf-8" | "utf8mb4" | "unicode") =>
        {
            Err(refuse(format!("`charset` must be 'utf8' on {}: text travels as UTF-8", driver.label())))
        }
        _ => Ok(("utf8".into(), collation)),
    }
}

fn zone(options: &Options) -> Result<Zone> {
    let Some(text) = options.filled_text("timezone")? else { return Ok(Zone::default()) };
    Zone::parse(&text).map_err(|error| refuse(format!("`timezone`: {}", error.message)))
}
