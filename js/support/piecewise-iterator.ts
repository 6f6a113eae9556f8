/**
 * Items one by one that come in pieces, as an async generator hands them on. One that is here already costs a single
 * promise; through a real generator it costs three, and as many again for each generator around it.
 */
export class PiecewiseIterator<Item> implements AsyncGenerator<Item, void> {
  readonly #pieces: AsyncIterator<readonly Item[], void>
  #piece: readonly Item[] = []
  /** The place of the next item in its piece. */
  #at = 0
  /** The newest call that was not answered at once. What is asked for meanwhile comes after it. */
  #last: Promise<unknown> | undefined

  constructor(pieces: AsyncIterable<readonly Item[]>) {
    this.#pieces = pieces[Symbol.asyncIterator]() as AsyncIterator<readonly Item[], void>
  }

  next(): Promise<IteratorResult<Item, void>> {
    if (this.#last === undefined && this.#at < this.#piece.length) {
      return Promise.resolve({ value: this.#piece[this.#at++] as Item, done: false })
    }
    return this.#inTurn(() => this.#following())
  }

  return(): Promise<IteratorResult<Item, void>> {
    return this.#inTurn(async () => {
      this.#piece = []
      await this.#pieces.return?.()
      return { value: undefined, done: true }
    })
  }

  async throw(error: unknown): Promise<IteratorResult<Item, void>> {
    await this.return()
    throw error
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async #following(): Promise<IteratorResult<Item, void>> {
    while (this.#at >= this.#piece.length) {
      // Read to its end, a piece is let go of before the next one comes.
      this.#piece = []
      this.#at = 0
      const { value, done } = await this.#pieces.next()
      if (done) return { value: undefined, done: true }
      this.#piece = value
    }
    return { value: this.#piece[this.#at++] as Item, done: false }
  }

  /** Does something when the calls before it are answered. */
  #inTurn<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#last === undefined ? act() : this.#last.then(act, act)
    this.#last = answer
    const forget = () => {
      if (this.#last === answer) this.#last = undefined
    }
    answer.then(forget, forget)
    return answer
  }
}
