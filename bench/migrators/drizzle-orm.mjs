import { counted, openDriver } from './driver.mjs'

const MODULES = { postgres: 'node-postgres', mariadb: 'mysql2', sqlite: 'better-sqlite3' }

/** Its migrator: no lock, one transaction around all of them, files of SQL, `__drizzle_migrations`. */
export async function open({ database, url, folder }) {
  const driver = await openDriver(database, url)
  const { drizzle } = await import(`drizzle-orm/${MODULES[database]}`)
  const { migrate } = await import(`drizzle-orm/${MODULES[database]}/migrator`)
  const db = drizzle(driver.client)
  const journal = database === 'postgres' ? 'drizzle.__drizzle_migrations' : '__drizzle_migrations'
  return {
    connect: () => driver.query('select 1 as one'),
    migrate: async () => migrate(db, { migrationsFolder: folder }),
    count: () => counted(database, driver.query, journal),
    close: driver.close,
  }
}
