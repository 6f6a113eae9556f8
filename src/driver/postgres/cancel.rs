//! Cancelling a statement: a request on a connection of its own.

use std::cell::Cell;
use std::convert::Infallible;
use std::rc::Rc;

use postgres_protocol::message::frontend;

use super::driver::Server;
use super::session::{BackendKey, lost};
use super::wire::Wire;
use crate::driver::CancelFuture;
use crate::driver::network::Address;
use crate::error::Result;

/// Whether somebody asked for the statement that runs now to be stopped. A server that waits for the
/// rest of a statement, as between parsing and running it, ignores the request.
pub(super) type CancelFlag = Rc<Cell<bool>>;

/// Makes futures that ask the server to stop what a session is doing.
pub(super) fn canceller(
    server: Rc<Server>,
    address: Address,
    key: BackendKey,
    flag: CancelFlag,
) -> Box<dyn Fn() -> CancelFuture> {
    Box::new(move || {
        let (server, address, flag) = (Rc::clone(&server), address.clone(), Rc::clone(&flag));
        Box::pin(async move {
            flag.set(true);
            cancel(&server, &address, key).await
        })
    })
}

async fn cancel(server: &Server, address: &Address, key: BackendKey) -> Result<()> {
    let stream = server.open(address).await?.map_err(|failure| lost(&failure))?;
    let mut wire = Wire::new(stream);
    let Ok(()) = wire.write(|out| {
        frontend::cancel_request(key.process, key.secret, out);
        Ok::<_, Infallible>(())
    });
    wire.send().await.map_err(|failure| lost(&failure))?;
    // The server closes when it has passed the request on; it answers nothing.
    wire.read_to_end().await;
    Ok(())
}
