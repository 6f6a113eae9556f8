import type { Model } from '../model'
import { type DefaultModel, defaultFor } from './default-model'
import { HasOneOrMany } from './has-one-or-many'
import type { OfManyColumns } from './ranked-relation'

/**
 * One model that refers to the parent.
 *
 * @example
 * class User extends Model { phone() { return this.hasOne(Phone) } }
 * await user.phone() // select * from "phones" where "phones"."user_id" = $1 limit 1
 */
export class HasOne<Related = Model, Parent = Model> extends HasOneOrMany<Related, Parent, Related | null> {
  readonly isMany = false
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
  ofMany(column: OfManyColumns = this.keyColumn(), of: string | ((query: this) => unknown) | null = 'max'): this {
    return this.rankedBy(column, of)
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
