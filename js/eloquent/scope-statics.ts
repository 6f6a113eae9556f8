import { macrosOf } from './builder/model-macros'
import { queryOf } from './builder/new-query'
import type { AnyModelClass } from './model-meta'
import { forwarded, isForwarded } from './model-statics'

/**
 * `User.where()` is `User.query().where()` and `User.popular()` is `User.query().popular()`, as the first call of the class
 * as well, for scopes and for macros. Statics of a class come before them: this is asked for names that nothing in its
 * line has.
 *
 * The hundreds of calls that all classes have are made when they are first asked for: all of them at once would take a
 * tenth of the time in which the package is imported.
 */
export function forwardStatics(base: AnyModelClass): void {
  const behind = new Proxy(Object.create(Function.prototype) as object, {
    get(target, name, model: AnyModelClass): unknown {
      if (name in target || typeof name !== 'string') return Reflect.get(target, name, model)
      if (isForwarded(name)) {
        const value = forwarded(name)
        Object.defineProperty(known, name, { value, configurable: true, writable: true })
        return value
      }
      if (!isQuery(model, name)) return undefined
      return (...args: unknown[]) => {
        const query = queryOf(model) as unknown as Record<string, (...given: unknown[]) => unknown>
        return query[name]?.(...args)
      }
    },
    has: (target, name) => name in target || (typeof name === 'string' && isForwarded(name)),
  })
  const known: object = Object.create(behind)
  Object.setPrototypeOf(rootOf(base), known)
}

function isQuery(model: unknown, name: string): boolean {
  if (typeof model !== 'function') return false
  const method = `scope${name.charAt(0).toUpperCase()}${name.slice(1)}`
  if (method in model || method in ((model.prototype ?? {}) as object)) return true
  return macrosOf(model as never).has(name)
}

/** The oldest class of a line. */
function rootOf(model: object): object {
  const parent: unknown = Object.getPrototypeOf(model)
  return typeof parent === 'function' && parent !== Function.prototype ? rootOf(parent) : model
}
