import type { AnyRow } from '../../query/columns'
import { stateOf } from '../model-proxy'
import { Attributes, castFor, contextOf, same } from './attributes'

/** What was changed since the model was read or saved. */
export abstract class Dirty extends Attributes {
  /** The stored values when the model was read or saved last. */
  get original(): AnyRow {
    return stateOf(this).original
  }

  /** What the last save wrote. */
  get changes(): AnyRow {
    return stateOf(this).changes ?? {}
  }

  /**
   * The changed attributes as they will be stored.
   *
   * @example
   * user.name = 'Grace'
   * user.getDirty() // { name: 'Grace' }
   */
  getDirty(): AnyRow {
    this.storeCasted()
    const state = stateOf(this)
    const { attributes, original } = state
    const dirty: AnyRow = {}
    if (attributes === original) return dirty
    for (const key of Object.keys(attributes)) {
      const value = attributes[key]
      const isSame = Object.hasOwn(original, key) && same(castFor(state, key, value), original[key], value)
      if (!isSame) dirty[key] = value
    }
    return dirty
  }

  /**
   * Whether any of these attributes was changed; without names, whether any was.
   *
   * @example
   * user.isDirty('name', 'email')
   */
  isDirty(...keys: readonly (string | readonly string[])[]): boolean {
    return includesAny(this.getDirty(), keys.flat())
  }

  /** Whether none of these attributes was changed. */
  isClean(...keys: readonly (string | readonly string[])[]): boolean {
    return !this.isDirty(...keys)
  }

  /** Whether the last save wrote any of these attributes. */
  wasChanged(...keys: readonly (string | readonly string[])[]): boolean {
    return includesAny(this.changes, keys.flat())
  }

  /** What the last save wrote. */
  getChanges(): AnyRow {
    return { ...this.changes }
  }

  /**
   * What attributes were before they were changed, as programs see them.
   *
   * @example
   * user.getOriginal('name')
   */
  getOriginal(): AnyRow
  getOriginal(key: string, otherwise?: unknown): unknown
  getOriginal(key?: string, otherwise?: unknown): unknown {
    const state = stateOf(this)
    const { original } = state
    const seen = (name: string) => {
      const cast = castFor(state, name, original[name])
      const value = original[name]
      return cast === undefined || value === null ? value : cast.get(value, contextOf(state, this, name))
    }
    if (key !== undefined) return Object.hasOwn(original, key) ? seen(key) : otherwise
    return Object.fromEntries(Object.keys(original).map((name) => [name, seen(name)]))
  }

  /** What attributes were before they were changed, as they are stored. */
  getRawOriginal(key?: string): unknown {
    const { original } = stateOf(this)
    return key === undefined ? { ...original } : original[key]
  }

  /**
   * What stood, before the last save, where it wrote; as it is stored.
   *
   * @example
   * await user.update({ name: 'Grace' })
   * user.getPrevious() // { name: 'Ada' }
   */
  getPrevious(): AnyRow {
    return { ...stateOf(this).previous }
  }

  /** Takes the attributes as they are for what the database has. */
  syncOriginal(): this {
    this.storeCasted()
    const state = stateOf(this)
    state.original = state.attributes
    return this
  }

  /** Takes some attributes for what the database has. */
  syncOriginalAttribute(...keys: readonly (string | readonly string[])[]): this {
    this.storeCasted()
    const state = stateOf(this)
    const attributes = state.writable()
    state.original = { ...state.original, ...Object.fromEntries(keys.flat().map((key) => [key, attributes[key]])) }
    return this
  }

  /** Remembers what was changed as what the last save wrote. */
  syncChanges(): this {
    const state = stateOf(this)
    const changes = this.getDirty()
    state.changes = changes
    const keys = Object.keys(changes).filter((key) => Object.hasOwn(state.original, key))
    state.previous = Object.fromEntries(keys.map((key) => [key, state.original[key]]))
    return this
  }

  /** Takes the changes back that were not saved. */
  discardChanges(): this {
    const state = stateOf(this)
    state.attributes = state.original
    state.forgetSeen()
    state.changes = undefined
    state.previous = undefined
    return this
  }
}

function includesAny(changed: AnyRow, keys: readonly string[]): boolean {
  if (keys.length === 0) return Object.keys(changed).length > 0
  return keys.some((key) => Object.hasOwn(changed, key))
}
