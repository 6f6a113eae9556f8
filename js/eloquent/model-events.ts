/** What happens to models, and who is told. Kept by class, so that classes of one name stay apart; subclasses inherit. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { InvalidArgumentException } from '../errors'
import type { AnyModelClass } from './model-meta'
import { metaOf } from './model-meta'

/** Every event of a model. Those in `-ing` come before it happens: a listener that answers `false` prevents it. */
export const MODEL_EVENTS = [
  ...(['retrieved', 'creating', 'created', 'updating', 'updated', 'saving', 'saved'] as const),
  ...([
    'deleting',
    'deleted',
    'trashed',
    'forceDeleting',
    'forceDeleted',
    'restoring',
    'restored',
    'replicating',
    'pruning',
    'pruned',
  ] as const),
] as const

export type ModelEvent = (typeof MODEL_EVENTS)[number]

/** Is told; `false` prevents what is about to happen. */
export type ModelListener<M = never> = (model: M) => unknown

/** An object, or a class, with a method for each event that it wants to hear of. */
export type ModelObserver = object | (new () => object)

const listeners = new WeakMap<AnyModelClass, Map<string, ModelListener[]>>()

/** Classes whose events nobody hears of, while some work runs. `undefined` stands for all. */
const quiet = new AsyncLocalStorage<true>()

export function listen(model: AnyModelClass, event: string, listener: ModelListener): void {
  if (typeof listener !== 'function')
    throw new InvalidArgumentException(`A listener of "${event}" has to be a function.`)
  let events = listeners.get(model)
  if (events === undefined) {
    events = new Map()
    listeners.set(model, events)
  }
  events.set(event, [...(events.get(event) ?? []), listener])
}

export function observe(model: AnyModelClass, observer: ModelObserver): void {
  const object = (typeof observer === 'function' ? Reflect.construct(observer, []) : observer) as Record<
    string,
    unknown
  >
  for (const event of MODEL_EVENTS) {
    const method = object[event]
    if (typeof method === 'function') listen(model, event, method.bind(object) as ModelListener)
  }
}

/** Takes all listeners of a class away; those of its parents stay. */
export function forgetListeners(model: AnyModelClass): void {
  listeners.delete(model)
}

/** Who is told of an event: listeners of the oldest class first, then what `dispatchesEvents` names. */
export function listenersOf(model: AnyModelClass, event: string): ModelListener[] {
  if (quiet.getStore() === true) return []
  const found: ModelListener[] = []
  for (let each: unknown = model; typeof each === 'function'; each = Object.getPrototypeOf(each)) {
    const own = listeners.get(each as AnyModelClass)?.get(event)
    if (own !== undefined) found.unshift(...own)
  }
  const named = metaOf(model).options.dispatchesEvents[event]
  if (typeof named === 'function') found.push((subject) => dispatched(named, subject))
  return found
}

/** Runs `work` without any event of any model. */
export function withoutEvents<T>(work: () => T): T {
  return quiet.run(true, work)
}

const unfinished = new WeakMap<object, Promise<unknown>>()

/** Tells listeners of a copy, at once. What they do later ends before the copy is saved, and fails there. */
export function replicated(copy: object, told: readonly ModelListener[]): void {
  const answers = told.map((listener) => (listener as ModelListener<object>)(copy))
  const promises = answers.filter((answer) => answer instanceof Promise)
  if (promises.length === 0) return
  const all = Promise.all(promises)
  all.catch(() => {})
  unfinished.set(copy, all)
}

/** Waits for listeners of `replicating`. */
export async function listenersFinished(model: object): Promise<void> {
  const running = unfinished.get(model)
  if (running === undefined) return
  unfinished.delete(model)
  await running
}

/** A class is made with the model, and its `handle()` called; a function is called with the model. */
function dispatched(named: object, model: object): unknown {
  const isClass = /^class\b/.test(Function.prototype.toString.call(named))
  if (!isClass) return (named as ModelListener<object>)(model)
  const event = Reflect.construct(named as new (model: object) => object, [model]) as { handle?: unknown }
  return typeof event.handle === 'function' ? event.handle() : undefined
}
