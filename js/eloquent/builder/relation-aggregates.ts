import { refusePromise, SubQuery, selectOf } from '../../query/arguments'
import type { AggregateFunction, Operand, SelectQuery } from '../../query/ast'
import type { AnyRow } from '../../query/columns'
import { raw } from '../../query/expression'
import { snakeCase } from '../../support/text'
import { type AggregateArguments, aggregatesOf } from '../loading/aggregates'
import type { Relation } from '../relations/relation'
import type { EloquentBuilder } from './eloquent-builder'
import { RelationWheres } from './relation-wheres'

/** What can be computed of related rows. */
export type RelationAggregate = AggregateFunction | 'exists'

/** Numbers about related rows, as columns of their own. */
export abstract class RelationAggregates<Row = AnyRow, Result = Row> extends RelationWheres<Row, Result> {
  /** Columns that are booleans, where the database has none. */
  private booleans: readonly string[] = []
  /** Whether every column of the table is read because nobody has named any. */
  private readsAll = false

  protected override copyInto(copy: this): this {
    super.copyInto(copy)
    copy.booleans = this.booleans
    copy.readsAll = this.readsAll
    return copy
  }

  /**
   * Reads how many related rows there are, as `posts_count`.
   *
   * @param relations - Names, with the name of the column where that is another one (`'posts as total'`), objects with
   * conditions, lists of these.
   * @example
   * const users = await User.query().withCount('posts', { comments: (query) => query.where('spam', false) }).get()
   * // select "users".*, (select count(*) as "aggregate" from "posts" where "users"."id" = "posts"."user_id") as "posts_count", …
   */
  withCount(...relations: AggregateArguments): this {
    return this.withAggregate(relations, '*', 'count')
  }

  /**
   * Reads the sum of a column of related rows, as `posts_sum_stars`.
   *
   * @example
   * const users = await User.query().withSum('posts', 'stars').get()
   */
  withSum(relations: AggregateArguments[number], column: string): this {
    return this.withAggregate([relations], column, 'sum')
  }

  /** Reads the mean of a column of related rows, as `posts_avg_stars`. */
  withAvg(relations: AggregateArguments[number], column: string): this {
    return this.withAggregate([relations], column, 'avg')
  }

  /** Reads the smallest value of a column of related rows, as `posts_min_stars`. */
  withMin(relations: AggregateArguments[number], column: string): this {
    return this.withAggregate([relations], column, 'min')
  }

  /** Reads the largest value of a column of related rows, as `posts_max_stars`. */
  withMax(relations: AggregateArguments[number], column: string): this {
    return this.withAggregate([relations], column, 'max')
  }

  /** Reads whether there are related rows, as `posts_exists`. */
  withExists(...relations: AggregateArguments): this {
    return this.withAggregate(relations, '*', 'exists')
  }

  /** What a function computes of a column of related rows. */
  withAggregate(relations: AggregateArguments, column: string, of: RelationAggregate): this {
    for (const { name, alias, condition } of aggregatesOf(relations)) {
      const query = this.relationNamed(name).ofQuery(this as unknown as EloquentBuilder)
      if (condition !== undefined) refusePromise((condition as (query: Relation) => unknown)(query))
      this.readEveryColumn()
      const as = alias ?? aggregateName(name, of, column)
      this.addColumn(of === 'exists' ? this.existence(query, as) : this.computed(query, of, column, as))
    }
    return this
  }

  private readEveryColumn(): void {
    const table = this.tableAlias()
    if (this.query.columns !== undefined || table === undefined) return
    this.addColumn(`${table}.*`)
    this.readsAll = true
  }

  private existence(query: Relation, as: string): Operand {
    this.booleans = [...this.booleans, as]
    const { sql, bindings } = this.executor.compileQuery({ kind: 'select', query: selectOf(query, this) })
    return raw(`exists(${sql}) as ${this.getGrammar().wrap(as)}`, bindings)
  }

  private computed(query: Relation, of: AggregateFunction, column: string, as: string): Operand {
    const name = column === '*' ? column : query.qualifyColumn(column)
    const aggregate = { function: of, columns: [name] }
    return new SubQuery({ ...selectOf(query, this), aggregate, columns: undefined, orders: undefined }, as)
  }

  protected override reading(columns: readonly unknown[]): SelectQuery {
    const counted = this.meta.options.withCount
    const isWhole = columns.length === 0 && (this.query.columns === undefined || this.readsAll)
    if (counted.length === 0 || !isWhole || this.loadsNothing()) return super.reading(columns)
    return super.reading.call(this.clone().withCount(counted), columns)
  }

  protected override async received(rows: AnyRow[]): Promise<Result[]> {
    for (const name of this.booleans) for (const row of rows) row[name] = Boolean(Number(row[name]))
    return await super.received(rows)
  }
}

/** `posts_count`, `blog_posts_sum_stars`. */
export function aggregateName(relation: string, of: RelationAggregate, column: string): string {
  const words = [relation, of, column].map((word) => word.replaceAll(/[^\w\s]/g, ''))
  return snakeCase(words.filter((word) => word !== '').join('_')).replaceAll(/\s+/g, '_')
}
