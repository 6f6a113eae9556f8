import { beforeAll, expect, test } from 'vitest'
import { Capsule, DB, raw, UnsupportedException } from '../../js/index'
import { onDatabase, onEveryDatabase } from '../support/databases'
import { createPeople } from '../support/people'

onEveryDatabase('Queries as text', (db) => {
  beforeAll(() => createPeople(db))

  const adults = () => DB.table('people').where('first_name', "O'Reilly?").where('age', '>', 18)

  test('explain() answers the plan of the database', async () => {
    const plan = await adults().explain()
    expect(plan.length).toBeGreaterThan(0)
    expect(JSON.stringify(plan)).toMatch(/people/)
  })

  test('explain({ analyze: true }) runs the query', async () => {
    if (db.dialect === 'sqlite') {
      await expect(adults().explain({ analyze: true })).rejects.toMatchObject({ name: 'UnsupportedException' })
      return
    }
    expect(JSON.stringify(await adults().explain({ analyze: true }))).toMatch(/actual|r_rows/)
  })

  test('toRawSql() can be run and finds the same rows', async () => {
    const query = DB.table('people')
      .where('first_name', '<>', `it's "quoted" \\ and ?`)
      .where('age', '>', 36)
      .whereIn('votes', [75, 250])
      .orderBy('id')
    const rows = await query.get()
    expect(rows.length).toBe(2)
    expect(await db.connection().select(query.toRawSql())).toEqual(rows)
  })
})

onDatabase('postgres', 'Plans', () => {
  test('of operators with question marks', async () => {
    const plan = await DB.query()
      .fromRaw(`(select '{"a": 1}'::jsonb as meta) as rows`)
      .whereRaw('meta ?? ?', ['a'])
      .select(raw('1 as one'))
      .explain()
    expect(plan.length).toBeGreaterThan(0)
  })
})

test('SQL Server has no plan that a query could ask for', async () => {
  const capsule = new Capsule()
  // Nothing listens there: the query is refused before it is sent.
  capsule.addConnection({ driver: 'sqlserver', host: '127.0.0.1', port: 9, database: 'none' })
  await expect(capsule.table('people').explain()).rejects.toThrow(UnsupportedException)
  await capsule.disconnect()
})
