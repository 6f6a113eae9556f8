/** Classes of models by name, for relations that name a class instead of importing it. */
import { InvalidArgumentException } from '../errors'
import type { AnyModelClass } from './model-meta'

const classes = new Map<string, AnyModelClass>()

export function registerModel(name: string, model: AnyModelClass): void {
  classes.set(name, model)
}

export function registeredModel(name: string): AnyModelClass | undefined {
  return classes.get(name)
}

/** Classes that are in use, by their own names. Several may have the same. */
const seen = new Map<string, WeakRef<AnyModelClass>[]>()

/** Remembers a class by its name. */
export function noteModel(model: AnyModelClass): void {
  const alive = (seen.get(model.name) ?? []).filter((each) => each.deref() !== undefined)
  seen.set(model.name, [...alive, new WeakRef(model)])
}

/** The classes in use that have this name, the oldest first. */
export function modelsNamed(name: string): AnyModelClass[] {
  return (seen.get(name) ?? []).map((each) => each.deref()).filter((each) => each !== undefined)
}

/**
 * The class that a relation names.
 *
 * @throws InvalidArgumentException when there is none of that name.
 */
export function modelClass(model: AnyModelClass | string): AnyModelClass {
  if (typeof model === 'function') return model
  if (typeof model !== 'string') {
    throw new InvalidArgumentException('A relation needs a class of models, or the name of a registered one.')
  }
  const found = classes.get(model)
  if (found !== undefined) return found
  throw new InvalidArgumentException(
    `No model is registered as "${model}": call Model.register('${model}', ${model}) first.`,
  )
}
