import { InvalidArgumentException } from '../../errors'
import type { Later } from '../../support/later'
import type { ColumnValues } from '../arguments'
import type { Assignment } from '../ast'
import type { AnyRow } from '../columns'
import type { QueryResult } from '../executor'
import type { QueryState } from '../state'
import { assertColumns, assignmentsOf } from './assignments'
import { Inserts, type RowValues } from './inserts'

/** Rows to change. */
export abstract class Updates<Row = AnyRow, Result = Row> extends Inserts<Row, Result> {
  /**
   * Changes the rows.
   *
   * @returns How many rows were touched; the rows after {@link returning}.
   * @example
   * await DB.table('users').where('id', 1).update({ votes: 1, seen_at: DB.raw('now()') })
   * // update "users" set "votes" = $1, "seen_at" = now() where "id" = $2
   */
  async update(values: RowValues<Row>): Promise<number> {
    const written = this.runUpdate(assignmentsOf(values, this))
    return this.touched(written instanceof Promise ? await written : written)
  }

  /**
   * Changes the rows, with values that may come from the joined tables.
   *
   * @returns How many rows were touched.
   * @throws UnsupportedException elsewhere than on PostgreSQL; MySQL and SQL Server take joins in `update()`.
   * @example
   * await DB.table('users').join('orders', 'users.id', '=', 'orders.user_id').updateFrom({ city: DB.raw('orders.city') })
   * // postgres: update "users" set "city" = orders.city from "orders" where "users"."id" = "orders"."user_id"
   */
  async updateFrom(values: RowValues<Row>): Promise<number> {
    const written = this.runUpdate(assignmentsOf(values, this), true)
    return this.touched(written instanceof Promise ? await written : written)
  }

  private runUpdate(set: readonly Assignment[], fromJoins = false): Later<QueryResult> {
    return this.runWrite({ kind: 'update', rows: this.toSelect(), set, fromJoins, returning: this.returned })
  }

  /** What a call answers that changes rows: their number, or they themselves after {@link returning}. */
  private touched({ rows, affected }: QueryResult): number {
    return (this.returned === undefined ? affected : rows) as number
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
  async updateOrInsert(attributes: ColumnValues<Row>, values: RowValues<Row> = {}): Promise<boolean> {
    assertColumns(attributes)
    assertColumns(values)
    const wanted = this.clone().where(attributes as ColumnValues<Row>)
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
  increment(column: string, amount: number | bigint | string = 1, extra?: RowValues<Row>): Promise<number> {
    return this.changeOne('increment', column, amount, extra)
  }

  /**
   * Subtracts from a number in every row.
   *
   * @example
   * await DB.table('users').where('id', 1).decrement('votes')
   * // update "users" set "votes" = "votes" - 1 where "id" = $1
   */
  decrement(column: string, amount: number | bigint | string = 1, extra?: RowValues<Row>): Promise<number> {
    return this.changeOne('decrement', column, amount, extra)
  }

  /**
   * Adds to several numbers in every row.
   *
   * @example
   * await DB.table('users').incrementEach({ votes: 5, balance: 100 })
   * // update "users" set "votes" = "votes" + 5, "balance" = "balance" + 100
   */
  incrementEach(amounts: Readonly<Record<string, number | bigint | string>>, extra?: RowValues<Row>): Promise<number> {
    return this.changeEach('increment', amounts, extra)
  }

  /**
   * Subtracts from several numbers in every row.
   *
   * @example
   * await DB.table('users').decrementEach({ votes: 5, balance: 100 })
   * // update "users" set "votes" = "votes" - 5, "balance" = "balance" - 100
   */
  decrementEach(amounts: Readonly<Record<string, number | bigint | string>>, extra?: RowValues<Row>): Promise<number> {
    return this.changeEach('decrement', amounts, extra)
  }

  private async changeOne(
    kind: 'increment' | 'decrement',
    column: string,
    amount: number | bigint | string,
    extra: RowValues<Row> | undefined,
  ): Promise<number> {
    const written = this.runUpdate(withOthers([changeOf(kind, column, amount)], extra, this))
    return this.touched(written instanceof Promise ? await written : written)
  }

  private async changeEach(
    kind: 'increment' | 'decrement',
    amounts: Readonly<Record<string, number | bigint | string>>,
    extra: RowValues<Row> | undefined,
  ): Promise<number> {
    if (Array.isArray(amounts)) {
      throw new InvalidArgumentException(`Non-associative array passed to ${kind}Each method: name each column.`)
    }
    assertColumns(amounts)
    const changes = Object.entries(amounts).map(([column, amount]) => changeOf(kind, column, amount))
    const written = this.runUpdate(withOthers(changes, extra, this))
    return this.touched(written instanceof Promise ? await written : written)
  }

  /** A copy with clauses of its own. */
  abstract clone(): this
}

/** Adds to a number, or subtracts from it. */
function changeOf(kind: 'increment' | 'decrement', column: string, amount: number | bigint | string): Assignment {
  const text = typeof amount === 'object' ? '' : String(amount)
  if (!/^-?[\d.]/.test(text) || !Number.isFinite(Number(text))) {
    throw new InvalidArgumentException(`Non-numeric value passed to ${kind} method for "${column}".`)
  }
  return { kind, column, amount: text }
}

/** Changes of numbers, and other columns that are set. */
function withOthers(
  changes: readonly Assignment[],
  others: object | undefined,
  within: QueryState,
): readonly Assignment[] {
  return others === undefined ? changes : changes.concat(assignmentsOf(others, within))
}
