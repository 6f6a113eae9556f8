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
  /** What remains of it, in a sentence or several lines; undefined where a transaction took everything back. */
  remains: string | undefined
  /** The migration itself was committed; what it left for afterwards failed. */
  isCommitted: boolean
  /** What had to be done before its first change failed: there is none. */
  isNotStarted?: boolean
  /** An index that it left for afterwards, and that could not be built. */
  invalidIndex: string | null
  /** Set when the connection was lost. */
  found: Found | undefined
}

/** What is left of it, and of the migrations before it. */
export function stateAfter(run: FailedRun): string {
  const rest = othersOf(run)
  const isUp = run.direction === 'up'
  if (run.isCommitted) {
    const { invalidIndex: index } = run
    const invalid =
      index === null ? '' : ` Index "${index}" is INVALID and is ignored by queries: drop it and build it again.`
    return `this migration is ${isUp ? 'applied' : 'rolled back'} and stays so; what it gave to afterCommit() failed.${invalid}${rest}`
  }
  if (run.isNotStarted) return `migration not started; nothing was changed.${rest}`
  if (run.found === 'unreachable') return `UNKNOWN, check with migrate:status.${rest}`
  if (run.remains !== undefined)
    return run.remains.includes('\n') ? `${run.remains}${rest && `\n${rest.trim()}`}` : `${run.remains}${rest}`
  const by = run.found === undefined ? 'rolled back' : 'rolled back by the server (checked)'
  return `${by}; ${isUp ? 'nothing of this migration remains' : 'this migration is still applied'}.${rest}`
}

/** The state when a migration was stopped before it began. */
export function stateBefore(run: Pick<FailedRun, 'direction' | 'done' | 'batch'>): string {
  return `nothing of this migration ran.${othersOf(run)}`
}

/** What became of the migrations before it. */
export function othersOf({ direction, done, batch }: Pick<FailedRun, 'direction' | 'done' | 'batch'>): string {
  if (done === 0) return ''
  const migrations = `${done} migration${done === 1 ? '' : 's'}`
  return direction === 'up'
    ? ` ${migrations} of this run ${done === 1 ? 'stays' : 'stay'} applied (batch ${batch}).`
    : ` ${migrations} ${done === 1 ? 'was' : 'were'} rolled back and ${done === 1 ? 'stays' : 'stay'} so.`
}
