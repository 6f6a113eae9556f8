import { AsyncLocalStorage } from 'node:async_hooks'

/** Work that takes turns. What the work of a turn begins belongs to that turn. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve()
  private readonly inside = new AsyncLocalStorage<true>()

  /** Does `work` once the turns before it are over. */
  take<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside.getStore() === true) return work()
    const turn = this.last.then(() => this.inside.run(true, work))
    this.last = turn.catch(() => {})
    return turn
  }

  /** Waits for the turns that were taken, but for the one that asks. */
  async over(): Promise<void> {
    if (this.inside.getStore() !== true) await this.last
  }
}
