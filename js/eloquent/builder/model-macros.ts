/** Methods that programs give the queries of a class of models. Kept by class; subclasses inherit. */
import { InvalidArgumentException } from '../../errors'
import type { Macro } from '../../support/macros'
import type { AnyModelClass } from '../model-meta'
import { EloquentBuilder } from './eloquent-builder'

type ModelMacro = Macro<EloquentBuilder>

const macros = new WeakMap<AnyModelClass, Map<string, ModelMacro>>()

let changes = 0

/** How often macros were added or taken away: classes of builders that were made before lack the newest ones. */
export function macroChanges(): number {
  return changes
}

/** @throws InvalidArgumentException for the name of a method that every builder has. */
export function addMacro(model: AnyModelClass, name: string, method: ModelMacro): void {
  if (name in EloquentBuilder.prototype) {
    throw new InvalidArgumentException(`Builders have a method "${name}" of their own.`)
  }
  macros.set(model, new Map([...(macros.get(model) ?? []), [name, method]]))
  changes += 1
}

/** Takes those of a class away; those of its parents stay. */
export function forgetMacros(model: AnyModelClass): void {
  macros.delete(model)
  changes += 1
}

/** Those of a class and its parents, by name; the youngest class wins. */
export function macrosOf(model: AnyModelClass): ReadonlyMap<string, ModelMacro> {
  const parent: unknown = Object.getPrototypeOf(model)
  const inherited = typeof parent === 'function' ? macrosOf(parent as AnyModelClass) : []
  return new Map([...inherited, ...(macros.get(model) ?? [])])
}
