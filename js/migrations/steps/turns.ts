import { AsyncLocalStorage } from 'node:async_hooks'
import type { Later } from '../../support/later'

/** Turns that are being taken: the innermost, and those around it. */
interface Inside {
  turns: Turns
  outer: Inside | undefined
}

/** One for all: each storage that was ever used costs something at every promise, to the end of the process. */
const inside = new AsyncLocalStorage<Inside>()

/** Work that takes turns. What the work of a turn begins belongs to that turn. */
export class Turns {
  /** The end of the turn that was taken last, until it is over. */
  private last: Promise<void> | undefined

  /** Does `work` once the turns before it are over. */
  take<T>(work: () => Promise<T>): Promise<T> {
    if (this.isInside) return work()
    const outer = inside.getStore()
    const begin = () => inside.run({ turns: this, outer }, work)
    const turn = this.last === undefined ? begin() : this.last.then(begin)
    const over = () => {
      if (this.last === last) this.last = undefined
    }
    const last = turn.then(over, over)
    this.last = last
    return turn
  }

  /** Waits for the turns that were taken, but for the one that asks. */
  over(): Later<void> {
    return this.isInside ? undefined : this.last
  }

  private get isInside(): boolean {
    for (let at = inside.getStore(); at !== undefined; at = at.outer) if (at.turns === this) return true
    return false
  }
}
