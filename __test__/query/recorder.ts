import type { Query } from '../../js/query/ast'
import { QueryBuilder } from '../../js/query/builder'
import type { CallOptions, CompiledQuery, QueryExecutor, QueryResult } from '../../js/query/executor'
import { type Shape, shapeOf } from '../../js/query/shape'

/** Takes queries and keeps them: what a builder makes is looked at without any database. */
export class Recorder implements QueryExecutor {
  readonly driverName: string
  readonly shapes: (Shape & { how: string; options?: CallOptions | undefined })[] = []
  private readonly results: Partial<QueryResult>[]

  /** @param results - What the queries answer, one after the other. */
  constructor(results: Partial<QueryResult>[] = [], driverName = 'pgsql') {
    this.results = results
    this.driverName = driverName
  }

  getTablePrefix(): string {
    return ''
  }

  async runQuery(query: Query, how: 'read' | 'write', options?: CallOptions): Promise<QueryResult> {
    // A read that asks for the write server is counted as one there.
    this.shapes.push({ ...shapeOf(query), how: options?.useWrite === true ? 'write' : how, options })
    return { rows: [], affected: 0, lastInsertId: 0, ...this.results.shift() }
  }

  async *streamQuery(query: Query, options?: CallOptions): AsyncGenerator<Record<string, unknown>[], void> {
    yield (await this.runQuery(query, 'read', options)).rows
  }

  compileQuery(query: Query): CompiledQuery {
    const shape = shapeOf(query)
    this.shapes.push({ ...shape, how: 'compile' })
    return { sql: shape.text, bindings: shape.values }
  }

  table(name: string): QueryBuilder {
    return new QueryBuilder(this, name)
  }

  query(): QueryBuilder {
    return new QueryBuilder(this)
  }

  /** The queries so far, as data. */
  get queries(): unknown[] {
    return this.shapes.map(({ text }) => JSON.parse(text))
  }
}
