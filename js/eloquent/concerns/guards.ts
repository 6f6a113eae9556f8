import { AsyncLocalStorage } from 'node:async_hooks'
import { MassAssignmentException } from '../../errors'
import { stateOf } from '../model-proxy'
import { strictness } from '../strictness'
import { Keys } from './keys'

const unguarded = new AsyncLocalStorage<boolean>()
let isUnguarded = false

/** Names that are members of every object: as attributes of a request they are an attack. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Which attributes may be assigned in bulk. */
export abstract class Guards extends Keys {
  /**
   * Sets the attributes that may be assigned in bulk; others are left out.
   *
   * @throws MassAssignmentException when the class names no attribute at all, or is strict about it.
   * @example
   * user.fill({ name: 'Ada', is_admin: true }) // is_admin is guarded
   */
  fill(attributes: object = {}): this {
    const { meta } = stateOf(this)
    const discarded: string[] = []
    for (const [key, value] of Object.entries(attributes)) {
      if (value === undefined || RESERVED.has(key)) continue
      if (this.isFillable(key)) this.setAttribute(key, value)
      else if (this.totallyGuarded()) {
        throw new MassAssignmentException(
          `${meta.model.name} takes no attributes in bulk: "${key}" was given, and neither fillable nor guarded is ` +
            `declared. Add it to fillable, or use forceFill().`,
        )
      } else discarded.push(key)
    }
    if (discarded.length > 0 && strictness.discarding) {
      throw new MassAssignmentException(
        `${meta.model.name} does not take these attributes in bulk: ${discarded.join(', ')}. Add them to fillable, or use forceFill().`,
      )
    }
    return this
  }

  /** Sets attributes, guarded ones among them. */
  forceFill(attributes: object): this {
    for (const [key, value] of Object.entries(attributes)) {
      if (!RESERVED.has(key) && value !== undefined) this.setAttribute(key, value)
    }
    return this
  }

  /** Whether an attribute may be assigned in bulk. */
  isFillable(key: string): boolean {
    if (isUnguarded || unguarded.getStore() === true) return true
    const fillable = this.getFillable()
    const [column = key] = key.split('->')
    if (fillable.includes(key) || fillable.includes(column)) return true
    return fillable.length === 0 && !this.isGuarded(column) && !key.includes('.')
  }

  isGuarded(key: string): boolean {
    const guarded = this.getGuarded()
    return guarded.includes('*') || guarded.some((name) => name.toLowerCase() === key.toLowerCase())
  }

  /** Whether nothing may be assigned in bulk. */
  totallyGuarded(): boolean {
    return this.getFillable().length === 0 && this.getGuarded().includes('*')
  }

  getFillable(): readonly string[] {
    return stateOf(this).option('fillable')
  }

  getGuarded(): readonly string[] {
    return stateOf(this).option('guarded')
  }

  /** Runs `work` with every attribute free to be assigned in bulk. */
  static unguarded<T>(work: () => T): T {
    return unguarded.run(true, work)
  }

  /** Lets every attribute be assigned in bulk, from now on and everywhere. */
  static unguard(state = true): void {
    isUnguarded = state
  }

  static reguard(): void {
    isUnguarded = false
  }
}
