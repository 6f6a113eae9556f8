import type { Connection } from '../connection/connection'
import { InvalidArgumentException } from '../errors'
import { DatabaseTransactions } from './database-transactions'

type Method = (this: unknown, ...args: never[]) => unknown

/**
 * A decorator: the method runs in a transaction that is rolled back when it ends. For TypeScript's decorators, those of
 * the language and those of `experimentalDecorators`.
 *
 * @param connection - Or a function that answers it when the method runs.
 * @example
 * class UserTests {
 *   \@WithTransaction(() => DB.connection())
 *   async registers() { … }
 * }
 */
export function WithTransaction(connection: Connection | (() => Connection)) {
  const wrapped = (method: unknown): Method => {
    if (typeof method !== 'function') throw new InvalidArgumentException('WithTransaction() decorates methods.')
    return async function (this: unknown, ...args: never[]) {
      const transactions = new DatabaseTransactions(typeof connection === 'function' ? connection() : connection)
      await transactions.beginDatabaseTransaction()
      let result: unknown
      try {
        result = await (method as Method).apply(this, args)
      } catch (error) {
        // The test's own error is what counts.
        await transactions.rollbackDatabaseTransaction().catch(() => {})
        throw error
      }
      await transactions.rollbackDatabaseTransaction()
      return result
    }
  }
  return (target: unknown, _context?: unknown, descriptor?: PropertyDescriptor): never => {
    if (descriptor === undefined) return wrapped(target) as never
    return { ...descriptor, value: wrapped(descriptor.value) } as never
  }
}
