import { describe, expect, test } from 'vitest'
import { Capsule, type Connection, GuruORMError, InvalidArgumentException, UnsupportedException } from '../../js/index'
import { onEveryDatabase } from '../support/databases'
import { HOSTILE } from './hostile-inputs'
import { PLACES, type Place } from './hostile-places'
import { skeletonOf } from './sql-skeleton'

interface Statement {
  readonly sql: string
  readonly bindings: readonly unknown[]
}

/** The statements that a place sends for an input; `undefined` when it refuses it. */
async function statementsOf(connection: Connection, place: Place, input: unknown): Promise<Statement[] | undefined> {
  let text: unknown
  try {
    const sent = await connection.pretend(async () => {
      text = await place.run(() => connection.table('items'), input as never, connection)
    })
    // Calls that only write SQL answer it.
    return sent.length === 0 && typeof text === 'string' ? [{ sql: text, bindings: [] }] : sent
  } catch (error) {
    if (error instanceof InvalidArgumentException || error instanceof UnsupportedException) return undefined
    throw error
  }
}

/** Every word and sign that the SQL of honest programs has there, outside of quotes. */
async function vocabularyOf(connection: Connection, place: Place): Promise<ReadonlySet<string>> {
  const vocabulary = new Set(['.'])
  for (const input of place.innocent) {
    for (const { sql } of (await statementsOf(connection, place, input)) ?? []) {
      const { words, signs } = skeletonOf(sql, connection.driverName)
      for (const part of [...words, ...signs]) vocabulary.add(part)
    }
  }
  return vocabulary
}

/** Proves that a statement is one that an honest program could have sent: the input is in quotes, or bound. */
function assertHarmless({ sql, bindings }: Statement, driver: string, vocabulary: ReadonlySet<string>): void {
  const { words, signs, placeholders } = skeletonOf(sql, driver)
  for (const part of [...words, ...signs]) {
    if (!vocabulary.has(part)) throw new Error(`${JSON.stringify(part)} stands outside of quotes: ${sql}`)
  }
  if (placeholders !== bindings.length) throw new Error(`${bindings.length} values for the placeholders of ${sql}`)
}

const capsule = new Capsule()
const DRIVERS = ['postgres', 'mysql', 'mariadb', 'sqlite', 'sqlserver']
for (const driver of DRIVERS) capsule.addConnection({ driver, database: ':memory:' }, driver)

describe.each(DRIVERS)('on %s, hostile input', (driver) => {
  const connection = capsule.connection(driver)

  test.each(PLACES)('is refused, quoted or bound as $name', async (place) => {
    const vocabulary = await vocabularyOf(connection, place)
    const passed: string[] = []
    for (const [what, input] of HOSTILE) {
      try {
        const statements = await statementsOf(connection, place, input)
        for (const statement of statements ?? []) assertHarmless(statement, connection.driverName, vocabulary)
      } catch (error) {
        passed.push(`${what}: ${String(error)}`)
      }
    }
    if (passed.length > 0) throw new Error(passed.join('\n'))
  })
})

describe('the checker', () => {
  const harmful: [driver: string, sql: string][] = [
    ['pgsql', `select "a" from "t" order by "id" asc; drop table victim`],
    ['pgsql', `select 'a\\' or pwned --'`],
    ['pgsql', `select "a"" from "t"`],
    ['pgsql', `select $$pwned$$`],
    ['mysql', "select 'a\\' or pwned"],
    ['mysql', 'select `a` # pwned'],
    ['sqlite', `select "a" from "t" where 1 or pwned`],
    ['sqlserver', 'select [a]] from t'],
    ['sqlserver', 'select [a] from [t] where 0) or 1=1 -- in (1)'],
  ]

  test.each(harmful)('on %s finds the harm in %s', (driver, sql) => {
    const honest = new Set(['select', 'from', 'order', 'by', 'asc', 'where', 'in', '"', "'", '`', '[', ']'])
    expect(() => assertHarmless({ sql, bindings: [] }, driver, honest)).toThrow()
  })

  test.each(['pgsql', 'mysql', 'sqlite', 'sqlserver'])('on %s passes what stands in quotes', (driver) => {
    const text = driver === 'mysql' ? "'it''s \\' -- ; drop'" : "'it''s \\'"
    expect(skeletonOf(`select ${text}`, driver).outside).toBe("select ''")
  })
})

test('there are at least 37 hostile inputs for each of the five databases', () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(37)
  expect(DRIVERS).toHaveLength(5)
})

onEveryDatabase('hostile input that is sent', (db) => {
  async function prepare(): Promise<void> {
    const { dialect } = db
    const connection = db.connection()
    const id = { postgres: 'serial', mysql: 'integer auto_increment', sqlite: 'integer' }[dialect]
    const json = { postgres: 'jsonb', mysql: 'json', sqlite: 'text' }[dialect]
    await connection.statement('drop table if exists items')
    await connection.statement(
      `create table items (id ${id} primary key, name varchar(500), votes integer, at timestamp null, meta ${json})`,
    )
    await connection.insert('insert into items (name, votes, meta) values (?, ?, ?)', ['one', 1, '{"a": ["b"]}'])
  }

  test('leaves its victim alone, whatever it is and wherever it goes', async () => {
    const connection = db.connection()
    await connection.statement('drop table if exists victim')
    await connection.statement('create table victim (name varchar(50), pwned integer)')
    await connection.insert('insert into victim (name, pwned) values (?, ?)', ['alive', 0])
    await prepare()
    for (const place of PLACES) {
      for (const [what, input] of HOSTILE) {
        try {
          await place.run(() => connection.table('items'), input as never, connection)
        } catch (error) {
          if (!(error instanceof GuruORMError)) throw new Error(`${place.name}, ${what}: ${String(error)}`)
        }
      }
      expect(await connection.select('select * from victim'), place.name).toEqual([{ name: 'alive', pwned: 0 }])
    }
  }, 120_000)
})
