import { AsyncLocalStorage } from 'node:async_hooks'

/** Turns that are being taken: the innermost, and those around it. */
interface Inside {
  turns: Turns
  outer: Inside | undefined
}

/** One for all: each storage that was ever used costs something at every promise, to the end of the process. */
const inside = new AsyncLocalStorage<Inside>()

/** Work that takes turns. What the work of a turn begins belongs to that turn. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve()

  /** Does `work` once the turns before it are over. */
  take<T>(work: () => Promise<T>): Promise<T> {
    if (this.isInside) return work()
    const outer = inside.getStore()
    const turn = this.last.then(() => inside.run({ turns: this, outer }, work))
    this.last = turn.catch(() => {})
    return turn
  }

  /** Waits for the turns that were taken, but for the one that asks. */
  async over(): Promise<void> {
    if (!this.isInside) await this.last
  }

  private get isInside(): boolean {
    for (let at = inside.getStore(); at !== undefined; at = at.outer) if (at.turns === this) return true
    return false
  }
}
