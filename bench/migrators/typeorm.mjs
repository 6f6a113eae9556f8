import typeorm from 'typeorm'
import { counted } from './driver.mjs'

const TYPE = { postgres: 'postgres', mariadb: 'mariadb', sqlite: 'better-sqlite3' }

/** `runMigrations({ transaction: 'each' })`: no lock, a transaction each, a table `migrations`. */
export async function open({ database, url, folder }) {
  const source = new typeorm.DataSource({
    type: TYPE[database],
    ...(database === 'sqlite' ? { database: url, enableWAL: true } : { url }),
    migrations: [`${folder}/*.cjs`],
    migrationsTransactionMode: 'each',
  })
  await source.initialize()
  if (database === 'sqlite') await source.query('pragma synchronous = normal')
  return {
    connect: () => source.query('select 1'),
    migrate: () => source.runMigrations({ transaction: 'each' }),
    count: () => counted(database, (sql) => source.query(sql), 'migrations'),
    close: () => source.destroy(),
  }
}
