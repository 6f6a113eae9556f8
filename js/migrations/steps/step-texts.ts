/** What the engine knows about the statements of a migration, and what is known about them here. */
import type { MigrationConnection, Statement } from '../migration-connection'

/** What undoes a creation. */
export interface Undo {
  sql: string
  /** It is left out where this finds something before the creation, or nothing afterwards. */
  unless?: Statement
}

/** A question that tells whether a statement is done: it answers `found`. */
export interface Probe extends Statement {
  doneWhenFound: boolean
}

/** What is asked and done around an index that is built while its table is used. */
export interface OnlineIndex {
  name: string
  found: Statement
  drop: string
  mirror: string[]
  expected: Statement
  discard: string
}

/** What is known about a statement of a migration that runs without one transaction around everything. */
export interface StepText {
  sql: string
  /** Whether it changes anything that stays. */
  isStep: boolean
  /** Whether it may end the transaction around it. */
  commits: boolean
  /** It locks tables, or gives them back. */
  holdsTables?: boolean
  hash: string
  undo?: Undo[]
  probe?: Probe
  online?: OnlineIndex
}

/** Synchronous: a statement is looked at on its way. `values`: those of its placeholders, as text. */
export function stepTexts(connection: MigrationConnection, sql: string, values: string): StepText[] {
  return connection.nativeNow({
    do: 'migrate.steps',
    driver: connection.getDriverName(),
    sql,
    values,
  }) as StepText[]
}

/** The values of a statement, so that the same ones are known again. Times are left out: most say when it ran. */
export function valuesText(bindings: readonly unknown[]): string {
  if (bindings.length === 0) return ''
  try {
    return JSON.stringify(bindings.map(valueText), (_, value) => (typeof value === 'bigint' ? String(value) : value))
  } catch {
    // What cannot be written cannot be bound either, and that error is the better one.
    return ''
  }
}

function valueText(value: unknown): unknown {
  if (value instanceof Date) return 'time'
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  return value
}

/** Statements that are sent as one. `isCommitted`: in a transaction of their own. */
export function combined(texts: StepText[], sql: string, isCommitted: boolean): StepText | undefined {
  const [first, ...others] = texts
  if (first === undefined) return undefined
  const commits = isCommitted || texts.some((text) => text.commits)
  if (others.length === 0) return { ...first, commits }
  const undos = texts.map(({ undo }) => undo)
  const { undo, ...rest } = first
  return {
    ...rest,
    sql,
    isStep: texts.some(({ isStep }) => isStep),
    commits,
    hash: texts.map(({ hash }) => hash).join(''),
    ...(undos.every((each) => each !== undefined) && { undo: undos.reverse().flat() }),
  }
}
