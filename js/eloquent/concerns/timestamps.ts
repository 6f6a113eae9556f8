import { AsyncLocalStorage } from 'node:async_hooks'
import { type AnyModelClass, metaOf } from '../model-meta'
import { stateOf } from '../model-proxy'
import { Visibility } from './visibility'

/** Classes whose models keep their times, while some work runs. */
const without = new AsyncLocalStorage<ReadonlySet<unknown>>()

/** Classes whose models are not touched, while some work runs. */
const untouched = new AsyncLocalStorage<ReadonlySet<unknown>>()

/** `created_at` and `updated_at`. */
export abstract class Timestamps extends Visibility {
  /** Whether its times are kept. */
  usesTimestamps(): boolean {
    return stateOf(this).option('timestamps') && !isAmong(without, stateOf(this).meta.model)
  }

  /** The column of its creation; `null` when there is none. */
  getCreatedAtColumn(): string | null {
    return stateOf(this).option('CREATED_AT')
  }

  getUpdatedAtColumn(): string | null {
    return stateOf(this).option('UPDATED_AT')
  }

  /** Now, in whole seconds: what columns without fractions would round otherwise. */
  freshTimestamp(): Date {
    const format = stateOf(this).option('dateFormat') ?? ''
    const now = Date.now()
    return new Date(/[uv]/.test(format) ? now : Math.floor(now / 1000) * 1000)
  }

  /** Sets the times of a model that is about to be saved. Those that the program set stay. */
  protected updateTimestamps(): void {
    const now = this.freshTimestamp()
    const { exists } = stateOf(this)
    const [created, updated] = [this.getCreatedAtColumn(), this.getUpdatedAtColumn()]
    if (updated !== null && !this.isDirty(updated)) this.setAttribute(updated, now)
    if (!exists && created !== null && !this.isDirty(created)) this.setAttribute(created, now)
  }

  /** Sets the time of its creation. */
  setCreatedAt(value: unknown): this {
    const column = this.getCreatedAtColumn()
    return column === null ? this : this.setAttribute(column, value)
  }

  setUpdatedAt(value: unknown): this {
    const column = this.getUpdatedAtColumn()
    return column === null ? this : this.setAttribute(column, value)
  }

  /**
   * Runs `work` without touching models of this class and its subclasses where others name them in `touches`.
   *
   * @example
   * await Post.withoutTouching(() => comment.save())
   */
  static withoutTouching<T>(work: () => T): T {
    return untouched.run(new Set([...(untouched.getStore() ?? []), this]), work)
  }

  /** The same for several classes. */
  static withoutTouchingOn<T>(models: readonly object[], work: () => T): T {
    return untouched.run(new Set([...(untouched.getStore() ?? []), ...models]), work)
  }

  /** Whether models of this class are not touched now, as that is prevented or they keep no times. */
  static isIgnoringTouch(): boolean {
    return isIgnoringTouch(this as unknown as AnyModelClass)
  }

  /** Runs `work` without keeping the times of this class's models. */
  static withoutTimestamps<T>(work: () => T): T {
    return without.run(new Set([...(without.getStore() ?? []), this]), work)
  }
}

export function isIgnoringTouch(model: AnyModelClass): boolean {
  const { timestamps, UPDATED_AT } = metaOf(model).options
  return !timestamps || UPDATED_AT === null || isAmong(untouched, model)
}

/** Whether a class, or one that it extends, is in a set. */
function isAmong(sets: AsyncLocalStorage<ReadonlySet<unknown>>, model: unknown): boolean {
  const classes = sets.getStore()
  if (classes === undefined) return false
  for (let each = model; typeof each === 'function'; each = Object.getPrototypeOf(each)) {
    if (classes.has(each)) return true
  }
  return false
}
