import { AsyncLocalStorage } from 'node:async_hooks'

const own = new AsyncLocalStorage<true>()

/** Runs `work`, whose statements are not the migration's: they are neither counted, nor refused, nor backed up. */
export function asOwnWork<T>(work: () => Promise<T>): Promise<T> {
  return own.run(true, work)
}

/** Whether a statement is sent by guruorm itself. */
export function isOwnWork(): boolean {
  return own.getStore() === true
}
