import { InvalidArgumentException } from '../../errors'
import type { EloquentBuilder } from '../builder/eloquent-builder'
import type { Persistence } from '../concerns/persistence'
import type { AggregateArguments } from '../loading/aggregates'
import type { RelationArgument } from '../loading/loads'
import type { Model } from '../model'
import { type AnyModelClass, metaOf } from '../model-meta'
import { isModel, stateOf } from '../model-proxy'
import { mappedModel, morphAliasOf, morphedModel, morphMapOf } from '../morph-map'
import { BelongsTo } from './belongs-to'
import { type ForClasses, forClass } from './for-classes'
import { storedKey } from './keys'
import { newRelation } from './relation'

/** The columns that say which model is meant. */
export interface MorphColumns {
  readonly type: string
  readonly id: string
  /** The column of the related models that is referred to. Default: their key. */
  readonly ownerKey: string | undefined
}

/** Classes of models, or the texts that stand for them; `*`: all of the morph map. */
export type MorphTypes = '*' | AnyModelClass | string | readonly (AnyModelClass | string)[]

/**
 * The model of whatever class that the parent refers to.
 *
 * Until the class is known, it is a relation of no table: what a program adds to it is for each of the classes.
 *
 * @example
 * class Comment extends Model { commentable() { return this.morphTo() } }
 * await comment.commentable() // select * from "posts" where "posts"."id" = $1 limit 1
 */
export class MorphTo<Related = Model, Parent = Model> extends BelongsTo<Related, Parent> {
  private readonly columns: MorphColumns
  private readonly isTyped: boolean
  /** What programs add for some of the classes. */
  private additions: readonly ((query: MorphTo, model: AnyModelClass) => unknown)[] = []

  constructor(parent: object, related: AnyModelClass, columns: MorphColumns, isTyped: boolean) {
    super(parent, related, columns.id, columns.ownerKey ?? metaOf(related).singleKey)
    this.columns = columns
    this.isTyped = isTyped
  }

  protected override parentKey(): unknown {
    return this.isTyped ? super.parentKey() : null
  }

  /** The same relation, to models of one class. @internal */
  forClass(model: AnyModelClass): MorphTo<Related, Parent> {
    const relation = newRelation(MorphTo<Related, Parent>, this.parent, model, this.columns, true)
    const { connectionName } = relation
    const { from } = relation.query
    this.copyInto(relation as this)
    relation.query.from = from
    relation.connectionName = connectionName
    relation.relationName = this.relationName
    relation.standIn = this.standIn
    for (const add of this.additions) add(relation as MorphTo, model)
    return relation
  }

  /** The classes that a program names. @internal */
  classesOf(types: MorphTypes): AnyModelClass[] {
    const owner = stateOf(this.parent).meta.model
    const names = types === '*' ? [...morphMapOf(owner).keys()] : [types].flat()
    if (names.length === 0) {
      throw new InvalidArgumentException('Name the classes of the related models, or tell Model.morphMap() about them.')
    }
    return names.map((name) => (typeof name === 'string' ? morphedModel(owner, name) : (name as AnyModelClass)))
  }

  /** One query for each class. */
  override async eagerLoad(parents: readonly object[], name: string): Promise<void> {
    const groups = new Map<string, object[]>()
    for (const parent of parents) {
      const type = typeOf(parent, this.columns)
      if (type === undefined || storedKey(parent, this.columns.id) === null) {
        stateOf(parent).setRelation(name, this.hold(parent, []))
        continue
      }
      const group = groups.get(type)
      if (group === undefined) groups.set(type, [parent])
      else group.push(parent)
    }
    const owner = stateOf(this.parent).meta.model
    for (const [type, group] of groups) {
      const relation = this.forClass(morphedModel(owner, type))
      relation.loadedBelow = this.loadedBelow
      await relation.eagerLoadOne(group, name)
    }
  }

  private eagerLoadOne(parents: readonly object[], name: string): Promise<void> {
    return super.eagerLoad(parents, name)
  }

  override ofQuery(parents: EloquentBuilder): this {
    if (this.isTyped) return super.ofQuery(parents)
    throw new InvalidArgumentException('A morphTo has several tables: ask for related models with whereHasMorph().')
  }

  /**
   * Loads relations of the related models, by their classes.
   *
   * @param relations - A `Map` or pairs of class and relations, or an object by the texts that stand for the classes.
   * @example
   * Comment.with({ commentable: (query) => query.morphWith([[Post, 'author'], [Video, ['tags']]]) })
   */
  morphWith(relations: ForClasses<RelationArgument | readonly RelationArgument[]>): this {
    return this.add(relations, (query, names) => query.with(names))
  }

  /** Counts related models of the related models, by their classes. */
  morphWithCount(relations: ForClasses<AggregateArguments[number]>): this {
    return this.add(relations, (query, names) => query.withCount(names))
  }

  /** Adds conditions, by the classes of the related models. */
  constrain(conditions: ForClasses<(query: never) => unknown>): this {
    return this.add(conditions, (query, condition) => condition(query as never))
  }

  private add<T>(given: ForClasses<T>, apply: (query: MorphTo, value: T) => unknown): this {
    const addition = (query: MorphTo, model: AnyModelClass) => {
      const value = forClass(given, model)
      if (value !== undefined) apply(query, value)
    }
    this.additions = [...this.additions, addition]
    if (this.isTyped) addition(this as unknown as MorphTo, this.meta.model)
    return this
  }

  /**
   * Lets the parent refer to a model. Saves nothing.
   *
   * @throws InvalidArgumentException for a key: it does not say of which class.
   * @example
   * comment.commentable().associate(post)
   * await comment.save()
   */
  override associate(model: Related | string | number | bigint | null): Parent {
    if (model === null) return this.dissociate()
    if (!isModel(model)) {
      throw new InvalidArgumentException('associate() of a morphTo takes a model: a key does not say of which class.')
    }
    const { meta } = stateOf(model)
    const parent = this.parent as unknown as Persistence
    parent.setAttribute(this.columns.id, storedKey(model, this.columns.ownerKey ?? meta.singleKey))
    parent.setAttribute(this.columns.type, morphAliasOf(meta.model))
    if (this.relationName !== undefined) stateOf(this.parent).setRelation(this.relationName, model)
    return this.parent
  }

  override dissociate(): Parent {
    ;(this.parent as unknown as Persistence).setAttribute(this.columns.type, null)
    return super.dissociate()
  }

  override is(model: unknown): boolean {
    return this.isTyped && isModel(model) && stateOf(model).meta.model === this.meta.model && super.is(model)
  }

  /** The column that has the class. */
  getMorphType(): string {
    return this.columns.type
  }
}

/** The relation of a parent: to the class that it names, or to none. */
export function newMorphTo<Related, Parent>(parent: object, columns: MorphColumns): MorphTo<Related, Parent> {
  const owner = stateOf(parent).meta.model
  const type = typeOf(parent, columns)
  const model = type === undefined ? owner : (mappedModel(owner, type) ?? morphedModel(owner, type))
  return newRelation(MorphTo<Related, Parent>, parent, model, columns, type !== undefined)
}

function typeOf(parent: object, { type }: MorphColumns): string | undefined {
  const stored = storedKey(parent, type)
  return stored === null || stored === '' ? undefined : String(stored)
}
