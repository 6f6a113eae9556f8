/**
 * Servers of a test's own: to be stopped, restarted, killed (`kill -9`), or configured in a special way.
 *
 * @example
 * const server = await PrivatePostgres.create({ ssl: true, settings: { max_connections: 5 } })
 * await server.restart()
 * await server.kill()
 * await server.destroy()
 */
export { PrivateMariaDb } from '../../scripts/lib/private-mariadb.mjs'
export { PrivatePgBouncer } from '../../scripts/lib/private-pgbouncer.mjs'
export { PrivatePostgres } from '../../scripts/lib/private-postgres.mjs'
