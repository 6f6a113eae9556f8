import { InvalidArgumentException } from '../errors.js'
import { Blueprint } from './blueprint.js'
import { Catalogue } from './catalogue.js'
import type { Change } from './change.js'
import type { Database, Inspection } from './database.js'
import { schemaDefaults } from './defaults.js'

/** Describes a table; may be asynchronous. The blueprint is that of `Schema.blueprintResolver()`. */
export type Describe<B extends Blueprint = Blueprint> = (table: B) => unknown

/** What a closure says about a table, as data. */
export async function changesOf<B extends Blueprint>(
  table: string,
  describe: Describe<B>,
  isNew: boolean,
): Promise<Change[]> {
  const blueprint = schemaDefaults.blueprint?.(table, isNew) ?? new Blueprint(table, isNew)
  if (!(blueprint instanceof Blueprint)) {
    throw new InvalidArgumentException('The function given to Schema.blueprintResolver() has to return a blueprint.')
  }
  // Whoever annotates a blueprint of their own has said that theirs is made.
  await describe(blueprint as B)
  return blueprint.toChanges()
}

/**
 * The structure of a database as data: read, compared, altered. Every name here is the catalogue's own, with the
 * connection's prefix.
 */
export class Evolution extends Catalogue {
  /**
   * The structure of the database: tables with columns, indexes, keys and checks; views, types, sequences, triggers and
   * routines as text. At most twelve questions, whatever the number of tables; on PostgreSQL and SQLite from one
   * snapshot.
   *
   * @example
   * const { tables } = await Schema.inspect()
   * tables[0].columns[0] // { name: 'id', type: { kind: 'bigInteger' }, nullable: false, autoIncrement: true, … }
   */
  async inspect(inspection: Inspection = {}): Promise<Database> {
    return this.executor.inspectDatabase(inspection)
  }

  /**
   * What `create()` or `table()` would do, as data.
   *
   * @example
   * await Schema.changes('users', (table) => table.string('nick').nullable().unique())
   * // [{ kind: 'addColumn', table: 'users', column: { name: 'nick', … } },
   * //  { kind: 'addIndex', table: 'users', index: { kind: 'unique', columns: ['nick'], name: 'users_nick_unique' } }]
   */
  async changes<B extends Blueprint = Blueprint>(
    table: string,
    describe: Describe<B>,
    kind: 'create' | 'table' = 'table',
  ): Promise<Change[]> {
    const changes = await changesOf(table, describe, kind === 'create')
    return this.executor.evolution({ do: 'schema.settle', changes })
  }

  /**
   * The changes that make one structure another, in an order in which they can be applied. Tables are compared; what
   * else {@link inspect} finds is not. A name that is in one of them alone is new or gone, never renamed.
   *
   * @throws UnsupportedException for what no change can make of a table that is there.
   * @example
   * const before = await Schema.inspect()
   * const wanted = await Schema.evolve(before, await Schema.changes('users', (table) => table.text('bio').nullable()))
   * await Schema.diff(before, wanted) // [{ kind: 'addColumn', table: 'users', column: { name: 'bio', … } }]
   */
  async diff(current: Database, wanted: Database): Promise<Change[]> {
    return this.executor.evolution({ do: 'schema.diff', current, wanted })
  }

  /**
   * What a structure is after changes. Nothing is sent.
   *
   * @throws InvalidArgumentException for a change of something that is missing, or is there already.
   * @example
   * const after = await Schema.evolve(await Schema.inspect(), [{ kind: 'dropTable', table: 'logs' }])
   */
  async evolve(database: Database, changes: readonly Change[]): Promise<Database> {
    return this.executor.evolution({ do: 'schema.evolve', database, changes })
  }

  /**
   * The changes that undo changes, in order, `database` being the structure before them. Rows and values that went are
   * not brought back.
   *
   * @throws InvalidArgumentException for a change that cannot be undone, saying why.
   * @example
   * const before = await Schema.inspect()
   * await Schema.undo(before, [{ kind: 'dropColumns', table: 'users', columns: ['bio'] }])
   * // [{ kind: 'addColumn', table: 'users', column: { name: 'bio', … } }]
   */
  async undo(database: Database, changes: readonly Change[]): Promise<Change[]> {
    return this.executor.evolution({ do: 'schema.undo', database, changes })
  }

  /**
   * The statements of changes, without running them. SQLite's catalogue is asked where they depend on what is there.
   *
   * @throws UnsupportedException, InvalidArgumentException
   * @example
   * await Schema.plan([{ kind: 'dropTable', table: 'logs' }]) // ['drop table "logs"']
   */
  async plan(changes: readonly Change[]): Promise<string[]> {
    return this.executor.evolution({ do: 'schema.plan', changes, settled: true })
  }

  /**
   * Runs changes, in order; several of them in one transaction where the database can.
   *
   * @throws UnsupportedException and InvalidArgumentException before anything is sent.
   * @example
   * await Schema.apply(await Schema.diff(await Schema.inspect(), wanted))
   */
  async apply(changes: readonly Change[]): Promise<void> {
    if (changes.length > 0) await this.executor.applyChanges(changes, true)
  }
}
