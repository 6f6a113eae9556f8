/** Opens a place on a server where statements are prepared. */
import { MariaDbPlace } from './mariadb.mjs'
import { PostgresPlace } from './postgres.mjs'
import { SqlitePlace } from './sqlite.mjs'

const VARIABLES = { pgsql: 'GURUORM_TEST_POSTGRES_URL', mariadb: 'GURUORM_TEST_MARIADB_URL' }
const PLACES = { pgsql: PostgresPlace, mariadb: MariaDbPlace, sqlite: SqlitePlace }

/** @returns A place on the server that the environment names; `undefined` when it names none. */
export async function placeFor(server, guruorm) {
  const variable = VARIABLES[server]
  const url = variable === undefined ? '' : process.env[variable]
  return url === undefined ? undefined : await PLACES[server].open(guruorm, url)
}
