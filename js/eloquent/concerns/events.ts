import {
  forgetListeners,
  listen,
  listenersOf,
  type ModelEvent,
  type ModelListener,
  type ModelObserver,
  observe,
  withoutEvents,
} from '../model-events'
import { type AnyModelClass, metaOf } from '../model-meta'
import { stateOf } from '../model-proxy'
import { Timestamps } from './timestamps'

/** A class of such models. */
export type ClassOf<M> = abstract new (...args: never[]) => M

/** What happens to models, for whoever wants to hear of it. */
export abstract class Events extends Timestamps {
  /**
   * Tells the listeners, one after the other.
   *
   * @returns Whether it may happen: none of them answered `false`.
   */
  protected async fireModelEvent(event: ModelEvent): Promise<boolean> {
    for (const listener of listenersOf(stateOf(this).meta.model, event)) {
      if ((await (listener as ModelListener<this>)(this)) === false && isBefore(event)) return false
    }
    return true
  }

  /** Runs `work` without any event of any model. */
  static withoutEvents<T>(work: () => T): T {
    return withoutEvents(work)
  }

  /** The same as {@link withoutEvents}. */
  static withoutModelEvents<T>(work: () => T): T {
    return withoutEvents(work)
  }

  /**
   * Registers objects, or classes, whose methods are called by the names of events.
   *
   * @example
   * User.observe(class { async created(user) { await welcome(user) } })
   */
  static observe(observers: ModelObserver | readonly ModelObserver[]): void {
    metaOf(this as unknown as AnyModelClass)
    for (const observer of [observers].flat()) observe(this as unknown as AnyModelClass, observer as ModelObserver)
  }

  /** Takes all listeners of this class away. */
  static clearObservers(): void {
    forgetListeners(this as unknown as AnyModelClass)
  }

  /** The same as {@link clearObservers}. */
  static flushEventListeners(): void {
    forgetListeners(this as unknown as AnyModelClass)
  }

  static retrieved<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'retrieved', listener)
  }
  static creating<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'creating', listener)
  }
  static created<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'created', listener)
  }
  static updating<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'updating', listener)
  }
  static updated<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'updated', listener)
  }
  static saving<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'saving', listener)
  }
  static saved<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'saved', listener)
  }
  static deleting<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'deleting', listener)
  }
  static deleted<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'deleted', listener)
  }
  static trashed<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'trashed', listener)
  }
  static restoring<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'restoring', listener)
  }
  static restored<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'restored', listener)
  }
  static forceDeleting<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'forceDeleting', listener)
  }
  static forceDeleted<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'forceDeleted', listener)
  }
  static replicating<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'replicating', listener)
  }
  static pruning<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'pruning', listener)
  }
  static pruned<M>(this: ClassOf<M>, listener: ModelListener<M>): void {
    on(this, 'pruned', listener)
  }
}

function on<M>(model: ClassOf<M>, event: ModelEvent, listener: ModelListener<M>): void {
  // Its `booted()` comes first.
  metaOf(model as AnyModelClass)
  listen(model as AnyModelClass, event, listener as ModelListener)
}

function isBefore(event: ModelEvent): boolean {
  return event.endsWith('ing')
}
