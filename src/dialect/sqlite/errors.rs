//! Native codes to [`crate::error::ErrorCode`].
