import type { Blueprint } from '../../../js/schema/blueprint'
import type { IndexPlace } from '../../../js/schema/index-columns'
import type { ColumnKind } from './column-kinds'

/** A call of a method: its name and what it takes. */
export type Call = [method: string, ...args: unknown[]]

/** A column: what makes it, and what is said about it. */
export interface ColumnSpec {
  name: string
  kind: ColumnKind
  modifiers: Call[]
  /** Whether the server finds its values. */
  isComputed: boolean
  isNullable: boolean
}

export interface IndexSpec {
  method: 'unique' | 'index' | 'fullText'
  places: (string | IndexPlace)[]
  name: string
  calls: Call[]
}

export interface KeySpec {
  column: string
  on: string
  onDelete: string | undefined
}

/** A table: everything that a blueprint says of it. */
export interface TableSpec {
  name: string
  /** How rows are named: numbers, texts, or two columns. */
  key: 'id' | 'code' | 'pair'
  columns: ColumnSpec[]
  indexes: IndexSpec[]
  keys: KeySpec[]
  checks: { expression: string; name: string }[]
  comment: string | undefined
}

/** The columns that name the rows. */
export function keyColumns(table: TableSpec): string[] {
  return { id: ['id'], code: ['code'], pair: ['team', 'place'] }[table.key]
}

/** Says to a blueprint what the table is. */
export function describeTable(spec: TableSpec, table: Blueprint): void {
  if (spec.key === 'id') table.id()
  if (spec.key === 'code') table.string('code', 40).primary()
  if (spec.key === 'pair') {
    table.integer('team')
    table.integer('place')
    table.primary(['team', 'place'])
  }
  for (const column of spec.columns) {
    calls(call(table, [column.kind.method, column.name, ...(column.kind.args ?? [])]), column.modifiers)
  }
  for (const index of spec.indexes) calls(call(table, [index.method, index.places, index.name]), index.calls)
  for (const key of spec.keys) {
    const foreign = table.foreign(key.column).references('id').on(key.on)
    if (key.onDelete !== undefined) foreign.onDelete(key.onDelete)
  }
  for (const check of spec.checks) table.check(check.expression, check.name)
  if (spec.comment !== undefined) table.comment(spec.comment)
}

function call(subject: unknown, [method, ...args]: Call): unknown {
  const methods = subject as Record<string, (...args: unknown[]) => unknown>
  const found = methods[method]
  if (found === undefined) throw new Error(`there is no ${method}()`)
  return found.apply(subject, args)
}

function calls(subject: unknown, all: Call[]): void {
  for (const one of all) call(subject, one)
}
