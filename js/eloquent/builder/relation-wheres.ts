import { InvalidArgumentException } from '../../errors'
import { refusePromise, subQueryNode, valueOperand } from '../../query/arguments'
import type { Conjunction } from '../../query/ast'
import type { AnyRow } from '../../query/columns'
import { raw } from '../../query/expression'
import { conjunction } from '../../query/wheres/conditions'
import { camelCase, plural } from '../../support/text'
import { isRelation, relationOf } from '../dynamic-relations'
import type { ModelMeta } from '../model-meta'
import { isModel, stateOf } from '../model-proxy'
import type { BelongsTo } from '../relations/belongs-to'
import { keysOf } from '../relations/keys'
import type { Relation } from '../relations/relation'
import { EagerLoads } from './eager-loads'
import type { EloquentBuilder } from './eloquent-builder'

/** Adds conditions on related rows. */
export type RelationCondition<Query = Relation> = (query: Query) => unknown

/** A condition on a related row: a column and its value, or a function. */
type RelatedCondition<Query> =
  | readonly [column: string, value: unknown]
  | readonly [column: string, operator: string, value: unknown]
  | readonly [condition: RelationCondition<Query> | Readonly<Record<string, unknown>>]

/** Models, or one of them. */
type Models = object | readonly object[]

/** Conditions on related rows. */
export abstract class RelationWheres<Row = AnyRow, Result = Row> extends EagerLoads<Row, Result> {
  /**
   * Keeps the models that have related ones: at least one, or as many as asked.
   *
   * @param relation - Its name; `posts.comments` asks for posts that have comments.
   * @example
   * User.query().has('posts')
   * // select * from "users" where exists(select * from "posts" where "users"."id" = "posts"."user_id")
   * User.query().has('posts', '>=', 3)
   * // select * from "users" where (select count(*) from "posts" where "users"."id" = "posts"."user_id") >= $1
   */
  has<Query = Relation>(
    relation: string | Relation,
    operator = '>=',
    count = 1,
    join = 'and',
    condition?: RelationCondition<Query>,
  ): this {
    return this.addHas(relation, operator, count, conjunction(join), condition as Condition | undefined)
  }

  /** As {@link has}, joined by `or`. */
  orHas(relation: string | Relation, operator = '>=', count = 1): this {
    return this.has(relation, operator, count, 'or')
  }

  /**
   * Keeps the models that have no related ones.
   *
   * @example
   * User.query().doesntHave('posts')
   * // select * from "users" where not exists(select * from "posts" where "users"."id" = "posts"."user_id")
   */
  doesntHave<Query = Relation>(relation: string | Relation, join = 'and', condition?: RelationCondition<Query>): this {
    return this.has(relation, '<', 1, join, condition)
  }

  /** As {@link doesntHave}, joined by `or`. */
  orDoesntHave(relation: string | Relation): this {
    return this.doesntHave(relation, 'or')
  }

  /**
   * Keeps the models that have related ones which meet conditions.
   *
   * @example
   * User.query().whereHas('posts', (posts) => posts.where('stars', 5))
   * // select * from "users" where exists(select * from "posts" where "users"."id" = "posts"."user_id" and "stars" = $1)
   */
  whereHas<Query = Relation>(
    relation: string | Relation,
    condition?: RelationCondition<Query> | null,
    operator = '>=',
    count = 1,
  ): this {
    return this.has(relation, operator, count, 'and', condition ?? undefined)
  }

  /** As {@link whereHas}, joined by `or`. */
  orWhereHas<Query = Relation>(
    relation: string | Relation,
    condition?: RelationCondition<Query> | null,
    operator = '>=',
    count = 1,
  ): this {
    return this.has(relation, operator, count, 'or', condition ?? undefined)
  }

  /** Keeps the models without related ones that meet conditions. */
  whereDoesntHave<Query = Relation>(relation: string | Relation, condition?: RelationCondition<Query>): this {
    return this.doesntHave(relation, 'and', condition)
  }

  /** As {@link whereDoesntHave}, joined by `or`. */
  orWhereDoesntHave<Query = Relation>(relation: string | Relation, condition?: RelationCondition<Query>): this {
    return this.doesntHave(relation, 'or', condition)
  }

  /**
   * As {@link whereHas}, and loads the related models that meet the conditions.
   *
   * @example
   * const users = await User.query().withWhereHas('posts', (posts) => posts.where('stars', 5)).get()
   */
  withWhereHas<Query = Relation>(
    relation: string,
    condition?: RelationCondition<Query>,
    operator = '>=',
    count = 1,
  ): this {
    const [name = relation] = relation.split(':')
    this.addHas(name, operator, count, 'and', condition as Condition | undefined)
    return condition === undefined ? this.with(relation) : this.with({ [relation]: condition as Condition })
  }

  /**
   * Keeps the models that have a related one with such a value. Takes what `where()` takes.
   *
   * @example
   * User.query().whereRelation('posts', 'stars', '>', 3)
   * // select * from "users" where exists(select * from "posts" where "users"."id" = "posts"."user_id" and "stars" > $1)
   */
  whereRelation<Query = Relation>(relation: string, ...condition: RelatedCondition<Query>): this {
    return this.addHas(relation, '>=', 1, 'and', onRelated(condition))
  }

  /** As {@link whereRelation}, joined by `or`. */
  orWhereRelation<Query = Relation>(relation: string, ...condition: RelatedCondition<Query>): this {
    return this.addHas(relation, '>=', 1, 'or', onRelated(condition))
  }

  /** Keeps the models that have no related one with such a value. */
  whereDoesntHaveRelation<Query = Relation>(relation: string, ...condition: RelatedCondition<Query>): this {
    return this.addHas(relation, '<', 1, 'and', onRelated(condition))
  }

  /** As {@link whereDoesntHaveRelation}, joined by `or`. */
  orWhereDoesntHaveRelation<Query = Relation>(relation: string, ...condition: RelatedCondition<Query>): this {
    return this.addHas(relation, '<', 1, 'or', onRelated(condition))
  }

  /** As {@link whereRelation}, and loads the related models with such a value. */
  withWhereRelation<Query = Relation>(relation: string, ...condition: RelatedCondition<Query>): this {
    return this.whereRelation(relation, ...condition).with({ [relation]: onRelated(condition) })
  }

  /**
   * Keeps the models that belong to a model, or to any of several.
   *
   * @param relation - The name of the relation. Default: that of the class, `user` for `User`.
   * @throws InvalidArgumentException for an empty list.
   * @example
   * Post.query().whereBelongsTo(user)
   * // select * from "posts" where "posts"."user_id" = $1
   */
  whereBelongsTo(related: Models, relation?: string, join = 'and'): this {
    const models = listOf(related)
    const found = this.relationNamed(relation ?? camelCase(metaOfFirst(models).model.name)) as unknown as BelongsTo
    if (typeof found.getOwnerKeyName !== 'function') {
      throw new InvalidArgumentException(`whereBelongsTo() needs a relation of the kind belongsTo.`)
    }
    const keys = keysOf(models, found.getOwnerKeyName())
    const column = this.qualifyColumn(found.getForeignKeyName()) as never
    return keys.length === 1
      ? this.where(column, '=', keys[0] as never, join)
      : this.whereIn(column, keys as never, join)
  }

  /** As {@link whereBelongsTo}, joined by `or`. */
  orWhereBelongsTo(related: Models, relation?: string): this {
    return this.whereBelongsTo(related, relation, 'or')
  }

  /**
   * Keeps the models that are tied to a model, or to any of several.
   *
   * @param relation - The name of the relation. Default: the plural of the class's name, `roles` for `Role`.
   * @example
   * User.query().whereAttachedTo(role)
   */
  whereAttachedTo(related: Models, relation?: string, join = 'and'): this {
    const models = listOf(related)
    const { model, singleKey } = metaOfFirst(models)
    const keys = keysOf(models, singleKey)
    return this.addHas(relation ?? camelCase(plural(model.name)), '>=', 1, conjunction(join), (query) =>
      query.whereKey(keys as never),
    )
  }

  /** As {@link whereAttachedTo}, joined by `or`. */
  orWhereAttachedTo(related: Models, relation?: string): this {
    return this.whereAttachedTo(related, relation, 'or')
  }

  /** A relation of the class. */
  protected relationNamed(name: string): Relation {
    return relationOf(this.getModel() as object, this.meta, name)
  }

  private addHas(
    relation: string | Relation,
    operator: string,
    count: number,
    join: Conjunction,
    condition?: Condition,
  ): this {
    if (typeof relation === 'string' && relation.includes('.')) {
      return this.addNestedHas(relation.split('.'), operator, count, join, condition)
    }
    const found = isRelation(relation) ? relation : this.relationNamed(relation)
    const query = found.ofQuery(this as unknown as EloquentBuilder)
    if (condition !== undefined) refusePromise(condition(query))
    if (count === 1 && (operator === '>=' || operator === '<')) {
      return operator === '<' ? this.whereNotExists(query as never, join) : this.whereExists(query as never, join)
    }
    query.query.columns = [raw('count(*)')]
    query.query.orders = undefined
    const right = valueOperand(count, 'the number of related rows', this)
    return this.addWhere({ kind: 'compare', join, left: subQueryNode(query, this), operator, right })
  }

  /** `posts.comments`: posts that have comments. The number is that of the last relation. */
  private addNestedHas(
    [first = '', ...rest]: readonly string[],
    operator: string,
    count: number,
    join: Conjunction,
    condition?: Condition,
  ): this {
    const isAbsence = operator === '<' && count === 1
    const [inner, number] = isAbsence ? ['>=', 1] : [operator, count]
    const path = rest.join('.')
    return this.addHas(first, isAbsence ? '<' : '>=', 1, join, (query) =>
      query.has(path, inner, number, 'and', condition as never),
    )
  }
}

type Condition = (query: Relation) => unknown

function onRelated(condition: readonly unknown[]): Condition {
  const [first] = condition
  if (typeof first === 'function') return first as Condition
  return (query) => (query.where as (...args: readonly unknown[]) => unknown).apply(query, [...condition])
}

function listOf(models: Models): readonly object[] {
  return Array.isArray(models) ? models : [models]
}

function metaOfFirst([first]: readonly object[]): ModelMeta {
  if (!isModel(first))
    throw new InvalidArgumentException('Related models are given as a model, or as a list that has one.')
  return stateOf(first).meta
}
