/** Indexes that are built while their table is used: a build that fails leaves an invalid one behind. */
import type { Aside, WatchedStatement } from '../../connection/statement-watcher'
import { MigrationException } from '../../errors'
import { Fault } from '../../native/fault'
import type { Outcome } from '../../native/requests'
import type { MigrationEventDispatcher } from '../events'
import type { MigrationConnection } from '../migration-connection'
import { type OnlineIndex, stepTexts } from './step-texts'

const BUILT: Outcome = Object.freeze({ rows: [], affected: 0, lastInsertId: 0, milliseconds: 0 })

export class OnlineIndexes {
  /** The one whose build was sent last. */
  last: OnlineIndex | undefined
  private readonly connection: MigrationConnection
  private readonly migration: string
  private readonly events: MigrationEventDispatcher

  constructor(connection: MigrationConnection, migration: string, events: MigrationEventDispatcher) {
    this.connection = connection
    this.migration = migration
    this.events = events
  }

  /** Sends one statement, with what an index that is built online needs before. */
  async perform(statement: WatchedStatement): Promise<Outcome> {
    const [text] = stepTexts(this.connection, statement.sql, '')
    if (text?.online !== undefined && (await this.isBuilt(text.online, statement.aside))) return BUILT
    await statement.prepare()
    return statement.send()
  }

  /**
   * Whether the very index is there already. An invalid one that an earlier attempt left is removed.
   *
   * @throws MigrationException for another index of that name.
   */
  async isBuilt(index: OnlineIndex, aside: Aside): Promise<boolean> {
    this.last = index
    const found = await aside('read', index.found.sql, index.found.bindings)
    // Where it cannot be asked, the statement itself says what is wrong.
    const row = found instanceof Fault ? undefined : found.rows[0]
    if (row === undefined) return false
    const { migration } = this
    if (row.valid !== true) {
      const dropped = await aside('script', index.drop)
      if (dropped instanceof Fault) throw new MigrationException(dropped.data.message, { sql: index.drop })
      await this.events.dispatch('migration.indexRemoved', { migration, index: index.name })
      return false
    }
    const expected = await this.expected(index, aside)
    if (row.same_table === true && (expected === undefined || expected === row.definition)) return true
    throw new MigrationException(
      `Index "${index.name}" exists already and is another one (${String(row.definition).trim()}). ` +
        'Rename or drop it, then run again. Nothing was changed.',
      { code: 'MIGRATION' },
    )
  }

  /** Whether the last build left an invalid index behind, by its name. */
  async broken(connection: MigrationConnection): Promise<string | null> {
    if (this.last === undefined) return null
    const { name, found } = this.last
    const [row] = await connection.select(found.sql, found.bindings)
    return row?.valid === false ? name : null
  }

  /** How the server writes the index that is wanted; undefined where it may not be tried. */
  private async expected(index: OnlineIndex, aside: Aside): Promise<unknown> {
    let definition: unknown
    for (const sql of index.mirror) {
      const made = await aside('script', sql)
      if (made instanceof Fault) {
        await aside('script', index.discard)
        const message = `Cannot compare index "${index.name}" (${made.data.message}): assumed unchanged`
        await this.events.dispatch('migrations.warning', { message })
        return undefined
      }
    }
    const answer = await aside('read', index.expected.sql, index.expected.bindings)
    if (!(answer instanceof Fault)) definition = answer.rows[0]?.definition
    await aside('script', index.discard)
    return definition
  }
}
