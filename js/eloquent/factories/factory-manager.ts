import type { ModelClass } from '../model'
import type { AnyModelClass } from '../model-meta'
import { Factory } from './factory'
import { clearFactories, factoryOf, hasFactory, registerFactory } from './factory-registry'
import type { Counted, FactoryAttributes, FactoryClass, FactoryState, Keyed } from './factory-types'

/** Which factory makes the models of a class; kept by class, and inherited. */
export const FactoryManager = {
  /** Lets a factory make the models of a class: `User.factory()` and `factory(User)` answer it. */
  register<M>(model: ModelClass<M>, factory: new () => Factory<M>): void {
    registerFactory(model as AnyModelClass, factory as unknown as FactoryClass)
  },

  /** A new factory of a class. */
  for<M>(model: ModelClass<M>): Factory<M> {
    return factoryOf(model as AnyModelClass) as Factory<M>
  },

  /** Whether a class has a factory of its own. */
  has(model: ModelClass<Keyed>): boolean {
    return hasFactory(model as AnyModelClass)
  },

  /** Forgets all that were registered. */
  clear(): void {
    clearFactories()
  },
}

/**
 * A factory of a class's models.
 *
 * @param count - How many to make; one is not in a collection.
 * @example
 * const user = await factory(User).create()
 * const users = await factory(User, 3).create({ role: 'admin' })
 */
export function factory<M>(model: ModelClass<M>): Factory<M>
export function factory<M>(model: ModelClass<M>, count: 1): Factory<M>
export function factory<M>(model: ModelClass<M>, count: number): Factory<M> & Counted
export function factory<M>(model: ModelClass<M>, count = 1): Factory<M> {
  return FactoryManager.for(model).times(count)
}

/**
 * Says what models of a class are made of.
 *
 * @param definition - Is called for each model, with the factory: `({ faker }) => …`.
 * @returns A factory of the class, for `factory.count(3).create()`.
 * @example
 * defineFactory(User, ({ faker }) => ({ name: faker.person.fullName() }))
 * const users = await factory(User, 3).create()
 */
export function defineFactory<M>(
  model: ModelClass<M>,
  definition: (factory: Factory<M>) => FactoryAttributes<M> | Promise<FactoryAttributes<M>>,
): Factory<M> {
  class DefinedFactory extends Factory<M> {
    override definition(): FactoryAttributes<M> | Promise<FactoryAttributes<M>> {
      return definition(this)
    }
  }
  FactoryManager.register(model, DefinedFactory)
  return FactoryManager.for(model)
}

/** What `Model.factory()` is given: how many to make, a state, or both. */
export function factoryWith<M>(
  model: ModelClass<M>,
  count?: number | FactoryState<M>,
  state?: FactoryState<M>,
): Factory<M> {
  const made = FactoryManager.for(model)
  const counted = typeof count === 'number' ? made.count(count) : made
  const attributes = typeof count === 'number' ? state : count
  return attributes === undefined ? counted : counted.state(attributes)
}
