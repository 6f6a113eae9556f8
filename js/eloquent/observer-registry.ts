import type { AnyModel, ModelClass } from './model'
import { forgetListeners, listenersOf, type ModelListener, type ModelObserver, observe } from './model-events'
import { type AnyModelClass, metaOf } from './model-meta'
import { modelClass } from './model-registry'

/** A class of models, or the name it is registered by. */
type Observed = ModelClass<AnyModel> | string

/** Observers of classes that are named: what `User.observe()` does, for programs that have no class at hand. */
export const ObserverRegistry = {
  /**
   * Registers an object, or a class, whose methods are called by the names of events.
   *
   * @throws InvalidArgumentException for a name that no class is registered by.
   * @example
   * Model.register('User', User)
   * ObserverRegistry.observe('User', { created: (user) => welcome(user) })
   */
  observe(model: Observed, observer: ModelObserver): void {
    observe(classOf(model), observer)
  },

  /** Takes all listeners of a class away. */
  clearObservers(model: Observed): void {
    forgetListeners(classOf(model))
  },

  /** Who is told of an event of a class. */
  getListeners(model: Observed, event: string): ModelListener[] {
    return listenersOf(classOf(model), event)
  },

  /** Tells those who listen, one after the other; `false` where one of them prevents it. */
  async callObservers(model: Observed, event: string, subject: object): Promise<boolean> {
    for (const listener of listenersOf(classOf(model), event))
      if ((await (listener as ModelListener<object>)(subject)) === false) return false
    return true
  },
}

function classOf(model: Observed): AnyModelClass {
  const found = modelClass(model as AnyModelClass | string)
  // Its `booted()` comes first.
  metaOf(found)
  return found
}
