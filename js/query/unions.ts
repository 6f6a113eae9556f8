import { InvalidArgumentException } from '../errors'
import { describe, type Queryable, selectOf, subQueryNode } from './arguments'
import type { AnyRow } from './columns'
import { Expression } from './expression'
import { Vectors } from './vectors'

/** The rows of several queries together. */
export abstract class Unions<Row = AnyRow, Result = Row> extends Vectors<Row, Result> {
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

  /**
   * Gives a query a name that this one may read from: a common table expression.
   *
   * @param columns - Names of its columns; those of the query when left out.
   * @example
   * DB.table('recent').withExpression('recent', DB.table('orders').where('placed_at', '>', day)).get()
   * // with "recent" as (select * from "orders" where "placed_at" > $1) select * from "recent"
   */
  withExpression(name: string, query: Queryable | Expression, columns?: readonly string[]): this {
    return this.addExpression(name, query, columns, false, undefined)
  }

  /**
   * As {@link withExpression}, for a query that may read its own rows: trees and series.
   *
   * @example
   * DB.table('tree').withRecursiveExpression('tree', DB.table('nodes').whereNull('parent_id').select('nodes.*').unionAll(
   *   (query) => query.from('nodes').join('tree', 'tree.id', 'nodes.parent_id').select('nodes.*'),
   * ))
   * // with recursive "tree" as ((select "nodes".* from "nodes" where …) union all (select …)) select * from "tree"
   */
  withRecursiveExpression(name: string, query: Queryable | Expression, columns?: readonly string[]): this {
    return this.addExpression(name, query, columns, true, undefined)
  }

  /**
   * As {@link withExpression}; its rows are computed once and kept.
   *
   * @throws UnsupportedException when the query is compiled, on MySQL, MariaDB and SQL Server.
   * @example
   * DB.table('totals').withMaterializedExpression('totals', (query) => query.from('orders').groupBy('user_id').select('user_id'))
   * // with "totals" as materialized (select "user_id" from "orders" group by "user_id") select * from "totals"
   */
  withMaterializedExpression(name: string, query: Queryable | Expression, columns?: readonly string[]): this {
    return this.addExpression(name, query, columns, false, true)
  }

  /**
   * As {@link withExpression}; the database may put it into the query that reads it.
   *
   * @throws UnsupportedException when the query is compiled, on MySQL, MariaDB and SQL Server.
   * @example
   * DB.table('totals').withNonMaterializedExpression('totals', (query) => query.from('orders').select('user_id'))
   * // with "totals" as not materialized (select "user_id" from "orders") select * from "totals"
   */
  withNonMaterializedExpression(name: string, query: Queryable | Expression, columns?: readonly string[]): this {
    return this.addExpression(name, query, columns, false, false)
  }

  private addExpression(
    name: string,
    query: Queryable | Expression,
    columns: readonly string[] | undefined,
    recursive: boolean,
    materialized: boolean | undefined,
  ): this {
    if (typeof name !== 'string' || name === '') {
      throw new InvalidArgumentException('A common table expression needs a name.')
    }
    if (columns !== undefined && !Array.isArray(columns)) {
      throw new InvalidArgumentException(
        `The columns of the common table expression "${name}" have to be a list of names, not ${describe(columns)}.`,
      )
    }
    const node = query instanceof Expression ? query : subQueryNode(query, this)
    this.query.expressions ??= []
    this.query.expressions.push({ name, columns, query: node, recursive, materialized })
    return this
  }
}
