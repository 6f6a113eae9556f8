import type { AnyRow } from '../query/columns'
import type { EloquentBuilder } from './builder/eloquent-builder'
import { newModelQuery } from './builder/new-query'
import { Model } from './model'
import { stateOf } from './model-proxy'
import { pivotsAre } from './relations/pivot-class'

/**
 * A row of a table between two others: `role.pivot`. Classes of a program's own extend it and are named by `using()`.
 *
 * @example
 * class RoleUser extends Pivot {
 *   static casts = { active: 'boolean' }
 * }
 * class User extends Model { roles() { return this.belongsToMany(Role).using(RoleUser).withPivot('active') } }
 */
export class Pivot extends Model {
  static incrementing = false
  static guarded: readonly string[] = []

  /** Only this row: by its own key, if it has one, else by those of both sides. */
  protected override queryOfThis(): EloquentBuilder<AnyRow, this> {
    const state = stateOf(this)
    const place = state.pivotPlace
    const stored = { ...state.attributes, ...state.original }
    if (place === undefined || (stored[this.getKeyName()] ?? null) !== null) return super.queryOfThis()
    const query = newModelQuery(this)
    for (const column of [place.foreignKey, place.relatedKey])
      query.where(column, '=', (stored[column] ?? null) as never)
    if (place.morph !== undefined) query.where(place.morph[0], '=', place.morph[1])
    return query
  }

  /** The model that it was read through, or attached to. */
  get pivotParent(): object | undefined {
    return stateOf(this).pivotPlace?.parent
  }

  override getForeignKey(): string {
    return stateOf(this).pivotPlace?.foreignKey ?? stateOf(this).meta.foreignKey
  }

  getRelatedKey(): string | undefined {
    return stateOf(this).pivotPlace?.relatedKey
  }
}

/** A pivot of a polymorphic relation. */
export class MorphPivot extends Pivot {}

pivotsAre(Pivot)
