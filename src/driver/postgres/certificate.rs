//! What binds a log-in to the server's certificate: `tls-server-end-point` of RFC 5929, section 4.1.

use sha2::{Digest, Sha256, Sha384, Sha512};

/// The hash of a certificate (DER) by the algorithm of its own signature; SHA-256 in place of MD5
/// and SHA-1. `None` where the algorithm names no hash (Ed25519) or is not known.
pub(super) fn end_point_hash(certificate: &[u8]) -> Option<Vec<u8>> {
    match signature_algorithm(certificate)? {
        SHA1_RSA | MD5_RSA | SHA1_ECDSA | SHA256_RSA | SHA256_ECDSA => {
            Some(Sha256::digest(certificate).to_vec())
        }
        SHA384_RSA | SHA384_ECDSA => Some(Sha384::digest(certificate).to_vec()),
        SHA512_RSA | SHA512_ECDSA => Some(Sha512::digest(certificate).to_vec()),
        _ => None,
    }
}

// Object identifiers as DER writes them. Source: RFC 8017 A.2.4 and RFC 5758 3.2.
const MD5_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x04];
const SHA1_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x05];
const SHA256_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];
const SHA384_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0C];
const SHA512_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0D];
const SHA1_ECDSA: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01];
const SHA256_ECDSA: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
const SHA384_ECDSA: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03];
const SHA512_ECDSA: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x04];

/// `Certificate ::= SEQUENCE { tbsCertificate, SEQUENCE { OBJECT IDENTIFIER, … }, … }`.
fn signature_algorithm(certificate: &[u8]) -> Option<&[u8]> {
    const SEQUENCE: u8 = 0x30;
    const OBJECT_IDENTIFIER: u8 = 0x06;
    let (fields, _) = element(certificate, SEQUENCE)?;
    let (_, after_tbs) = element(fields, SEQUENCE)?;
    let (algorithm, _) = element(after_tbs, SEQUENCE)?;
    Some(element(algorithm, OBJECT_IDENTIFIER)?.0)
}

/// The content of the first element, which must have this tag, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, first], rest) = der.split_first_chunk::<2>()?;
    if found != tag {
        return None;
    }
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
        if digits.len() > 4 {
            return None;
        }
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A certificate's skeleton: an empty body and the algorithm.
    fn signed_with(algorithm: &[u8]) -> Vec<u8> {
        let mut identifier = vec![0x06, u8::try_from(algorithm.len()).unwrap_or(0)];
        identifier.extend_from_slice(algorithm);
        let mut fields = vec![0x30, 0x00, 0x30, u8::try_from(identifier.len()).unwrap_or(0)];
        fields.extend_from_slice(&identifier);
        let mut certificate = vec![0x30, 0x81, u8::try_from(fields.len()).unwrap_or(0)];
        certificate.extend_from_slice(&fields);
        certificate
    }

    #[test]
    fn a_certificate_is_hashed_as_it_is_signed() {
        let length = |algorithm| end_point_hash(&signed_with(algorithm)).map(|hash| hash.len());
        assert_eq!(length(SHA1_RSA), Some(32));
        assert_eq!(length(SHA256_ECDSA), Some(32));
        assert_eq!(length(SHA384_RSA), Some(48));
        assert_eq!(length(SHA512_ECDSA), Some(64));
        assert_eq!(length(&[0x2B, 0x65, 0x70]), None, "Ed25519 names no hash");
    }

    #[test]
    fn bytes_that_are_no_certificate_have_no_hash() {
        for bytes in [&b""[..], b"\x30", b"\x30\x84\xFF\xFF\xFF\xFF", b"\x30\x89", b"\x31\x00"] {
            assert_eq!(end_point_hash(bytes), None);
        }
    }
}
