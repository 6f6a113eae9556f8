import { beforeEach, expect, test } from 'vitest'
import {
  Capsule,
  DB,
  NotNullConstraintViolationException,
  QueryException,
  Schema,
  UnsupportedException,
} from '../../js/index'
import { onEveryDatabase, type PerDialect } from '../support/databases'

const columnOf = async (table: string, name: string) =>
  (await Schema.getColumns(table)).find((column) => column.name === name)

onEveryDatabase('scenarios of tables and columns', (db) => {
  const here = <T>(answers: PerDialect<T>): T => answers[db.dialect]

  beforeEach(() => Schema.dropAllTables())

  const createUsers = () =>
    Schema.create('users', (table) => {
      table.id()
      table.string('name')
      table.string('email').unique()
      table.boolean('active').default(true)
      table.timestamps()
    })

  test('scenario 3: a table with a key, unique texts, defaults and timestamps', async () => {
    await createUsers()
    expect(await Schema.getColumnListing('users')).toEqual([
      'id',
      'name',
      'email',
      'active',
      'created_at',
      'updated_at',
    ])
    const id = await DB.table('users').insertGetId({ name: 'Ada', email: 'ada@example.com' })
    const user = await DB.table('users').find(id)
    expect(Boolean(user?.active)).toBe(true)
    expect(user?.created_at).toBeNull()
    await expect(DB.table('users').insert({ name: null, email: 'x' })).rejects.toThrow(
      NotNullConstraintViolationException,
    )
  })

  test('scenario 17: a table gets a column and an index', async () => {
    await createUsers()
    await Schema.table('users', (table) => {
      table.string('phone').nullable()
      table.index('phone')
    })
    expect(await Schema.hasColumn('users', 'phone')).toBe(true)
    expect(await Schema.hasIndex('users', 'users_phone_index')).toBe(true)
    await expect(Schema.table('missing', (table) => table.string('phone').nullable())).rejects.toThrow(QueryException)
    expect(await Schema.hasTable('missing')).toBe(false)
  })

  test('scenario 32: dropIfExists drops a table, and is content without one', async () => {
    await createUsers()
    await Schema.dropIfExists('users')
    expect(await Schema.hasTable('users')).toBe(false)
    await Schema.dropIfExists('users')
    await expect(Schema.drop('users')).rejects.toThrow(QueryException)
  })

  test('scenario 170: hasTable and hasColumn', async () => {
    await createUsers()
    expect(await Schema.hasTable('users')).toBe(true)
    expect(await Schema.hasTable('posts')).toBe(false)
    expect(await Schema.hasColumn('users', 'email')).toBe(true)
    expect(await Schema.hasColumn('users', 'nick')).toBe(false)
    expect(await Schema.hasColumns('users', ['id', 'EMAIL'])).toBe(true)
    expect(await Schema.hasColumn('posts', 'id')).toBe(false)
  })

  test('scenario 171: Schema.connection speaks to another connection', async () => {
    const capsule = new Capsule()
    capsule.addConnection(db.config())
    capsule.addConnection(db.config({ prefix: 'log_' }), 'logs')
    capsule.setAsGlobal()
    try {
      await Schema.connection('logs').create('runs', (table) => table.id())
      expect(await Schema.connection('logs').hasTable('runs')).toBe(true)
      expect(await Schema.hasTable('runs')).toBe(false)
      expect(await Schema.hasTable('log_runs')).toBe(true)
      await Schema.connection('logs').drop('runs')
    } finally {
      db.capsule.setAsGlobal()
      await capsule.disconnect()
    }
  })

  test('scenario 172: engine, charset and collation of a table', async () => {
    await Schema.create('notes', (table) => {
      table.engine('InnoDB')
      table.charset('utf8mb4')
      table.collation('utf8mb4_bin')
      table.string('body')
    })
    const [notes] = await Schema.getTables((await Schema.getCurrentSchemaName()) ?? undefined)
    const stored = { engine: notes?.engine, collation: notes?.collation }
    expect(stored).toEqual(
      here({
        postgres: { engine: null, collation: null },
        mysql: { engine: 'InnoDB', collation: 'utf8mb4_bin' },
        sqlite: { engine: null, collation: null },
      }),
    )
  })

  test('scenario 173: every documented type is a column', async () => {
    await Schema.create('types', (table) => {
      table.bigIncrements('id')
      table.string('a', 100)
      table.text('b')
      table.mediumText('c')
      table.longText('d')
      table.char('e', 4)
      table.integer('f')
      table.bigInteger('g')
      table.tinyInteger('h')
      table.smallInteger('i')
      table.mediumInteger('j')
      table.unsignedInteger('k')
      table.unsignedBigInteger('l')
      table.float('m')
      table.double('n')
      table.decimal('o', 10, 0)
      table.boolean('p')
      table.date('q')
      table.dateTime('r')
      table.datetime('s')
      table.timestamp('t').nullable()
      table.timestampTz('u').nullable()
      table.time('v')
      table.year('w')
      table.json('x')
      table.jsonb('y')
      table.binary('z')
      table.uuid('aa')
      table.ulid('ab')
      table.enum('ac', ['small', 'large'])
      table.ipAddress('ad')
      table.macAddress('ae')
      table.morphs('owner')
      table.nullableMorphs('editor')
      table.rememberToken()
      table.softDeletes()
    })
    expect(await Schema.getColumnListing('types')).toHaveLength(38)
    expect(await Schema.getColumnType('types', 'o', true)).toBe(
      here({ postgres: 'numeric(10,0)', mysql: 'decimal(10,0)', sqlite: 'numeric' }),
    )
    const withSet = Schema.create('sets', (table) => table.set('tags', ['a', 'b']))
    if (db.dialect === 'mysql') await withSet
    else await expect(withSet).rejects.toThrow(UnsupportedException)
  })

  test('scenario 173: an integer holds negative numbers unless it is unsigned', async () => {
    await Schema.create('accounts', (table) => {
      table.increments('id')
      table.integer('balance')
    })
    await DB.table('accounts').insert({ balance: -5 })
    expect(await DB.table('accounts').value('balance')).toBe(-5)
  })

  test('scenario 173: an enum takes its values alone', async () => {
    await Schema.create('shirts', (table) => {
      table.id()
      table.enum('size', ['small', 'large'])
    })
    await DB.table('shirts').insert({ size: 'small' })
    await expect(DB.table('shirts').insert({ size: 'huge' })).rejects.toThrow(QueryException)
  })

  test('scenario 174: default and autoIncrement', async () => {
    await Schema.create('posts', (table) => {
      table.integer('id').autoIncrement()
      table.string('status').default("it's a draft")
      table.integer('views').default(0)
      table.boolean('pinned').default(false)
      table.timestamp('at').useCurrent()
    })
    await DB.table('posts').insert([{ views: 1 }, { views: 2 }])
    expect(await DB.table('posts').orderBy('id').pluck('id')).toEqual([1, 2])
    expect(await DB.table('posts').value('status')).toBe("it's a draft")
    expect(await DB.table('posts').whereNull('at').count()).toBe(0)
  })

  test('scenario 175: nullable, unsigned, comment and after', async () => {
    await Schema.create('users', (table) => {
      table.id()
      table.integer('age').unsigned().nullable().comment("a person's years")
      table.string('email')
    })
    await Schema.table('users', (table) => table.string('nick').nullable().after('id'))
    const age = await columnOf('users', 'age')
    expect(age?.nullable).toBe(true)
    expect(age?.comment).toBe(here({ postgres: "a person's years", mysql: "a person's years", sqlite: null }))
    expect(age?.type.includes('unsigned')).toBe(db.dialect === 'mysql')
    const end = ['id', 'age', 'email', 'nick']
    expect(await Schema.getColumnListing('users')).toEqual(
      here({ postgres: end, mysql: ['id', 'nick', 'age', 'email'], sqlite: end }),
    )
  })

  test('scenario 176: a column is changed', async () => {
    await createUsers()
    await DB.table('users').insert({ name: 'Ada', email: 'ada@example.com' })
    await Schema.table('users', (table) => table.string('name', 50).nullable().change())
    expect(await columnOf('users', 'name')).toMatchObject({
      type: here({ postgres: 'character varying(50)', mysql: 'varchar(50)', sqlite: 'varchar' }),
      nullable: true,
    })
    expect(await DB.table('users').value('name')).toBe('Ada')
  })

  test('scenario 177: columns are renamed and dropped', async () => {
    await createUsers()
    await DB.table('users').insert({ name: 'Ada', email: 'ada@example.com' })
    await Schema.table('users', (table) => table.renameColumn('name', 'full_name'))
    await Schema.table('users', (table) => table.dropColumn(['created_at', 'updated_at']))
    expect(await Schema.getColumnListing('users')).toEqual(['id', 'full_name', 'email', 'active'])
    expect(await DB.table('users').value('full_name')).toBe('Ada')
  })
})
