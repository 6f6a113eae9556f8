/** Values of several packets (a packet ends at 16 MiB), on a MariaDB whose `max_allowed_packet` lets them pass. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Capsule } from '../../js/index'
import { PrivateMariaDb } from '../support/private-servers'

const MEBIBYTE = 1024 * 1024
const LIMIT = 64 * MEBIBYTE
const SIZE = 40_000_000

describe.skipIf(!PrivateMariaDb.isInstalled())('Large values on MariaDB', () => {
  let server: Awaited<ReturnType<typeof PrivateMariaDb.create>>
  const capsule = new Capsule()
  const db = () => capsule.connection()

  beforeAll(async () => {
    server = await PrivateMariaDb.create({ settings: { 'max-allowed-packet': LIMIT, 'innodb-log-file-size': '512M' } })
    const config = { driver: 'mariadb', host: '127.0.0.1', port: server.port, username: 'root', database: 'mysql' }
    capsule.addConnection({ ...config, pool: { max: 1, idleTimeoutMillis: 0 } })
    await db().statement('create database big character set utf8mb4')
    await db().statement('create table big.t (id integer primary key, text longtext, bytes longblob)')
  })

  afterAll(async () => {
    await capsule.disconnect()
    await server?.destroy()
  })

  const text = 'naïve 🦀 '.repeat(SIZE / 12).padEnd(SIZE / 12, 'x')
  const bytes = Buffer.alloc(
    SIZE,
    Uint8Array.from({ length: 251 }, (_, place) => place),
  )
  const stored = async (id: number) =>
    db().selectOne<{ text: string; bytes: Uint8Array }>('select * from big.t where id = ?', [id])

  test('a text and bytes of 40 MB come back equal, as bound values and as literals', async () => {
    await db().insert('insert into big.t (id, text) values (1, ?)', [text])
    await db().update('update big.t set bytes = ? where id = 1', [bytes])
    await db().unprepared(`insert into big.t (id, text) values (2, '${text}')`)
    await db().statement(`update big.t set bytes = x'${bytes.subarray(0, SIZE / 2).toString('hex')}' where id = 2`)
    const [bound, literal] = [await stored(1), await stored(2)]
    // Not `toEqual`, which would print them.
    expect(bound?.text === text && bytes.equals(bound.bytes)).toBe(true)
    expect(literal?.text === text && bytes.subarray(0, SIZE / 2).equals(literal.bytes)).toBe(true)
    expect(await db().scalar('select count(*) from big.t where text = ?', [text])).toBe(2)
  }, 60_000)

  test('rows of any size follow each other in a cursor', async () => {
    const lengths: number[] = []
    const sql =
      "select repeat('x', n) as v from (select 16777203 as n union all select 16777204 union all select 16777205 union all select 16777215 union all select 16777216 union all select 1 union all select 33554420) t"
    for await (const row of db().cursor<{ v: string }>(sql)) lengths.push(row.v.length)
    expect(lengths).toEqual([16_777_203, 16_777_204, 16_777_205, 16_777_215, 16_777_216, 1, 33_554_420])
  })

  test('what is beyond the limit of the server is refused before anything is sent', async () => {
    const session = await db().scalar('select connection_id()')
    const tooLong = 'x'.repeat(LIMIT)
    const refused = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('max_allowed_packet') }
    await expect(db().insert('insert into big.t (id, text) values (3, ?)', [tooLong])).rejects.toMatchObject(refused)
    await expect(db().unprepared(`insert into big.t (id, text) values (3, '${tooLong}')`)).rejects.toMatchObject(
      refused,
    )
    expect(await db().scalar('select connection_id()')).toBe(session)
    expect(await db().scalar('select count(*) from big.t where id = 3')).toBe(0)
  })

  test('the longest statement that the server takes is sent', async () => {
    // The command and what it says of its one parameter take 23 bytes; the server takes less than its limit.
    const longest = Buffer.alloc(LIMIT - 1 - 23)
    expect(await db().scalar('select length(?)', [longest])).toBe(longest.length)
    await expect(db().scalar('select length(?)', [Buffer.alloc(longest.length + 1)])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })
})
