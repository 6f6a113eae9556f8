import type { Model } from '../model'
import { type DefaultModel, defaultFor } from './default-model'
import { HasOneOrMany } from './has-one-or-many'

/**
 * One model that refers to the parent.
 *
 * @example
 * class User extends Model { phone() { return this.hasOne(Phone) } }
 * await user.phone() // select * from "phones" where "phones"."user_id" = $1 limit 1
 */
export class HasOne<Related = Model, Parent = Model> extends HasOneOrMany<Related, Parent, Related | null> {
  protected readonly isMany = false
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
