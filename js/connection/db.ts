/** `DB`: the global capsule, whichever it is when it is used. */
import { Capsule } from './capsule'

/**
 * The methods of the global capsule.
 *
 * @example
 * const users = await DB.table('users').where('votes', '>', 100).get()
 */
export const DB: Capsule = new Proxy(Object.create(null) as Capsule, {
  get(_, name) {
    const capsule = Capsule.current()
    const value: unknown = Reflect.get(capsule, name, capsule)
    return typeof value === 'function' ? value.bind(capsule) : value
  },
  has: (_, name) => Reflect.has(Capsule.current(), name),
  getPrototypeOf: () => Capsule.prototype,
})
