import { expect, test } from 'vitest'
import { JSONSeeder } from '../../js/seeding/json-seeder'
import { withSeeding } from '../../js/seeding/seeding-context'
import { project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'

onEveryDatabase('JSONSeeder', (db) => {
  async function seed(content: string, force = false): Promise<string[]> {
    class CategoriesSeeder extends JSONSeeder {}
    const { path } = project({ 'categories.json': content })
    const lines: string[] = []
    const context = {
      connection: db.connection(),
      once: new WeakSet(),
      resolve: () => Promise.reject(new Error('none')),
      call: () => Promise.reject(new Error('none')),
      report: (line: string) => void lines.push(line),
    }
    await withSeeding(context, () => new CategoriesSeeder('categories', 'categories', path).run(force))
    return lines
  }

  async function empty(): Promise<void> {
    await db.connection().schema().dropAllTables()
    await db
      .connection()
      .statement(
        'create table categories (id varchar(40), sort_order integer, name varchar(50), meta varchar(200), parent_id varchar(40))',
      )
  }

  const rows = () => db.connection().select('select * from categories order by sort_order')

  test('documents become rows: snake case, no MongoDB fields, missing values null', async () => {
    await empty()
    const documents = [
      {
        _id: '507f1f77bcf86cd799439011',
        __v: 0,
        id: 'c56a4180-65aa-42ec-a945-5fd21dec0538',
        sortOrder: 1,
        name: 'Books',
        meta: { a: [1] },
      },
      { id: '507f1f77bcf86cd799439011', sortOrder: 2, name: 'Toys', parentId: '507f1f77bcf86cd799439012' },
    ]
    const lines = await seed(JSON.stringify(documents))
    expect(await rows()).toEqual([
      { id: 'c56a4180-65aa-42ec-a945-5fd21dec0538', sort_order: 1, name: 'Books', meta: '{"a":[1]}', parent_id: null },
      { id: null, sort_order: 2, name: 'Toys', meta: null, parent_id: null },
    ])
    expect(lines).toEqual([
      '⚠️  categories.parent_id holds a MongoDB object id and is left out',
      '✅ Seeded 2 records into categories',
    ])
  })

  test('a table with rows is left alone unless forced, and more than one batch is inserted whole', async () => {
    await empty()
    const many = JSON.stringify(Array.from({ length: 250 }, (_, index) => ({ sortOrder: index, name: `n${index}` })))
    await seed(many)
    expect(await seed(many)).toEqual(['⏭️  Skipping categories: Data already exists'])
    expect(await rows()).toHaveLength(250)
    await seed(many, true)
    expect(await rows()).toHaveLength(500)
  })

  test('an empty file says so', async () => {
    await empty()
    expect(await seed('[]')).toEqual(['⚠️  No data found in categories'])
  })
})
