/** What the engine knows about the statements of a migration, and what is known about them here. */
import type { WatchedStatement } from '../../connection/statement-watcher'
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
  return JSON.stringify(bindings.map(valueText))
}

function valueText(value: unknown): unknown {
  if (value instanceof Date) return 'time'
  if (typeof value === 'bigint') return String(value)
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  return value
}

/** Statements that are sent as one. */
export function combined(texts: StepText[], { sql, isCut }: WatchedStatement): StepText | undefined {
  const [first, ...others] = texts
  if (first === undefined || others.length === 0) return first && { ...first, commits: first.commits || isCut }
  const undos = texts.map(({ undo }) => undo)
  const { undo, ...rest } = first
  return {
    ...rest,
    sql,
    isStep: texts.some(({ isStep }) => isStep),
    commits: true,
    hash: texts.map(({ hash }) => hash).join(''),
    ...(undos.every((each) => each !== undefined) && { undo: undos.reverse().flat() }),
  }
}
