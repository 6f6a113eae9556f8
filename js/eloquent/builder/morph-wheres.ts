import { InvalidArgumentException } from '../../errors'
import type { AnyRow } from '../../query/columns'
import type { AnyModelClass } from '../model-meta'
import { isModel, stateOf } from '../model-proxy'
import { morphAliasOf } from '../morph-map'
import { keysOf } from '../relations/keys'
import type { MorphTo, MorphTypes } from '../relations/morph-to'
import { RelationAggregates } from './relation-aggregates'

/** Adds conditions on related rows; `type` is the text that stands for their class. */
export type MorphCondition = (query: MorphTo, type: string) => unknown

/** A model, a list of them, a class or the text that stands for it; `null`: none. */
export type MorphTarget = object | readonly object[] | AnyModelClass | string | null

/** Conditions on related models of several classes. */
export abstract class MorphWheres<Row = AnyRow, Result = Row> extends RelationAggregates<Row, Result> {
  /**
   * Keeps the models whose `morphTo` leads to a model of these classes.
   *
   * @param types - Classes, or the texts that stand for them; `*`: all of the morph map.
   * @example
   * Comment.query().hasMorph('commentable', [Post, Video])
   * // select * from "comments" where (("comments"."commentable_type" = $1 and exists(select * from "posts" where …)) or (…))
   */
  hasMorph(
    relation: string | MorphTo,
    types: MorphTypes,
    operator = '>=',
    count = 1,
    join = 'and',
    condition?: MorphCondition,
  ): this {
    const found = this.morphTo(relation)
    const classes = found.classesOf(types)
    const anyOf = (group: this) => {
      for (const model of classes) {
        const type = morphAliasOf(model)
        group.orWhere((one: this) => {
          one.where(this.qualifyColumn(found.getMorphType()) as never, '=', type as never)
          one.has(found.forClass(model) as never, operator, count, 'and', (query) => condition?.(query as never, type))
        })
      }
    }
    return join === 'or' ? this.orWhere(anyOf) : this.where(anyOf)
  }

  orHasMorph(relation: string | MorphTo, types: MorphTypes, operator = '>=', count = 1): this {
    return this.hasMorph(relation, types, operator, count, 'or')
  }

  /** Keeps those that refer to these classes, and where no such model is. */
  doesntHaveMorph(relation: string | MorphTo, types: MorphTypes, join = 'and', condition?: MorphCondition): this {
    return this.hasMorph(relation, types, '<', 1, join, condition)
  }

  orDoesntHaveMorph(relation: string | MorphTo, types: MorphTypes): this {
    return this.doesntHaveMorph(relation, types, 'or')
  }

  /**
   * As {@link hasMorph}, with conditions on the related models.
   *
   * @example
   * Comment.query().whereHasMorph('commentable', [Post], (query) => query.where('title', 'like', 'foo%'))
   */
  whereHasMorph(
    relation: string | MorphTo,
    types: MorphTypes,
    condition?: MorphCondition,
    operator = '>=',
    count = 1,
  ): this {
    return this.hasMorph(relation, types, operator, count, 'and', condition)
  }

  orWhereHasMorph(
    relation: string | MorphTo,
    types: MorphTypes,
    condition?: MorphCondition,
    operator = '>=',
    count = 1,
  ): this {
    return this.hasMorph(relation, types, operator, count, 'or', condition)
  }

  whereDoesntHaveMorph(relation: string | MorphTo, types: MorphTypes, condition?: MorphCondition): this {
    return this.doesntHaveMorph(relation, types, 'and', condition)
  }

  orWhereDoesntHaveMorph(relation: string | MorphTo, types: MorphTypes, condition?: MorphCondition): this {
    return this.doesntHaveMorph(relation, types, 'or', condition)
  }

  /** As {@link whereHasMorph} with one condition, as `where()` takes it. */
  whereMorphRelation(relation: string | MorphTo, types: MorphTypes, ...condition: readonly unknown[]): this {
    return this.whereHasMorph(relation, types, whereOf(condition))
  }

  orWhereMorphRelation(relation: string | MorphTo, types: MorphTypes, ...condition: readonly unknown[]): this {
    return this.orWhereHasMorph(relation, types, whereOf(condition))
  }

  whereMorphDoesntHaveRelation(relation: string | MorphTo, types: MorphTypes, ...condition: readonly unknown[]): this {
    return this.whereDoesntHaveMorph(relation, types, whereOf(condition))
  }

  /**
   * Keeps the models that refer to a model, to any of several, or to a class. Looks at their own columns only.
   *
   * @example
   * Comment.query().whereMorphedTo('commentable', post)
   * // select * from "comments" where ("comments"."commentable_type" = $1 and "comments"."commentable_id" = $2)
   */
  whereMorphedTo(relation: string | MorphTo, target: MorphTarget, join = 'and'): this {
    const isTarget = this.morphedTo(this.morphTo(relation), target)
    return join === 'or' ? this.orWhere(isTarget) : this.where(isTarget)
  }

  orWhereMorphedTo(relation: string | MorphTo, target: MorphTarget): this {
    return this.whereMorphedTo(relation, target, 'or')
  }

  /** Keeps the models that refer to others than these. */
  whereNotMorphedTo(relation: string | MorphTo, target: MorphTarget): this {
    return this.whereNot(this.morphedTo(this.morphTo(relation), target))
  }

  orWhereNotMorphedTo(relation: string | MorphTo, target: MorphTarget): this {
    return this.orWhereNot(this.morphedTo(this.morphTo(relation), target))
  }

  private morphedTo(relation: MorphTo, target: MorphTarget): (group: object) => unknown {
    const [type, id] = [relation.getMorphType(), relation.getForeignKeyName()].map((name) => this.qualifyColumn(name))
    if (target === null) return (group) => (group as this).whereNull(type as never)
    if (typeof target === 'string' || typeof target === 'function') {
      const alias = typeof target === 'string' ? target : morphAliasOf(target as AnyModelClass)
      return (group) => (group as this).where(type as never, '=', alias as never)
    }
    const groups = new Map<AnyModelClass, object[]>()
    for (const model of Array.isArray(target) ? (target as object[]) : [target]) {
      if (!isModel(model)) throw new InvalidArgumentException('whereMorphedTo() takes models, a class, or null.')
      const { model: of } = stateOf(model).meta
      groups.set(of, [...(groups.get(of) ?? []), model])
    }
    if (groups.size === 0) throw new InvalidArgumentException('whereMorphedTo() takes at least one model.')
    return (group) => {
      for (const [of, models] of groups) {
        const keys = keysOf(models, relation.forClass(of).getOwnerKeyName())
        const isOne = (one: this) =>
          one.where(type as never, '=', morphAliasOf(of) as never).whereIn(id as never, keys as never)
        ;(group as this).orWhere(isOne)
      }
    }
  }

  private morphTo(relation: string | MorphTo): MorphTo {
    const found = typeof relation === 'string' ? this.relationNamed(relation) : relation
    if (typeof (found as Partial<MorphTo>).classesOf === 'function') return found as MorphTo
    throw new InvalidArgumentException('This needs a relation of the kind morphTo.')
  }
}

function whereOf(condition: readonly unknown[]): MorphCondition {
  const [first] = condition
  if (typeof first === 'function') return first as MorphCondition
  return (query) => (query.where as (...args: readonly unknown[]) => unknown).apply(query, [...condition])
}
