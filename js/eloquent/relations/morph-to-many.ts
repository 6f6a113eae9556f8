import type { Model } from '../model'
import type { AnyModelClass } from '../model-meta'
import { BelongsToMany } from './belongs-to-many'
import type { MorphColumn } from './has-one-or-many'
import type { PivotTable } from './pivot-query'

/**
 * Many models, tied by a table whose one side is of several classes.
 *
 * @example
 * class Post extends Model { tags() { return this.morphToMany(Tag, 'taggable') } }
 * class Tag extends Model { posts() { return this.morphedByMany(Post, 'taggable') } }
 * await post.tags().attach(1)
 * // insert into "taggables" ("taggable_id", "tag_id", "taggable_type") values ($1, $2, $3)
 */
export class MorphToMany<Related = Model, Parent = Model, Accessor extends string = 'pivot'> extends BelongsToMany<
  Related,
  Parent,
  Accessor
> {
  private readonly morphColumn: MorphColumn

  constructor(parent: object, related: AnyModelClass, pivot: PivotTable, morph: MorphColumn) {
    super(parent, related, pivot)
    this.morphColumn = morph
  }

  protected override morph(): MorphColumn {
    return this.morphColumn
  }

  getMorphType(): string {
    return this.morphColumn[0]
  }

  getMorphClass(): string {
    return this.morphColumn[1]
  }
}
