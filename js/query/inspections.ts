import { inspect } from 'node:util'
import { InvalidArgumentException } from '../errors'
import type { Query } from './ast'
import { Bound, BoundList } from './bound'
import type { AnyRow } from './columns'
import type { CompiledQuery } from './executor'
import { Grammar } from './grammar'
import { inlineBindings, preparedBindings } from './inline-bindings'
import { CursorPaginates } from './reads/cursor-paginates'

/** The clauses that hold values, by the names that Laravel has for their values. */
const CLAUSES = {
  select: ['columns'],
  from: ['from'],
  join: ['joins'],
  where: ['wheres'],
  groupBy: ['groups'],
  having: ['havings'],
  order: ['orders'],
  union: ['unions'],
  unionOrder: ['unionOrders'],
} as const

/** The query as text. None of these calls changes the builder. */
export abstract class Inspections<Row = AnyRow, Result = Row> extends CursorPaginates<Row, Result> {
  /**
   * The SQL that would be sent. Needs no server.
   *
   * @example
   * DB.table('users').where('id', 1).toSql()
   * // 'select * from "users" where "id" = $1'
   */
  toSql(): string {
    return this.compiled().sql
  }

  /**
   * The values that would be sent, in the order of their placeholders.
   *
   * @example
   * DB.table('users').where('id', 1).getBindings()
   * // [1]
   */
  getBindings(): unknown[] {
    return this.compiled().bindings
  }

  /**
   * Checks that there is nothing to set: values stand in their clauses here, and never apart from them.
   *
   * @throws InvalidArgumentException for any value, and for a clause that holds none.
   * @example
   * query.setBindings([], 'select')
   */
  setBindings(values: readonly unknown[], clause = 'where'): this {
    if (!Object.hasOwn(CLAUSES, clause)) throw new InvalidArgumentException(`Invalid binding type: ${clause}.`)
    if (values.length === 0) return this
    throw new InvalidArgumentException(
      'Values stand in their clauses: give them with the SQL, as in whereRaw("a = ?", [1]).',
    )
  }

  /**
   * As {@link setBindings}.
   *
   * @example
   * query.addBinding([], 'select')
   */
  addBinding(value: unknown, clause = 'where'): this {
    return this.setBindings(Array.isArray(value) ? value : [value], clause)
  }

  /**
   * The values by the clause that they stand in.
   *
   * @example
   * DB.table('users').where('id', 1).getRawBindings()
   * // { select: [], from: [], join: [], where: [1], groupBy: [], having: [], order: [], union: [], unionOrder: [] }
   */
  getRawBindings(): Record<keyof typeof CLAUSES, unknown[]> {
    const query = this.toSelect()
    const entries = Object.entries(CLAUSES).map(([name, clauses]) => [
      name,
      clauses.flatMap((clause) => valuesIn(query[clause])),
    ])
    return Object.fromEntries(entries)
  }

  /**
   * The SQL with its values written in, to be read by people. Never run it.
   *
   * @example
   * DB.table('users').where('name', "O'Reilly").toRawSql()
   * // select * from "users" where "name" = 'O''Reilly'
   */
  toRawSql(): string {
    const { sql, bindings } = this.compiled()
    const { driverName } = this.executor
    return inlineBindings(sql, preparedBindings(bindings, driverName), driverName)
  }

  /**
   * How the database spells names, values and some statements.
   *
   * @example
   * DB.table('users').getGrammar().wrap('users.name') // "users"."name"
   */
  getGrammar(): Grammar {
    return new Grammar(this.executor)
  }

  /**
   * Prints the SQL and its values, and answers the builder.
   *
   * @example
   * DB.table('users').where('id', 1).dump()
   * // prints: select * from "users" where "id" = $1 [ 1 ]
   */
  dump(): this {
    const { sql, bindings } = this.compiled()
    process.stdout.write(`${sql} ${inspect(bindings, { depth: 5 })}\n`)
    return this
  }

  /**
   * Prints the SQL with its values written in, and answers the builder.
   *
   * @example
   * DB.table('users').where('id', 1).dumpRawSql()
   * // prints: select * from "users" where "id" = 1
   */
  dumpRawSql(): this {
    process.stdout.write(`${this.toRawSql()}\n`)
    return this
  }

  /**
   * As {@link dump}, and ends the process.
   *
   * @example
   * DB.table('users').where('id', 1).dd()
   */
  dd(): never {
    this.dump()
    process.exit(1)
  }

  /**
   * As {@link dumpRawSql}, and ends the process.
   *
   * @example
   * DB.table('users').where('id', 1).ddRawSql()
   */
  ddRawSql(): never {
    this.dumpRawSql()
    process.exit(1)
  }

  /**
   * How the database would find the rows, as rows of its own making.
   *
   * @param options.analyze - Runs the query and tells how long each step took.
   * @throws UnsupportedException where the database has no such statement (SQL Server; SQLite for `analyze`).
   * @example
   * const plan = await DB.table('users').where('id', 1).explain()
   * // explain select * from "users" where "id" = $1
   */
  async explain(options: { analyze?: boolean } = {}): Promise<Record<string, unknown>[]> {
    const analyze = options.analyze === true
    return (await this.runRead({ kind: 'explain', query: this.toSelect(), analyze })).rows
  }

  private compiled(): CompiledQuery {
    const query: Query = { kind: 'select', query: this.toSelect() }
    return this.executor.compileQuery(query)
  }
}

const OTHER_FORMS: ReadonlySet<string> = new Set(['glob', 'json', 'items'])

/** The values that stand in a part of a query, in order. */
function valuesIn(part: unknown): unknown[] {
  if (part instanceof Bound) return [part.value]
  if (part instanceof BoundList) return [...part.values]
  if (Array.isArray(part)) return part.flatMap(valuesIn)
  if (part === null || typeof part !== 'object') return []
  // What databases take in different forms stands there in each of them; one is sent.
  return Object.entries(part).flatMap(([key, value]) => (OTHER_FORMS.has(key) ? [] : valuesIn(value)))
}
