import { InvalidArgumentException } from '../../errors'

/** The key of the direction in an encoded cursor; Laravel's name. */
const DIRECTION = '_pointsToNextItems'

/** The key of cursors that pages made. */
const OF_PAGE = '_page'

/**
 * A place between two pages: the values of the row beside it, by the names of the columns that sort the rows.
 *
 * `encode()` makes a text of it for addresses. Such a text may come back from anybody: its values are bound, never
 * written into SQL.
 */
export class Cursor {
  readonly #parameters: ReadonlyMap<string, unknown>
  readonly #pointsToNextItems: boolean
  /** Whether a page made it: then rows without a value have their pages too, and conditions with `or` are kept apart. */
  readonly isOfPage: boolean

  /**
   * @param parameters - The values by column.
   * @param pointsToNextItems - Whether the page after the place is meant, else the one before.
   */
  constructor(parameters: Readonly<Record<string, unknown>>, pointsToNextItems = true, isOfPage = false) {
    this.#parameters = new Map(Object.entries(parameters))
    this.#pointsToNextItems = pointsToNextItems
    this.isOfPage = isOfPage
  }

  /**
   * The value of a column.
   *
   * @throws InvalidArgumentException when the cursor was made for another order.
   */
  parameter(name: string): unknown {
    if (!this.#parameters.has(name)) {
      throw new InvalidArgumentException(`The cursor has no value for "${name}": it was made for another order.`)
    }
    return this.#parameters.get(name)
  }

  /** The values of several columns. */
  parameters(names: readonly string[]): unknown[] {
    return names.map((name) => this.parameter(name))
  }

  /** Whether there is a value for a column. */
  has(name: string): boolean {
    return this.#parameters.has(name)
  }

  /** Whether the page after the place is meant. */
  pointsToNextItems(): boolean {
    return this.#pointsToNextItems
  }

  /** Whether the page before the place is meant. */
  pointsToPreviousItems(): boolean {
    return !this.#pointsToNextItems
  }

  /** The values, and the direction as `_pointsToNextItems`. */
  toArray(): Record<string, unknown> {
    return { ...Object.fromEntries(this.#parameters), [DIRECTION]: this.#pointsToNextItems }
  }

  /**
   * The cursor as text for addresses: JSON in base64url.
   *
   * @example
   * new Cursor({ id: 20 }).encode() // 'eyJpZCI6MjAsIl9wb2ludHNUb05leHRJdGVtcyI6dHJ1ZX0'
   */
  encode(): string {
    const values = [...this.#parameters].map(([name, value]) => [name, encoded(value, name)])
    const marks = { [DIRECTION]: this.#pointsToNextItems, ...(this.isOfPage && { [OF_PAGE]: true }) }
    return Buffer.from(JSON.stringify({ ...Object.fromEntries(values), ...marks })).toString('base64url')
  }

  /**
   * The cursor of a text that {@link encode} made; `null` for `null`.
   *
   * @throws InvalidArgumentException for any other text.
   */
  static fromEncoded(text: string): Cursor
  static fromEncoded(text: string | null | undefined): Cursor | null
  static fromEncoded(text: string | null | undefined): Cursor | null {
    if (text === null || text === undefined || text === '') return null
    const { [DIRECTION]: direction = true, [OF_PAGE]: isOfPage = false, ...values } = decoded(text)
    if (typeof direction !== 'boolean' || typeof isOfPage !== 'boolean') throw malformed()
    const entries = Object.entries(values).map(([name, value]) => [name, decodedValue(value)])
    return new Cursor(Object.fromEntries(entries), direction, isOfPage)
  }

  /** The encoded text, so that cursors can stand in JSON. */
  toJSON(): string {
    return this.encode()
  }

  /** The encoded text. */
  toString(): string {
    return this.encode()
  }
}

function malformed(): InvalidArgumentException {
  return new InvalidArgumentException('The cursor cannot be read: it is no text that a page has given.')
}

function decoded(text: string): Record<string, unknown> {
  // Node reads base64 around characters that are none.
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/_-]+=*$/.test(text)) throw malformed()
  let values: unknown
  try {
    values = JSON.parse(Buffer.from(text, 'base64').toString())
  } catch {
    throw malformed()
  }
  if (values === null || typeof values !== 'object' || Array.isArray(values)) throw malformed()
  return values as Record<string, unknown>
}

/** A value in JSON. Those that JSON lacks become an object of one key. */
function encoded(value: unknown, name: string): unknown {
  if (typeof value === 'bigint') return { $bigint: String(value) }
  if (value instanceof Date) return { $date: value.toISOString() }
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new InvalidArgumentException(`Rows cannot be paged by "${name}": its values are no scalars.`)
}

function decodedValue(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  const [[kind, text] = [], ...more] = Object.entries(value)
  if (more.length > 0 || typeof text !== 'string') throw malformed()
  if (kind === '$bigint' && /^-?\d{1,40}$/.test(text)) return BigInt(text)
  if (kind === '$bytes') return Buffer.from(text, 'base64')
  const date = new Date(text)
  if (kind !== '$date' || Number.isNaN(date.getTime())) throw malformed()
  return date
}
