//! This driver.
