/** SQLite: a database in memory. */
import { complaintOf, namespacesOf } from './complaint.mjs'
import { creation, nameOf } from './tables.mjs'

/** Most databases that stay attached: SQLite takes ten. */
const MOST_ATTACHED = 8

const quoted = (name) => nameOf({ path: [name] }, 'sqlite')

/** Where statements are prepared on SQLite. */
export class SqlitePlace {
  server = 'sqlite'
  #connection
  #made = []
  #attempts = 0
  #attached = new Set()

  static async open(guruorm) {
    const place = new SqlitePlace()
    const capsule = new guruorm.Capsule()
    capsule.addConnection({ driver: 'sqlite', database: ':memory:' }, 'scratch')
    place.#connection = capsule.connection('scratch')
    await place.#counter('main')
    return place
  }

  /** @returns What SQLite says against it; `undefined` when it prepared. */
  async attempt({ sql, bindings }, tables) {
    this.#attempts += 1
    try {
      await this.#make(tables)
    } catch (error) {
      return { ...complaintOf(error), isSchema: true }
    }
    try {
      // Its number makes each a statement of its own: SQLite crashes when it explains one again whose table is gone.
      await this.#connection.select(`explain /* ${this.#attempts} */ ${sql}`, bindings)
      return undefined
    } catch (error) {
      return complaintOf(error)
    }
  }

  async #make(tables) {
    for (const name of this.#made.splice(0)) await this.#connection.unprepared(`drop table if exists ${name}`)
    for (const name of namespacesOf(tables)) await this.#attach(name)
    for (const table of tables) {
      if (table.path.at(-1) === 'sqlite_sequence') continue
      await this.#connection.unprepared(creation(table, this.server))
      this.#made.push(nameOf(table, this.server))
    }
  }

  async #attach(name) {
    if (name === 'main' || name === 'temp' || this.#attached.has(name)) return
    if (this.#attached.size === MOST_ATTACHED) {
      for (const each of this.#attached) await this.#connection.unprepared(`detach ${quoted(each)}`)
      this.#attached.clear()
    }
    await this.#connection.unprepared(`attach ':memory:' as ${quoted(name)}`)
    this.#attached.add(name)
    await this.#counter(name)
  }

  /** A table that counts its keys: with it there is SQLite's own table of counters, which `truncate()` empties. */
  async #counter(name) {
    await this.#connection.unprepared(
      `create table ${quoted(name)}."guruorm_counts" ("id" integer primary key autoincrement)`,
    )
  }

  async close() {
    await this.#connection.disconnect()
  }
}
