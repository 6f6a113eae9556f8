import { Umzug } from 'umzug'
import { counted, openDriver } from './driver.mjs'

/** `up()` on the driver itself: no lock and no transaction; a table for names, as its manual shows one. */
export async function open({ database, url, folder }) {
  const driver = await openDriver(database, url)
  const at = database === 'postgres' ? '$1' : '?'
  await driver.query('create table if not exists umzug_migrations (name varchar(255) not null primary key)')
  const umzug = new Umzug({
    migrations: { glob: ['*.cjs', { cwd: folder }] },
    context: driver,
    storage: {
      logMigration: ({ name }) => driver.query(`insert into umzug_migrations (name) values (${at})`, [name]),
      unlogMigration: ({ name }) => driver.query(`delete from umzug_migrations where name = ${at}`, [name]),
      executed: async () =>
        (await driver.query('select name from umzug_migrations order by name')).map(({ name }) => name),
    },
    logger: undefined,
  })
  return {
    connect: () => driver.query('select 1 as one'),
    migrate: () => umzug.up(),
    count: () => counted(database, driver.query, 'umzug_migrations'),
    close: driver.close,
  }
}
