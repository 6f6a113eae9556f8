//! [`Doorkeeper`]: which texts came before.

use std::hash::{DefaultHasher, Hash, Hasher};

/// 8 KiB: among as many texts as it remembers, one new text in twenty passes for one that came before.
const BITS: u64 = 1 << 16;
const MOST: usize = 1 << 13;

/// Remembers by a few bits each which texts came, and forgets all of them after a while.
///
/// A cache that it stands before keeps nothing that comes once: what is kept survives the garbage collector of JavaScript,
/// and to be copied by it costs more than to be compiled. A Bloom filter that is emptied, as in `TinyLFU` (Einziger,
/// Friedman and Manes, 2017).
pub(super) struct Doorkeeper {
    bits: Box<[u64]>,
    remembered: usize,
}

impl Default for Doorkeeper {
    fn default() -> Self {
        Self { bits: vec![0; (BITS / 64) as usize].into_boxed_slice(), remembered: 0 }
    }
}

impl Doorkeeper {
    /// Whether the text came lately, as far as it is remembered. From now on it has.
    pub fn has_met(&mut self, text: &(impl Hash + ?Sized)) -> bool {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let hash = hasher.finish();
        let is_new = self.set(hash) | self.set(hash >> 32);
        if is_new {
            self.remembered += 1;
            if self.remembered == MOST {
                *self = Self::default();
            }
        }
        !is_new
    }

    /// Sets a bit. Whether it was not set.
    fn set(&mut self, hash: u64) -> bool {
        let at = hash % BITS;
        let (word, bit) = (&mut self.bits[(at / 64) as usize], 1 << (at % 64));
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_met_the_second_time() {
        let mut doorkeeper = Doorkeeper::default();
        assert!(!doorkeeper.has_met("a"));
        assert!(!doorkeeper.has_met("b"));
        assert!(doorkeeper.has_met("a") && doorkeeper.has_met("a") && doorkeeper.has_met("b"));
    }

    #[test]
    fn few_new_texts_pass_for_met_ones() {
        let mut doorkeeper = Doorkeeper::default();
        let passed = (0..10 * MOST).filter(|number| doorkeeper.has_met(number)).count();
        assert!(passed < MOST / 4, "{passed} of {}", 10 * MOST);
    }

    #[test]
    fn old_texts_are_forgotten() {
        let mut doorkeeper = Doorkeeper::default();
        doorkeeper.has_met("a");
        for number in 0..2 * MOST {
            doorkeeper.has_met(&number);
        }
        let known = (0..MOST).filter(|number| doorkeeper.has_met(number)).count();
        assert!(known < MOST / 4, "{known}");
    }
}
