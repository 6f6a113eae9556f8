import { InvalidArgumentException } from '../../errors'
import { flattened } from '../../support/lists'
import { Aggregates } from '../aggregates'
import {
  columnOperand,
  isComputed,
  type Queryable,
  selectOf,
  undefinedValue,
  type ValueArgument,
  valueOperand,
} from '../arguments'
import type { Assignment, Conflict, Operand, Query, Rows } from '../ast'
import { BoundRows } from '../bound'
import type { AnyRow } from '../columns'
import type { Expression } from '../expression'
import type { QueryState } from '../state'
import { assertColumns, assignmentsOf } from './assignments'

/** A row to write: the values of its columns. */
export type RowValues<Row = AnyRow> = { readonly [Column in keyof Row]?: Row[Column] | string | Expression | Queryable }

/** What an upsert changes: names of columns, which take the new row's value, or values by column. */
export type ConflictValues<Row = AnyRow> = readonly (keyof Row & string)[] | RowValues<Row>

/** A builder that answers the rows that it writes. */
export interface ReturnsRows<Row, Result = Row> {
  /** Adds rows and answers them. */
  insert(rows: RowValues<Row> | readonly RowValues<Row>[]): Promise<Result[]>
  /** Changes rows and answers them. */
  update(values: RowValues<Row>): Promise<Result[]>
  /** Removes rows and answers them. */
  delete(id?: ValueArgument): Promise<Result[]>
}

/** A builder that knows what to do with rows that are there already. */
export interface ResolvesConflicts<Row> {
  /** Adds rows and answers how many were added or changed. */
  insert(rows: RowValues<Row> | readonly RowValues<Row>[]): Promise<number>
}

/** What happens to rows that break a unique key. */
export interface ConflictChoice<Builder, Row> {
  /** Leaves such rows out. */
  ignore(): ResolvesConflicts<Row> & Builder
  /** Changes the row that is there: every column, the named ones, or to these values. */
  merge(values?: string | ConflictValues<Row>): ResolvesConflicts<Row> & Builder
}

/** Rows to add. */
export abstract class Inserts<Row = AnyRow, Result = Row> extends Aggregates<Row, Result> {
  /**
   * Makes the next insert, update or delete answer its rows.
   *
   * @throws UnsupportedException when it runs, where the database cannot (MySQL; MariaDB for updates).
   * @example
   * await DB.table('users').returning('id', 'name').insert({ name: 'Ada' })
   * // insert into "users" ("name") values ($1) returning "id", "name"
   */
  returning(
    ...columns: readonly (string | Expression | readonly (string | Expression)[])[]
  ): ReturnsRows<Row, Result> & this {
    const list = flattened(columns).map((column) => columnOperand(column, this))
    this.returned = list.length === 0 ? ['*'] : list
    return this as ReturnsRows<Row, Result> & this
  }

  /**
   * Says what happens to rows that break a unique key: `ignore()` or `merge()`.
   *
   * @param columns - Those of the key. MySQL and MariaDB use whichever key is broken.
   * @example
   * await DB.table('users').onConflict('email').merge().insert({ email: 'a@b.c', name: 'Ada' })
   * // insert into "users" ("email", "name") values ($1, $2) on conflict ("email") do update set …
   */
  onConflict(columns?: string | readonly string[]): ConflictChoice<this, Row> {
    const target = columns === undefined ? undefined : uniqueColumns(columns)
    const resolve = (conflict: (columns: readonly string[]) => Conflict) => {
      this.conflict = conflict
      return this as ResolvesConflicts<Row> & this
    }
    return {
      ignore: () => resolve(() => ({ kind: 'ignore', target })),
      merge: (values) => {
        const changed = typeof values === 'string' ? [values] : values
        return resolve((given) => ({ kind: 'update', target, set: mergedSet(changed ?? given, this) }))
      },
    }
  }

  /**
   * Adds one row or many. Rows may give different columns: what a row leaves out takes its default.
   *
   * @returns `true`; the rows after {@link returning}; their number after {@link onConflict}.
   * @throws InvalidArgumentException for `undefined`, naming the column.
   * @example
   * await DB.table('users').insert([{ email: 'a@b.c', votes: 0 }, { email: 'd@e.f', votes: 1 }])
   * // insert into "users" ("email", "votes") values ($1, $2), ($3, $4)
   */
  async insert(rows: RowValues<Row> | readonly RowValues<Row>[]): Promise<true> {
    if (Array.isArray(rows) && rows.length === 0) return this.answer(undefined) as true
    const query = this.insertQuery(rows, this.conflict)
    const written = this.runWrite(query)
    return this.answer(written instanceof Promise ? await written : written) as true
  }

  private answer(result: { rows: Record<string, unknown>[]; affected: number } | undefined): unknown {
    if (this.returned !== undefined) return result?.rows ?? []
    return this.conflict === undefined ? true : (result?.affected ?? 0)
  }

  /**
   * Adds a row and answers the key that the database made for it.
   *
   * @param key - The column of the key.
   * @example
   * const id = await DB.table('users').insertGetId({ email: 'a@b.c' })
   * // postgres: insert into "users" ("email") values ($1) returning "id"
   * // mysql:    insert into `users` (`email`) values (?)
   */
  async insertGetId<Key = number | string>(row: RowValues<Row>, key = 'id'): Promise<Key> {
    const query = this.insertQuery(row, undefined, key)
    const written = this.runWrite(query)
    const { rows, lastInsertId } = written instanceof Promise ? await written : written
    const [made] = rows
    return (made === undefined ? lastInsertId : (made[key] ?? Object.values(made)[0])) as Key
  }

  /**
   * Adds rows and leaves out those that break a unique key.
   *
   * @returns How many were added.
   * @example
   * await DB.table('users').insertOrIgnore([{ id: 1, email: 'a@b.c' }])
   * // postgres: insert into "users" ("email", "id") values ($1, $2) on conflict do nothing
   * // mysql:    insert ignore into `users` (`email`, `id`) values (?, ?)
   */
  async insertOrIgnore(rows: RowValues<Row> | readonly RowValues<Row>[]): Promise<number> {
    if (Array.isArray(rows) && rows.length === 0) return 0
    const query = this.insertQuery(rows, () => ({ kind: 'ignore', target: undefined }))
    return (await this.runWrite(query)).affected
  }

  /**
   * Adds the rows that a query finds.
   *
   * @returns How many were added.
   * @example
   * await DB.table('archive').insertUsing(['id', 'email'], DB.table('users').select('id', 'email'))
   * // insert into "archive" ("id", "email") select "id", "email" from "users"
   */
  insertUsing(columns: readonly string[], query: Queryable | Expression): Promise<number> {
    return this.insertFound(columns, query, undefined)
  }

  /**
   * Adds the rows that a query finds and leaves out those that break a unique key.
   *
   * @returns How many were added.
   * @throws UnsupportedException on SQL Server.
   * @example
   * await DB.table('archive').insertOrIgnoreUsing(['id', 'email'], DB.table('users').select('id', 'email'))
   * // postgres: insert into "archive" ("id", "email") select "id", "email" from "users" on conflict do nothing
   * // mysql:    insert ignore into `archive` (`id`, `email`) select `id`, `email` from `users`
   */
  insertOrIgnoreUsing(columns: readonly string[], query: Queryable | Expression): Promise<number> {
    return this.insertFound(columns, query, { kind: 'ignore', target: undefined })
  }

  private async insertFound(
    columns: readonly string[],
    query: Queryable | Expression,
    conflict: Conflict | undefined,
  ): Promise<number> {
    const rows: Rows = { kind: 'query', query: selectOf(query, this) }
    const found: Query = {
      kind: 'insert',
      into: this.tableName(),
      columns,
      rows,
      conflict,
      returning: undefined,
      key: undefined,
    }
    return (await this.runWrite(found)).affected
  }

  /**
   * Adds rows, leaves out those that break a unique key, and answers those that were added.
   *
   * @param columns - What is answered.
   * @param uniqueBy - The columns of the unique key. Left out: whichever.
   * @throws UnsupportedException on MySQL and SQL Server, which cannot do both.
   * @example
   * const added = await DB.table('users').insertOrIgnoreReturning([{ email: 'a@b.c' }], ['id'], 'email')
   * // insert into "users" ("email") values ($1) on conflict ("email") do nothing returning "id"
   */
  async insertOrIgnoreReturning(
    rows: RowValues<Row> | readonly RowValues<Row>[],
    columns: readonly string[] | string = ['*'],
    uniqueBy?: string | readonly string[],
  ): Promise<Result[]> {
    if (Array.isArray(rows) && rows.length === 0) return []
    const target = uniqueBy === undefined ? undefined : uniqueColumns(uniqueBy)
    const names = listOf(columns).map((column) => columnOperand(column, this))
    const query = this.insertQuery(rows, () => ({ kind: 'ignore', target }), undefined, names)
    return (await this.runWrite(query)).rows as Result[]
  }

  /**
   * Adds rows and changes those that are there already.
   *
   * @param uniqueBy - The columns of the unique key. MySQL and MariaDB use whichever key is broken.
   * @param update - What changes: names of columns, or values by column. Every column when left out.
   * @returns How many rows were touched; MySQL counts a changed row twice.
   * @example
   * await DB.table('users').upsert([{ email: 'a@b.c', votes: 1 }], 'email', ['votes'])
   * // postgres: insert into "users" ("email", "votes") values ($1, $2) on conflict ("email") do update set "votes" = "excluded"."votes"
   * // mysql:    insert into `users` (`email`, `votes`) values (?, ?) on duplicate key update `votes` = values(`votes`)
   */
  async upsert(
    rows: RowValues<Row> | readonly RowValues<Row>[],
    uniqueBy: string | readonly string[],
    update?: ConflictValues<Row>,
  ): Promise<number> {
    if (Array.isArray(rows) && rows.length === 0) return 0
    const target = uniqueColumns(uniqueBy)
    const changesNothing = Array.isArray(update) && update.length === 0
    const conflict = (given: readonly string[]): Conflict => ({
      kind: 'update',
      target,
      set: mergedSet(update ?? given, this),
    })
    const query = this.insertQuery(rows, changesNothing ? undefined : conflict)
    return (await this.runWrite(query)).affected
  }

  /** The query of an insert. */
  protected insertQuery(
    rows: RowValues<Row> | readonly RowValues<Row>[],
    conflict: ((columns: readonly string[]) => Conflict) | undefined,
    key?: string,
    returning: readonly Operand[] | undefined = key === undefined ? this.returned : undefined,
  ): Query {
    const isList = Array.isArray(rows)
    const list: readonly RowValues<Row>[] = isList ? rows : [rows as RowValues<Row>]
    const columns = isList ? columnsOfAll(list) : columnsOf(rows as RowValues<Row>)
    return {
      kind: 'insert',
      into: this.tableName(),
      columns,
      rows: rowsNode(list, columns, this),
      conflict: conflict?.(columns),
      returning,
      key,
    }
  }
}

function uniqueColumns(names: string | readonly string[]): readonly string[] {
  const columns = listOf(names)
  if (columns.length > 0 && columns.every((column) => typeof column === 'string' && column !== '')) return columns
  throw new InvalidArgumentException('The unique columns must not be empty, and are named by text.')
}

function listOf(names: string | readonly string[]): readonly string[] {
  return [names].flat()
}

/** The columns that a row gives. */
function columnsOf(row: RowValues): string[] {
  assertColumns(row)
  return Object.keys(row)
}

/** The columns that the rows of a list give, sorted, so that equal lists make equal statements. */
function columnsOfAll(rows: readonly RowValues[]): string[] {
  const columns = new Set<string>()
  let last: readonly string[] = []
  for (const row of rows) {
    const names = columnsOf(row)
    // As good as always: rows of one list have the same columns in the same order.
    if (isEqual(names, last)) continue
    for (const column of names) columns.add(column)
    last = names
  }
  return Array.from(columns).sort()
}

function isEqual(names: readonly string[], others: readonly string[]): boolean {
  if (names.length !== others.length) return false
  for (let at = 0; at < names.length; at += 1) if (names[at] !== others[at]) return false
  return true
}

/** The rows: values alone where they are, which is the short form. */
function rowsNode(rows: readonly RowValues[], columns: readonly string[], within: QueryState): Rows {
  const cells: unknown[] = []
  for (const row of rows) {
    for (let at = 0; at < columns.length; at += 1) {
      const column = columns[at] as string
      const value = row[column]
      if (value === undefined && column in row) throw undefinedValue(column)
      if (value === undefined || isComputed(value)) {
        return { kind: 'cells', rows: rows.map((each) => cellsOf(each, columns, within)) }
      }
      cells[cells.length] = value
    }
  }
  return columns.length === 0 ? { kind: 'cells', rows: rows.map(() => []) } : new BoundRows(cells, rows.length)
}

function cellsOf(row: RowValues, columns: readonly string[], within: QueryState): Operand[] {
  return columns.map((column) => (column in row ? valueOperand(row[column], column, within) : { kind: 'default' }))
}

/** What a conflict changes: names of columns take the new row's value; objects say the values themselves. */
function mergedSet(values: readonly (string | object)[] | object, within: QueryState): Assignment[] {
  if (!Array.isArray(values)) return assignmentsOf(values, within)
  return values.flatMap((column: string | object): Assignment[] =>
    typeof column === 'string' ? [{ kind: 'excluded', column }] : assignmentsOf(column, within),
  )
}
