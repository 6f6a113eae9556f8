import { type Queryable, selectOf } from './arguments'
import type { AnyRow } from './columns'
import { Orders } from './orders'

/** The rows of several queries together. */
export abstract class Unions<Row = AnyRow, Result = Row> extends Orders<Row, Result> {
  /**
   * Adds the rows of another query; equal rows are read once.
   *
   * What is called afterwards, `orderBy`, `limit` and `offset`, is about all rows together.
   *
   * @param all - Whether equal rows stay.
   * @example
   * DB.table('users').whereNull('first_name').union(DB.table('users').whereNull('last_name'))
   * // (select * from "users" where "first_name" is null) union (select * from "users" where "last_name" is null)
   */
  union(query: Queryable, all = false): this {
    this.query.unions ??= []
    this.query.unions.push({ all, query: selectOf(query, this) })
    return this
  }

  /**
   * Adds the rows of another query; equal rows stay.
   *
   * @example
   * DB.table('a').unionAll(DB.table('b'))
   * // (select * from "a") union all (select * from "b")
   */
  unionAll(query: Queryable): this {
    return this.union(query, true)
  }
}
