/** Replays what a fact says about a table through a blueprint, and compares the statements. */
import { rewritten } from './contradictions.mjs'
import { threw, unequal, wrongError } from './outcome.mjs'
import { databaseBefore } from './schema-state.mjs'
import { ours, spaced } from './sql.mjs'
import { Decoder } from './values.mjs'

/** Laravel's defaults of a call that does not say it, and the methods that set them. */
const DEFAULTS = { defaultStringLength: 255, defaultMorphKeyType: 'int' }

/** Replays facts of the kinds `schema` and `schema-error`. */
export class SchemaReplay {
  constructor(guruorm, connections) {
    this.guruorm = guruorm
    this.connections = connections
  }

  /** @returns What is wrong, in a few words; `undefined` when nothing is. */
  async differences(fact) {
    this.#assume({ ...DEFAULTS, ...fact.defaults })
    const { sql, error } = this.#compile(fact)
    this.#assume(DEFAULTS)
    if (fact.kind === 'schema-error') return wrongError(fact, error, sql)
    if (error !== undefined) return threw(error)
    const wanted = fact.sql.map((statement) => rewritten(spaced(statement), fact)).filter((text) => text !== '')
    const got = sql.map((statement) => ours(statement, fact.dialect))
    return unequal('sql', got, wanted)
  }

  /** The statements of the described table, or why there are none. */
  #compile(fact) {
    const decoder = new Decoder(this.guruorm, undefined, (blueprint, calls) => describe(blueprint, calls, decoder))
    try {
      const blueprint = new this.guruorm.Blueprint(fact.table, fact.create)
      describe(blueprint, fact.ops, decoder)
      return { sql: this.connections.of(fact).planChanges(blueprint.toChanges(), databaseBefore(fact)) }
    } catch (error) {
      return { error }
    }
  }

  #assume(defaults) {
    for (const [method, value] of Object.entries(defaults)) this.guruorm.Schema[method](value)
  }
}

/** Makes the calls on a blueprint, and each call's chain on what it returns. */
export function describe(blueprint, calls, decoder) {
  for (const call of calls) {
    if (call.x) continue
    let subject = made(blueprint, call, decoder)
    for (const next of call.chain ?? []) subject = made(subject, next, decoder)
  }
  return blueprint
}

function made(subject, { m, a }, decoder) {
  if (typeof subject?.[m] !== 'function') throw new TypeError(`there is no ${m}()`)
  return subject[m](...a.map((item) => decoder.value(item)))
}
