import { QueryOptions } from './call-options'
import type { AnyRow } from './columns'
import type { AfterQuery, BeforeQuery } from './state'

/** Functions that are called around the query, also where it stands inside of another one. */
export abstract class Callbacks<Row = AnyRow, Result = Row> extends QueryOptions<Row, Result> {
  /**
   * Calls back with a copy of the builder each time before the query is compiled or run, and takes the clauses that it
   * adds there. The builder itself stays as it is.
   *
   * @example
   * DB.table('users').beforeQuery((query) => query.where('active', true)).toSql()
   * // select * from "users" where "active" = $1
   */
  beforeQuery(callback: (query: this) => unknown): this {
    this.beforeCallbacks = [...(this.beforeCallbacks ?? []), callback as BeforeQuery]
    return this
  }

  /**
   * Calls back with the rows of the query, or with the values of `pluck()`. What it answers takes their place.
   * `cursor()` calls it with one row at a time. Numbers such as `count()` do not pass it.
   *
   * @example
   * await DB.table('users').afterQuery((rows) => rows.filter((row) => row.name !== '')).get()
   */
  afterQuery(callback: (rows: Result[]) => unknown): this {
    this.afterCallbacks = [...(this.afterCallbacks ?? []), callback as AfterQuery]
    return this
  }

  /**
   * What the callbacks of {@link afterQuery} make of rows, one after the other.
   *
   * @example
   * const rows = await query.applyAfterQueryCallbacks([{ id: 1 }])
   */
  async applyAfterQueryCallbacks<Rows>(rows: Rows): Promise<Rows> {
    let result = rows
    for (const callback of this.afterCallbacks ?? []) {
      result = ((await callback(result as never)) ?? result) as Rows
    }
    return result
  }
}
