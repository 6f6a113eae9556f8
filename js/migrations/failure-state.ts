/** The sentence of a failure that says what is left in the database. */

/** How far a run came. */
export interface Progress {
  /** How many migrations of this run succeeded before. */
  done: number
  /** Names of those that come after. */
  notRun: string[]
}

/** What became of a migration whose connection was lost, as a new connection saw it. */
export type Found = 'recorded' | 'absent' | 'unreachable'

export interface FailedRun {
  direction: 'up' | 'down'
  batch: number
  done: number
  /** Whether a failure leaves nothing of the migration behind. */
  isTransactional: boolean
  /** Whether a transaction covers schema changes on this database. */
  transactionalDdl: boolean
  /** The migration itself was committed; what it left for afterwards failed. */
  isCommitted: boolean
  /** What had to be done before its first change failed: there is none. */
  isNotStarted?: boolean
  /** Set when the connection was lost. */
  found: Found | undefined
}

/** What is left of it, and of the migrations before it. */
export function stateAfter(run: FailedRun): string {
  const rest = othersOf(run)
  const isUp = run.direction === 'up'
  if (run.isCommitted) {
    return `this migration is ${isUp ? 'applied' : 'rolled back'} and stays so; what it gave to afterCommit() failed.${rest}`
  }
  if (run.isNotStarted) return `migration not started; nothing was changed.${rest}`
  if (run.found === 'unreachable') return `UNKNOWN, check with migrate:status.${rest}`
  if (run.isTransactional) {
    const by = run.found === undefined ? 'rolled back' : 'rolled back by the server (checked)'
    return `${by}; ${isUp ? 'nothing of this migration remains' : 'this migration is still applied'}.${rest}`
  }
  const reason = run.transactionalDdl
    ? 'this migration runs without a transaction'
    : 'this database commits at every schema change'
  const record = isUp ? 'not recorded' : 'still recorded'
  return `PARTIAL: ${reason}, so the statements before the one that failed remain. The migration is ${record}: undo them by hand, then run again.${rest}`
}

function othersOf({ direction, done, batch }: FailedRun): string {
  if (done === 0) return ''
  const migrations = `${done} migration${done === 1 ? '' : 's'}`
  return direction === 'up'
    ? ` ${migrations} of this run ${done === 1 ? 'stays' : 'stay'} applied (batch ${batch}).`
    : ` ${migrations} ${done === 1 ? 'was' : 'were'} rolled back and ${done === 1 ? 'stays' : 'stay'} so.`
}
