/** Replays a call of the schema builder on a connection that keeps what it is told to run. */
import { rewritten } from './contradictions.mjs'
import { threw, unequal, wrongError } from './outcome.mjs'
import { describe } from './schema-replay.mjs'
import { ours, spaced } from './sql.mjs'
import { Decoder, spelt } from './values.mjs'

/** Ways of Laravel to ask the catalogue. */
const ASKS = new Set(['selectFromWriteConnection', 'scalar', 'select'])

/** Replays facts of the kinds `schema-builder` and `schema-builder-error`. */
export class SchemaBuilderReplay {
  constructor(guruorm, connections) {
    this.guruorm = guruorm
    this.connections = connections
  }

  /** @returns What is wrong, in a few words; `undefined` when nothing is. */
  async differences(fact) {
    const recorder = new SchemaRecorder(this.connections.of(fact), tablesIn(fact), currentIn(fact))
    const { answer, error } = await this.#call(recorder, fact.terminal)
    if (fact.kind === 'schema-builder-error') return wrongError(fact, error, recorder.statements)
    if (error !== undefined) return threw(error)
    // The catalogue is asked in words of our own; what matters is what is made of the answer.
    const wanted = fact.sql.filter((_sql, at) => !ASKS.has(fact.via[at]))
    const wrong = unequal(
      'sql',
      recorder.statements.map((sql) => ours(sql, fact.dialect)),
      wanted.map((sql) => rewritten(spaced(sql), fact)),
    )
    // A statement of PHP answers whether it ran; here it throws where it did not.
    const saysNothing = !('ret' in fact) || (fact.ret === true && answer === undefined)
    return wrong ?? (saysNothing ? undefined : unequal('ret', spelt(answer), spelt(fact.ret)))
  }

  async #call(recorder, { m, a }) {
    const decoder = new Decoder(this.guruorm, undefined, (blueprint, calls) => describe(blueprint, calls, decoder))
    try {
      const builder = new this.guruorm.SchemaBuilder(recorder)
      if (typeof builder[m] !== 'function') throw new TypeError(`there is no ${m}()`)
      return { answer: await builder[m](...a.map((item) => decoder.value(item))) }
    } catch (error) {
      return { error }
    }
  }
}

/** Stands in for a connection: keeps the statements, and answers of the catalogue that it holds these tables. */
class SchemaRecorder {
  /** What was sent. */
  statements = []

  constructor(connection, tables, current) {
    this.connection = connection
    this.driverName = connection.driverName
    this.tables = tables
    this.current = current
  }

  getTablePrefix() {
    return this.connection.getTablePrefix()
  }

  planChanges(changes) {
    return this.connection.planChanges(changes)
  }

  async applyChanges(changes) {
    this.statements.push(...this.planChanges(changes))
  }

  async inspect(question) {
    if (question.ask === 'hasTable') return this.tables.length > 0
    if (question.ask === 'tables') return this.tables
    return question.ask === 'currentSchemas' ? this.current : []
  }

  async pin(work) {
    return work()
  }
}

/** The namespaces of a fact that asks for them. */
function currentIn({ terminal, ret }) {
  return terminal.m.startsWith('getCurrentSchema') ? [ret].flat() : []
}

/** The tables that the catalogue of a fact holds. */
function tablesIn({ results, terminal }) {
  const first = results?.find((result) => result !== null)
  if (Array.isArray(first)) return first.filter(({ name }) => name !== undefined)
  return terminal.m === 'hasTable' && first ? [{ name: terminal.a[0] }] : []
}
