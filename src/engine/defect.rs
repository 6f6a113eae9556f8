//! A defect on purpose, in debug builds: tests see what a panic leaves behind.
#![allow(clippy::panic)] // this is what it is for

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

use super::control::Control;
use super::engine::Engine;
use super::execute::{self, Work};
use crate::driver::{Chunk, ChunkReceiver, DriverStatement, RowSink, Shape};
use crate::error::Result;
use crate::value::Bindings;

impl Engine {
    /// Panics; with `in_statement` while the rows of a statement are read.
    ///
    /// # Errors
    /// When there is no connection to panic on.
    ///
    /// # Panics
    /// Always.
    pub async fn panic(&self, in_statement: bool) -> Result<()> {
        assert!(in_statement, "a defect on purpose");
        let mut lease = self.write_pool(false)?.acquire().await?;
        let statement = DriverStatement::plain("select 1");
        let (mut receiver, bindings) = (Defective, Bindings::none());
        let mut sink = RowSink::new(&mut receiver);
        let work = Work::Statement(&statement, &bindings);
        execute::run(&mut lease, work, &mut sink, &Control::default()).await.map(|_| ())
    }
}

struct Defective;

impl ChunkReceiver for Defective {
    fn shape(&mut self, _shape: Rc<Shape>) {
        panic!("a defect on purpose, in a statement");
    }

    fn chunk(&mut self, _chunk: Chunk) -> bool {
        false
    }

    fn ready(&mut self) -> LocalBoxFuture<'_, ()> {
        Box::pin(async {})
    }
}
