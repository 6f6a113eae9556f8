/** Replays a fact through the query builder and says how the outcome differs from what was recorded. */
import { Recorder } from './connection.mjs'
import { isLeftOut, rewritten } from './contradictions.mjs'
import { threw, unequal, wrongError } from './outcome.mjs'
import { ours, spaced } from './sql.mjs'
import { Decoder, spelt, speltBindings } from './values.mjs'

/** Ways of Laravel to spell a read on the write connection. */
const WRITE_READS = new Set(['select:write', 'selectFromWriteConnection'])

/** Replays facts of the kinds `query`, `error` and `grammar`. */
export class Replay {
  constructor(guruorm, connections) {
    this.guruorm = guruorm
    this.connections = connections
  }

  /** @returns What is wrong, in a few words; `undefined` when nothing is. */
  async differences(fact) {
    if (fact.kind === 'grammar') return this.#grammar(fact)
    const outcome = await atTime(fact.now, () => this.#run(fact))
    if (fact.kind !== 'error') return this.#wrongQuery(fact, outcome)
    const sent = outcome.recorder?.statements.map(({ sql }) => sql)
    return wrongError(fact, outcome.error, sent)
  }

  /** What the chain of a fact sends, or shows: SQL as the database gets it, with its bindings. */
  async statements(fact) {
    const { recorder, builder, answer, error } = await atTime(fact.now, () => this.#run(fact))
    const sent = recorder?.statements ?? []
    if (error !== undefined) return { sent, error }
    if (fact.terminal.m !== 'toSql') return { sent }
    return { sent: [...sent, { sql: answer, bindings: builder.getBindings() }] }
  }

  /** Runs the chain: what was sent, what came back or was thrown. */
  async #run(fact) {
    let recorder
    let builder
    const fresh = () => new this.guruorm.QueryBuilder(recorder)
    const decoder = new Decoder(this.guruorm, fresh, (subject, calls) => apply(subject, calls, decoder))
    try {
      recorder = new Recorder(this.connections.of(fact), fact.results)
      builder = apply(fresh(), fact.ops, decoder)
      const answer = await settled(call(builder, fact.terminal, decoder))
      return { recorder, builder, answer }
    } catch (error) {
      return { recorder, builder, error }
    }
  }

  #wrongQuery(fact, { recorder, builder, answer, error }) {
    if (error !== undefined) return threw(error)
    try {
      if (fact.terminal.m === 'toSql') {
        return (
          unequal('sql', ours(answer, fact.dialect), expected(fact.sql[0], fact)) ??
          unequal('bindings', speltBindings(builder.getBindings()), speltBindings(fact.bindings[0])) ??
          ('raw' in fact && !isLeftOut('raw', fact)
            ? unequal('raw', spaced(builder.toRawSql()), expected(fact.raw, fact))
            : undefined)
        )
      }
      const sent = recorder.statements
      const modes = sent.map(({ how }) => how)
      return (
        unequal(
          'sql',
          sent.map(({ sql }) => ours(sql, fact.dialect)),
          fact.sql.map((sql) => expected(sql, fact)),
        ) ??
        unequal(
          'bindings',
          sent.map(({ bindings }) => speltBindings(bindings)),
          fact.bindings.map(speltBindings),
        ) ??
        fact.via
          .map((via, at) =>
            WRITE_READS.has(via) && modes[at] === 'read'
              ? 'read from the read connection'
              : via === 'select' && modes[at] === 'write'
                ? 'read from the write connection'
                : undefined,
          )
          .find(Boolean) ??
        ('ret' in fact ? unequal('ret', listed(spelt(answer)), listed(spelt(fact.ret))) : undefined)
      )
    } catch (failure) {
      return threw(failure)
    }
  }

  #grammar(fact) {
    const connection = this.connections.of(fact)
    const grammar = connection.getQueryGrammar?.() ?? {}
    const decoder = new Decoder(this.guruorm)
    const subject = typeof grammar[fact.fn] === 'function' ? grammar : connection
    if (typeof subject[fact.fn] !== 'function') return `there is no ${fact.fn}()`
    try {
      const out = subject[fact.fn](...fact.a.map((item) => decoder.value(item)))
      return unequal(fact.fn, spelt(out), fact.out)
    } catch (error) {
      return threw(error)
    }
  }
}

/** The statement that a fact wants, after the rules that guruorm follows instead of Laravel's. */
function expected(sql, fact) {
  return rewritten(spaced(sql), fact)
}

function apply(subject, calls, decoder) {
  for (const each of calls) {
    const answer = call(subject, each, decoder)
    if (each.x) {
      // A terminal call on the way: its effects on the builder count, its answer does not.
      if (answer instanceof Promise) answer.catch(() => {})
      continue
    }
    if (isBuilder(answer)) subject = answer
  }
  return subject
}

function call(subject, { m, a }, decoder) {
  if (m === 'mergeWheres') return mergeWheres(subject, decoder.value(a[0]))
  a = inJavaScript(m, a)
  if (typeof subject[m] !== 'function') throw new TypeError(`there is no ${m}()`)
  return subject[m](...a.map((item) => decoder.value(item)))
}

/** Arguments that PHP has no other way to write: an empty row is an empty array, and keys of a list count for nothing. */
function inJavaScript(m, a) {
  if (/^(insert|upsert)/.test(m) && Array.isArray(a[0])) {
    const isRow = m === 'insertGetId'
    const rows = isRow ? [a[0]] : a[0]
    const filled = rows.map((row) => (Array.isArray(row) && row.length === 0 ? {} : row))
    return [isRow ? filled[0] : filled, ...a.slice(1)]
  }
  if (/^(increment|decrement)/.test(m))
    return a.map((value) => (Array.isArray(value) && value.length === 0 ? {} : value))
  if (/^(or)?where(Not)?In$/i.test(m) && a[1]?.$map !== undefined)
    return [a[0], a[1].$map.map(([, value]) => value), ...a.slice(2)]
  // Laravel takes text for a query; here SQL of one's own is always given as raw().
  if (/(Sub|Lateral)$/.test(m) && typeof a[0] === 'string') return [{ $raw: a[0] }, ...a.slice(1)]
  if (/^insert.*Using$/.test(m) && typeof a[1] === 'string') return [a[0], { $raw: a[1] }]
  return a
}

/** Laravel's own form of conditions, by the methods that make them. */
const MERGED = {
  Basic: (query, { column, operator, value, boolean }) => query.where(column, operator, value, boolean),
  In: (query, { column, values, boolean }) => query.whereIn(column, values, boolean),
  NotIn: (query, { column, values, boolean }) => query.whereNotIn(column, values, boolean),
  Null: (query, { column, boolean }) => query.whereNull(column, boolean),
  NotNull: (query, { column, boolean }) => query.whereNotNull(column, boolean),
  Between: (query, { column, values, boolean, not }) => query.whereBetween(column, values, boolean, not),
  Column: (query, { first, operator, second, boolean }) => query.whereColumn(first, operator, second, boolean),
  Raw: (query, { sql, boolean }) => query.whereRaw(sql, [], boolean),
}

function mergeWheres(query, wheres) {
  for (const where of wheres) {
    if (MERGED[where.type] === undefined) throw new TypeError(`there is no condition ${where.type} in the runner`)
    MERGED[where.type](query, where)
  }
  return query
}

/** PHP has one kind of empty array. */
function listed(value) {
  const isEmpty =
    value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0
  return isEmpty ? [] : value
}

function isBuilder(value) {
  return value !== null && typeof value === 'object' && typeof value.newGroup === 'function'
}

/** What a terminal call answers when it is awaited and, if it is lazy, read to its end. */
async function settled(answer) {
  const value = await answer
  if (value !== null && typeof value === 'object' && Symbol.asyncIterator in value) {
    const rows = []
    for await (const row of value) rows.push(row)
    return rows
  }
  return value
}

/** Freezes the clock while `act` runs. */
async function atTime(iso, act) {
  if (iso === undefined) return act()
  const Real = globalThis.Date
  const frozen = new Real(iso).getTime()
  globalThis.Date = class extends Real {
    constructor(...args) {
      super(...(args.length === 0 ? [frozen] : args))
    }
    static now() {
      return frozen
    }
  }
  try {
    return await act()
  } finally {
    globalThis.Date = Real
  }
}
