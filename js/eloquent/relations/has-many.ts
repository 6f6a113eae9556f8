import { copySelect } from '../../query/ast'
import { EloquentCollection } from '../collection'
import type { Model } from '../model'
import { HasOne } from './has-one'
import { HasOneOrMany } from './has-one-or-many'
import { newRelation } from './relation'

/**
 * Many models that refer to the parent.
 *
 * @example
 * class User extends Model { posts() { return this.hasMany(Post) } }
 * await user.posts() // select * from "posts" where "posts"."user_id" = $1
 */
export class HasMany<Related = Model, Parent = Model> extends HasOneOrMany<
  Related,
  Parent,
  EloquentCollection<Related>
> {
  readonly isMany = true

  /**
   * One of them, which `latestOfMany()` and its like choose.
   *
   * @example
   * latestPost() { return this.posts().one().latestOfMany() }
   */
  one(): HasOne<Related, Parent> {
    const { parent, meta, foreignKey, parentColumn } = this
    const one = newRelation(HasOne<Related, Parent>, parent, meta.model, foreignKey, parentColumn)
    one.query = copySelect(this.query)
    return one
  }

  protected hold(parent: object, related: Related[]): EloquentCollection<Related> {
    return this.lead(parent, collected(related))
  }
}

/** A list as a collection, which it may be already. */
export function collected<Related>(related: Related[]): EloquentCollection<Related> {
  return related instanceof EloquentCollection ? related : EloquentCollection.from(related)
}
