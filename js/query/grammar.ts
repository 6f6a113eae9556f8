import { InvalidArgumentException } from '../errors'
import type { Operand, Query, Source } from './ast'
import type { QueryExecutor } from './executor'
import { Expression } from './expression'
import { bytes, literal, preparedBindings, quoted, substituteBindings } from './inline-bindings'

/** A piece of SQL to be compiled by itself. */
type Fragment =
  | { readonly columns: readonly unknown[] }
  | { readonly source: Source }
  | { readonly savepoint: string }
  | { readonly savepointRollBack: string }

/** A name, or SQL that is written as it is. */
type Name = string | Expression

/** What asks a server how many clients it has. */
const THREAD_COUNTS: Readonly<Record<string, string>> = {
  pgsql: 'select count(*) as "Value" from pg_stat_activity',
  mysql:
    "select variable_value as `Value` from performance_schema.session_status where variable_name = 'threads_connected'",
  mariadb:
    "select variable_value as `Value` from information_schema.global_status where variable_name = 'THREADS_CONNECTED'",
  sqlserver: "select count(*) Value from sys.dm_exec_sessions where status = N'running'",
}

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
    return this.#fragment({ source: table })
  }

  /**
   * Columns in quotes.
   *
   * @example
   * grammar.columnize(['id', 'users.name']) // "id", "users"."name"
   */
  columnize(columns: readonly Name[]): string {
    return this.#fragment({ columns: columns as readonly Operand[] })
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
    return this.#fragment({ columns: [{ kind: 'random', seed: String(seed) }] })
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
    return this.#fragment({ savepoint: name })
  }

  /**
   * What takes back a transaction inside of another one.
   *
   * @example
   * grammar.compileSavepointRollBack('trans1') // ROLLBACK TO SAVEPOINT trans1
   */
  compileSavepointRollBack(name: string): string {
    return this.#fragment({ savepointRollBack: name })
  }

  /** How times are written, in PHP's letters. */
  getDateFormat(): string {
    return this.#executor.driverName === 'sqlserver' ? 'Y-m-d H:i:s.v' : 'Y-m-d H:i:s'
  }

  /** What asks the server how many clients it has; `null` where there is no server. */
  compileThreadCount(): string | null {
    return THREAD_COUNTS[this.#executor.driverName] ?? null
  }

  #fragment(fragment: Fragment): string {
    return this.#executor.compileQuery({ kind: 'fragment', ...fragment } as unknown as Query).sql
  }
}
