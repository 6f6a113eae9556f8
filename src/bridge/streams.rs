//! [`Streams`]: which streaming requests wait for their reader.

use std::cell::RefCell;
use std::collections::HashMap;

/// The streaming requests of one environment. The engine does not work on one that waits for its
/// reader, and a reader who is gone must not keep the process alive.
#[derive(Debug, Default)]
pub(super) struct Streams {
    /// For each whether it waits.
    waiting: RefCell<HashMap<u32, bool>>,
}

impl Streams {
    /// A streaming request starts.
    pub(super) fn add(&self, request: u32) {
        self.waiting.borrow_mut().insert(request, false);
    }

    /// JavaScript took a message of any request. Answers whether the engine has worked on the request
    /// until now and does not any more: it ended, or waits for its reader from here on.
    pub(super) fn took(&self, request: u32, is_last: bool) -> bool {
        let mut waiting = self.waiting.borrow_mut();
        if is_last {
            // One that is aborted from outside ends while it waits.
            return waiting.remove(&request) != Some(true);
        }
        waiting.get_mut(&request).is_some_and(|waits| !std::mem::replace(waits, true))
    }

    /// The reader wants more, or the end. Answers whether the request has waited for that.
    pub(super) fn resume(&self, request: u32) -> bool {
        self.waiting.borrow_mut().get_mut(&request).is_some_and(std::mem::take)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_worked_on_until_it_waits_and_again_once_it_is_resumed() {
        let streams = Streams::default();
        streams.add(1);
        assert!(streams.took(1, false));
        assert!(streams.resume(1));
        assert!(!streams.resume(1));
        assert!(streams.took(1, false));
        assert!(!streams.took(1, true), "it waited when it ended");
        assert!(!streams.resume(1));
    }

    #[test]
    fn another_request_is_worked_on_until_its_last_message() {
        let streams = Streams::default();
        assert!(!streams.took(2, false));
        assert!(streams.took(2, true));
    }
}
