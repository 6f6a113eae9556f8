//! TLS with libpq's meanings of `sslmode`, for every server.
//!
//! Source: <https://www.postgresql.org/docs/current/libpq-ssl.html>, table 34.1.

use std::io;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_rustls::TlsConnector;

use super::socket::Socket;
use super::stream::Stream;
use crate::config::{SslConfig, SslMode};
use crate::error::{Error, ErrorCode, Result};

/// The settings of one endpoint's TLS, made once: reading the system's certificates takes a while.
pub struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
    is_optional: bool,
}

impl Tls {
    /// `None` when the mode is `disable`.
    ///
    /// # Errors
    /// `Config` for PEM that cannot be read, and for a host that no certificate can name.
    pub fn new(config: &SslConfig, host: &str) -> Result<Option<Self>> {
        if config.mode == SslMode::Disable {
            return Ok(None);
        }
        let is_name_checked = config.mode == SslMode::VerifyFull;
        let name = match ServerName::try_from(host.to_owned()) {
            Ok(name) => name,
            Err(_) if is_name_checked => {
                return Err(refused("the host's name", "no certificate can name this host"));
            }
            Err(_) => ServerName::IpAddress(std::net::Ipv4Addr::UNSPECIFIED.into()),
        };
        let client = client_config(config)?;
        let connector = TlsConnector::from(Arc::new(client));
        Ok(Some(Self { connector, name, is_optional: config.mode == SslMode::Prefer }))
    }

    /// Whether a server that has no TLS, or with which encrypting fails, is used without it.
    pub fn is_optional(&self) -> bool {
        self.is_optional
    }

    /// Encrypts, on a socket whose server expects it now.
    pub async fn encrypt(&self, socket: Socket) -> io::Result<Stream> {
        Ok(Stream::Tls(Box::new(self.connector.connect(self.name.clone(), socket).await?)))
    }
}

fn client_config(config: &SslConfig) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| refused("TLS", error))?;
    // As libpq: with certificates to verify against, `require` verifies the chain.
    let verifies = match config.mode {
        SslMode::VerifyCa | SslMode::VerifyFull => true,
        SslMode::Require => config.ca.is_some(),
        SslMode::Prefer | SslMode::Disable => false,
    };
    let chain = if verifies {
        let roots = Arc::new(trusted(config.ca.as_deref())?);
        let built = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider)).build();
        Some(built.map_err(|error| refused("`ca`", error))?)
    } else {
        None
    };
    let verification = Verifier { provider, chain, checks_name: config.mode == SslMode::VerifyFull };
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verification));
    match (&config.cert, &config.key) {
        (Some(cert), Some(key)) => {
            let chain = certificates(cert, "`cert`")?;
            let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| refused("`key`", error))?;
            builder.with_client_auth_cert(chain, key).map_err(|error| refused("`cert` and `key`", error))
        }
        (None, None) => Ok(builder.with_no_client_auth()),
        _ => Err(refused("`cert` and `key`", "one is given without the other")),
    }
}

fn trusted(ca: Option<&[u8]>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = ca {
        for certificate in certificates(pem, "`ca`")? {
            roots.add(certificate).map_err(|error| refused("`ca`", error))?;
        }
    } else {
        // A system's store often holds a few certificates that nobody can read.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if roots.is_empty() {
        return Err(refused("`ca`", "there is no certificate to trust"));
    }
    Ok(roots)
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>> {
    let found = CertificateDer::pem_slice_iter(pem).collect::<std::result::Result<Vec<_>, _>>();
    match found {
        Ok(found) if found.is_empty() => Err(refused(what, "it holds no certificate in PEM")),
        Ok(found) => Ok(found),
        Err(error) => Err(refused(what, error)),
    }
}

fn refused(what: &str, reason: impl std::fmt::Display) -> Error {
    Error::new(ErrorCode::Config, format!("ssl: {what} cannot be used: {reason}"))
}

/// Verifies as much as the mode asks for. Signatures of the handshake always.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    chain: Option<Arc<WebPkiServerVerifier>>,
    checks_name: bool,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        // The name is checked last, so an error about it means that the chain is good.
        match chain.verify_server_cert(certificate, intermediates, name, ocsp_response, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.checks_name => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
