import { snakeCase } from '../../support/text'
import type { AnyModel, Model, ModelClass } from '../model'
import { type AnyModelClass, metaOf } from '../model-meta'
import { stateOf } from '../model-proxy'
import { modelClass } from '../model-registry'
import { BelongsToMany } from '../relations/belongs-to-many'
import { newRelation } from '../relations/relation'
import { tableOf } from './keys'
import { RelationLoads } from './relation-loads'

/** What a model has to do with others through a table between both. */
export abstract class PivotRelationships extends RelationLoads {
  /**
   * Many models that a table between both ties to this one.
   *
   * @param related - Their class, or the name that it is registered by.
   * @param table - The table between, or its class of pivots. Default: both names in the singular, in alphabetical
   * order: `role_user`.
   * @param foreignPivotKey - Its column that refers here. Default: `user_id` for `User`.
   * @param relatedPivotKey - Its column that refers to the related models. Default: `role_id` for `Role`.
   * @param parentKey - The column here that is referred to. Default: the key.
   * @param relatedKey - The column there that is referred to. Default: the key.
   * @example
   * roles() { return this.belongsToMany(Role).withPivot('active').withTimestamps() }
   */
  belongsToMany<Related extends AnyModel = Model>(
    related: ModelClass<Related> | string,
    table?: string | AnyModelClass,
    foreignPivotKey: string = this.getForeignKey(),
    relatedPivotKey?: string,
    parentKey: string = this.getKeyName(),
    relatedKey?: string,
  ): BelongsToMany<Related, this> {
    const other = modelClass(related as AnyModelClass)
    const meta = metaOf(other)
    const names = [stateOf(this).meta.model.name, other.name].map(snakeCase)
    const between = table ?? names.sort().join('_')
    const relation = newRelation(BelongsToMany<Related, this>, this, other, {
      table: typeof between === 'string' ? between : tableOf(metaOf(between)),
      foreignPivotKey,
      relatedPivotKey: relatedPivotKey ?? meta.foreignKey,
      parentKey,
      relatedKey: relatedKey ?? meta.singleKey,
    })
    return typeof between === 'string' ? relation : relation.using(between)
  }
}
