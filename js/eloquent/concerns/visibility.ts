import type { AnyRow } from '../../query/columns'
import { snakeCase } from '../../support/text'
import { isModel, stateOf } from '../model-proxy'
import type { ModelState } from '../model-state'
import { castFor, contextOf } from './attributes'
import { Guards } from './guards'

/** Models whose plain data is being made. */
const showing = new Set<ModelState>()

/** What a model shows of itself as plain data. */
export abstract class Visibility extends Guards {
  /**
   * Attributes and loaded relations as plain data: without those that are hidden, dates as ISO text.
   *
   * @example
   * user.toArray() // { id: 1, name: 'Ada', created_at: '2025-01-01T00:00:00.000Z', posts: [] }
   */
  toArray(): AnyRow {
    const state = stateOf(this)
    // Inside of itself a model shows its attributes alone: relations may lead back.
    if (showing.has(state)) return this.attributesToArray()
    showing.add(state)
    try {
      return { ...this.attributesToArray(), ...this.relationsToArray() }
    } finally {
      showing.delete(state)
    }
  }

  /** What `JSON.stringify` takes. */
  toJSON(): AnyRow {
    return this.toArray()
  }

  /** As JSON text. */
  toJson(space?: number | string): string {
    return JSON.stringify(this, undefined, space)
  }

  /** Attributes as plain data, accessors of `appends` among them. */
  attributesToArray(): AnyRow {
    this.storeCasted()
    const state = stateOf(this)
    const shown: AnyRow = {}
    for (const key of Object.keys(state.attributes)) {
      if (this.isVisible(key)) shown[key] = plain(this.serialized(key, this.getAttribute(key)))
    }
    for (const key of state.option('appends')) {
      if (this.isVisible(key)) shown[key] = plain((this as unknown as AnyRow)[key])
    }
    return shown
  }

  /** Loaded relations as plain data, their names in snake case. */
  relationsToArray(): AnyRow {
    const shown: AnyRow = {}
    for (const [name, related] of stateOf(this).relations ?? []) {
      if (this.isVisible(name)) shown[snakeCase(name)] = plain(related)
    }
    return shown
  }

  /** How a date is shown as plain data. */
  protected serializeDate(date: Date): string {
    return date.toJSON()
  }

  /** Shows these, on this model alone. */
  makeVisible(...keys: readonly (string | readonly string[])[]): this {
    const names = keys.flat()
    const state = stateOf(this)
    state.setOption(
      'hidden',
      state.option('hidden').filter((key) => !names.includes(key)),
    )
    const visible = state.option('visible')
    if (visible.length > 0) state.setOption('visible', [...new Set([...visible, ...names])])
    return this
  }

  /** Hides these, on this model alone. */
  makeHidden(...keys: readonly (string | readonly string[])[]): this {
    const state = stateOf(this)
    state.setOption('hidden', [...new Set([...state.option('hidden'), ...keys.flat()])])
    return this
  }

  getHidden(): readonly string[] {
    return stateOf(this).option('hidden')
  }

  setHidden(keys: readonly string[]): this {
    stateOf(this).setOption('hidden', keys)
    return this
  }

  getVisible(): readonly string[] {
    return stateOf(this).option('visible')
  }

  setVisible(keys: readonly string[]): this {
    stateOf(this).setOption('visible', keys)
    return this
  }

  /** Adds accessors to the plain data, on this model alone. */
  append(...keys: readonly (string | readonly string[])[]): this {
    const state = stateOf(this)
    state.setOption('appends', [...new Set([...state.option('appends'), ...keys.flat()])])
    return this
  }

  setAppends(keys: readonly string[]): this {
    stateOf(this).setOption('appends', keys)
    return this
  }

  private isVisible(key: string): boolean {
    const state = stateOf(this)
    const visible = state.option('visible')
    return (visible.length === 0 || visible.includes(key)) && !state.option('hidden').includes(key)
  }

  private serialized(key: string, value: unknown): unknown {
    if (value === null || value === undefined) return value
    const state = stateOf(this)
    if (state.meta.accessors.has(key)) return value
    const cast = castFor(state, key, state.attributes[key])
    const shown = cast?.serialize === undefined ? value : cast.serialize(value, contextOf(state, this, key))
    return shown instanceof Date ? this.serializeDate(shown) : shown
  }
}

/** Models, lists of them, and whatever else can say what it is as plain data. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  if (isModel(value)) return (value as Visibility).toArray()
  const { toArray, toJSON } = value as { toArray?: unknown; toJSON?: unknown }
  if (typeof toArray === 'function') return toArray.call(value)
  return typeof toJSON === 'function' ? toJSON.call(value) : value
}
