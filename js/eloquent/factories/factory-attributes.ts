/** From what a factory says about attributes to their values. */
import { InvalidArgumentException } from '../../errors'
import type { AnyRow } from '../../query/columns'
import type { Model } from '../model'
import { isModel } from '../model-proxy'
import { type FactoryPlan, inPlanOf } from './factory-plan'
import { isFactoryLike, toFactory } from './factory-registry'
import { recycledOf } from './factory-relations'
import type { AnyFactory, FactoryState, Keyed } from './factory-types'
import { Sequence } from './sequence'

type StateFunction = (this: AnyFactory, attributes: AnyRow, parent: Keyed | undefined) => unknown

/** The attributes of one model: those of the definition, of what it belongs to, and of the states in their order. */
export async function attributesOf(
  factory: AnyFactory,
  plan: FactoryPlan,
  states: readonly FactoryState<Model>[],
  parent: Keyed | undefined,
): Promise<AnyRow> {
  const attributes: AnyRow = { ...(await factory.definition()) }
  for (const relation of plan.parents) {
    Object.assign(attributes, await relation.attributesFor(factory.newModel(), plan))
  }
  for (const state of states) Object.assign(attributes, await stateAttributes(factory, state, attributes, parent))
  // Functions come last: they see the values of all others.
  const [functions, values] = [Object.entries(attributes).filter(isComputed), Object.entries(attributes)]
  for (const [key, value] of values) if (!isComputed([key, value])) attributes[key] = await attributeOf(value, plan)
  for (const [key, compute] of functions) attributes[key] = await attributeOf(await compute({ ...attributes }), plan)
  return attributes
}

async function stateAttributes(
  factory: AnyFactory,
  state: FactoryState<Model>,
  attributes: AnyRow,
  parent: Keyed | undefined,
): Promise<object> {
  const made: unknown =
    state instanceof Sequence
      ? await state.next()
      : typeof state === 'function'
        ? await (state as StateFunction).call(factory, { ...attributes }, parent)
        : state
  if (typeof made === 'object' && made !== null) return made
  throw new InvalidArgumentException('A state of a factory has to answer an object of attributes.')
}

function isComputed(entry: [string, unknown]): entry is [string, (attributes: AnyRow) => unknown] {
  return typeof entry[1] === 'function' && !isFactoryLike(entry[1])
}

/** A model, or a factory of one, stands for its key. */
async function attributeOf(given: unknown, plan: FactoryPlan): Promise<unknown> {
  const value = await (given instanceof Sequence ? given.next() : given)
  if (isModel(value)) return (value as Keyed).getKey()
  if (!isFactoryLike(value)) return value
  if (!plan.makesParents) return null
  const factory = toFactory(value)
  const model = recycledOf(factory.modelClass(), plan) ?? (await inPlanOf(factory, plan).createOne())
  return (model as Keyed).getKey()
}
