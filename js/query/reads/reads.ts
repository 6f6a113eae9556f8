import { andThen, type Later } from '../../support/later'
import { LazyCollection } from '../../support/lazy-collection'
import { PiecewiseIterator } from '../../support/piecewise-iterator'
import { columnOperand } from '../arguments'
import type { SelectQuery } from '../ast'
import type { AnyRow } from '../columns'
import { Writes } from '../writes/writes'
import type { Columns, Read } from './results'

/** The rows. None of these calls changes the builder. */
export abstract class Reads<Row = AnyRow, Result = Row> extends Writes<Row, Result> {
  /**
   * The rows.
   *
   * @param columns - What to read, if `select()` does not say it.
   * @example
   * const users = await DB.table('users').where('votes', '>', 100).get()
   * // select * from "users" where "votes" > $1
   */
  async get<const Names extends Columns<Row>>(...columns: Names): Promise<Read<Row, Result, Names>[]> {
    const read = this.runRead({ kind: 'select', query: this.reading(columns) })
    const { rows } = read instanceof Promise ? await read : read
    return this.answered(rows) as Later<Read<Row, Result, Names>[]>
  }

  /**
   * Another name of {@link get}.
   *
   * @example
   * const users = await DB.table('users').all()
   * // select * from "users"
   */
  all<const Names extends Columns<Row>>(...columns: Names): Promise<Read<Row, Result, Names>[]> {
    return this.get(...columns)
  }

  /**
   * The rows one by one as the database sends them: only some hundred are in memory, whatever their number. The
   * connection is taken until the loop ends, also when it is left early.
   *
   * @example
   * for await (const user of DB.table('users').cursor()) console.log(user.name)
   * // select * from "users"
   */
  cursor(): LazyCollection<Result> {
    const query = this.copyInto(this.newGroup())
    return new LazyCollection(() => new PiecewiseIterator(query.pieces()))
  }

  /** The rows as they arrive; one at a time where something is made of each. */
  private async *pieces(): AsyncGenerator<Result[], void> {
    const query = this.reading([])
    const { isPlain } = this
    for await (const rows of this.executor.streamQuery({ kind: 'select', query }, this.readOptions(query))) {
      if (isPlain && this.afterCallbacks === undefined) {
        yield rows as Result[]
        continue
      }
      for (const next of rows) {
        const [row] = isPlain ? [next as Result] : await this.streamed(next)
        if (row === undefined) continue
        const [changed] = this.afterCallbacks === undefined ? [row] : await this.applyAfterQueryCallbacks([row])
        if (changed !== undefined && changed !== null) yield [changed]
      }
    }
  }

  /** Whether the program gets rows as the database answered them. */
  protected get isPlain(): boolean {
    return this.received === Reads.prototype.received
  }

  /** What the program gets of rows that the database answered, and what callbacks make of that. */
  protected answered(rows: AnyRow[]): Later<Result[]> {
    const answer = this.received(rows)
    return this.afterCallbacks === undefined
      ? answer
      : andThen(answer, (received) => this.applyAfterQueryCallbacks(received))
  }

  /** What the program gets of rows that the database answered. */
  protected received(rows: AnyRow[]): Later<Result[]> {
    return rows as Result[]
  }

  /** What the program gets of one row of many that come one by one. */
  protected streamed(row: AnyRow): Later<Result[]> {
    return this.received([row])
  }

  /** The query, with these columns if it names none. */
  protected reading(columns: readonly unknown[]): SelectQuery {
    const query = this.toSelect()
    if (columns.length === 0 || query.columns !== undefined) return query
    const names = columns.flat()
    if (names.every((name) => name === '*')) return query
    const isPlain = names.every((name) => typeof name === 'string')
    if (isPlain) return { ...query, columns: names.map((name) => columnOperand(name, this)) }
    const copy = this.copyInto(this.newGroup())
    copy.select(...(names as unknown as Columns<Row>))
    return copy.toSelect()
  }
}
