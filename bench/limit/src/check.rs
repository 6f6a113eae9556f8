//! The checksum of `bench/check.mjs`: columns in the order of their names, each value as text.

use crate::rows::User;
use chrono::SecondsFormat;
use sha1::{Digest, Sha1};

/// The number of rows, and a hash over all values.
pub fn checksum(users: &[User]) -> String {
    let mut hash = Sha1::new();
    for user in users {
        let User { id, name, email, age, balance, active, meta, created_at } = user;
        let active = i32::from(*active);
        let created_at = created_at.to_rfc3339_opts(SecondsFormat::Millis, true);
        hash.update(format!(
            "active={active};age={age};balance={balance:.2};created_at={created_at};email={email};id={id};meta={meta};name={name};"
        ));
    }
    let digits: String = hash.finalize()[..6].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{} rows {digits}", users.len())
}
