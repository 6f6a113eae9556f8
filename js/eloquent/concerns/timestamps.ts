import { AsyncLocalStorage } from 'node:async_hooks'
import { stateOf } from '../model-proxy'
import { Visibility } from './visibility'

/** Classes whose models keep their times, while some work runs. */
const without = new AsyncLocalStorage<ReadonlySet<unknown>>()

/** `created_at` and `updated_at`. */
export abstract class Timestamps extends Visibility {
  /** Whether its times are kept. */
  usesTimestamps(): boolean {
    return stateOf(this).option('timestamps') && !isIgnored(stateOf(this).meta.model)
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

  /** Runs `work` without keeping the times of this class's models. */
  static withoutTimestamps<T>(work: () => T): T {
    return without.run(new Set([...(without.getStore() ?? []), this]), work)
  }
}

function isIgnored(model: unknown): boolean {
  const classes = without.getStore()
  if (classes === undefined) return false
  for (let each = model; typeof each === 'function'; each = Object.getPrototypeOf(each)) {
    if (classes.has(each)) return true
  }
  return false
}
