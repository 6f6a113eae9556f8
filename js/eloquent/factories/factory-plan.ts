import type { Model } from '../model'
import type { AnyModelClass } from '../model-meta'
import type { FactoryRelation, ParentRelation } from './factory-relations'
import type { AnyFactory, FactoryCallback, FactoryState, Keyed } from './factory-types'

/** What a factory is to make. Never changed: factories copy it. */
export interface FactoryPlan {
  /** The class of the models, whatever the factory's class says. */
  readonly model: AnyModelClass | undefined
  /** Whether `configure()` has been called. */
  readonly isConfigured: boolean
  /** How many models; `undefined`: one, and not in a collection. */
  readonly count: number | undefined
  /** Later ones win. */
  readonly states: readonly FactoryState<Model>[]
  /** The models that each one belongs to. */
  readonly parents: readonly ParentRelation[]
  /** The models that belong to each one. */
  readonly children: readonly FactoryRelation[]
  /** Models that are there, and may be used again instead of new ones. */
  readonly recycled: readonly Keyed[]
  readonly afterMaking: readonly FactoryCallback<never>[]
  readonly afterCreating: readonly FactoryCallback<never>[]
  readonly connection: string | undefined
  /** Whether attributes that are factories make models. */
  readonly makesParents: boolean
}

export const EMPTY_PLAN: FactoryPlan = {
  model: undefined,
  isConfigured: false,
  count: undefined,
  states: [],
  parents: [],
  children: [],
  recycled: [],
  afterMaking: [],
  afterCreating: [],
  connection: undefined,
  makesParents: true,
}

/** A factory for the sake of another one: on its connection, and with models that it may use again. */
export function inPlanOf(factory: AnyFactory, { connection, recycled, makesParents }: FactoryPlan): AnyFactory {
  let made = factory
  if (recycled.length > 0) made = made.recycle(recycled)
  if (connection !== undefined && made.getConnectionName() === undefined) made = made.connection(connection)
  return makesParents ? made : made.withoutParents()
}
