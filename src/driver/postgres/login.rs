//! Logging in: the start-up message and the ways to prove who one is.

use postgres_protocol::authentication::md5_hash;
use postgres_protocol::authentication::sasl::{
    ChannelBinding, SCRAM_SHA_256, SCRAM_SHA_256_PLUS, ScramSha256,
};
use postgres_protocol::message::backend::{AuthenticationSaslBody, Message};
use postgres_protocol::message::frontend;

use super::certificate::end_point_hash;
use super::session::{BackendKey, Session, report_of};
use crate::config::ConnectionConfig;
use crate::error::{Error, ErrorCode, Result};
use crate::value::temporal::Zone;

/// Logs a new session in and reads until the server waits for a statement.
///
/// # Errors
/// `Connection` with the server's reason and what to do, never with the password.
pub(super) async fn log_in(session: &mut Session) -> Result<()> {
    let label = session.server.label();
    run(session).await.map_err(|mut error| {
        if error.code == ErrorCode::LostConnection {
            error.code = ErrorCode::Connection;
        }
        error.message = format!("PostgreSQL at {label} refused the log-in: {}", error.message);
        error
    })
}

async fn run(session: &mut Session) -> Result<()> {
    let server = std::rc::Rc::clone(&session.server);
    let parameters =
        start_up_parameters(&server.config, &server.endpoint.username, &server.endpoint.database);
    let written = parameters.iter().map(|(name, value)| (*name, value.as_str()));
    session
        .wire
        .write(|out| frontend::startup_message(written, out))
        .map_err(|_| Error::new(ErrorCode::Config, "a name in the configuration holds a NUL character"))?;
    session.send().await?;
    loop {
        match next(session).await? {
            Message::AuthenticationOk => {}
            Message::AuthenticationCleartextPassword => {
                send_password(session, password(session)?.as_bytes()).await?;
            }
            Message::AuthenticationMd5Password(body) => {
                let user = server.endpoint.username.as_bytes();
                let hash = md5_hash(user, password(session)?.as_bytes(), body.salt());
                send_password(session, hash.as_bytes()).await?;
            }
            Message::AuthenticationSasl(body) => prove_by_scram(session, &body).await?,
            Message::AuthenticationKerberosV5
            | Message::AuthenticationGss
            | Message::AuthenticationSspi
            | Message::AuthenticationScmCredential => {
                return Err(refused(
                    "the server asks for Kerberos, GSSAPI or SSPI; allow `scram-sha-256` in pg_hba.conf",
                ));
            }
            Message::BackendKeyData(body) => {
                session.key = BackendKey { process: body.process_id(), secret: body.secret_key() };
            }
            Message::ReadyForQuery(_) => return Ok(()),
            _ => return Err(out_of_turn()),
        }
    }
}

/// The next message; a refusal becomes an error.
async fn next(session: &mut Session) -> Result<Message> {
    match session.answer().await {
        Ok(Message::ErrorResponse(body)) => Err(explain(report_of(&body)?.into_error())),
        Ok(message) => Ok(message),
        Err(error) => Err(explain(error)),
    }
}

/// What the server is told about the session.
fn start_up_parameters(config: &ConnectionConfig, user: &str, database: &str) -> Vec<(&'static str, String)> {
    let mut parameters = vec![
        ("user", user.to_owned()),
        ("database", database.to_owned()),
        ("client_encoding", "UTF8".to_owned()),
        ("DateStyle", "ISO".to_owned()),
        ("application_name", config.application_name.clone()),
    ];
    if let Some(zone) = zone_name(&config.timezone) {
        parameters.push(("TimeZone", zone));
    }
    // PgBouncer refuses parameters that it does not know, and this one it knows only lately.
    if !config.pgbouncer {
        parameters.push(("IntervalStyle", "postgres".to_owned()));
    }
    if !config.search_path.is_empty() {
        let quoted = config.search_path.iter().map(|schema| format!("\"{}\"", schema.replace('"', "\"\"")));
        parameters.push(("search_path", quoted.collect::<Vec<_>>().join(", ")));
    }
    parameters
}

/// A zone as the server names it. `None`: a zone without a name, the server keeps its own.
fn zone_name(zone: &Zone) -> Option<String> {
    match zone {
        Zone::Utc => Some("UTC".into()),
        Zone::Offset(seconds) => {
            // POSIX: a name in angle brackets, then the distance west of UTC.
            let clock = |sign: char| {
                let size = seconds.unsigned_abs();
                format!("{sign}{:02}:{:02}:{:02}", size / 3600, size / 60 % 60, size % 60)
            };
            let (east, west) = if *seconds < 0 { ('-', '+') } else { ('+', '-') };
            Some(format!("<{}>{}", clock(east), clock(west)))
        }
        Zone::Named(zone) => zone.iana_name().map(str::to_owned),
    }
}

fn password(session: &Session) -> Result<String> {
    let missing = "the server asks for a password, and none is configured; set `password`";
    session.server.endpoint.password.clone().ok_or_else(|| refused(missing))
}

async fn send_password(session: &mut Session, answer: &[u8]) -> Result<()> {
    let held_nul = "the password holds a NUL character";
    session.wire.write(|out| frontend::password_message(answer, out)).map_err(|_| refused(held_nul))?;
    session.send().await
}

/// SCRAM-SHA-256, bound to the server's certificate where the connection is encrypted: nobody in
/// between can pass the log-in on.
async fn prove_by_scram(session: &mut Session, offer: &AuthenticationSaslBody) -> Result<()> {
    let password = password(session)?;
    let (mechanism, binding) = choose(session, offer)?;
    let mut scram = ScramSha256::new(password.as_bytes(), binding);
    session
        .wire
        .write(|out| frontend::sasl_initial_response(mechanism, scram.message(), out))
        .map_err(|_| out_of_turn())?;
    session.send().await?;
    let Message::AuthenticationSaslContinue(body) = next(session).await? else { return Err(out_of_turn()) };
    scram.update(body.data()).map_err(|failure| refused(&failure.to_string()))?;
    session.wire.write(|out| frontend::sasl_response(scram.message(), out)).map_err(|_| out_of_turn())?;
    session.send().await?;
    let Message::AuthenticationSaslFinal(body) = next(session).await? else { return Err(out_of_turn()) };
    let unproven = "the server could not prove that it knows the password; is it the right server?";
    scram.finish(body.data()).map_err(|_| refused(unproven))
}

fn choose(session: &Session, offer: &AuthenticationSaslBody) -> Result<(&'static str, ChannelBinding)> {
    use fallible_iterator::FallibleIterator;
    let offered: Vec<&str> = offer.mechanisms().collect().map_err(|_| out_of_turn())?;
    let certificate_hash = session.wire.stream().server_certificate().and_then(end_point_hash);
    let can_bind = offered.contains(&SCRAM_SHA_256_PLUS);
    match certificate_hash {
        Some(hash) if can_bind => Ok((SCRAM_SHA_256_PLUS, ChannelBinding::tls_server_end_point(hash))),
        _ if !offered.contains(&SCRAM_SHA_256) => {
            Err(refused("the server offers none of the ways to log in that exist: SCRAM-SHA-256 is missing"))
        }
        // Says that binding would have been possible, so that nobody can take the offer away unseen.
        Some(_) => Ok((SCRAM_SHA_256, ChannelBinding::unrequested())),
        None => Ok((SCRAM_SHA_256, ChannelBinding::unsupported())),
    }
}

/// Adds what to do about a refusal.
fn explain(mut error: Error) -> Error {
    let advice = match error.detail.native_code.as_deref() {
        Some("28P01") => "check `username` and `password`",
        Some("28000") => "check `username`, `ssl`, and the server's pg_hba.conf",
        Some("3D000") => "create the database, or correct `database`",
        Some("53300") => "lower `pool.max`, or raise the server's `max_connections`",
        _ => return error,
    };
    error.message = format!("{}; {advice}", error.message);
    error
}

fn refused(reason: &str) -> Error {
    Error::new(ErrorCode::Connection, reason)
}

fn out_of_turn() -> Error {
    refused("a message came out of turn; is this a PostgreSQL server?")
}
