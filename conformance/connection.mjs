/** A connection that compiles for a database and answers what the fact says, without any server. */

const DRIVERS = { pgsql: 'pgsql', mysql: 'mysql', mariadb: 'mariadb', sqlite: 'sqlite', sqlsrv: 'sqlserver' }

/** Laravel's options by the names that they have here. */
const OPTIONS = {
  use_upsert_alias: 'useUpsertAlias',
  charset: 'charset',
  collation: 'collation',
  engine: 'engine',
  prefix_indexes: 'prefixIndexes',
  use_native_json: 'useNativeJson',
  use_native_jsonb: 'useNativeJsonb',
}

/** One connection for each database, prefix and option: opening one costs more than a fact. */
export class Connections {
  #capsule

  constructor(guruorm) {
    this.#capsule = new guruorm.Capsule()
  }

  /** The connection that a fact was recorded on. */
  of(fact) {
    const options = { driver: DRIVERS[fact.dialect], database: ':memory:', prefix: fact.prefix ?? '' }
    for (const [option, value] of Object.entries(fact.config ?? {})) {
      if (OPTIONS[option] !== undefined) options[OPTIONS[option]] = option === 'prefix_indexes' ? Boolean(value) : value
    }
    const name = JSON.stringify(options)
    if (!this.#capsule.hasConnection(name)) this.#capsule.addConnection(options, name)
    return this.#capsule.connection(name)
  }
}

/** Stands in for a connection: keeps what it is told to run. */
export class Recorder {
  /** What was sent: SQL, bindings, and how. */
  statements = []

  constructor(connection, results = []) {
    this.connection = connection
    this.driverName = connection.driverName
    this.results = results
  }

  getName() {
    return this.connection.getName()
  }

  getTablePrefix() {
    return this.connection.getTablePrefix()
  }

  getConfig(option) {
    return this.connection.getConfig(option)
  }

  compileQuery(query) {
    return this.connection.compileQuery(query)
  }

  async runQuery(query, how, options) {
    return this.#answer(query, options?.useWrite ? 'write' : how)
  }

  async *streamQuery(query) {
    yield* this.#answer(query, 'cursor').rows
  }

  getQueryGrammar() {
    return this.connection.getQueryGrammar()
  }

  async transaction(callback) {
    return callback(this)
  }

  query() {
    return this.connection.query.call(this)
  }

  #answer(query, how) {
    const compiled = this.compileQuery(query)
    const pieces = [compiled, ...(compiled.rest ?? [])]
    let answer
    for (const { sql, bindings } of pieces) {
      const result = this.results[this.statements.length]
      this.statements.push({ sql, bindings, how })
      answer = answerOf(query, sql, result)
    }
    return answer
  }
}

/** What a database answers to a statement; `result` is what the fact says of it. */
function answerOf(query, sql, result) {
  const isRead = query.kind === 'select' || query.kind === 'exists'
  if (Array.isArray(result)) return { rows: result, affected: result.length, lastInsertId: 1 }
  if (isRead) return { rows: [], affected: 0, lastInsertId: 0 }
  const isGetId = query.kind === 'insert' && query.key !== undefined
  return {
    rows: isGetId && / returning /.test(sql) ? [{ [query.key]: 1 }] : [],
    affected: typeof result === 'number' ? result : 1,
    lastInsertId: 1,
  }
}
