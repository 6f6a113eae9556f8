/** Many to many: models tied by the rows of a table between them. */
import { expect, test } from 'vitest'
import { EloquentCollection, InvalidArgumentException, Model, Pivot } from '../../js'
import { onEveryDatabase, type TestDatabase } from '../support/databases'
import { sent } from './sent'

async function prepare(db: TestDatabase) {
  const schema = db.connection().schema()
  for (const table of ['role_user', 'roles', 'users']) await schema.dropIfExists(table)
  await schema.create('users', (table) => {
    table.id()
    table.string('name')
    table.timestamps()
  })
  await schema.create('roles', (table) => {
    table.id()
    table.string('name').unique()
    table.timestamps()
  })
  await schema.create('role_user', (table) => {
    table.bigInteger('user_id')
    table.bigInteger('role_id')
    table.boolean('active').default(false)
    table.integer('rank').nullable()
    table.timestamps()
    table.primary(['user_id', 'role_id'])
  })
  class Role extends Model<{ id: number; name: string; created_at: Date }> {
    static fillable = ['name']
    users() {
      return this.belongsToMany(User)
    }
  }
  class User extends Model<{ id: number; name: string; updated_at: Date }> {
    static fillable = ['name']
    roles() {
      return this.belongsToMany(Role)
    }
    ranked() {
      return this.belongsToMany(Role).withPivot('active', 'rank').withTimestamps()
    }
    leading() {
      return this.belongsToMany(Role).withPivot('rank').wherePivot('active', true).as('post')
    }
  }
  const user = await User.create({ name: 'Ada' })
  const roles: InstanceType<typeof Role>[] = []
  for (const name of ['admin', 'editor', 'guest']) roles.push(await Role.create({ name }))
  const ids = roles.map(({ id }) => id) as [number, number, number]
  return { User, Role, user, roles, ids }
}

onEveryDatabase('belongsToMany', (db) => {
  const rowsOf = async (id: number) => {
    const rows = await db
      .connection()
      .table('role_user')
      .where('user_id', id)
      .orderBy('role_id')
      .get('role_id', 'active', 'rank')
    return rows.map((row) => [Number(row.role_id), Boolean(row.active), row.rank])
  }

  test('E14, scenarios 139, 140, 141 and 142: a related model has its pivot, with its further columns and its times', async () => {
    const { user, ids } = await prepare(db)
    const old = new Date('2001-01-01T00:00:00Z')
    await user.ranked().attach(ids[0], { active: true, rank: 3 })
    await db.connection().table('roles').update({ created_at: old })
    const [role] = await user.ranked().get()
    expect([role?.pivot.rank, Boolean(role?.pivot.active), String(role?.pivot.role_id)]).toEqual([
      3,
      true,
      String(ids[0]),
    ])
    expect(role?.pivot).toBeInstanceOf(Pivot)
    expect(role?.pivot.created_at.getTime()).toBeGreaterThan(old.getTime())
    expect(role?.created_at).toEqual(old)
    expect(Object.keys(role?.getAttributes() ?? {}).filter((name) => name.startsWith('pivot'))).toEqual([])
    expect(role?.toArray().pivot).toMatchObject({ rank: 3 })
    expect((await user.ranked().first())?.pivot.rank).toBe(3)
    for await (const each of user.ranked().cursor()) expect(each.pivot.rank).toBe(3)
  })

  test('E14: eager loading is one query, none without parents, and gives each parent its own pivots', async () => {
    const { User, user, ids } = await prepare(db)
    const other = await User.create({ name: 'Grace' })
    await user.ranked().attach({ [ids[0]]: { rank: 1 }, [ids[1]]: { rank: 2 } })
    await other.ranked().attach(ids[0], { rank: 9 })
    let users = new EloquentCollection<typeof user>()
    const queries = await sent(db, async () => {
      users = await User.with('ranked').orderBy('id').get()
    })
    expect(queries).toHaveLength(2)
    const ranks = users.map((each) =>
      (each.getRelation('ranked') as EloquentCollection<Model>).map((role) => role.pivot.rank),
    )
    expect(ranks.map((each) => [...each].sort()).all()).toEqual([[1, 2], [9]])
    expect(await sent(db, () => User.where('id', 0).with('ranked').get())).toHaveLength(1)
    const limited = await User.with({
      ranked: (query: ReturnType<typeof user.ranked>) => query.orderByPivotDesc('rank').limit(1),
    })
      .orderBy('id')
      .get()
    expect(limited.map((each) => (each.getRelation('ranked') as Model[]).map((role) => role.pivot.rank)).all()).toEqual(
      [[2], [9]],
    )
  })

  test('E14, scenarios 151 and 152: attach() takes keys, models, lists and attributes by key, and sends one statement', async () => {
    const { user, roles, ids } = await prepare(db)
    expect(await sent(db, () => user.roles().attach(ids))).toHaveLength(1)
    expect(await user.roles().detach()).toBe(3)
    await user.roles().attach(roles[0] as object)
    await user.roles().attach(new Map([[ids[1], { rank: 5 }]]), { active: true })
    await user.roles().attach({ [ids[2]]: { rank: 6 } })
    expect(await rowsOf(user.id)).toEqual([
      [ids[0], false, null],
      [ids[1], true, 5],
      [ids[2], false, 6],
    ])
    expect(await sent(db, () => user.roles().attach([]))).toEqual([])
    await expect(user.roles().attach([undefined as never])).rejects.toThrow(InvalidArgumentException)
    await expect(new (user.constructor as new () => typeof user)().roles().attach(1)).rejects.toThrow(
      'Save the User first',
    )
  })

  test('E14, scenarios 154 and 155: sync() keeps the rows that stay, whatever type their keys have', async () => {
    const { user, ids } = await prepare(db)
    await user.roles().attach([ids[0], ids[1]], { rank: 7 })
    const changes = await user.roles().sync([String(ids[0]), ids[2]])
    expect([changes.attached, changes.detached.map(Number), changes.updated]).toEqual([[ids[2]], [ids[1]], []])
    expect(await rowsOf(user.id)).toEqual([
      [ids[0], false, 7],
      [ids[2], false, null],
    ])
    expect(await sent(db, () => user.roles().sync([ids[0], ids[2]]))).toHaveLength(1)
    const again = await user.roles().sync({ [ids[0]]: { rank: 8 }, [ids[1]]: {} })
    expect(again).toEqual({ attached: [ids[1]], detached: [expect.anything()], updated: [ids[0]] })
    expect(await rowsOf(user.id)).toEqual([
      [ids[0], false, 8],
      [ids[1], false, null],
    ])
    await user.roles().syncWithoutDetaching(ids)
    expect(await rowsOf(user.id)).toHaveLength(3)
    await user.roles().syncWithPivotValues([ids[0], ids[1]], { rank: 1, active: true })
    expect(await rowsOf(user.id)).toEqual([
      [ids[0], true, 1],
      [ids[1], true, 1],
    ])
    await user.roles().sync([])
    expect(await rowsOf(user.id)).toEqual([])
  })

  test('E14: keys that the pivot table has as text are those that the models have as numbers', async () => {
    const { Role, user, ids } = await prepare(db)
    await db.connection().schema().dropIfExists('grants')
    await db
      .connection()
      .schema()
      .create('grants', (table) => {
        table.bigInteger('user_id')
        table.string('role_id')
        table.integer('rank').nullable()
      })
    const grants = () => user.belongsToMany(Role, 'grants')
    await grants().attach(
      ids.map((id) => String(id)),
      { rank: 1 },
    )
    expect(await grants().sync(ids)).toEqual({ attached: [], detached: [], updated: [] })
    expect((await grants().toggle([ids[0]])).attached).toEqual([])
    expect(await db.connection().table('grants').where('rank', 1).count()).toBe(2)
  })

  test('E14, scenario 156: toggle() unties those that are tied, and ties the others', async () => {
    const { user, ids } = await prepare(db)
    await user.roles().attach(ids[0])
    const { attached, detached } = await user.roles().toggle([String(ids[0]), ids[1]])
    expect([attached, detached]).toEqual([[ids[1]], [ids[0]]])
    expect(await rowsOf(user.id)).toEqual([[ids[1], false, null]])
  })

  test('scenario 153: detach() removes what it is told; undefined is a mistake, nothing is nothing', async () => {
    const { User, user, ids } = await prepare(db)
    const other = await User.create({ name: 'Grace' })
    await user.roles().attach(ids)
    await other.roles().attach(ids)
    expect(await sent(db, async () => expect(await user.roles().detach([])).toBe(0))).toEqual([])
    await expect(user.roles().detach(undefined)).rejects.toThrow(InvalidArgumentException)
    expect(await user.roles().detach([ids[0], String(ids[1])])).toBe(2)
    expect([await rowsOf(user.id), (await rowsOf(other.id)).length]).toEqual([[[ids[2], false, null]], 3])
    expect(await user.roles().updateExistingPivot(ids[2], { rank: 4 })).toBe(1)
    expect(await user.roles().updateExistingPivot([], { rank: 4 })).toBe(0)
    expect(await rowsOf(user.id)).toEqual([[ids[2], false, 4]])
    expect((await rowsOf(other.id)).map(([, , rank]) => rank)).toEqual([null, null, null])
  })

  test('E14: conditions on pivot rows hold for reading, eager loading, detaching and attaching', async () => {
    const { User, user, ids } = await prepare(db)
    await user
      .roles()
      .attach({ [ids[0]]: { active: true, rank: 1 }, [ids[1]]: { active: false, rank: 2 }, [ids[2]]: { active: true } })
    const names = async (query: { pluck(name: string): Promise<unknown[]> }) => (await query.pluck('name')).sort()
    expect(await names(user.leading())).toEqual(['admin', 'guest'])
    expect((await user.leading().wherePivotIn('rank', [1]).first())?.post.rank).toBe(1)
    expect(await names(user.roles().wherePivotNull('rank'))).toEqual(['guest'])
    expect(await names(user.roles().wherePivotBetween('rank', [1, 2]))).toEqual(['admin', 'editor'])
    expect(await names(user.roles().wherePivot('rank', 1).orWherePivot('rank', '>', 1))).toEqual(['admin', 'editor'])
    const loaded = await User.with('leading').firstOrFail()
    expect(loaded.getRelation('leading')).toHaveLength(2)
    expect(await user.leading().detach()).toBe(2)
    expect(await rowsOf(user.id)).toEqual([[ids[1], false, 2]])
    await user.roles().withPivotValue({ active: true, rank: 9 }).attach(ids[0])
    expect(await user.roles().withPivotValue('rank', 9).count()).toBe(1)
    expect((await user.ranked().orderByPivot('rank').get()).map((role) => role.pivot.rank).all()).toEqual([2, 9])
  })

  test('models are created, saved and found through the relation', async () => {
    const { Role, user, ids } = await prepare(db)
    const made = await user.roles().create({ name: 'owner' }, { rank: 1 })
    expect((await rowsOf(user.id)).map(([, , rank]) => rank)).toEqual([1])
    await user.roles().createMany([{ name: 'a' }, { name: 'b' }], [{ rank: 2 }, { rank: 3 }])
    await user.roles().save(new Role({ name: 'c' }), { rank: 4 })
    await user.roles().saveMany([new Role({ name: 'd' })])
    expect(await user.roles().count()).toBe(5)
    expect((await user.roles().find(made.id))?.name).toBe('owner')
    expect(await user.roles().find(ids[0])).toBeNull()
    // Exists, and is tied.
    expect((await user.roles().firstOrCreate({ name: 'admin' }, {}, { rank: 8 })).id).toBe(ids[0])
    expect((await user.roles().firstOrCreate({ name: 'admin' })).pivot).toBeDefined()
    expect((await user.roles().createOrFirst({ name: 'guest' })).id).toBe(ids[2])
    expect((await user.roles().firstOrCreate({ name: 'new' })).wasRecentlyCreated).toBe(true)
    expect((await user.roles().updateOrCreate({ name: 'new' }, { name: 'newer' })).name).toBe('newer')
    expect((await user.roles().firstOrNew({ name: 'none' })).modelExists()).toBe(false)
    expect(await user.roles().count()).toBe(8)
    expect(await Role.count()).toBe(9)
  })

  test('a parent that is not saved has no related models, and gets none', async () => {
    const { User, Role } = await prepare(db)
    const user = new User({ name: 'new' })
    expect(await sent(db, async () => expect(await user.roles()).toHaveLength(0))).toEqual([])
    await expect(user.roles().create({ name: 'x' })).rejects.toThrow('Save the User first')
    await expect(user.roles().save(new Role({ name: 'x' }))).rejects.toThrow('Save the User first')
    await expect(user.roles().detach()).rejects.toThrow('Save the User first')
    expect(await Role.where('name', 'x').exists()).toBe(false)
  })

  test('attaching touches the parent where the related class says so, and the related models where the parent does', async () => {
    const { User, Role, user, ids } = await prepare(db)
    class Duty extends Role {
      static table = 'roles'
      static touches = ['users']
      override users() {
        return this.belongsToMany(User, 'role_user', 'role_id')
      }
    }
    class Holder extends User {
      static table = 'users'
      static touches = ['duties']
      duties() {
        return this.belongsToMany(Role, 'role_user', 'user_id')
      }
    }
    const old = new Date('2001-01-01T00:00:00Z')
    const isNew = async (table: string, id: number) => {
      const row = await db.connection().table(table).where('id', id).first('updated_at')
      return new Date(String(row?.updated_at)).getFullYear() > 2002
    }
    const age = async () => {
      for (const table of ['roles', 'users']) await db.connection().table(table).update({ updated_at: old })
    }
    await age()
    await user.refresh()
    await user.belongsToMany(Duty, 'role_user', 'user_id', 'role_id').attach(ids[0])
    expect([await isNew('users', user.id), await isNew('roles', ids[0])]).toEqual([true, false])
    await age()
    await (await Holder.query().firstOrFail()).duties().attach(ids[1])
    expect([await isNew('roles', ids[1]), await isNew('roles', ids[2])]).toEqual([true, false])
  })

  test('the relation is a query: pages, chunks, counts, updates of the related rows', async () => {
    const { user, ids } = await prepare(db)
    await user.ranked().attach(ids, { rank: 1 })
    const page = await user.ranked().orderBy('roles.id').paginate(2)
    expect([page.total, page.data.length, page.data[0]?.pivot.rank]).toEqual([3, 2, 1])
    const seen: unknown[] = []
    await user
      .ranked()
      .orderBy('roles.id')
      .chunk(2, (roles) => void seen.push(...[...roles].map((role) => role.pivot.rank)))
    await user.ranked().chunkById(2, (roles) => void seen.push(roles.length), 'roles.id', 'id')
    expect(seen).toEqual([1, 1, 1, 2, 1])
    expect([await user.roles().exists(), await user.roles().where('name', 'none').exists()]).toEqual([true, false])
    expect((await user.roles().pluck('name')).sort()).toEqual(['admin', 'editor', 'guest'])
    expect((await user.roles().get('name'))[0]?.pivot.user_id).toBeDefined()
    expect(await user.roles().where('roles.id', ids[0]).update({ name: 'chief' })).toBe(1)
    expect(await user.roles().where('name', 'chief').count()).toBe(1)
    expect((await user.roles().allRelatedIds()).map(Number).sort()).toEqual([...ids])
  })

  test('whereHas and withCount count related models through the table between', async () => {
    const { User, Role, user, ids } = await prepare(db)
    await User.create({ name: 'Grace' })
    await user.roles().attach([ids[0], ids[1]], { active: true })
    expect(await User.query().has('roles', '>=', 2).pluck('name')).toEqual(['Ada'])
    expect(await User.query().doesntHave('roles').pluck('name')).toEqual(['Grace'])
    const guests = User.query().whereHas('roles', (query) => query.where('name', 'guest'))
    expect(await guests.count()).toBe(0)
    const counted = (await User.query().withCount('roles', 'leading').orderBy('id').get()) as unknown as Model[]
    expect(counted.map((each) => [Number(each.roles_count), Number(each.leading_count)])).toEqual([
      [2, 2],
      [0, 0],
    ])
    expect(
      await Role.query()
        .whereHas('users', (query) => query.where('name', 'Ada'))
        .count(),
    ).toBe(2)
    expect(await Role.query().whereAttachedTo(user).count()).toBe(2)
  })

  test('pivots of a class of their own are cast, tell events, and are saved and deleted by both keys', async () => {
    const { Role, user, ids } = await prepare(db)
    const told: string[] = []
    class Membership extends Pivot {
      static casts = { active: 'boolean' }
    }
    for (const event of ['created', 'updated', 'deleted'] as const)
      Membership[event]((pivot) => void told.push(`${event} ${pivot.role_id}`))
    const members = () => user.belongsToMany(Role, 'role_user').using(Membership).withPivot('active', 'rank')
    await members().attach([ids[0], ids[1]], { active: true })
    const [first] = await members().orderBy('roles.id').get()
    expect([first?.pivot.active, first?.pivot]).toEqual([true, expect.any(Membership)])
    await first?.pivot.update({ rank: 5 })
    await members().updateExistingPivot(ids[1], { rank: 6 })
    await members().updateExistingPivot(ids[1], { rank: 6 })
    expect(await rowsOf(user.id)).toEqual([
      [ids[0], true, 5],
      [ids[1], true, 6],
    ])
    await first?.pivot.delete()
    expect(await members().detach()).toBe(1)
    expect(told).toEqual([
      ...[`created ${ids[0]}`, `created ${ids[1]}`, `updated ${ids[0]}`, `updated ${ids[1]}`],
      ...[`deleted ${ids[0]}`, `deleted ${ids[1]}`],
    ])
  })

  test('a table tied to itself, by other keys than the primary ones', async () => {
    const { User, user } = await prepare(db)
    await db.connection().schema().dropIfExists('friends')
    await db
      .connection()
      .schema()
      .create('friends', (table) => {
        table.string('one')
        table.string('other')
      })
    const friends = (model: typeof user) => model.belongsToMany(User, 'friends', 'one', 'other', 'name', 'name')
    const grace = await User.create({ name: 'Grace' })
    await friends(user).attach(grace)
    expect((await friends(user).get()).pluck('name').all()).toEqual(['Grace'])
    expect(await friends(grace).get()).toHaveLength(0)
    User.resolveRelationUsing('friends', friends as never)
    expect(await User.query().has('friends').pluck('name')).toEqual(['Ada'])
    expect(await User.query().whereHas('friends.friends').count()).toBe(0)
  })
})
