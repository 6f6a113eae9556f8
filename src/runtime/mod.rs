//! One small single-threaded executor per JavaScript environment, and what turns it.

/// Lets other work run when the current turn has used its time.
pub async fn yield_if_over_budget() {}
