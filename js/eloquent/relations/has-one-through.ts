import type { Model } from '../model'
import { type DefaultModel, defaultFor } from './default-model'
import { HasOneOrManyThrough } from './has-through'
import type { OfManyColumns } from './ranked-relation'

/**
 * One model over another in between.
 *
 * @example
 * class Mechanic extends Model { carOwner() { return this.hasOneThrough(Owner, Car) } }
 * await mechanic.carOwner()
 */
export class HasOneThrough<Related = Model, Parent = Model> extends HasOneOrManyThrough<
  Related,
  Parent,
  Related | null
> {
  readonly isMany = false
  private standIn: DefaultModel<Related> | undefined = undefined

  /**
   * A model that is not saved stands in where there is none.
   *
   * @param standIn - Its attributes, or a function that is given it and the parent.
   */
  withDefault(standIn: DefaultModel<Related> = true): this {
    this.standIn = standIn
    return this
  }

  /** The one of many with the largest value of a column: see {@link HasOne.latestOfMany}. */
  latestOfMany(column: string | readonly string[] = this.keyColumn()): this {
    return this.ofMany(column, 'max')
  }

  /** The one of many with the smallest value of a column. */
  oldestOfMany(column: string | readonly string[] = this.keyColumn()): this {
    return this.ofMany(column, 'min')
  }

  /**
   * The one of many with the largest or the smallest value: see {@link HasOne.ofMany}.
   *
   * @example
   * dearestPart() { return this.hasOneThrough(Part, Car).ofMany('price', 'max') }
   */
  ofMany(column: OfManyColumns = this.keyColumn(), of: string | ((query: this) => unknown) | null = 'max'): this {
    return this.rankedBy(column, of)
  }

  protected hold(parent: object, related: Related[]): Related | null {
    return related[0] ?? defaultFor(() => this.make(), parent, this.standIn)
  }
}
