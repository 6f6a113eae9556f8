import { inspect } from 'node:util'
import { InvalidArgumentException, UnsupportedException } from '../errors'
import type { Query } from './ast'
import { Bound, BoundList } from './bound'
import type { AnyRow } from './columns'
import { CursorPaginates } from './cursor-paginates'
import type { CompiledQuery } from './executor'
import { Grammar } from './grammar'
import { asWritten, inlineBindings, preparedBindings } from './inline-bindings'

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

/** What asks for the plan; with `analyze`, the query runs as well. */
const EXPLAIN: Readonly<Record<string, { readonly plan: string; readonly analyze?: string }>> = {
  pgsql: { plan: 'explain', analyze: 'explain analyze' },
  mysql: { plan: 'explain', analyze: 'explain analyze' },
  mariadb: { plan: 'explain', analyze: 'analyze' },
  sqlite: { plan: 'explain query plan' },
}

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

  /** As {@link dump}, and ends the process. */
  dd(): never {
    this.dump()
    process.exit(1)
  }

  /** As {@link dumpRawSql}, and ends the process. */
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
    const { driverName } = this.executor
    const words = EXPLAIN[driverName]
    const explain = options.analyze === true ? words?.analyze : words?.plan
    if (explain === undefined) {
      const what = options.analyze === true ? 'explain({ analyze: true })' : 'explain()'
      throw new UnsupportedException(`${driverName} has no statement for ${what}.`, { code: 'UNSUPPORTED' })
    }
    const { sql, bindings } = this.compiled()
    return await this.executor.select(`${explain} ${asWritten(sql, driverName)}`, bindings, this.callOptions)
  }

  private compiled(): CompiledQuery {
    const query: Query = { kind: 'select', query: this.toSelect() }
    return this.executor.compileQuery(query)
  }
}

/** The values that stand in a part of a query, in order. */
function valuesIn(part: unknown): unknown[] {
  if (part instanceof Bound) return [part.value]
  if (part instanceof BoundList) return [...part.values]
  if (Array.isArray(part)) return part.flatMap(valuesIn)
  if (part === null || typeof part !== 'object') return []
  // A `like` has its pattern in two languages, of which one is sent.
  return Object.entries(part).flatMap(([key, value]) => (key === 'glob' ? [] : valuesIn(value)))
}

/** Refuses a callback that the query would have to wait for. */
export function refusePromise(answer: unknown): void {
  if (!(answer instanceof Promise)) return
  // Nobody else will hear of its failure.
  answer.catch(() => {})
  throw new InvalidArgumentException('A callback that adds clauses cannot be async: the query does not wait for it.')
}
