import type { DialectName } from '../../support/databases'
import { type ColumnKind, kindsOf } from './column-kinds'
import type { Random } from './random'
import { type ColumnSpec, type IndexSpec, keyColumns, type TableSpec } from './table-spec'

const ACTIONS = ['cascade', 'restrict', 'set null', 'no action', undefined]

/** Random tables, and random edits of them, as far as the database can make them. */
export class RandomSchema {
  readonly #random: Random
  readonly #dialect: DialectName
  readonly #kinds: ColumnKind[]
  #count = 0
  /** Whether there are rows, for which a new column has one value. */
  #hasRows = false

  constructor(random: Random, dialect: DialectName) {
    this.#random = random
    this.#dialect = dialect
    this.#kinds = kindsOf(dialect)
  }

  /** One to four tables, the later ones referring to earlier ones. */
  tables(): TableSpec[] {
    const tables: TableSpec[] = []
    for (let left = this.#random.between(1, 4); left > 0; left--) tables.push(this.#table(tables))
    return tables
  }

  /** The same tables after one to five edits. */
  edited(tables: TableSpec[]): TableSpec[] {
    const edited = structured(tables)
    this.#hasRows = true
    for (let left = this.#random.between(1, 5); left > 0; left--) this.#edit(edited)
    return edited
  }

  #table(others: TableSpec[]): TableSpec {
    const table: TableSpec = {
      name: this.#name('t'),
      key: this.#random.of(['id', 'id', 'id', 'code', 'pair']),
      columns: [],
      indexes: [],
      keys: [],
      checks: [],
      comment: this.#dialect !== 'sqlite' && this.#random.chance(0.2) ? "it's a note" : undefined,
    }
    for (let left = this.#random.between(1, 6); left > 0; left--) this.#addColumn(table)
    if (this.#random.chance(0.3)) this.#addComputed(table)
    for (let left = this.#random.between(0, 2); left > 0; left--) this.#addIndex(table)
    if (this.#random.chance(0.4)) this.#addKey(table, others)
    if (this.#random.chance(0.3)) this.#addCheck(table)
    return table
  }

  #edit(tables: TableSpec[]): void {
    const table = this.#random.of(tables)
    const edits: (() => void)[] = [
      () => this.#addColumn(table),
      () => this.#addComputed(table),
      () => this.#dropColumn(table),
      () => this.#changeColumn(table),
      () => this.#changeColumn(table),
      () => this.#addIndex(table),
      () => this.#drop(table.indexes),
      () => this.#addKey(table, tables),
      () => this.#drop(table.keys),
      () => this.#addCheck(table),
      () => this.#drop(table.checks),
      () => void tables.push(this.#table(tables)),
      () => this.#dropTable(tables),
      () => {
        if (this.#dialect !== 'sqlite') table.comment = table.comment === undefined ? 'a note' : undefined
      },
    ]
    this.#random.of(edits)()
  }

  #addColumn(table: TableSpec): void {
    const kind = this.#random.of(this.#kinds)
    table.columns.push(this.#column(this.#hasRows ? { ...kind, differs: false } : kind))
  }

  #column(kind: ColumnKind, name = this.#name('c')): ColumnSpec {
    // There may be rows by now: a column must have a value for them.
    const canDefault = kind.default !== undefined
    const isNullable = !canDefault || this.#random.chance(0.4)
    const column: ColumnSpec = { name, kind, modifiers: [], isComputed: false, isNullable }
    if (isNullable) column.modifiers.push(['nullable'])
    if (canDefault && (!isNullable || this.#random.chance(0.5))) column.modifiers.push(['default', kind.default])
    else if (kind.hasCurrent && this.#dialect !== 'sqlite' && this.#random.chance(0.4))
      column.modifiers.push(['useCurrent'])
    if (this.#dialect === 'mysql') {
      if (kind.isNumber && !isNegative(kind.default) && this.#random.chance(0.3)) column.modifiers.push(['unsigned'])
      if (kind.isText && this.#random.chance(0.1)) column.modifiers.push(['charset', 'latin1'])
    }
    if (kind.isText && this.#random.chance(0.1)) {
      column.modifiers.push(['collation', { postgres: 'C', mysql: 'utf8mb4_bin', sqlite: 'nocase' }[this.#dialect]])
      column.modifiers = column.modifiers.filter(([method]) => method !== 'charset')
    }
    if (this.#dialect !== 'sqlite' && this.#random.chance(0.15)) column.modifiers.push(['comment', "a column's note"])
    return column
  }

  #addComputed(table: TableSpec): void {
    const sources = table.columns.filter(
      (column) => column.kind.isNumber && !column.isComputed && column.kind.method.includes('nteger'),
    )
    if (sources.length === 0) return
    const source = this.#random.of(sources)
    const isStored = this.#dialect === 'postgres' || this.#random.chance(0.5)
    const kind = this.#kinds.find(({ method }) => method === 'bigInteger') as ColumnKind
    const expression = this.#random.of([`${source.name} * 2`, `${source.name} + 10`, `(${source.name} + 1) * 3`])
    table.columns.push({
      name: this.#name('g'),
      kind,
      modifiers: [[isStored ? 'storedAs' : 'virtualAs', expression], ['nullable']],
      isComputed: true,
      isNullable: true,
    })
    if (this.#dialect === 'mysql') table.columns.at(-1)?.modifiers.pop()
  }

  #dropColumn(table: TableSpec): void {
    // Undoing it brings no values back, without which rows are equal.
    const isInUnique = (name: string) =>
      table.indexes.some((index) => index.method === 'unique' && namesOf(index).includes(name))
    const columns = table.columns.filter(({ name }) => !isInUnique(name))
    if (columns.length === 0) return
    const column = this.#random.of(columns)
    const goes = new Set([column.name])
    for (const { name, modifiers, isComputed } of table.columns) {
      if (isComputed && String(modifiers[0]?.[1]).includes(`${column.name} `)) goes.add(name)
    }
    const remains = (name: string | undefined) => name === undefined || !goes.has(name)
    table.columns = table.columns.filter(({ name }) => remains(name))
    if (table.columns.length === 0) this.#addColumn(table)
    table.indexes = table.indexes.filter((index) => !namesOf(index).some((name) => goes.has(name)))
    table.keys = table.keys.filter((key) => remains(key.column))
    table.checks = table.checks.filter(({ expression }) => !/\w+/.exec(expression)?.some((name) => goes.has(name)))
  }

  #changeColumn(table: TableSpec): void {
    const isKey = (name: string) => table.keys.some((key) => key.column === name)
    const columns = table.columns.filter((column) => !column.isComputed && !isKey(column.name))
    if (columns.length === 0) return
    const column = this.#random.of(columns)
    const wider = this.#kinds.filter(
      (kind) => kind.widerThan?.includes(column.kind.method) && kind.isOrdered === column.kind.isOrdered,
    )
    const isShorter = (kind: ColumnKind) =>
      kind.method === 'string' && Number(kind.args?.[0]) < Number(column.kind.args?.[0])
    const kinds = [column.kind, ...wider.filter((kind) => !isShorter(kind))]
    const changed = this.#column({ ...this.#random.of(kinds), differs: column.kind.differs }, column.name)
    // A column without NULLs may be nullable from now on; the other way round there would be NULLs.
    if (column.isNullable && !changed.isNullable) changed.modifiers = [['nullable'], ...changed.modifiers]
    changed.isNullable ||= column.isNullable
    Object.assign(column, changed)
  }

  #addIndex(table: TableSpec): void {
    const columns = table.columns.filter(({ kind, isComputed }) => kind.isOrdered && !isComputed)
    if (columns.length === 0) return
    const chosen = this.#random.some(columns, this.#random.between(1, 3))
    const [first] = chosen
    if (first === undefined) return
    const isUnique = chosen.some(({ kind }) => kind.differs) && this.#random.chance(0.4)
    const index: IndexSpec = {
      method: isUnique ? 'unique' : 'index',
      places: chosen.map(({ name }) => name),
      name: this.#name('i'),
      calls: [],
    }
    if (!isUnique && this.#random.chance(0.3)) index.places[0] = { column: first.name, order: 'desc' }
    if (this.#dialect !== 'mysql' && this.#random.chance(0.25)) index.calls.push(['where', `${first.name} is not null`])
    if (this.#dialect === 'postgres') {
      if (!isUnique && this.#random.chance(0.2)) index.places[0] = { column: first.name, nulls: 'first' }
      const carried = table.columns.find((column) => !chosen.includes(column))
      if (carried !== undefined && this.#random.chance(0.2)) index.calls.push(['include', carried.name])
    }
    const isText = first.kind.isText && !first.modifiers.some(([method]) => method === 'collation')
    if (this.#dialect !== 'mysql' && isText && !isUnique && this.#random.chance(0.3)) {
      index.places[0] = { expression: `lower(${first.name})` }
    }
    table.indexes.push(index)
  }

  #addKey(table: TableSpec, others: TableSpec[]): void {
    const targets = others.filter(({ key }) => key === 'id')
    if (targets.length === 0) return
    const kind: ColumnKind = { ...(this.#kinds.find(({ method }) => method === 'bigInteger') as ColumnKind) }
    const column: ColumnSpec = {
      name: this.#name('r'),
      kind: {
        ...kind,
        method: 'unsignedBigInteger',
        value: () => null,
        differs: false,
        widerThan: [],
        isNumber: false,
      },
      modifiers: [['nullable']],
      isComputed: false,
      isNullable: true,
    }
    table.columns.push(column)
    table.keys.push({ column: column.name, on: this.#random.of(targets).name, onDelete: this.#random.of(ACTIONS) })
  }

  #addCheck(table: TableSpec): void {
    const columns = table.columns.filter(({ kind, isComputed }) => kind.isNumber && !isComputed)
    if (columns.length === 0) return
    const { name } = this.#random.of(columns)
    const expression = this.#random.of([
      `${name} > -100`,
      `${name} >= -5 and ${name} < 100000`,
      `${name} is null or ${name} <> -9`,
    ])
    table.checks.push({ expression, name: this.#name('k') })
  }

  #drop(list: unknown[]): void {
    if (list.length > 0) list.splice(this.#random.between(0, list.length - 1), 1)
  }

  #dropTable(tables: TableSpec[]): void {
    if (tables.length < 2) return
    const [gone] = tables.splice(this.#random.between(0, tables.length - 1), 1)
    for (const table of tables) table.keys = table.keys.filter(({ on }) => on !== gone?.name)
  }

  #name(kind: string): string {
    this.#count++
    return `${kind}${this.#count}`
  }
}

/** A copy whose kinds, which hold functions, are shared. */
function structured(tables: TableSpec[]): TableSpec[] {
  const copy = (table: TableSpec): TableSpec => ({
    ...table,
    columns: table.columns.map((column) => ({ ...column, modifiers: [...column.modifiers] })),
    indexes: [...table.indexes],
    keys: [...table.keys],
    checks: [...table.checks],
  })
  return tables.map(copy)
}

function namesOf(index: IndexSpec): string[] {
  const carried = index.calls.flatMap(([method, names]) => (method === 'include' ? [names as string] : []))
  const places = index.places.flatMap((place) => {
    if (typeof place === 'string') return [place]
    return place.column ?? /\((\w+)\)/.exec(String(place.expression))?.[1] ?? []
  })
  return [...places, ...carried]
}

function isNegative(value: unknown): boolean {
  return typeof value === 'number' && value < 0
}

/** The row of a number: a value for each column that is not computed. */
export function rowOf(table: TableSpec, row: number): Record<string, unknown> {
  const key = { id: { id: row + 1 }, code: { code: `k${row}` }, pair: { team: 1, place: row } }[table.key]
  const values = table.columns.filter(({ isComputed }) => !isComputed).map(({ name, kind }) => [name, kind.value(row)])
  return { ...key, ...Object.fromEntries(values) }
}

/** The columns that are the same in both, the key's among them. */
export function unchangedColumns(before: TableSpec, after: TableSpec): string[] {
  const same = before.columns.filter((column) => {
    const found = after.columns.find(({ name }) => name === column.name)
    return found !== undefined && JSON.stringify(found) === JSON.stringify(column)
  })
  return [...keyColumns(before), ...same.map(({ name }) => name)]
}
