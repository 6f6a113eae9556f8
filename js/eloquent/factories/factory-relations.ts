/** Models that a factory makes together with others. */
import { InvalidArgumentException, RelationNotFoundException } from '../../errors'
import type { AnyRow } from '../../query/columns'
import { camelCase, plural, snakeCase } from '../../support/text'
import type { Persistence } from '../concerns/persistence'
import { relationOf } from '../dynamic-relations'
import type { AnyModel, Model } from '../model'
import { type AnyModelClass, metaOf } from '../model-meta'
import { isModel, stateOf } from '../model-proxy'
import type { BelongsTo } from '../relations/belongs-to'
import type { BelongsToMany } from '../relations/belongs-to-many'
import type { Relation } from '../relations/relation'
import { type FactoryPlan, inPlanOf } from './factory-plan'
import { isFactoryLike, toFactory } from './factory-registry'
import type { AnyFactory, FactoryLike, Keyed } from './factory-types'

/** Attributes of pivot rows, or what makes them for a parent. */
export type PivotAttributes = AnyRow | ((parent: Model) => AnyRow | Promise<AnyRow>)

/** Models that belong to each model of a factory. */
export interface FactoryRelation {
  /** Makes them for a model that is saved. */
  createFor(parent: AnyModel, plan: FactoryPlan): Promise<void>
}

/** `for()`: the one model that all models of a factory belong to. It is made once. */
export class ParentRelation {
  private readonly source: FactoryLike | Keyed
  private readonly name: string | undefined
  private readonly foreignKey: string | undefined
  private made: Promise<AnyModel> | undefined = undefined

  constructor(source: FactoryLike | Keyed, name: string | undefined, foreignKey: string | undefined) {
    if (!isModel(source) && !isFactoryLike(source)) {
      throw new InvalidArgumentException('for() takes a model, a factory, or a class of either.')
    }
    this.source = source
    this.name = name
    this.foreignKey = foreignKey
  }

  /** What lets a model belong to it. @param child - A new model, whose attributes this may change. */
  async attributesFor(child: AnyModel, plan: FactoryPlan): Promise<AnyRow> {
    const parent = await this.parent(plan)
    const { model } = stateOf(parent).meta
    const relation =
      this.foreignKey === undefined ? relationNamed(child, this.name, [camelCase(snakeCase(model.name))]) : undefined
    if (relation === undefined) return { [this.foreignKey ?? metaOf(model).foreignKey]: parent.getKey() }
    if (!('associate' in relation)) {
      throw new InvalidArgumentException(
        `for() takes a relation that belongs to another model; ${relation.relationName} is none.`,
      )
    }
    const before = { ...stateOf(child).attributes }
    ;(relation as unknown as BelongsTo).associate(parent as never)
    return changed(before, stateOf(child).attributes)
  }

  private parent(plan: FactoryPlan): Promise<AnyModel> {
    if (isModel(this.source)) return Promise.resolve(this.source as AnyModel)
    this.made ??= this.make(toFactory(this.source), plan).catch((error: unknown) => {
      this.made = undefined
      throw error
    })
    return this.made
  }

  private async make(factory: AnyFactory, plan: FactoryPlan): Promise<AnyModel> {
    return recycledOf(factory.modelClass(), plan) ?? ((await inPlanOf(factory, plan).createOne()) as AnyModel)
  }
}

/** `has()`: models of another factory. */
export class ChildRelation implements FactoryRelation {
  private readonly factory: AnyFactory
  private readonly name: string | undefined

  constructor(factory: AnyFactory, name: string | undefined) {
    this.factory = factory
    this.name = name
  }

  async createFor(parent: AnyModel, plan: FactoryPlan): Promise<void> {
    const factory = inPlanOf(this.factory, plan)
    const relation = relationNamed(parent, this.name, namesFor(this.factory.modelClass()))
    if (relation === undefined) {
      await factory.create({ [metaOf(stateOf(parent).meta.model).foreignKey]: parent.getKey() }, parent)
    } else if ('attach' in relation) {
      const children = [await factory.create({}, parent)].flat() as AnyModel[]
      await (relation as unknown as BelongsToMany).attach(children as never)
    } else await createTied(factory, relation, parent)
  }
}

/** `hasAttached()`: the same with attributes of the pivot rows, or with models that are there. */
export class AttachedRelation implements FactoryRelation {
  private readonly source: AnyFactory | readonly AnyModel[]
  private readonly pivot: PivotAttributes
  private readonly name: string | undefined

  constructor(source: AnyFactory | readonly AnyModel[], pivot: PivotAttributes, name: string | undefined) {
    this.source = source
    this.pivot = pivot
    this.name = name
  }

  async createFor(parent: AnyModel, plan: FactoryPlan): Promise<void> {
    const { source, pivot } = this
    const isThere = Array.isArray(source)
    const [first] = isThere ? (source as readonly AnyModel[]) : []
    if (isThere && first === undefined) return
    const related = first === undefined ? (source as AnyFactory).modelClass() : stateOf(first).meta.model
    const relation = relationNamed(parent, this.name, namesFor(related))
    if (relation === undefined || !('attach' in relation)) {
      throw new InvalidArgumentException(
        `hasAttached() takes a relation with a pivot table; ${relation?.relationName ?? namesFor(related)[0]} of ${stateOf(parent).meta.model.name} is none.`,
      )
    }
    const models = isThere ? source : [await inPlanOf(source as AnyFactory, plan).create({}, parent)].flat()
    for (const model of models as AnyModel[]) {
      const attributes = typeof pivot === 'function' ? await pivot(parent as Model) : pivot
      await (relation as unknown as BelongsToMany).attach(model as never, attributes)
    }
  }
}

/** A model of this class that is there and may be used again; one of several by chance. */
export function recycledOf(model: AnyModelClass, { recycled }: FactoryPlan): AnyModel | undefined {
  const fitting = recycled.filter((each) => stateOf(each).meta.model === model)
  return fitting[Math.floor(Math.random() * fitting.length)] as AnyModel | undefined
}

/** The relation says what ties its models to the parent, in their columns and in memory. */
async function createTied(factory: AnyFactory, relation: Relation, parent: AnyModel): Promise<void> {
  const tied = stateOf(relation.make() as object)
  const attributes = changed(stateOf(relation.getModel() as object).attributes, tied.attributes)
  if (Object.keys(attributes).length === 0) {
    throw new InvalidArgumentException(`has() cannot make models of the relation ${relation.relationName}.`)
  }
  const relations = [...(tied.relations ?? [])]
  const leading = factory.afterMaking((child: Persistence) => {
    for (const [name, related] of relations) stateOf(child).setRelation(name, related)
  })
  await leading.create(attributes, parent)
}

/** The relations that may hold models of a class, by convention: `posts`, `post`. */
function namesFor(model: AnyModelClass): string[] {
  const name = snakeCase(model.name)
  return [camelCase(plural(name)), camelCase(name)]
}

/**
 * A relation of a model by its name, or the first of these that it has.
 *
 * @throws RelationNotFoundException for a name that was given and is that of no relation.
 */
function relationNamed(model: AnyModel, name: string | undefined, guesses: readonly string[]): Relation | undefined {
  const { meta } = stateOf(model)
  if (name !== undefined) return relationOf(model, meta, name)
  for (const guess of guesses) {
    try {
      return relationOf(model, meta, guess)
    } catch (error) {
      if (!(error instanceof RelationNotFoundException)) throw error
    }
  }
  return undefined
}

function changed(before: AnyRow, after: AnyRow): AnyRow {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value))
}
