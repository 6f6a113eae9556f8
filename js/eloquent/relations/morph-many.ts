import type { Model } from '../model'
import { HasMany } from './has-many'

/**
 * Many models that refer to the parent, by its key and its class.
 *
 * @example
 * class Post extends Model { comments() { return this.morphMany(Comment, 'commentable') } }
 * await post.comments()
 * // select * from "comments" where "comments"."commentable_id" = $1 and "comments"."commentable_type" = $2
 */
export class MorphMany<Related = Model, Parent = Model> extends HasMany<Related, Parent> {
  getMorphType(): string | undefined {
    return this.morph?.[0]
  }

  getMorphClass(): string | undefined {
    return this.morph?.[1]
  }
}
