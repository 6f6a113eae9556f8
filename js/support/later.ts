/**
 * Something that is there, or that will be. What SQLite answers is mostly there: whoever awaits it regardless makes promises
 * for nothing, and each of them calls hooks where a program uses `AsyncLocalStorage`.
 */
export type Later<T> = T | Promise<T>

/** What `next` makes of it, as soon as it is there. */
export function andThen<T, Next>(value: Later<T>, next: (value: T) => Later<Next>): Later<Next> {
  return value instanceof Promise ? value.then(next) : next(value)
}
