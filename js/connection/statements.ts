/** Raw SQL: one method for each kind of answer. */
import { InvalidArgumentException } from '../errors'
import { Kind } from '../native/addon-types'
import { Fault } from '../native/fault'
import { PiecewiseIterator } from '../support/piecewise-iterator'
import type { Bindings, Row } from '../support/types'
import { currentPretence } from './context'
import { Executor, type QueryOptions } from './executor'

export abstract class Statements extends Executor {
  /**
   * The rows of a query.
   *
   * @param sql - With `?` on every database, `$1` on PostgreSQL, or `:name`; `??` is a literal `?`.
   * @param bindings - Values in order, or an object for `:name`.
   * @param options - `false` reads from the write server, as in guruorm 2.
   * @throws QueryException
   * @example
   * const users = await DB.select('select * from users where votes > ?', [100])
   */
  async select<T = Row>(sql: string, bindings: Bindings = [], options?: QueryOptions | boolean): Promise<T[]> {
    const given = readOptions(options)
    const statement = this.sql(Kind.read, sql, bindings)
    const sent = this.send(statement, given)
    const { rows } = this.conclude(sent instanceof Promise ? await sent : sent, statement, given)
    const { postProcessResponse } = this.source.config
    return (postProcessResponse === undefined ? rows : postProcessResponse(rows)) as T[]
  }

  /** The first row, or `null`. */
  async selectOne<T = Row>(sql: string, bindings: Bindings = [], options?: QueryOptions | boolean): Promise<T | null> {
    const [first] = await this.select<T>(sql, bindings, options)
    return first ?? null
  }

  /**
   * The only column of the first row; `null` when there is no row.
   *
   * @throws InvalidArgumentException for more than one column.
   */
  async scalar<T = unknown>(sql: string, bindings: Bindings = [], options?: QueryOptions | boolean): Promise<T | null> {
    const row = await this.selectOne(sql, bindings, options)
    if (row === null) return null
    const values = Object.values(row)
    if (values.length !== 1)
      throw new InvalidArgumentException(`scalar() needs one column; the query has ${values.length}.`)
    return values[0] as T
  }

  /** Runs an insert. */
  async insert(sql: string, bindings: Bindings = [], options?: QueryOptions): Promise<true> {
    const statement = this.sql(Kind.write, sql, bindings)
    const sent = this.send(statement, options)
    this.conclude(sent instanceof Promise ? await sent : sent, statement, options)
    return true
  }

  /** Runs an insert and answers the key that the database made (MySQL, MariaDB, SQLite). */
  async insertGetId(sql: string, bindings: Bindings = [], options?: QueryOptions): Promise<number> {
    const statement = this.sql(Kind.write, sql, bindings)
    const sent = this.send(statement, options)
    return this.conclude(sent instanceof Promise ? await sent : sent, statement, options).lastInsertId
  }

  /** Runs an update and answers how many rows it touched. */
  async update(sql: string, bindings: Bindings = [], options?: QueryOptions): Promise<number> {
    const statement = this.sql(Kind.write, sql, bindings)
    const sent = this.send(statement, options)
    return this.conclude(sent instanceof Promise ? await sent : sent, statement, options).affected
  }

  /** Runs a delete and answers how many rows it removed. */
  async delete(sql: string, bindings: Bindings = [], options?: QueryOptions): Promise<number> {
    const statement = this.sql(Kind.write, sql, bindings)
    const sent = this.send(statement, options)
    return this.conclude(sent instanceof Promise ? await sent : sent, statement, options).affected
  }

  /** Runs any statement and answers how many rows it touched. */
  async affectingStatement(sql: string, bindings: Bindings = [], options?: QueryOptions): Promise<number> {
    const statement = this.sql(Kind.write, sql, bindings)
    const sent = this.send(statement, options)
    return this.conclude(sent instanceof Promise ? await sent : sent, statement, options).affected
  }

  /** Runs any statement. */
  async statement(sql: string, bindings: Bindings = [], options?: QueryOptions): Promise<true> {
    const statement = this.sql(Kind.write, sql, bindings)
    const sent = this.send(statement, options)
    this.conclude(sent instanceof Promise ? await sent : sent, statement, options)
    return true
  }

  /** Runs one or several statements as they are written: no values, not prepared. */
  async unprepared(sql: string, options?: QueryOptions): Promise<true> {
    const statement = this.sql(Kind.script, sql, [])
    const sent = this.send(statement, options)
    this.conclude(sent instanceof Promise ? await sent : sent, statement, options)
    return true
  }

  /**
   * The rows one by one, without holding all of them. Leaving the loop early ends the statement and
   * frees its connection before the program goes on.
   *
   * @example
   * for await (const user of DB.cursor('select * from users')) { … }
   */
  cursor<T = Row>(sql: string, bindings: Bindings = [], options?: QueryOptions | boolean): AsyncGenerator<T, void> {
    return new PiecewiseIterator(this.piecesOf<T>(sql, bindings, options))
  }

  /** The same as {@link cursor}. */
  stream<T = Row>(sql: string, bindings: Bindings = [], options?: QueryOptions | boolean): AsyncGenerator<T, void> {
    return this.cursor<T>(sql, bindings, options)
  }

  private async *piecesOf<T>(
    sql: string,
    bindings: Bindings,
    options: QueryOptions | boolean | undefined,
  ): AsyncGenerator<T[], void> {
    const given = readOptions(options)
    yield* this.chunksOf(this.sql(Kind.read, sql, bindings), given) as AsyncGenerator<T[], void>
  }

  /** Rows as they arrive, in pieces of some hundred. */
  protected async *chunksOf(
    statement: ReturnType<Executor['sql']>,
    options?: QueryOptions,
  ): AsyncGenerator<Row[], void> {
    const scope = this.scope()
    // A test's transaction has one connection, and the program may use others while it reads.
    if (currentPretence(this.source) !== undefined || scope?.isEverywhere === true) {
      const { rows } = this.conclude(await this.send(statement, options), statement, options)
      if (rows.length > 0) yield rows
      return
    }
    const notBegun = await scope?.ready
    if (notBegun !== undefined) throw this.failure(notBegun, statement, options)
    const started = performance.now()
    const stream = this.open(statement, options)
    if (stream instanceof Fault) throw this.failure(stream, statement, options)
    try {
      for (;;) {
        const rows = await stream.next()
        if (rows instanceof Fault) throw this.failure(rows, statement, options)
        if (rows === undefined) break
        yield rows
      }
      const milliseconds = performance.now() - started
      this.conclude({ rows: [], affected: 0, lastInsertId: 0, milliseconds }, statement, options)
    } finally {
      scope?.session.hasRead(stream)
      await stream.close()
    }
  }
}

/** guruorm 2's third argument was `useReadPdo`. */
function readOptions(options: QueryOptions | boolean | undefined): QueryOptions | undefined {
  return typeof options === 'boolean' ? { useWrite: !options } : options
}
