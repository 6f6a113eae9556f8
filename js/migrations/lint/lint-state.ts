/** What earlier statements of a run did, of which a statement is about little. */

/** Two tables, in lower case. */
interface Pair {
  new: string
  old: string
}

/** As the engine reads and writes it. Names are in lower case. */
export interface LintState {
  /** Tables that this run made. */
  created?: string[]
  /** Tables that this run dropped or gave another name. */
  gone?: string[]
  /** New names of tables, and the old ones. */
  aliases?: Pair[]
  /** What this migration did; left out where one begins. */
  migration?: {
    enumValues?: unknown[]
    /** What there may be to say of when the migration is over. */
    unindexed?: unknown[]
  }
}

/** The same state in two: what may count for a statement, and the rest. */
export interface Parted {
  near: LintState
  far: Pick<LintState, 'created' | 'gone'>
  /** All that the statement may be about, in lower case. */
  text: string
}

/** In SQL they are written otherwise than they are. */
const QUOTES = /["'`[\]\\]/

/** A run of hundreds of migrations would otherwise hand all their tables to and fro with every statement. */
export function parted({ created = [], gone = [], aliases = [], migration = {} }: LintState, sql: string): Parted {
  const text = (sql + JSON.stringify({ aliases, migration })).toLowerCase()
  const isNamed = (name: string) => text.includes(name) || QUOTES.test(name)
  const isElsewhere = (name: string) => !isNamed(name)
  return {
    near: { created: created.filter(isNamed), gone: gone.filter(isNamed), aliases, migration },
    far: { created: created.filter(isElsewhere), gone: gone.filter(isElsewhere) },
    text,
  }
}

/** The state after a statement. */
export function joined(far: Parted['far'], near: LintState): LintState {
  return {
    ...near,
    created: [...(far.created ?? []), ...(near.created ?? [])],
    gone: [...(far.gone ?? []), ...(near.gone ?? [])],
  }
}
