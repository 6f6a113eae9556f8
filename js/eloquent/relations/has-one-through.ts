import type { Model } from '../model'
import { type DefaultModel, defaultFor } from './default-model'
import { HasOneOrManyThrough } from './has-through'

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

  protected hold(parent: object, related: Related[]): Related | null {
    return related[0] ?? defaultFor(() => this.make(), parent, this.standIn)
  }
}
