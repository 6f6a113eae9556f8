/** Users of MariaDB whose log-in is not known here: the way is named, with those that are. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConnectionException } from '../../../js/errors'
import { PrivateMariaDb } from '../../support/private-servers'
import { connectIn, inBothHosts, outcomeOf } from './hosts'

describe.runIf(PrivateMariaDb.isInstalled())('Log-ins on MariaDB', () => {
  let server: Awaited<ReturnType<typeof PrivateMariaDb.create>>
  beforeAll(async () => {
    server = await PrivateMariaDb.create({ settings: { 'plugin-load-add': 'auth_ed25519' } })
    const root = connectIn('inline', {
      driver: 'mariadb',
      host: '127.0.0.1',
      port: server.port,
      username: 'root',
      database: 'mysql',
    })
    await root.unprepared(`
      create user modern@'127.0.0.1' identified via ed25519 using password('secret');
      create user usual@'127.0.0.1' identified via mysql_native_password using password('secret');
      create user nobody@'127.0.0.1' identified via mysql_native_password using 'invalid';`)
    await root.disconnect()
  })
  afterAll(() => server?.destroy())

  inBothHosts((host) => {
    const asUser = (username: string, password = 'secret') =>
      connectIn(host, { driver: 'mariadb', host: '127.0.0.1', port: server.port, username, password, database: '' })

    test('one that is not known here is a ConnectionException that names it', async () => {
      const { error } = await outcomeOf(asUser('modern').scalar('select 1'))
      expect(error).toBeInstanceOf(ConnectionException)
      expect(error?.message).toMatch(/client_ed25519.*mysql_native_password/)
      expect(error?.message).not.toContain('secret')
    })

    test('the usual one is served, and a wrong password is told', async () => {
      expect(await asUser('usual').scalar('select 1')).toBe(1)
      for (const [user, password] of [
        ['usual', 'wrong'],
        ['usual', ''],
        ['nobody', 'secret'],
      ] as const) {
        const { error } = await outcomeOf(asUser(user, password).scalar('select 1'))
        expect(error).toBeInstanceOf(ConnectionException)
        expect(error?.message).toContain('check username and password')
      }
    })
  })
})
