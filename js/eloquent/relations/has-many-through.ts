import { copySelect } from '../../query/ast'
import type { EloquentCollection } from '../collection'
import type { Model } from '../model'
import { collected } from './has-many'
import { HasOneThrough } from './has-one-through'
import { HasOneOrManyThrough } from './has-through'
import { newRelation } from './relation'

/**
 * Many models over others in between.
 *
 * @example
 * class Country extends Model { posts() { return this.hasManyThrough(Post, User) } }
 * await country.posts()
 * // select "posts".*, "users"."country_id" as "laravel_through_key" from "posts"
 * //   inner join "users" on "users"."id" = "posts"."user_id" where "users"."country_id" = $1
 */
export class HasManyThrough<Related = Model, Parent = Model> extends HasOneOrManyThrough<
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
  one(): HasOneThrough<Related, Parent> {
    const { parent, meta, through, throughKeys } = this
    const one = newRelation(HasOneThrough<Related, Parent>, parent, meta.model, through, throughKeys)
    one.query = copySelect(this.query)
    return one
  }

  protected hold(_parent: object, related: Related[]): EloquentCollection<Related> {
    return collected(related)
  }
}
