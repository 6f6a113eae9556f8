/** MariaDB: temporary tables of one session, in a database of its own. */
import { complaintOf, namespacesOf, scratchName } from './complaint.mjs'
import { creation, nameOf } from './tables.mjs'

/** Where statements are prepared on MariaDB. */
export class MariaDbPlace {
  server = 'mariadb'
  #capsule
  #admin
  #session
  #end
  #done
  #made = []
  #database
  #namespaces = new Set()

  static async open(guruorm, url) {
    const place = new MariaDbPlace()
    place.#capsule = new guruorm.Capsule()
    place.#capsule.addConnection({ driver: 'mariadb', url, pool: { max: 1 } }, 'admin')
    place.#admin = place.#capsule.connection('admin')
    place.#database = scratchName()
    await place.#admin.unprepared(`create database \`${place.#database}\` character set utf8mb4`)
    const own = new URL(url)
    own.pathname = `/${place.#database}`
    place.#capsule.addConnection({ driver: 'mariadb', url: own.href, pool: { max: 1 } }, 'scratch')
    await place.#hold()
    return place
  }

  /** Temporary tables are of a session: a transaction keeps it until the end. */
  async #hold() {
    const held = new Promise((resolve) => {
      this.#end = resolve
    })
    await new Promise((ready, failed) => {
      this.#done = this.#capsule
        .connection('scratch')
        .transaction(async (session) => {
          this.#session = session
          ready()
          await held
        })
        .catch(failed)
    })
  }

  /** @returns What the server says against it; `undefined` when it prepared. */
  async attempt({ sql }, tables) {
    try {
      await this.#make(tables)
    } catch (error) {
      return { ...complaintOf(error), isSchema: true }
    }
    try {
      await this.#session.unprepared(`prepare guru from ${textOf(sql)}`)
      return undefined
    } catch (error) {
      return complaintOf(error)
    }
  }

  async #make(tables) {
    const remove = this.#made.map((name) => `drop temporary table if exists ${name}`)
    for (const name of namespacesOf(tables)) await this.#namespace(name)
    this.#made = tables.map((table) => nameOf(table, this.server))
    const script = [...remove, ...tables.map((table) => creation(table, this.server))].join('; ')
    if (script !== '') await this.#session.unprepared(script)
  }

  /** A database that a statement names; one that was not there goes at the end. */
  async #namespace(name) {
    const quoted = nameOf({ path: [name] }, this.server)
    // Asked each time: another run at the same server may have made and dropped it.
    const [found] = await this.#admin.select('select 1 from information_schema.schemata where schema_name = ?', [name])
    if (found !== undefined) return
    await this.#admin.unprepared(`create database if not exists ${quoted}`)
    this.#namespaces.add(quoted)
  }

  async close() {
    this.#end()
    await this.#done
    await this.#capsule.connection('scratch').disconnect()
    for (const name of [`\`${this.#database}\``, ...this.#namespaces]) {
      await this.#admin.unprepared(`drop database if exists ${name}`)
    }
    await this.#admin.disconnect()
  }
}

/** A statement as a literal. */
const textOf = (sql) => `'${sql.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
