import type { Model } from '../model'
import { HasOne } from './has-one'

/**
 * One model that refers to the parent, by its key and its class.
 *
 * @example
 * class Post extends Model { image() { return this.morphOne(Image, 'imageable') } }
 * await post.image()
 * // select * from "images" where "images"."imageable_id" = $1 and "images"."imageable_type" = $2 limit 1
 */
export class MorphOne<Related = Model, Parent = Model> extends HasOne<Related, Parent> {
  getMorphType(): string | undefined {
    return this.morph?.[0]
  }

  getMorphClass(): string | undefined {
    return this.morph?.[1]
  }
}
