/** Decision D7 and promise 76: what `ssl` and `sslmode` mean, and that nothing falls back to plain text by itself. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConnectionException } from '../../../js/errors'
import type { Connection } from '../../../js/index'
import { PrivateMariaDb, PrivatePostgres } from '../../support/private-servers'
import { FaultProxy } from '../../support/proxy'
import { connectIn, inBothHosts, outcomeOf, pause } from './hosts'

interface Server {
  port: number
  caPath: string
  url(): string
  destroy(): Promise<void>
}

interface Kind {
  name: string
  options: { driver: string; username: string; database: string }
  areThere: boolean
  create(ssl: boolean): Promise<Server>
  isEncrypted(connection: Connection): Promise<boolean>
}

const KINDS: Kind[] = [
  {
    name: 'PostgreSQL',
    options: { driver: 'pgsql', username: 'postgres', database: 'postgres' },
    areThere: PrivatePostgres.isInstalled(),
    create: (ssl) => PrivatePostgres.create({ ssl, settings: { listen_addresses: '127.0.0.1,127.0.0.2' } }),
    isEncrypted: async (connection) =>
      (await connection.scalar('select ssl from pg_stat_ssl where pid = pg_backend_pid()')) as boolean,
  },
  {
    name: 'MariaDB',
    options: { driver: 'mariadb', username: 'root', database: 'mysql' },
    areThere: PrivateMariaDb.isInstalled(),
    create: (ssl) =>
      PrivateMariaDb.create({ ssl, settings: { 'bind-address': '0.0.0.0', ...(!ssl && { 'skip-ssl': true }) } }),
    isEncrypted: async (connection) =>
      (await connection.selectOne<{ Value: string }>("show status like 'Ssl_cipher'"))?.Value !== '',
  },
]

for (const kind of KINDS) {
  describe.runIf(kind.areThere)(`TLS on ${kind.name}`, () => {
    let withTls: Server
    let stranger: Server
    let withoutTls: Server
    beforeAll(async () => {
      const other = KINDS.find(({ name, areThere }) => name !== kind.name && areThere) ?? kind
      // One after the other: a MariaDB that is being made takes what memory there is.
      withTls = await kind.create(true)
      stranger = await other.create(true)
      withoutTls = await kind.create(false)
    })
    afterAll(() => Promise.all([withTls, stranger, withoutTls].map((server) => server?.destroy())))

    inBothHosts((host) => {
      const connect = (server: Server, options: Record<string, unknown>) =>
        connectIn(host, {
          ...kind.options,
          host: '127.0.0.1',
          port: server.port,
          pool: { acquireTimeoutMillis: 5000 },
          ...options,
        })

      test('a certificate that nobody we trust has signed is refused', async () => {
        for (const options of [{ ssl: true }, { sslmode: 'verify-full' }, { sslmode: 'verify-ca' }, { ssl: {} }]) {
          const { error } = await outcomeOf(connect(withTls, options).scalar('select 1'))
          expect(error, JSON.stringify(options)).toBeInstanceOf(ConnectionException)
          expect(error?.message).toMatch(/certificate|UnknownIssuer/i)
        }
      })

      test('another authority is no help', async () => {
        const ca = readFileSync(stranger.caPath, 'utf8')
        const { error } = await outcomeOf(connect(withTls, { ssl: { ca } }).scalar('select 1'))
        expect(error).toBeInstanceOf(ConnectionException)
      })

      test('scenario 203: a certificate of the authority that we name is accepted, as text and as a file', async () => {
        const ca = readFileSync(withTls.caPath, 'utf8')
        for (const options of [
          { ssl: { ca } },
          { ssl: { ca: withTls.caPath } },
          { ssl: { ca: Buffer.from(ca) } },
          { ssl: { ca }, sslmode: 'verify-ca' },
        ]) {
          expect(await kind.isEncrypted(connect(withTls, options))).toBe(true)
        }
      })

      test('a certificate for another host is refused, and accepted where only the chain is verified', async () => {
        const ca = withTls.caPath
        const { error } = await outcomeOf(connect(withTls, { host: '127.0.0.2', ssl: { ca } }).scalar('select 1'))
        expect(error).toBeInstanceOf(ConnectionException)
        const chainOnly = connect(withTls, { host: '127.0.0.2', ssl: { ca }, sslmode: 'verify-ca' })
        expect(await kind.isEncrypted(chainOnly)).toBe(true)
      })

      test('`require`, and verification turned off by name, encrypt without asking who it is', async () => {
        const ca = readFileSync(stranger.caPath, 'utf8')
        for (const options of [
          { sslmode: 'require' },
          { ssl: 'require' },
          { ssl: { rejectUnauthorized: false } },
          { ssl: { rejectUnauthorized: false, ca } },
        ]) {
          expect(await kind.isEncrypted(connect(withTls, options)), JSON.stringify(options)).toBe(true)
        }
      })

      test('`disable` and `ssl: false` are plain', async () => {
        for (const options of [{ sslmode: 'disable' }, { ssl: false }]) {
          expect(await kind.isEncrypted(connect(withTls, options))).toBe(false)
        }
      })

      test('a server without TLS is refused, never spoken to in plain text', async () => {
        for (const options of [
          { ssl: true },
          { sslmode: 'require' },
          { ssl: { rejectUnauthorized: false } },
          { sslmode: 'verify-full' },
        ]) {
          const { error } = await outcomeOf(connect(withoutTls, options).scalar('select 1'))
          expect(error, JSON.stringify(options)).toBeInstanceOf(ConnectionException)
          expect(error?.message).toMatch(/TLS/)
        }
        expect(await kind.isEncrypted(connect(withoutTls, { sslmode: 'prefer' }))).toBe(false)
      })

      test('statements are cancelled and results cut on an encrypted connection as on any other', async () => {
        const proxy = await FaultProxy.inFrontOf(withTls.url())
        const connection = connect(withTls, { port: proxy.port, ssl: { ca: withTls.caPath } })
        const sleep = { PostgreSQL: 'select pg_sleep(30)', MariaDB: 'select sleep(30)' }[kind.name] as string
        const { error, ms } = await outcomeOf(connection.select(sleep, [], { timeout: 100 }))
        expect(error?.code).toBe('QUERY_TIMEOUT')
        expect(ms).toBeLessThan(2000)
        proxy.cut()
        await pause(50)
        expect(await kind.isEncrypted(connection)).toBe(true)
        await proxy.close()
      })
    })
  })
}
