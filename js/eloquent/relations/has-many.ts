import { EloquentCollection } from '../collection'
import type { Model } from '../model'
import { HasOneOrMany } from './has-one-or-many'

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
  protected readonly isMany = true

  protected hold(parent: object, related: Related[]): EloquentCollection<Related> {
    return this.lead(parent, collected(related))
  }
}

/** A list as a collection, which it may be already. */
export function collected<Related>(related: Related[]): EloquentCollection<Related> {
  return related instanceof EloquentCollection ? related : EloquentCollection.from(related)
}
