/**
 * The database servers that the tests talk to. Each is, in this order: the one that the environment names, one that
 * runs on this machine at its usual port and lets us in without a password, one that we start from installed programs,
 * one that we install (only as root on Debian and its kin).
 */
import { existsSync } from 'node:fs'
import { quietly } from './command.mjs'
import { mysqlAccepts, postgresAccepts } from './network.mjs'
import { PrivateMariaDb } from './private-mariadb.mjs'
import { PrivatePgBouncer } from './private-pgbouncer.mjs'
import { PrivatePostgres } from './private-postgres.mjs'
import { Stop, step } from './terminal.mjs'

const SERVERS = [
  {
    name: 'PostgreSQL',
    variable: 'GURUORM_TEST_POSTGRES_URL',
    usual: 'postgres://postgres@127.0.0.1:5432/postgres',
    isRunning: () => postgresAccepts({ host: '127.0.0.1', port: 5432, user: 'postgres' }),
    programs: PrivatePostgres,
    debianPackage: 'postgresql',
  },
  {
    name: 'MariaDB',
    variable: 'GURUORM_TEST_MARIADB_URL',
    usual: 'mysql://root@127.0.0.1:3306/mysql',
    isRunning: () => mysqlAccepts({ host: '127.0.0.1', port: 3306, user: 'root' }),
    programs: PrivateMariaDb,
    debianPackage: 'mariadb-server',
  },
]

/**
 * Finds or starts every server and names it in the environment (`GURUORM_TEST_POSTGRES_URL`, `GURUORM_TEST_MARIADB_URL`).
 * A server that cannot be had is left out: its tests are reported as skipped. With `CI=true` it is a failure.
 *
 * @returns Stops what was started here.
 */
export async function bringUpDatabases() {
  const started = []
  const tearDown = () => Promise.all(started.map((server) => server.destroy()))
  try {
    for (const server of SERVERS) {
      await step(server.name, async () => {
        const found = await findOrStart(server, started)
        if (found.url !== undefined) process.env[server.variable] = found.url
        else if (isCI()) throw new Stop(`${server.name}: ${found.how}`)
        return found.how
      })
    }
    await step('PgBouncer', providePgBouncer)
  } catch (error) {
    await tearDown()
    throw error
  }
  return tearDown
}

/** On the build server a missing database is a failure, not a skip. */
export const isCI = () => /^(1|true)$/i.test(process.env.CI ?? '')

/** Tests start poolers of their own; here it is only seen to that there is a program to start. */
async function providePgBouncer() {
  if (PrivatePgBouncer.isInstalled()) return 'installed'
  const canUnpack = existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg')
  const throwInCI = (error) => {
    if (isCI()) throw error
  }
  if (canUnpack) await PrivatePgBouncer.unpack().catch(throwInCI)
  if (PrivatePgBouncer.isInstalled()) return 'unpacked below target/'
  if (isCI()) throw new Stop('PgBouncer: not found')
  return 'not found: its tests are skipped (install it)'
}

async function findOrStart(server, started) {
  const { name, variable, programs } = server
  if (process.env[variable]) return { url: process.env[variable], how: `from ${variable}` }
  if (await server.isRunning()) return { url: server.usual, how: 'running on this machine' }
  const installed = programs.isInstalled()
  if (!installed) {
    if (!mayInstall()) return { how: `not found: its tests are skipped (install it, or set ${variable})` }
    await quietly(`apt-get-${server.debianPackage}`, 'apt-get', ['update'])
    await quietly(
      `apt-get-${server.debianPackage}`,
      'apt-get',
      ['install', '-y', '--no-install-recommends', server.debianPackage],
      {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      },
    )
    if (!programs.isInstalled())
      throw new Stop(`${name} was installed, but its programs are not where they are looked for.`)
  }
  const own = await programs.create()
  started.push(own)
  return { url: own.url(), how: `${installed ? 'started' : 'installed and started'} on port ${own.port}` }
}

const mayInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
