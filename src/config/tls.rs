//! [`SslConfig`]: TLS of one connection.

/// libpq's `sslmode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SslMode {
    /// Never encrypted. The default without `ssl` or `sslmode`: what a server on this machine has.
    #[default]
    Disable,
    /// Encrypted where the server can; the certificate is not verified.
    Prefer,
    /// Encrypted; the certificate is not verified.
    Require,
    /// Encrypted; the certificate's chain is verified.
    VerifyCa,
    /// Encrypted; chain and host name are verified. What `ssl: true` means.
    VerifyFull,
}

/// TLS of one connection.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SslConfig {
    /// How much is asked for.
    pub mode: SslMode,
    /// PEM of the certificate authorities to trust; the operating system's when none.
    pub ca: Option<Vec<u8>>,
    /// PEM of the client's certificate.
    pub cert: Option<Vec<u8>>,
    /// PEM of the client's key.
    pub key: Option<Vec<u8>>,
}

impl std::fmt::Debug for SslConfig {
    /// Without the key.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let has_ca = self.ca.is_some();
        let has_key = self.key.is_some();
        write!(formatter, "SslConfig({:?}, ca: {has_ca}, client certificate: {has_key})", self.mode)
    }
}
