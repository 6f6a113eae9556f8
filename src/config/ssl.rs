//! `ssl`, `sslmode` and the certificates, with libpq's meanings.
//!
//! Source: PostgreSQL 17, 32.19.1 and table 32.1. Stricter in two points: `allow` is read as
//! `prefer`, and `ssl: true` verifies certificate and host name.

use serde_json::Value;

use super::keys;
use super::options::{Options, refuse};
use super::{SslConfig, SslMode};
use crate::error::Result;

/// libpq's words, and MySQL's for the same things.
const MODES: &[(&str, SslMode)] = &[
    ("disable", SslMode::Disable),
    ("allow", SslMode::Prefer),
    ("prefer", SslMode::Prefer),
    ("require", SslMode::Require),
    ("verify-ca", SslMode::VerifyCa),
    ("verify-full", SslMode::VerifyFull),
    ("disabled", SslMode::Disable),
    ("preferred", SslMode::Prefer),
    ("required", SslMode::Require),
    ("verify_ca", SslMode::VerifyCa),
    ("verify_identity", SslMode::VerifyFull),
];

/// Names that belong together: an option that overrides one of a URL's overrides all.
pub(super) const NAMES: &[&str] = &["ssl", "sslmode", "sslrootcert", "sslcert", "sslkey"];

/// Reads all options about TLS.
///
/// # Errors
/// A mode nobody knows; `ssl` and `sslmode` that contradict each other; a certificate that cannot
/// be read.
pub(super) fn read(options: &Options) -> Result<SslConfig> {
    let given = match options.get("ssl") {
        Some(Value::Object(_)) => options.child("ssl", keys::SSL)?,
        _ => Options::default(),
    };
    let verified = given.boolean("rejectUnauthorized")?;
    let from_ssl = match options.get("ssl") {
        None => None,
        Some(Value::Object(_)) if verified == Some(false) => Some(SslMode::Require),
        Some(Value::Object(_)) => Some(SslMode::VerifyFull),
        Some(value) => match (options.boolean("ssl"), value) {
            (Ok(Some(true)), _) => Some(SslMode::VerifyFull),
            (Ok(_), _) => Some(SslMode::Disable),
            (Err(_), Value::String(_)) => options.choice("ssl", MODES)?,
            (Err(_), other) => {
                return Err(options.wrong(
                    "ssl",
                    "true, false, a mode such as 'require', or an object",
                    other,
                ));
            }
        },
    };
    let from_sslmode = options.choice("sslmode", MODES)?;
    let mut config = SslConfig {
        mode: from_sslmode.or(from_ssl).unwrap_or_default(),
        ca: certificate(&given, "ca", options, "sslrootcert")?,
        cert: certificate(&given, "cert", options, "sslcert")?,
        key: certificate(&given, "key", options, "sslkey")?,
    };
    if let (Some(ssl), Some(sslmode)) = (from_ssl, from_sslmode) {
        let disagree = (ssl == SslMode::Disable) != (sslmode == SslMode::Disable)
            || (verified == Some(false) && matches!(sslmode, SslMode::VerifyCa | SslMode::VerifyFull));
        if disagree {
            return Err(refuse("`ssl` and `sslmode` contradict each other; give one of them"));
        }
    }
    // "If a root CA file exists, the behavior of sslmode=require will be the same as that of
    // verify-ca" (libpq). Not where the user turned verification off by name.
    if config.mode == SslMode::Require && config.ca.is_some() {
        match verified {
            Some(false) => config.ca = None,
            _ => config.mode = SslMode::VerifyCa,
        }
    }
    if config.cert.is_some() != config.key.is_some() {
        return Err(refuse("a client certificate needs both `cert` and `key`"));
    }
    Ok(config)
}

/// PEM text, or the path of a file that holds it.
fn certificate(ssl: &Options, name: &str, options: &Options, path_name: &str) -> Result<Option<Vec<u8>>> {
    let Some(given) = ssl.filled_text(name)?.or(options.filled_text(path_name)?) else { return Ok(None) };
    if given.contains("-----BEGIN") {
        return Ok(Some(given.into_bytes()));
    }
    // What `given` holds is not repeated when it has several lines: it may be a damaged key.
    if given.contains('\n') {
        return Err(refuse(format!("`ssl.{name}` is not PEM text (it has no -----BEGIN line)")));
    }
    match std::fs::read(&given) {
        Ok(pem) => Ok(Some(pem)),
        Err(error) => {
            Err(refuse(format!("`ssl.{name}` is neither PEM text nor a file that can be read ({error})")))
        }
    }
}
