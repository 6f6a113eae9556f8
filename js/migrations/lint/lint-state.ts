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
  far: Required<Pick<LintState, 'created' | 'gone'>>
  /** All that the statement may be about, in lower case. */
  text: string
}

/** Names with such characters are written otherwise than they are. */
const ESCAPED = /""|``|]]|\\/

/** A run of hundreds of migrations would otherwise hand all their tables to and fro with every statement. */
export function parted({ created = [], gone = [], aliases = [], migration = {} }: LintState, sql: string): Parted {
  const text = (sql + JSON.stringify({ aliases, migration })).toLowerCase()
  const isNear = ESCAPED.test(text) ? () => true : (name: string) => text.includes(name)
  const near = { created: created.filter(isNear), gone: gone.filter(isNear) }
  const rest = (all: string[], some: string[]) => (some.length === 0 ? all : all.filter((name) => !isNear(name)))
  return {
    near: { ...near, aliases, migration },
    far: { created: rest(created, near.created), gone: rest(gone, near.gone) },
    text,
  }
}

/** The state after a statement. */
export function joined(far: Parted['far'], { created = [], gone = [], ...others }: LintState): LintState {
  return { ...others, created: together(far.created, created), gone: together(far.gone, gone) }
}

function together(some: string[], others: string[]): string[] {
  return others.length === 0 ? some : [...some, ...others]
}
