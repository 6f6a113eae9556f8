/** Long and unusual text and bytes, through real columns (promises 41 and 42). */
import { createHash } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { onDatabase, onEveryDatabase } from '../support/databases'

const MEGABYTE = 2 ** 20

/** A million characters of each width that the wire and JavaScript know. */
const LONG: Record<string, string> = {
  'ASCII of 1 MB': 'abcdefgh'.repeat(MEGABYTE / 8),
  'Latin-1 of 1 MB': 'é'.repeat(MEGABYTE / 2),
  'text of 1 MB in four-byte characters': '🦀'.repeat(MEGABYTE / 4),
  'text of 1 MB with one wide character at its end': `${'x'.repeat(MEGABYTE)}界`,
}

onEveryDatabase('Texts', (db) => {
  beforeAll(async () => {
    const [text, bytes] = { postgres: ['text', 'bytea'], mysql: ['longtext', 'longblob'], sqlite: ['text', 'blob'] }[
      db.dialect
    ] as [string, string]
    await db.connection().statement(`create table long_values (id integer primary key, value ${text}, other ${bytes})`)
  })

  for (const [number, [name, text]] of Object.entries(LONG).entries()) {
    test(`${name} comes back`, async () => {
      const table = db.connection().table('long_values')
      await table.insert({ id: number, value: text })
      const read = await table.clone().where('id', number).value('value')
      expect(read === text).toBe(true)
      const length = db.dialect === 'sqlite' ? 'length(cast(value as blob))' : 'octet_length(value)'
      const stored = await db.connection().scalar(`select ${length} from long_values where id = ?`, [number])
      expect(stored).toBe(Buffer.byteLength(text))
    })
  }

  test('1 MB of any bytes comes back', async () => {
    const bytes = Buffer.alloc(MEGABYTE)
    for (let at = 0; at < MEGABYTE; at++) bytes[at] = (at * 31 + (at >> 8)) & 0xff
    await db.connection().insert('insert into long_values (id, other) values (?, ?)', [100, bytes])
    const read = await db.connection().table('long_values').where('id', 100).value('other')
    expect(Buffer.isBuffer(read)).toBe(true)
    expect(bytes.equals(read as Buffer)).toBe(true)
  })

  test('empty text, empty bytes and null are three things', async () => {
    const connection = db.connection()
    await connection.table('long_values').insert([
      { id: 200, value: '', other: Buffer.alloc(0) },
      { id: 201, value: null, other: null },
    ])
    const rows = await connection.table('long_values').where('id', '>=', 200).orderBy('id').get()
    expect(rows).toStrictEqual([
      { id: 200, value: '', other: Buffer.alloc(0) },
      { id: 201, value: null, other: null },
    ])
    expect(await connection.table('long_values').where('value', '').pluck('id')).toEqual([200])
    expect(await connection.table('long_values').where('id', '>=', 200).whereNull('value').pluck('id')).toEqual([201])
    expect(await connection.table('long_values').where('other', Buffer.alloc(0)).pluck('id')).toEqual([200])
  })

  test('a Buffer that was read is the program’s own', async () => {
    const connection = db.connection()
    const table = connection.table('long_values')
    await table.insert({ id: 300, other: Buffer.from('keep me') })
    const first = (await table.clone().where('id', 300).value('other')) as Buffer
    const digest = createHash('sha256').update(first).digest('hex')
    for (let turn = 0; turn < 20; turn++) await connection.select('select other from long_values where id = 100')
    expect(createHash('sha256').update(first).digest('hex')).toBe(digest)
    first.fill(0)
    expect(await table.clone().where('id', 300).value('other')).toEqual(Buffer.from('keep me'))
  })

  test('every character of Unicode comes back', async () => {
    const connection = db.connection()
    // In pieces of 4 096 characters: no surrogates, and no NUL for PostgreSQL.
    const pieces: string[] = []
    for (let from = 0; from < 0x110000; from += 4096) {
      let piece = ''
      for (let code = from; code < from + 4096; code++) {
        if (code !== 0 && (code < 0xd800 || code > 0xdfff)) piece += String.fromCodePoint(code)
      }
      pieces.push(piece)
    }
    await connection.table('long_values').insert(pieces.map((value, at) => ({ id: 1000 + at, value })))
    const read = await connection.table('long_values').where('id', '>=', 1000).orderBy('id').pluck('value')
    expect(read.length).toBe(272)
    expect(pieces.findIndex((piece, at) => piece !== read[at])).toBe(-1)
  })
})

onDatabase('mysql', 'Character set', (db) => {
  test('the connection speaks utf8mb4, whatever the table does', async () => {
    const [row] = await db
      .connection()
      .select(
        'select @@character_set_client as client, @@character_set_connection as connection, @@character_set_results as results',
      )
    expect(row).toEqual({ client: 'utf8mb4', connection: 'utf8mb4', results: 'utf8mb4' })
  })

  test('a character that a column cannot hold is an error, not a question mark', async () => {
    const connection = db.connection()
    await connection.statement('create table latin (value varchar(10) character set latin1)')
    await expect(connection.table('latin').insert({ value: '日本' })).rejects.toMatchObject({ nativeCode: '1366' })
    expect(await connection.table('latin').count()).toBe(0)
  })
})
