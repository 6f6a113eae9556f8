/** What the author of a migration vouches for: statements that a linter says nothing about. */
import { AsyncLocalStorage } from 'node:async_hooks'

const flow = new AsyncLocalStorage<true>()

/** Runs `work` with statements that are vouched for. */
export function runAssured<T>(work: () => T | PromiseLike<T>): Promise<T> {
  // A query that is given back without `await` runs in here as well.
  return flow.run(true, async () => await work())
}

/** Whether statements are vouched for here. */
export function isAssured(): boolean {
  return flow.getStore() === true
}
