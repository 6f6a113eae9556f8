import { InvalidArgumentException } from '../../errors'
import { SubQuery } from '../../query/arguments'
import type { SelectQuery } from '../../query/ast'
import type { AnyRow } from '../../query/columns'
import type { Model } from '../model'
import { type DefaultModel, defaultFor } from './default-model'
import { HasOneOrMany } from './has-one-or-many'
import { type Ranking, rank, rankingOf } from './one-of-many'

/**
 * One model that refers to the parent.
 *
 * @example
 * class User extends Model { phone() { return this.hasOne(Phone) } }
 * await user.phone() // select * from "phones" where "phones"."user_id" = $1 limit 1
 */
export class HasOne<Related = Model, Parent = Model> extends HasOneOrMany<Related, Parent, Related | null> {
  readonly isMany = false
  private ranking: Ranking | undefined = undefined
  private standIn: DefaultModel<Related> | undefined = undefined

  /**
   * A model that is not saved stands in where there is none.
   *
   * @param standIn - Its attributes, or a function that is given it and the parent.
   * @example
   * phone() { return this.hasOne(Phone).withDefault({ number: 'none' }) }
   */
  withDefault(standIn: DefaultModel<Related> = true): this {
    this.standIn = standIn
    return this
  }

  /**
   * The one of many with the largest value of a column, the key by itself.
   *
   * @param column - Several decide one after the other.
   * @example
   * latestPost() { return this.hasOne(Post).latestOfMany('published_at') }
   */
  latestOfMany(column: string | readonly string[] = this.keyColumn()): this {
    return this.ofMany(column, 'max')
  }

  /** The one of many with the smallest value of a column, the key by itself. */
  oldestOfMany(column: string | readonly string[] = this.keyColumn()): this {
    return this.ofMany(column, 'min')
  }

  /**
   * The one of many with the largest or the smallest value.
   *
   * @param column - Its name, or columns with their functions, which decide one after the other.
   * @param of - `max` or `min`; after columns with functions, conditions on the rows that are considered.
   * @example
   * dearestOrder() { return this.hasOne(Order).ofMany('price', 'max') }
   * price() { return this.hasOne(Price).ofMany({ published_at: 'max', id: 'max' }, (query) => query.whereNotNull('published_at')) }
   */
  ofMany(
    column: string | readonly string[] | Readonly<Record<string, string>> = this.keyColumn(),
    of: string | ((query: this) => unknown) | null = 'max',
  ): this {
    const condition = typeof of === 'function' ? (of as (query: never) => unknown) : undefined
    this.ranking = rankingOf(column, typeof of === 'string' ? of : 'max', this.keyColumn(), condition)
    return this
  }

  isOneOfMany(): boolean {
    return this.ranking !== undefined
  }

  /** Conditions of the program are asked of the chosen rows: they stand around the ranking. */
  protected override constrained(query: SelectQuery): SelectQuery {
    const { ranking, extent } = this
    if (ranking === undefined || extent === undefined) return super.constrained(query)
    const table = this.tableAlias()
    if (typeof query.from !== 'string') throw new InvalidArgumentException('Of many rows of a table one is chosen.')
    const ranked = this.newGroup()
    ranked.ranking = undefined
    rank(ranked, ranking)
    const isInside = extent.kind !== 'query'
    if (!isInside) {
      ranked.extent = undefined
      ranked.addConstraints(ranked)
    }
    ranked.query.groupLimit = { rows: 1, column: ranked.matchedColumn() }
    const around = isInside ? { ...query } : super.constrained(query)
    return { ...around, from: new SubQuery(ranked.toSelect(), table) }
  }

  protected override async received(rows: AnyRow[]): Promise<Related[]> {
    if (this.ranking !== undefined) for (const row of rows) delete row.laravel_row
    return await super.received(rows)
  }

  protected hold(parent: object, related: Related[]): Related | null {
    const [first] = related
    if (first !== undefined) return this.lead(parent, [first] as [Related])[0]
    return defaultFor(() => this.forParent(parent).make(), parent, this.standIn)
  }

  /** The same relation of another parent. */
  private forParent(parent: object): this {
    if (parent === this.parent) return this
    const relation = this.newGroup()
    Object.assign(relation, { parent })
    return relation
  }
}
