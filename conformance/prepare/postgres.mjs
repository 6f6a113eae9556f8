/** PostgreSQL: a database of its own; every attempt is a transaction that is rolled back. */
import { complaintOf, namespacesOf, scratchName } from './complaint.mjs'
import { creation, nameOf } from './tables.mjs'

/** Where statements are prepared on PostgreSQL. */
export class PostgresPlace {
  server = 'pgsql'
  #capsule
  #connection
  #admin
  #database

  static async open(guruorm, url) {
    const place = new PostgresPlace()
    place.#capsule = new guruorm.Capsule()
    place.#capsule.addConnection({ driver: 'pgsql', url, pool: { max: 1 } }, 'admin')
    place.#admin = place.#capsule.connection('admin')
    place.#database = scratchName()
    await place.#admin.unprepared(`create database "${place.#database}"`)
    const own = new URL(url)
    own.pathname = `/${place.#database}`
    place.#capsule.addConnection({ driver: 'pgsql', url: own.href, pool: { min: 1, max: 1 } }, 'scratch')
    place.#connection = place.#capsule.connection('scratch')
    return place
  }

  /** @returns What the server says against it; `undefined` when it prepared. */
  async attempt({ sql }, tables) {
    const undo = new Error('undo')
    let result
    try {
      await this.#connection.transaction(async (transaction) => {
        const schemas = namespacesOf(tables).map(
          (name) => `create schema if not exists ${nameOf({ path: [name] }, this.server)}`,
        )
        const made = [...schemas, ...tables.map((table) => creation(table, this.server))].join('; ')
        try {
          if (made !== '') await transaction.unprepared(made)
        } catch (error) {
          result = { ...complaintOf(error), isSchema: true }
          throw undo
        }
        try {
          // `truncate` is no statement that `prepare` takes. Here it can be run: it is undone.
          if (/^truncate /.test(sql)) await transaction.unprepared(sql)
          else await transaction.unprepared(`prepare guru as ${sql}; deallocate guru`)
        } catch (error) {
          result = complaintOf(error)
        }
        throw undo
      })
    } catch (error) {
      if (error !== undo) result ??= complaintOf(error)
    }
    return result
  }

  async close() {
    await this.#connection.disconnect()
    await this.#admin.unprepared(`drop database if exists "${this.#database}" with (force)`)
    await this.#admin.disconnect()
  }
}
