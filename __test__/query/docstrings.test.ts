import { describe, expect, test } from 'vitest'
import { Capsule, type Connection, QueryBuilder, raw } from '../../js'
import type { Query } from '../../js/query/ast'
import type { QueryExecutor, QueryResult } from '../../js/query/executor'
import { type Method, methods, type Snippet } from './docstrings'

const DRIVERS = {
  postgres: 'pgsql',
  mysql: 'mysql',
  mariadb: 'mariadb',
  sqlite: 'sqlite',
  sqlserver: 'sqlserver',
} as const

const capsule = new Capsule()
for (const [name, driver] of Object.entries(DRIVERS)) capsule.addConnection({ driver, database: ':memory:' }, name)

/** Compiles what it is told to run, and keeps the SQL. */
class Compiler {
  readonly sent: string[] = []
  readonly connection: Connection

  constructor(connection: Connection) {
    this.connection = connection
  }

  executor(): QueryExecutor {
    const { connection, sent } = this
    return Object.assign(Object.create(connection) as QueryExecutor, {
      async runQuery(query: Query): Promise<QueryResult> {
        const { sql, rest = [] } = connection.compileQuery(query)
        sent.push(sql, ...rest.map((more) => more.sql))
        return { rows: [{ aggregate: 100, exists: false, id: 1 }], affected: 1, lastInsertId: 1 }
      },
      async *streamQuery(query: Query) {
        sent.push(connection.compileQuery(query).sql)
        yield* []
      },
    })
  }
}

/** Runs the code of an example and answers the SQL that it made. */
async function sqlOf(code: string, database: keyof typeof DRIVERS): Promise<string[]> {
  const compiler = new Compiler(capsule.connection(database))
  const executor = compiler.executor()
  const table = (name: string) => new QueryBuilder(executor).from(name)
  const known: Record<string, unknown> = {
    DB: { table, query: () => new QueryBuilder(executor), raw },
    connection: { query: () => new QueryBuilder(executor), table },
    trx: { table },
    raw,
    query: table('users'),
    process: undefined,
  }
  // Names that an example takes for granted stand for some value.
  const scope = new Proxy(known, {
    has: (_, name) => !(name in globalThis) || name === 'process',
    get: (target, name) => (name === Symbol.unscopables ? undefined : name in target ? target[name as string] : 7),
  })
  const expression = code
    .trim()
    .replace(/^(const|let) [^=]+ = /, '')
    .replace(/;$/, '')
  const run = new Function('scope', `with (scope) { return async () => (${expression}) }`)
  const answer: unknown = await run(scope)()
  if (answer instanceof QueryBuilder) return [answer.toSql()]
  if (typeof answer === 'string' && compiler.sent.length === 0) return [answer]
  if (answer !== null && typeof answer === 'object' && Symbol.asyncIterator in answer) {
    for await (const _ of answer as AsyncIterable<unknown>) break
  }
  return compiler.sent
}

const isSql = (text: string) => /^(select|insert|update|delete|truncate|with|merge|explain|\()/.test(text)
const isWhole = ({ code, sql }: Snippet) =>
  !/…|for await|=> \{|page\./.test(code) && [...sql.values()].every((text) => !text.includes('…') && isSql(text))

/** Methods that make no SQL: what they give is told in words. */
const builders = methods().filter(
  ({ name }) => !/^(Expression|Cursor|.*Paginator|.*Page|Bound.*|SubQuery|Grammar|LazyCollection)\./.test(name),
)

describe('the docstrings of the query builder', () => {
  test('say what every public method does, with an example', () => {
    const lacking = builders
      .filter(({ docs }) => docs === undefined || !docs.includes('@example'))
      .map(({ name }) => name)
    expect(lacking).toEqual([])
  })

  const examples = builders.flatMap(({ name, snippets }: Method) =>
    snippets
      .filter(isWhole)
      .flatMap((snippet) => [...snippet.sql].map(([database, sql]) => ({ name, database, sql, code: snippet.code }))),
  )

  test('have hundreds of examples that can be tried', () => {
    expect(examples.length).toBeGreaterThan(230)
  })

  test.each(examples)('$name on $database makes the SQL that it promises', async ({ database, sql, code }) => {
    const made = await sqlOf(code, (database === 'any' ? 'postgres' : database) as keyof typeof DRIVERS)
    expect(made.join('; ')).toBe(sql)
  })
})
