/** Structures of databases, and what else the engine is asked that is no statement. */
import type { GuruORMError } from '../errors'
import { Fault, faultOf } from '../native/fault'
import type { Outcome } from '../native/requests'
import type { Answers, Change, Database, EvolutionAnswers, EvolutionCommand, Inspection, Question } from './builders'
import { currentPretence } from './context'
import { NOTHING } from './executor'
import { pretended } from './pretence'
import type { StatementWatcher } from './statement-watcher'
import type { TransactionScope } from './transaction-scope'
import { Transactions } from './transactions'

/** Schema changes, the catalogue, and commands of the engine, in the current transaction if there is one. */
export abstract class Structures extends Transactions {
  /** Runs schema changes, in order, in the current transaction if there is one. */
  async applyChanges(changes: readonly Change[], settled = false): Promise<void> {
    const pretence = currentPretence(this.source)
    if (pretence === undefined) {
      const scope = this.scope()
      if (scope?.session.watcher === undefined) await this.native({ do: 'schema.apply', changes, settled })
      else await this.#applyWatched(scope.session.watcher, scope, changes, settled)
      return
    }
    const plan = () => this.evolution({ do: 'schema.plan', changes, settled })
    const statements = await (pretence.reader?.plan(changes, settled) ?? plan())
    for (const sql of statements) pretence.queries.push(pretended(sql))
  }

  /** Statement by statement, so that each is seen; but for SQLite, whose copies of a table are one change. */
  async #applyWatched(
    watcher: StatementWatcher,
    scope: TransactionScope,
    changes: readonly Change[],
    settled: boolean,
  ): Promise<void> {
    const statements = await this.evolution({ do: 'schema.plan', changes, settled })
    if (this.source.driver !== 'sqlite') {
      for (const sql of statements) await this.unprepared(sql)
      return
    }
    const sql = statements.join(';\n')
    const ended = watcher.before(sql)
    let error: unknown
    const send = async (): Promise<Outcome> => {
      try {
        await this.native({ do: 'schema.apply', changes, settled })
        return NOTHING
      } catch (thrown) {
        error = thrown
        return faultOf(thrown as GuruORMError)
      }
    }
    const watched = { sql, bindings: [], isCut: true, send }
    let outcome: Outcome
    try {
      outcome = await this.performed(watcher, watched, scope)
    } catch (thrown) {
      error = thrown
      outcome = faultOf(thrown as GuruORMError)
    }
    await new Promise((resolve) => setImmediate(resolve))
    ended(outcome instanceof Fault ? outcome.data : undefined)
    if (outcome instanceof Fault) throw error ?? this.failure(outcome)
  }

  /** What the engine says of a command of migrations that needs no connection. */
  nativeNow(command: object): unknown {
    const answer = this.source.environment.migrate<object>(command)
    if (answer instanceof Fault) throw this.failure(answer)
    return answer
  }

  /**
   * The statements of schema changes. Sends nothing.
   *
   * @param current - The database before them. SQLite needs it to change what `alter table` cannot.
   */
  planChanges(changes: readonly Change[], current?: Database): string[] {
    const before = current === undefined ? undefined : JSON.stringify(current)
    const statements = this.source.environment.planChanges(this.source.handle, JSON.stringify(changes), before)
    if (statements instanceof Fault) throw this.failure(statements)
    return statements
  }

  /** Asks the engine about structures as data: see `Schema.plan()`, `diff()`, `evolve()` and `undo()`. */
  async evolution<C extends EvolutionCommand>(command: C): Promise<EvolutionAnswers[C['do']]> {
    return (await this.native(command)) as EvolutionAnswers[C['do']]
  }

  /** The structure of the database: see `Schema.inspect()`. */
  async inspectDatabase(inspection: Inspection): Promise<Database> {
    const ask = async () => (await this.native({ do: 'schema.database', inspection })) as Database
    return currentPretence(this.source)?.reader?.structure(inspection, ask) ?? ask()
  }

  /** Asks the catalogue. */
  async inspect<Q extends Question>(question: Q): Promise<Answers[Q['ask']]> {
    const ask = async () => (await this.native({ do: 'schema.inspect', question })) as Answers[Q['ask']]
    return currentPretence(this.source)?.reader?.answer(question, ask) ?? ask()
  }

  /** Sends a command to the engine, in the current transaction if there is one, and answers what it says. */
  async native(command: object): Promise<unknown> {
    const scope = this.scope()
    const notBegun = await scope?.ready
    if (notBegun !== undefined) throw this.failure(notBegun)
    scope?.assertOpen()
    const session = scope?.session
    const words = session === undefined ? command : { ...command, session: session.id }
    if (session !== undefined) session.inFlight++
    try {
      const answer = await this.source.environment.command(this.source.handle, words)
      if (answer instanceof Fault) throw this.failure(answer)
      return answer
    } finally {
      session?.settled()
    }
  }
}
