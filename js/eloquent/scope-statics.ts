import { macrosOf } from './builder/model-macros'
import { queryOf } from './builder/new-query'
import type { AnyModelClass } from './model-meta'

/**
 * `User.popular()` is `User.query().popular()`, as the first call of the class as well, for scopes and for macros. Statics
 * of a class come before them: this is asked for names that nothing in its line has.
 */
export function forwardScopes(base: AnyModelClass): void {
  const functions: object = Object.create(Function.prototype)
  const behind = new Proxy(functions, {
    get(target, name, model: AnyModelClass): unknown {
      if (name in target || !isQuery(model, name)) return Reflect.get(target, name, model)
      return (...args: unknown[]) => {
        const query = queryOf(model) as unknown as Record<string, (...given: unknown[]) => unknown>
        return query[name]?.(...args)
      }
    },
  })
  Object.setPrototypeOf(rootOf(base), behind)
}

function isQuery(model: unknown, name: PropertyKey): name is string {
  if (typeof name !== 'string' || typeof model !== 'function') return false
  const method = `scope${name.charAt(0).toUpperCase()}${name.slice(1)}`
  if (method in model || method in ((model.prototype ?? {}) as object)) return true
  return macrosOf(model as never).has(name)
}

/** The oldest class of a line. */
function rootOf(model: object): object {
  const parent: unknown = Object.getPrototypeOf(model)
  return typeof parent === 'function' && parent !== Function.prototype ? rootOf(parent) : model
}
