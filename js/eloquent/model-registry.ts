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
