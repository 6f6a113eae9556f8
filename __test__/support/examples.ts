/**
 * Examples in documentation, as data: code, and the SQL that comments behind it promise. One rule for docstrings and for
 * the pages in `docs/`:
 *
 *     DB.table('users').where('id', 1)
 *     // select * from "users" where "id" = $1
 *
 * The SQL is PostgreSQL's; `// mysql: …` and others name their database. What goes on in the next comment is indented by
 * two spaces, and a comment that is not is another statement. In the place of SQL there may be the error that the code
 * throws there: `// sqlite: UnsupportedException`.
 */
import ts from 'typescript'
import { Blueprint, Capsule, type Connection, QueryBuilder, raw, Schema, SchemaBuilder } from '../../js'
import type { Query } from '../../js/query/ast'
import type { QueryExecutor, QueryResult } from '../../js/query/executor'
import type { Change } from '../../js/schema/change'
import type { EvolutionCommand, SchemaExecutor } from '../../js/schema/executor'

const DRIVERS = {
  postgres: 'pgsql',
  mysql: 'mysql',
  mariadb: 'mariadb',
  sqlite: 'sqlite',
  sqlserver: 'sqlserver',
} as const

/** A database, as examples name it. */
export type Database = keyof typeof DRIVERS

export const DATABASES = Object.keys(DRIVERS) as readonly Database[]

const NAMED = new RegExp(`^(${DATABASES.join('|')}):\\s+(.*)$`)

/** One piece of an example: code, and what is said of it. */
export interface Snippet {
  readonly code: string
  /** What the comments say by database; `any` where they name none. */
  readonly sql: ReadonlyMap<Database | 'any', string>
}

/** The pieces of an example: each ends with the comments behind its code. */
export function snippetsIn(lines: readonly string[]): Snippet[] {
  const snippets: { code: string; sql: Map<Database | 'any', string> }[] = []
  let current: (typeof snippets)[number] | undefined
  let last: Database | 'any' = 'any'
  for (const line of lines) {
    if (line.trim() === '') continue
    const comment = /^\/\/ ?(.*)$/.exec(line)?.[1]
    if (comment === undefined) {
      if (current === undefined || current.sql.size > 0) {
        current = { code: '', sql: new Map() }
        snippets.push(current)
      }
      current.code += `${line}\n`
      continue
    }
    if (current === undefined) continue
    const [, database, sql] = NAMED.exec(comment) ?? []
    const continues = database === undefined && comment.startsWith('  ')
    if (!continues) last = (database as Database | undefined) ?? 'any'
    const text = sql ?? comment.trim()
    // What goes on is indented; a line of its own is another statement.
    const before = current.sql.get(last)
    current.sql.set(last, before === undefined ? text : `${before}${continues ? ' ' : '; '}${text}`)
  }
  return snippets
}

/** The words that statements of the engine begin with. */
const STATEMENT =
  /^(select|insert|update|delete|truncate|with|merge|explain|analyze|create|alter|drop|rename|comment on|set |pragma |sp_rename|\()/i

/** Whether a comment is SQL, and not a result or words. */
export function isSql(text: string): boolean {
  return STATEMENT.test(text)
}

/** The class of the error that a comment promises. */
export function refusalIn(text: string): string | undefined {
  return /^\w+(Exception|Error)\b/.exec(text)?.[0]
}

const capsule = new Capsule()
for (const [name, driver] of Object.entries(DRIVERS)) capsule.addConnection({ driver, database: ':memory:' }, name)

/** A connection to a database that is not asked anything. */
export function connectionOf(database: Database): Connection {
  return capsule.connection(database)
}

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

  schema(): typeof Schema {
    const { connection, sent } = this
    const executor = Object.assign(Object.create(connection) as SchemaExecutor, {
      async applyChanges(changes: readonly Change[]): Promise<void> {
        sent.push(...connection.planChanges(changes))
      },
      async evolution(command: EvolutionCommand): Promise<unknown> {
        return command.do === 'schema.plan' ? connection.planChanges(command.changes) : connection.evolution(command)
      },
      pin: (work: () => Promise<unknown>) => work(),
    })
    return schemaOf(new SchemaBuilder(executor))
  }
}

/** `User` in examples: a model, as far as blueprints look at it. */
export class UserModel {
  getTable(): string {
    return 'users'
  }

  getKeyName(): string {
    return 'id'
  }

  getKeyType(): string {
    return 'int'
  }

  getForeignKey(): string {
    return 'user_id'
  }
}

/** `Schema` of a connection: what is static is said of all of them. */
export function schemaOf(builder: SchemaBuilder): typeof Schema {
  return new Proxy(Schema, {
    get: (all, name) => {
      const own: unknown = Reflect.get(builder, name)
      return typeof own === 'function' ? own.bind(builder) : Reflect.get(all, name)
    },
  })
}

/** What examples say of all connections, as it was. */
export function forgetSchemaDefaults(): void {
  Schema.blueprintResolver(null)
  Schema.defaultStringLength(255)
  Schema.defaultTimePrecision(0)
  Schema.defaultMorphKeyType('int')
  Blueprint.flushMacros()
}

/** Runs the code of an example and answers the SQL that it made for a database. */
export async function sqlOf(code: string, database: Database | 'any'): Promise<string[]> {
  const compiler = new Compiler(capsule.connection(database === 'any' ? 'postgres' : database))
  const executor = compiler.executor()
  const table = (name: string, as?: string) => new QueryBuilder(executor).from(name, as)
  const known: Record<string, unknown> = {
    DB: { table, query: () => new QueryBuilder(executor), raw },
    connection: { query: () => new QueryBuilder(executor), table },
    Schema: compiler.schema(),
    Blueprint,
    User: UserModel,
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
  const answer: unknown = await answerOf(code, scope)
  if (answer instanceof QueryBuilder) return [answer.toSql()]
  if (typeof answer === 'string' && compiler.sent.length === 0) return [answer]
  if (answer !== null && typeof answer === 'object' && Symbol.asyncIterator in answer) {
    for await (const _ of answer as AsyncIterable<unknown>) break
  }
  return compiler.sent
}

/** Runs the code of an example, in which the names of a scope are known; answers the value of its last statement. */
export async function answerOf(code: string, scope: object): Promise<unknown> {
  const run = new Function('scope', `with (scope) { return async () => { ${answering(code)} } }`)
  return await run(scope)()
}

/** Statements as the body of a function that answers the value of the last one. */
function answering(code: string): string {
  const { statements } = ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true)
  const last = statements.at(-1)
  const value =
    last !== undefined && ts.isVariableStatement(last)
      ? last.declarationList.declarations[0]?.initializer
      : last !== undefined && ts.isExpressionStatement(last)
        ? last.expression
        : undefined
  if (value === undefined) throw new Error(`The example ends with no value:\n${code}`)
  const before = code.slice(0, last?.getStart())
  const body = `async () => { ${before}\nreturn (${value.getText()}) }`
  return `return (${withoutTypes(body)})()`
}

function withoutTypes(code: string): string {
  const options = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, alwaysStrict: false }
  return ts.transpileModule(code, { compilerOptions: options }).outputText.trim().replace(/;$/, '')
}
