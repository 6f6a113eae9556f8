import { RelationNotFoundException } from '../../errors'
import { relationOf } from '../dynamic-relations'
import type { Model } from '../model'
import { type AnyModelClass, metaOf } from '../model-meta'
import { HasManyThrough } from './has-many-through'
import { HasOneOrMany } from './has-one-or-many'
import { HasOneThrough } from './has-one-through'
import { newRelation, type Relation } from './relation'

/**
 * The first half of a relation over another: `this.through('users').has('posts')`.
 *
 * @example
 * posts() { return this.through('users').has('posts') }
 */
export class PendingHasThrough<Parent = Model> {
  private readonly parent: object
  private readonly first: HasOneOrMany

  constructor(parent: object, first: Relation) {
    this.parent = parent
    this.first = ofKindHas(first, parent)
  }

  /**
   * The second half: a relation of the models in between. One model where both are of one, else many.
   *
   * @param second - Its name, or a function that is given a model in between.
   */
  has<Related = Model>(
    second: string | ((between: never) => unknown),
  ): HasManyThrough<Related, Parent> | HasOneThrough<Related, Parent> {
    const between = this.first.getRelated() as object
    const { meta } = this.first
    const found = typeof second === 'string' ? relationOf(between, meta, second) : second(between as never)
    const last = ofKindHas(found, between)
    const keys = {
      firstKey: this.first.getForeignKeyName(),
      secondKey: last.getForeignKeyName(),
      localKey: this.first.getLocalKeyName(),
      secondLocalKey: last.getLocalKeyName(),
    }
    const isOne = !this.first.isMany && !last.isMany
    const kind = isOne ? HasOneThrough<Related, Parent> : HasManyThrough<Related, Parent>
    return newRelation(kind as typeof HasManyThrough<Related, Parent>, this.parent, last.meta.model, meta.model, keys)
  }
}

/** @throws RelationNotFoundException for a relation of another kind. */
function ofKindHas(relation: unknown, model: object): HasOneOrMany {
  if (relation instanceof HasOneOrMany) return relation
  const { name } = metaOf(model.constructor as AnyModelClass).model
  throw new RelationNotFoundException(name, (relation as Relation | undefined)?.relationName ?? 'through')
}
