/** What waits for messages of the engine: one object for each request that is on its way. */
import type { Row } from '../support/types'
import { Fault } from './fault'

/** What a statement did. */
export interface Answer {
  readonly rows: Row[]
  /** Rows that an insert, update or delete touched. */
  readonly affected: number
  /** The key that the database made for an insert (MySQL, SQLite); 0 when none. */
  readonly lastInsertId: number
  /** How long it took on its connection. */
  readonly milliseconds: number
}

/** An answer, or the failure that came instead. Never a rejection: whoever awaits it throws. */
export type Outcome = Answer | Fault

/** Takes the messages of one request. */
export interface Pending {
  /** Where rows are appended. */
  readonly rows: Row[]
  /** Rows were appended, and more will come. */
  more(): void
  /** The last message of a statement. */
  end(affected: number, lastInsertId: number, milliseconds: number): void
  /** The last message, of a request that failed. */
  fail(fault: Fault): void
  /** The last message of a command. */
  answer(json: string): void
}

const unexpected = (): Fault => new Fault({ code: 'INTERNAL', message: 'the engine sent a message of the wrong type' })

/** Collects all rows of a statement. */
export class PendingStatement implements Pending {
  readonly rows: Row[] = []
  readonly promise: Promise<Outcome>
  #resolve!: (outcome: Outcome) => void
  readonly #settled: (() => void) | undefined

  /** @param settled - Called once the outcome is known, before anybody who awaits it goes on. */
  constructor(settled?: () => void) {
    this.#settled = settled
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  more(): void {}

  end(affected: number, lastInsertId: number, milliseconds: number): void {
    this.#settled?.()
    this.#resolve({ rows: this.rows, affected, lastInsertId, milliseconds })
  }

  fail(fault: Fault): void {
    this.#settled?.()
    this.#resolve(fault)
  }

  answer(): void {
    this.fail(unexpected())
  }
}

/** Waits for the answer of a command. */
export class PendingCommand implements Pending {
  readonly rows: Row[] = []
  readonly promise: Promise<unknown>
  #resolve!: (answer: unknown) => void

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  more(): void {}

  end(): void {
    this.fail(unexpected())
  }

  fail(fault: Fault): void {
    this.#resolve(fault)
  }

  answer(json: string): void {
    this.#resolve(JSON.parse(json))
  }
}

/**
 * Hands rows on as they come. The engine sends the next chunk when the last one is taken, so that
 * no more than one waits here.
 */
export class RowStream implements Pending {
  rows: Row[] = []
  readonly #control: { pull(): void; cancel(): void }
  readonly #settled: (() => void) | undefined
  #end: true | Fault | undefined
  #wake: (() => void) | undefined
  /** The engine waits for a `pull`. */
  #owesPull = false

  constructor(control: { pull(): void; cancel(): void }, settled?: () => void) {
    this.#control = control
    this.#settled = settled
  }

  /** The next rows; `undefined` when there are no more. */
  async next(): Promise<Row[] | Fault | undefined> {
    if (this.rows.length === 0 && this.#end === undefined) {
      if (this.#owesPull) {
        this.#owesPull = false
        this.#control.pull()
      }
      if (this.rows.length === 0 && this.#end === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
    if (this.rows.length > 0) {
      const { rows } = this
      this.rows = []
      return rows
    }
    return this.#end instanceof Fault ? this.#end : undefined
  }

  /** Stops the statement if it still runs, and waits until its connection is free. */
  async close(): Promise<void> {
    if (this.#end === undefined) this.#control.cancel()
    while (this.#end === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    this.rows = []
  }

  more(): void {
    this.#owesPull = true
    this.#awake()
  }

  end(): void {
    this.#finish(true)
  }

  fail(fault: Fault): void {
    this.#finish(fault)
  }

  answer(): void {
    this.#finish(unexpected())
  }

  #finish(end: true | Fault): void {
    this.#end = end
    this.#settled?.()
    this.#awake()
  }

  #awake(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}
