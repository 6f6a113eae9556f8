/**
 * One random interleaving: two transactions and two tasks outside of them, each with a cell of its own that it writes and
 * the others read. A model knows which values may be seen.
 *
 * The values of a cell are versions, 0, 1, 2…, never used twice, so that a value says who wrote it.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { type Capsule, type Connection, DB } from '../../../js/index'
import type { Random } from './random'

export const CELLS_EACH = 4
const STEPS = 4

/** What went wrong, all interleavings together. */
export interface Violations {
  /** Values read that nobody had committed, or that were rolled back. */
  dirty: string[]
  /** Values that were acknowledged as committed and then not there. */
  lost: string[]
}

/** What the model knows of a cell. */
class Cell {
  readonly id: number
  version = 0
  /** Acknowledged: everybody must see this or a later one. */
  acknowledged = 0
  /** Those whose commit was begun. */
  readonly committing = new Set([0])

  constructor(id: number) {
    this.id = id
  }
}

export class Interleaving {
  readonly #connection: Connection
  readonly #random: Random
  readonly #violations: Violations
  readonly #cells: Cell[]

  constructor(connection: Connection, number: number, random: Random, violations: Violations) {
    this.#connection = connection
    this.#random = random
    this.#violations = violations
    this.#cells = Array.from({ length: CELLS_EACH }, (_, n) => new Cell(number * CELLS_EACH + n))
  }

  async run(): Promise<void> {
    const [a, b, c, d] = this.#cells as [Cell, Cell, Cell, Cell]
    await Promise.all([this.#transaction(a), this.#transaction(b), this.#outside(c), this.#outside(d)])
    for (const cell of this.#cells) {
      const found = await this.#read(this.#connection, cell)
      if (found !== cell.acknowledged) this.#violations.lost.push(`cell ${cell.id}: ${found}, not ${cell.acknowledged}`)
    }
  }

  async #transaction(own: Cell): Promise<void> {
    const keeps = this.#random.chance(0.6)
    const unawaited: Promise<unknown>[] = []
    let written = 0
    const running = this.#connection.transaction(async (trx) => {
      for (let step = 0; step < STEPS; step++) {
        await this.#pause()
        const through = this.#random.oneOf([trx, this.#connection, DB])
        const kind = this.#random.oneOf(['write', 'forget', 'read', 'look', 'nested'])
        if (kind === 'write') written = await this.#write(through, own)
        else if (kind === 'forget') {
          written = ++own.version
          unawaited.push(this.#send(through, own, written))
        } else if (kind === 'read') {
          const found = await this.#read(through, own)
          if (found !== written) this.#violations.lost.push(`cell ${own.id} inside: ${found}, not ${written}`)
        } else if (kind === 'look') await this.#look(through, this.#random.oneOf(this.#cells), own)
        else written = await this.#nested(trx, own, written)
      }
      if (!keeps) throw new Error('rolled back')
      if (written > 0) own.committing.add(written)
    })
    await running.then(
      () => {
        own.acknowledged = written
      },
      (error: Error) => {
        if (error.message !== 'rolled back') throw error
      },
    )
    await Promise.all(unawaited)
  }

  async #nested(trx: Connection, own: Cell, before: number): Promise<number> {
    let written = before
    const keeps = this.#random.chance(0.5)
    await trx
      .transaction(async () => {
        written = await this.#write(DB, own)
        await this.#pause()
        if (!keeps) throw new Error('inner')
      })
      .catch((error: Error) => {
        if (error.message !== 'inner') throw error
        written = before
      })
    return written
  }

  async #outside(own: Cell): Promise<void> {
    for (let step = 0; step < STEPS; step++) {
      await this.#pause()
      if (this.#random.chance(0.5)) {
        own.committing.add(own.version + 1)
        own.acknowledged = await this.#write(DB, own)
      } else await this.#look(this.#connection, this.#random.oneOf(this.#cells), undefined)
    }
  }

  /** Reads any cell. */
  async #look(through: Through, cell: Cell, own: Cell | undefined): Promise<void> {
    const least = cell.acknowledged
    const found = await this.#read(through, cell)
    if (cell === own) return
    if (!cell.committing.has(found)) this.#violations.dirty.push(`cell ${cell.id}: ${found}`)
    // Inside of a transaction a snapshot may be older than what was acknowledged since.
    if (own === undefined && found < least) this.#violations.lost.push(`cell ${cell.id}: ${found}, was ${least}`)
  }

  async #write(through: Through, cell: Cell): Promise<number> {
    const version = ++cell.version
    await this.#send(through, cell, version)
    return version
  }

  #send(through: Through, cell: Cell, version: number): Promise<unknown> {
    return through.update('update cells set version = ? where id = ?', [version, cell.id])
  }

  async #read(through: Through, cell: Cell): Promise<number> {
    return Number(await through.scalar('select version from cells where id = ?', [cell.id]))
  }

  async #pause(): Promise<void> {
    for (let turns = Math.floor(this.#random.next() * 4); turns > 0; turns--) await turn()
  }
}

type Through = Connection | Capsule
