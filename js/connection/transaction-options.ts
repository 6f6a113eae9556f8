/** How transactions run. */
import { InvalidArgumentException } from '../errors'

/** The isolation levels of SQL. SQLite is always serializable. */
export type IsolationLevel = 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable'

/** Options of `beginTransaction`. */
export interface BeginTransactionOptions extends Pick<TransactionOptions, 'isolation' | 'readOnly'> {
  /**
   * Everything that the connection does belongs to it until it ends, in whichever async flow. For
   * tests, whose runner gives each hook a flow of its own. A program's transactions are savepoints
   * in it, and what they do after their commit is done then.
   */
  everywhere?: boolean
}

export interface TransactionOptions {
  /** How often the callback may run: again only after a deadlock, a serialization failure or a lock timeout. Default 1. */
  attempts?: number
  /** For this transaction only. */
  isolation?: IsolationLevel
  /** Refuses writes. */
  readOnly?: boolean
  /** Longest time until the callback has ended, in milliseconds. Then everything is rolled back. */
  timeout?: number
  /** `DB.transaction` only: the connection's name. */
  connection?: string
}

const ISOLATION_LEVELS: readonly string[] = ['read uncommitted', 'read committed', 'repeatable read', 'serializable']
const OPTIONS: readonly string[] = ['attempts', 'isolation', 'readOnly', 'timeout', 'connection']

/** Options after checking. */
export interface Settings extends TransactionOptions {
  attempts: number
}

/** Those of a transaction of which nothing is asked. */
const USUAL: Settings = { attempts: 1 }

/** @throws InvalidArgumentException for an option that nobody knows, or that cannot work. */
export function readOptions(options: TransactionOptions | number | undefined): Settings {
  if (options === undefined) return USUAL
  const given = typeof options === 'number' ? { attempts: options } : options
  if (typeof given !== 'object' || given === null) {
    throw new InvalidArgumentException('The options of a transaction are an object, or a number of attempts.')
  }
  const unknown = Object.keys(given).find((name) => !OPTIONS.includes(name))
  if (unknown !== undefined) {
    throw new InvalidArgumentException(`A transaction has no option "${unknown}"; it has ${OPTIONS.join(', ')}.`)
  }
  const { attempts = 1, timeout } = given
  if (!Number.isInteger(attempts) || attempts < 1) throw new InvalidArgumentException('`attempts` must be 1 or more.')
  if (timeout !== undefined && !(timeout > 0)) {
    throw new InvalidArgumentException('`timeout` must be a number of milliseconds.')
  }
  const isolation = given.isolation?.toLowerCase().replaceAll('-', ' ') as IsolationLevel | undefined
  if (isolation !== undefined && !ISOLATION_LEVELS.includes(isolation)) {
    throw new InvalidArgumentException(`The isolation level is one of ${ISOLATION_LEVELS.join(', ')}.`)
  }
  return { ...given, attempts, isolation }
}
