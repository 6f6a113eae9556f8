/** MariaDB with a zone that has a name: servers know names only after their zone tables are filled, so this one has its own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Capsule } from '../../js/index'
import { PrivateMariaDb } from '../support/private-servers'
import { type Difference, differences, fill, notFound, WAYS } from './round-trip'
import { MARIADB } from './types/mariadb'

/** Berlin from 2024 on, as `mysql_tzinfo_to_sql` fills it: winter time 3,600 s from UTC, summer time 7,200. */
const BERLIN = `
  insert into mysql.time_zone (use_leap_seconds) values ('N');
  set @zone = last_insert_id();
  insert into mysql.time_zone_name (name, time_zone_id) values ('Europe/Berlin', @zone);
  insert into mysql.time_zone_transition_type (time_zone_id, transition_type_id, \`offset\`, is_dst, abbreviation)
    values (@zone, 0, 3600, 0, 'CET'), (@zone, 1, 7200, 1, 'CEST');
  insert into mysql.time_zone_transition (time_zone_id, transition_time, transition_type_id)
    values (@zone, 1711846800, 1), (@zone, 1729990800, 0);`

describe.skipIf(!PrivateMariaDb.isInstalled())('MariaDB in Europe/Berlin', () => {
  let server: Awaited<ReturnType<typeof PrivateMariaDb.create>>
  const capsule = new Capsule()

  beforeAll(async () => {
    server = await PrivateMariaDb.create()
    const config = { driver: 'mariadb', host: '127.0.0.1', port: server.port, username: 'root' }
    capsule.addConnection(config, 'utc')
    await capsule.connection('utc').unprepared(`create database zones; ${BERLIN}`)
    capsule.addConnection({ ...config, database: 'zones', timezone: 'Europe/Berlin' }, 'berlin')
  })

  afterAll(async () => {
    await capsule.disconnect()
    await server?.destroy()
  })

  const columns = MARIADB.filter(({ type }) => /^(date|time)/.test(type))

  for (const [number, column] of columns.entries()) {
    test(`${column.type} gives back what it was given`, async () => {
      const connection = capsule.connection('berlin')
      const table = `t${number}`
      await connection.statement(`create table ${table} (id integer primary key, value ${column.type} null)`)
      const different: Difference[] = []
      for (const way of WAYS) {
        await fill(connection, table, column.samples, way)
        different.push(...(await differences(connection, table, column, 'berlin', way)))
      }
      expect(different).toEqual([])
      expect(await notFound(connection, table, column, 'berlin')).toEqual([])
    })
  }

  test('the server’s clock is that of the connection', async () => {
    const connection = capsule.connection('berlin')
    await connection.statement(
      'create table clocks (id integer, made_at datetime(6) default current_timestamp(6), stamp timestamp(6) default current_timestamp(6))',
    )
    const before = Date.now()
    await connection.table('clocks').insert({ id: 1 })
    const row = (await connection.table('clocks').first()) as Record<string, Date>
    for (const name of ['made_at', 'stamp']) {
      const at = (row[name] as Date).getTime()
      expect(at, name).toBeGreaterThanOrEqual(before)
      expect(at, name).toBeLessThanOrEqual(Date.now())
    }
  })
})
