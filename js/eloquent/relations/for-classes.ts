import type { AnyModelClass } from '../model-meta'
import { morphAliasOf } from '../morph-map'

/** Something for each of several classes: a `Map` or pairs by class, or an object by the texts that stand for them. */
export type ForClasses<T> =
  | ReadonlyMap<AnyModelClass, T>
  | readonly (readonly [model: AnyModelClass, value: T])[]
  | Readonly<Record<string, T>>

/** What is there for a class. */
export function forClass<T>(given: ForClasses<T>, model: AnyModelClass): T | undefined {
  if (given instanceof Map) return given.get(model) as T | undefined
  if (Array.isArray(given)) return given.find(([each]) => each === model)?.[1] as T | undefined
  const byName = given as Readonly<Record<string, T>>
  return [morphAliasOf(model), model.name].filter((name) => Object.hasOwn(byName, name)).map((name) => byName[name])[0]
}
