import { Capsule, Migrator } from '../../index.mjs'
import { counted } from './driver.mjs'

/** A lock, a transaction each where the database has transactional definitions, `migrations` and `migration_logs`. */
export function open({ database, url, folder }) {
  const capsule = new Capsule()
  capsule.addConnection(database === 'sqlite' ? { driver: 'sqlite', database: url } : { driver: database, url })
  const connection = capsule.connection()
  return {
    connect: () => connection.select('select 1 as one'),
    async migrate() {
      const failed = (await new Migrator(connection, { paths: [folder] }).run()).find(({ success }) => !success)
      if (failed !== undefined) throw new Error(failed.error)
    },
    count: () => counted(database, (sql) => connection.select(sql), 'migrations'),
    close: () => capsule.disconnect(),
  }
}
