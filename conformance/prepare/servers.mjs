/** Scratch places where a statement is prepared against tables made for it. */
import { creation, nameOf } from './tables.mjs'

/** What a server said against a statement. */
const complaint = (error) => ({
  code: error.nativeCode ?? error.code,
  reason: error.message.replace(/ \(Connection: [\s\S]*$/, ''),
})

const namespacesOf = (tables) => [...new Set(tables.filter(({ path }) => path.length === 2).map(({ path }) => path[0]))]

/** PostgreSQL: a database of its own; every attempt is a transaction that is rolled back. */
export class PostgresPlace {
  static name = 'PostgreSQL'
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
    place.#database = `guruorm_prepare_${process.pid}_${Date.now() % 100000}`
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
        const schemas = namespacesOf(tables).map((name) => `create schema if not exists "${name}"`)
        const made = [...schemas, ...tables.map((table) => creation(table, this.server))].join('; ')
        try {
          if (made !== '') await transaction.unprepared(made)
        } catch (error) {
          result = { ...complaint(error), isSchema: true }
          throw undo
        }
        try {
          // `truncate` is no statement that `prepare` takes. Here it can be run: it is undone.
          if (/^truncate /.test(sql)) await transaction.unprepared(sql)
          else await transaction.unprepared(`prepare guru as ${sql}; deallocate guru`)
        } catch (error) {
          result = complaint(error)
        }
        throw undo
      })
    } catch (error) {
      if (error !== undo) result ??= complaint(error)
    }
    return result
  }

  async close() {
    await this.#connection.disconnect()
    await this.#admin.unprepared(`drop database if exists "${this.#database}" with (force)`)
    await this.#admin.disconnect()
  }
}

/** MariaDB: temporary tables of one session, in a database of its own. */
export class MariaDbPlace {
  static name = 'MariaDB'
  server = 'mariadb'
  #capsule
  #admin
  #session
  #end
  #made = []
  #database
  #others = new Map()

  static async open(guruorm, url) {
    const place = new MariaDbPlace()
    place.#capsule = new guruorm.Capsule()
    place.#capsule.addConnection({ driver: 'mariadb', url, pool: { max: 1 } }, 'admin')
    place.#admin = place.#capsule.connection('admin')
    place.#database = `guruorm_prepare_${process.pid}_${Date.now() % 100000}`
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
  #done

  async attempt({ sql }, tables) {
    try {
      await this.#make(tables)
    } catch (error) {
      return { ...complaint(error), isSchema: true }
    }
    try {
      await this.#session.unprepared(`prepare guru from ${textOf(sql)}`)
      return undefined
    } catch (error) {
      return complaint(error)
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
    if (this.#others.has(name)) return
    const found = await this.#admin.select('select 1 from information_schema.schemata where schema_name = ?', [name])
    this.#others.set(name, found.length === 0)
    if (found.length === 0) await this.#admin.unprepared(`create database \`${name}\``)
  }

  async close() {
    this.#end()
    await this.#done
    await this.#capsule.connection('scratch').disconnect()
    const own = [...this.#others].filter(([, isOurs]) => isOurs).map(([name]) => name)
    for (const name of [this.#database, ...own]) await this.#admin.unprepared(`drop database if exists \`${name}\``)
    await this.#admin.disconnect()
  }
}

/** A statement as a literal. */
const textOf = (sql) => `'${sql.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

/** SQLite: a database in memory. */
export class SqlitePlace {
  static name = 'SQLite'
  server = 'sqlite'
  #connection
  #made = []
  #attached = new Set(['main', 'temp'])

  static async open(guruorm) {
    const place = new SqlitePlace()
    const capsule = new guruorm.Capsule()
    capsule.addConnection({ driver: 'sqlite', database: ':memory:' }, 'scratch')
    place.#connection = capsule.connection('scratch')
    // `truncate()` empties the table of counters, which is there as soon as a table counts.
    await place.#connection.unprepared('create table "guruorm_counts" ("id" integer primary key autoincrement)')
    return place
  }

  async attempt({ sql, bindings }, tables) {
    try {
      await this.#make(tables.filter(({ path }) => path.at(-1) !== 'sqlite_sequence'))
    } catch (error) {
      return { ...complaint(error), isSchema: true }
    }
    try {
      await this.#connection.select(`explain ${sql}`, bindings)
      return undefined
    } catch (error) {
      return complaint(error)
    }
  }

  async #make(tables) {
    const attach = namespacesOf(tables).filter((name) => !this.#attached.has(name))
    for (const name of attach) {
      this.#attached.add(name)
      await this.#connection.unprepared(`attach ':memory:' as "${name}"`)
    }
    const remove = this.#made.map((name) => `drop table if exists ${name}`)
    this.#made = tables.map((table) => nameOf(table, this.server))
    const script = [...remove, ...tables.map((table) => creation(table, this.server))].join('; ')
    if (script !== '') await this.#connection.unprepared(script)
  }

  async close() {
    await this.#connection.disconnect()
  }
}
