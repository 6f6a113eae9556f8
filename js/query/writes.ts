import { InvalidArgumentException } from '../errors'
import { flattened } from '../support/lists'
import { Aggregates } from './aggregates'
import {
  type ColumnValues,
  describe,
  isQueryable,
  type Queryable,
  selectOf,
  undefinedValue,
  type ValueArgument,
  valueOperand,
} from './arguments'
import type { Assignment, Conflict, Operand, Query, Rows } from './ast'
import { BoundRows } from './bound'
import { Expression } from './expression'
import type { QueryState } from './state'

/** A row to write: the values of its columns. */
export type RowValues = ColumnValues

/** What an upsert changes: names of columns, which take the new row's value, or values by column. */
export type ConflictValues = readonly string[] | ColumnValues

/** A builder that answers the rows that it writes. */
export interface ReturnsRows<Row> {
  /** Adds rows and answers them. */
  insert(rows: RowValues | readonly RowValues[]): Promise<Row[]>
  /** Changes rows and answers them. */
  update(values: RowValues): Promise<Row[]>
  /** Removes rows and answers them. */
  delete(id?: ValueArgument): Promise<Row[]>
}

/** A builder that knows what to do with rows that are there already. */
export interface ResolvesConflicts {
  /** Adds rows and answers how many were added or changed. */
  insert(rows: RowValues | readonly RowValues[]): Promise<number>
}

/** What happens to rows that break a unique key. */
export interface ConflictChoice<Builder> {
  /** Leaves such rows out. */
  ignore(): ResolvesConflicts & Builder
  /** Changes the row that is there: every column, the named ones, or to these values. */
  merge(values?: string | ConflictValues): ResolvesConflicts & Builder
}

/** Rows to add, change and remove. */
export abstract class Writes<Row> extends Aggregates {
  private returned: readonly Operand[] | undefined = undefined
  private conflict: ((columns: readonly string[]) => Conflict) | undefined = undefined

  protected override copyInto(copy: this): this {
    super.copyInto(copy)
    copy.returned = this.returned
    copy.conflict = this.conflict
    return copy
  }

  /**
   * Makes the next insert, update or delete answer its rows.
   *
   * @throws UnsupportedException when it runs, where the database cannot (MySQL; MariaDB for updates).
   * @example
   * await DB.table('users').returning('id', 'name').insert({ name: 'Ada' })
   * // insert into "users" ("name") values ($1) returning "id", "name"
   */
  returning(...columns: readonly (string | Expression | readonly (string | Expression)[])[]): ReturnsRows<Row> & this {
    const list = flattened(columns)
    this.returned = list.length === 0 ? ['*'] : list
    return this as ReturnsRows<Row> & this
  }

  /**
   * Says what happens to rows that break a unique key: `ignore()` or `merge()`.
   *
   * @param columns - Those of the key. MySQL and MariaDB use whichever key is broken.
   * @example
   * await DB.table('users').onConflict('email').merge().insert({ email: 'a@b.c', name: 'Ada' })
   * // insert into "users" ("email", "name") values ($1, $2) on conflict ("email") do update set …
   */
  onConflict(columns?: string | readonly string[]): ConflictChoice<this> {
    const target = columns === undefined ? undefined : typeof columns === 'string' ? [columns] : columns
    const resolve = (conflict: (columns: readonly string[]) => Conflict) => {
      this.conflict = conflict
      return this as ResolvesConflicts & this
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
  async insert(rows: RowValues | readonly RowValues[]): Promise<true> {
    if (Array.isArray(rows) && rows.length === 0) return this.answer(undefined) as true
    const query = this.insertQuery(rows, this.conflict)
    return this.answer(await this.executor.runQuery(query, 'write')) as true
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
  async insertGetId<Key = number | string>(row: RowValues, key = 'id'): Promise<Key> {
    const query = this.insertQuery(row, undefined, key)
    const { rows, lastInsertId } = await this.executor.runQuery(query, 'write')
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
  async insertOrIgnore(rows: RowValues | readonly RowValues[]): Promise<number> {
    if (Array.isArray(rows) && rows.length === 0) return 0
    const query = this.insertQuery(rows, () => ({ kind: 'ignore', target: undefined }))
    return (await this.executor.runQuery(query, 'write')).affected
  }

  /**
   * Adds the rows that a query finds.
   *
   * @returns How many were added.
   * @example
   * await DB.table('archive').insertUsing(['id', 'email'], DB.table('users').select('id', 'email'))
   * // insert into "archive" ("id", "email") select "id", "email" from "users"
   */
  async insertUsing(columns: readonly string[], query: Queryable): Promise<number> {
    const found: Query = {
      kind: 'insert',
      into: this.tableName(),
      columns,
      rows: { kind: 'query', query: selectOf(query, this) },
      conflict: undefined,
      returning: undefined,
      key: undefined,
    }
    return (await this.executor.runQuery(found, 'write')).affected
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
    rows: RowValues | readonly RowValues[],
    uniqueBy: string | readonly string[],
    update?: ConflictValues,
  ): Promise<number> {
    if (Array.isArray(rows) && rows.length === 0) return 0
    const target = typeof uniqueBy === 'string' ? [uniqueBy] : uniqueBy
    const changesNothing = Array.isArray(update) && update.length === 0
    const conflict = (given: readonly string[]): Conflict => ({
      kind: 'update',
      target,
      set: mergedSet(update ?? given, this),
    })
    const query = this.insertQuery(rows, changesNothing ? undefined : conflict)
    return (await this.executor.runQuery(query, 'write')).affected
  }

  /**
   * Changes the rows.
   *
   * @returns How many rows were touched; the rows after {@link returning}.
   * @example
   * await DB.table('users').where('id', 1).update({ votes: 1, seen_at: DB.raw('now()') })
   * // update "users" set "votes" = $1, "seen_at" = now() where "id" = $2
   */
  async update(values: RowValues): Promise<number> {
    return (await this.runUpdate(Object.entries(values).map(([column, value]) => this.set(column, value)))) as number
  }

  private async runUpdate(set: readonly Assignment[]): Promise<unknown> {
    const query: Query = { kind: 'update', rows: this.toSelect(), set, returning: this.returned }
    const { rows, affected } = await this.executor.runQuery(query, 'write')
    return this.returned === undefined ? affected : rows
  }

  private set(column: string, value: unknown): Assignment {
    return { kind: 'set', column, value: valueOperand(value, column, this) }
  }

  /**
   * Changes the row with these attributes, or adds it.
   *
   * Two statements: somebody else may add the row in between. Where a unique key exists, {@link upsert} is safe.
   *
   * @returns Whether a row was added or changed.
   * @example
   * await DB.table('users').updateOrInsert({ email: 'a@b.c' }, { votes: 2 })
   * // select exists(select * from "users" where ("email" = $1)) as "exists"
   * // update "users" set "votes" = $1 where … or insert into "users" ("email", "votes") values ($1, $2)
   */
  async updateOrInsert(attributes: ColumnValues, values: RowValues = {}): Promise<boolean> {
    const wanted = this.clone().where(attributes)
    if (!(await wanted.exists())) return (await this.insert({ ...attributes, ...values })) === true
    if (Object.keys(values).length === 0) return true
    return (await wanted.limit(1).update(values)) > 0
  }

  /**
   * Adds to a number in every row.
   *
   * @param extra - Other columns to set.
   * @returns How many rows were touched.
   * @throws InvalidArgumentException for an amount that is no number.
   * @example
   * await DB.table('users').where('id', 1).increment('votes', 5, { seen: true })
   * // update "users" set "votes" = "votes" + 5, "seen" = $1 where "id" = $2
   */
  increment(column: string, amount: number | bigint | string = 1, extra: RowValues = {}): Promise<number> {
    return this.changeBy('increment', { [column]: amount }, extra)
  }

  /**
   * Subtracts from a number in every row.
   *
   * @example
   * await DB.table('users').where('id', 1).decrement('votes')
   * // update "users" set "votes" = "votes" - 1 where "id" = $1
   */
  decrement(column: string, amount: number | bigint | string = 1, extra: RowValues = {}): Promise<number> {
    return this.changeBy('decrement', { [column]: amount }, extra)
  }

  /**
   * Adds to several numbers in every row.
   *
   * @example
   * await DB.table('users').incrementEach({ votes: 5, balance: 100 })
   * // update "users" set "votes" = "votes" + 5, "balance" = "balance" + 100
   */
  incrementEach(amounts: Readonly<Record<string, number | bigint | string>>, extra: RowValues = {}): Promise<number> {
    return this.changeBy('increment', amounts, extra)
  }

  /**
   * Subtracts from several numbers in every row.
   *
   * @example
   * await DB.table('users').decrementEach({ votes: 5, balance: 100 })
   * // update "users" set "votes" = "votes" - 5, "balance" = "balance" - 100
   */
  decrementEach(amounts: Readonly<Record<string, number | bigint | string>>, extra: RowValues = {}): Promise<number> {
    return this.changeBy('decrement', amounts, extra)
  }

  private async changeBy(
    kind: 'increment' | 'decrement',
    amounts: Readonly<Record<string, number | bigint | string>>,
    extra: RowValues,
  ): Promise<number> {
    const changes = Object.entries(amounts).map(([column, amount]): Assignment => {
      const isNumber = typeof amount === 'bigint' || (String(amount).trim() !== '' && Number.isFinite(Number(amount)))
      if (!isNumber || !/^-?[\d.]/.test(String(amount))) {
        throw new InvalidArgumentException(`Non-numeric value passed to ${kind} method for "${column}".`)
      }
      return { kind, column, amount: String(amount) }
    })
    const others = Object.entries(extra).map(([column, value]) => this.set(column, value))
    return (await this.runUpdate([...changes, ...others])) as number
  }

  /**
   * Removes the rows; with an id, the row whose column `id` has that value.
   *
   * @returns How many rows were removed; the rows after {@link returning}.
   * @example
   * await DB.table('users').where('votes', '<', 100).delete()
   * // delete from "users" where "votes" < $1
   */
  async delete(...id: [id?: ValueArgument]): Promise<number> {
    // An id that was given but is undefined is refused by where(): it must not remove every row.
    const key = `${this.tableAlias() ?? this.tableName()}.id`
    const found = id.length === 0 ? this : this.clone().where(key, '=', id[0] as ValueArgument)
    const query: Query = { kind: 'delete', rows: found.toSelect(), returning: this.returned }
    const { rows, affected } = await this.executor.runQuery(query, 'write')
    return this.returned === undefined ? affected : (rows as unknown as number)
  }

  /**
   * Empties the table and resets its counter.
   *
   * @example
   * await DB.table('users').truncate()
   * // postgres: truncate "users" restart identity cascade
   * // mysql:    truncate table `users`
   */
  async truncate(): Promise<void> {
    await this.executor.runQuery({ kind: 'truncate', table: this.tableName() }, 'write')
  }

  /** A copy with clauses of its own. */
  abstract clone(): this

  /** The query of an insert. */
  protected insertQuery(
    rows: RowValues | readonly RowValues[],
    conflict: ((columns: readonly string[]) => Conflict) | undefined,
    key?: string,
  ): Query {
    const list: readonly RowValues[] = Array.isArray(rows) ? rows : [rows as RowValues]
    const columns = columnsOf(list, Array.isArray(rows))
    return {
      kind: 'insert',
      into: this.tableName(),
      columns,
      rows: rowsNode(list, columns, this),
      conflict: conflict?.(columns),
      returning: key === undefined ? this.returned : undefined,
      key,
    }
  }
}

/** The columns that the rows give. Those of a list are sorted, so that equal lists make equal statements. */
function columnsOf(rows: readonly RowValues[], isList: boolean): string[] {
  const columns = new Set<string>()
  for (const row of rows) {
    if (row === null || typeof row !== 'object' || Array.isArray(row) || row instanceof Expression) {
      throw new InvalidArgumentException(`A row has to be an object of columns, not ${describe(row)}.`)
    }
    for (const column of Object.keys(row)) columns.add(column)
  }
  const names = Array.from(columns)
  return isList ? names.sort() : names
}

/** The rows: values alone where they are, which is the short form. */
function rowsNode(rows: readonly RowValues[], columns: readonly string[], within: QueryState): Rows {
  const cells: unknown[] = []
  for (const row of rows) {
    for (const column of columns) {
      const value = row[column]
      if (value === undefined && column in row) throw undefinedValue(column)
      if (value === undefined || value instanceof Expression || isQueryable(value)) {
        return { kind: 'cells', rows: rows.map((each) => cellsOf(each, columns, within)) }
      }
      cells.push(value)
    }
  }
  return columns.length === 0 ? { kind: 'cells', rows: rows.map(() => []) } : new BoundRows(cells, rows.length)
}

function cellsOf(row: RowValues, columns: readonly string[], within: QueryState): Operand[] {
  return columns.map((column) => (column in row ? valueOperand(row[column], column, within) : { kind: 'default' }))
}

/** What a conflict changes. */
function mergedSet(values: ConflictValues, within: QueryState): Assignment[] {
  if (Array.isArray(values)) return values.map((column: string) => ({ kind: 'excluded', column }))
  return Object.entries(values).map(([column, value]) => ({
    kind: 'set',
    column,
    value: valueOperand(value, column, within),
  }))
}
