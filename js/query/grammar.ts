import { InvalidArgumentException } from '../errors'
import { describe, randomNode } from './arguments'
import type { Fragment } from './ast'
import type { QueryExecutor } from './executor'
import { Expression } from './expression'
import { bytes, literal, preparedBindings, quoted, substituteBindings } from './inline-bindings'

/** A name, or SQL that is written as it is. */
type Name = string | Expression

/** How one database spells names, values and some statements. */
export class Grammar {
  readonly #executor: Pick<QueryExecutor, 'compileQuery' | 'driverName'>

  constructor(executor: Pick<QueryExecutor, 'compileQuery' | 'driverName'>) {
    this.#executor = executor
  }

  /**
   * A column in quotes.
   *
   * @example
   * grammar.wrap('users.name as n') // "users"."name" as "n"
   */
  wrap(column: Name): string {
    return this.columnize([column])
  }

  /**
   * A table in quotes, with the connection's prefix.
   *
   * @example
   * grammar.wrapTable('users as u') // "users" as "u"
   */
  wrapTable(table: Name): string {
    return this.#fragment({ piece: 'table', source: assertName(table) })
  }

  /**
   * Columns in quotes.
   *
   * @example
   * grammar.columnize(['id', 'users.name']) // "id", "users"."name"
   */
  columnize(columns: readonly Name[]): string {
    return this.#fragment({ piece: 'columns', columns: columns.map(assertName) })
  }

  /**
   * A placeholder for each value; expressions stay what they are.
   *
   * @example
   * grammar.parameterize([1, raw('now()')]) // ?, now()
   */
  parameterize(values: readonly unknown[]): string {
    return values.map((value) => (value instanceof Expression ? value.sql : '?')).join(', ')
  }

  /**
   * Texts as literals, quotes inside of them doubled.
   *
   * @example
   * grammar.quoteString(["it's", 'b']) // 'it''s', 'b'
   */
  quoteString(value: string | readonly string[]): string {
    return [value]
      .flat()
      .map((text) => `'${text.replaceAll("'", "''")}'`)
      .join(', ')
  }

  /**
   * A value as a literal, to be shown. To send it, bind it.
   *
   * @param binary - Whether text is bytes.
   * @throws InvalidArgumentException for text with a zero byte, and for lists and objects.
   * @example
   * grammar.escape("it's") // 'it''s'
   */
  escape(value: unknown, binary = false): string {
    const { driverName } = this.#executor
    if (value instanceof Expression) return value.sql
    if (value !== null && typeof value === 'object' && !(value instanceof Date) && !(value instanceof Uint8Array)) {
      throw new InvalidArgumentException('Lists and objects cannot be written as a literal.')
    }
    if (typeof value !== 'string') return literal(value, driverName)
    if (binary) return bytes(Buffer.from(value, 'latin1'), driverName)
    if (!value.includes('\0')) return quoted(value, driverName)
    throw new InvalidArgumentException('Text with a zero byte can only be written as bytes: escape(value, true).')
  }

  /**
   * A statement with values written in the place of `?`, to be shown.
   *
   * @example
   * grammar.substituteBindingsIntoRawSql('select ?, ?', [1, 'a']) // select 1, 'a'
   */
  substituteBindingsIntoRawSql(sql: string, bindings: readonly unknown[]): string {
    return substituteBindings(sql, bindings, this.#executor.driverName)
  }

  /**
   * Values as Laravel hands them to a database: times as text, booleans as numbers.
   *
   * @example
   * grammar.prepareBindings([true, new Date(0)]) // [1, '1970-01-01 00:00:00']
   */
  prepareBindings(bindings: readonly unknown[]): unknown[] {
    return preparedBindings(bindings, this.#executor.driverName)
  }

  /**
   * What gives a random number for each row.
   *
   * @example
   * grammar.compileRandom() // RANDOM()
   */
  compileRandom(seed: string | number = ''): string {
    return this.#fragment({ piece: 'columns', columns: [randomNode(seed)] })
  }

  /** Whether there are transactions inside of transactions. All databases have them. */
  supportsSavepoints(): true {
    return true
  }

  /**
   * What begins a transaction inside of another one.
   *
   * @example
   * grammar.compileSavepoint('trans1') // SAVEPOINT trans1
   */
  compileSavepoint(name: string): string {
    return this.#fragment({ piece: 'savepoint', name })
  }

  /**
   * What takes back a transaction inside of another one.
   *
   * @example
   * grammar.compileSavepointRollBack('trans1') // ROLLBACK TO SAVEPOINT trans1
   */
  compileSavepointRollBack(name: string): string {
    return this.#fragment({ piece: 'savepointRollBack', name })
  }

  /** How times are written, in PHP's letters. */
  getDateFormat(): string {
    return this.#executor.driverName === 'sqlserver' ? 'Y-m-d H:i:s.v' : 'Y-m-d H:i:s'
  }

  /** What asks the server how many clients it has; `null` on SQLite, which has none. */
  compileThreadCount(): string | null {
    return this.#executor.driverName === 'sqlite' ? null : this.#fragment({ piece: 'threadCount' })
  }

  #fragment(fragment: Fragment): string {
    return this.#executor.compileQuery({ kind: 'fragment', ...fragment }).sql
  }
}

/** @throws InvalidArgumentException for what is neither a name nor raw SQL, whatever it looks like. */
function assertName(name: Name): Name {
  if (typeof name === 'string' || name instanceof Expression) return name
  throw new InvalidArgumentException(`A name has to be text or raw SQL, not ${describe(name)}.`)
}
