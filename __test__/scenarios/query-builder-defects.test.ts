/** The defects of guruorm 2.1.24's query builder (Q1 to Q24), each as what the package does now. */
import { expect, test } from 'vitest'
import { DB, InvalidArgumentException, type QueryBuilder, raw } from '../../js/index'
import { namesOf, scenarios } from './shop'

const users = (): QueryBuilder => DB.table('users')
const orders = (): QueryBuilder => DB.table('orders')
const names = async (query: QueryBuilder): Promise<unknown[]> => namesOf(await query.orderBy('users.id').get())

scenarios('defects of guruorm 2', (db) => {
  test('Q1: values stand in their order, wherever they are', async () => {
    const sub = orders().select('user_id').where('kind', 'book')
    const query = users()
      .selectRaw('name, votes * ? as more', [2])
      .joinSub(orders().select('user_id').where('price', '>', 1), 'paid', 'paid.user_id', 'users.id')
      .whereIn('id', sub)
      .where('votes', '>', 1)
      .union(users().selectRaw('name, ? as more', [7]).where('id', 5))
    expect((await query.get()).map((row) => [row.name, Number(row.more)]).sort()).toEqual([
      ['Ada', 200],
      ['Alan', 7],
      ['Grace', 500],
    ])
    const counted = users()
      .selectSub((query) => query.from('orders').selectRaw('count(*) + ?', [1]), 'n')
      .where('id', 1)
    expect(Number(await counted.value('n'))).toBe(5)
    expect(
      await DB.query()
        .fromSub(users().where('votes', '>', 90), 'u')
        .where('u.city', 'London')
        .count(),
    ).toBe(1)
  })

  test('Q2: count and paginate leave the values of the select alone', async () => {
    const query = users().selectRaw('votes * ? as v', [3]).where('votes', '>', 1).orderBy('id')
    expect(await query.count()).toBe(5)
    const page = await query.paginate(2)
    expect([page.total, page.data.map((row) => Number(row.v))]).toEqual([5, [300, 750]])
    expect(Number(await query.value('v'))).toBe(300)
  })

  test('Q3: calls that run a query do not change it', async () => {
    const query = users().where('votes', '>', 50).orderBy('id')
    const sql = query.toSql()
    await query.first()
    await query.exists()
    await query.find(1)
    await query.paginate(1)
    await query.chunk(1, () => false)
    expect(query.toSql()).toBe(sql)
    expect(await query.get()).toHaveLength(4)
  })

  test('Q4: whereNot negates, whereNone has its operator, whereSub and whereInSub are there', async () => {
    expect(await names(users().whereNot((group) => group.where('id', 1).orWhere('id', 2)))).toEqual([
      'Linus',
      'Barbara',
      'Alan',
    ])
    expect(await names(users().whereNone(['votes'], '>', 75))).toEqual(['Linus', 'Alan'])
    expect(await names(users().whereSub('id', '=', (query) => query.from('orders').selectRaw('max(user_id)')))).toEqual(
      ['Linus'],
    )
    expect(await names(users().whereInSub('id', (query) => query.from('orders').select('user_id')))).toHaveLength(3)
    expect(await names(users().whereNotInSub('id', orders().select('user_id')))).toEqual(['Barbara', 'Alan'])
  })

  test('Q5: empty lists with or', async () => {
    expect(await names(users().where('id', 1).orWhereIn('id', []))).toEqual(['Ada'])
    expect(await names(users().where('id', 1).orWhereNotIn('id', []))).toHaveLength(5)
    expect(await names(users().whereIn('id', []))).toEqual([])
  })

  test('Q6: the order and the limit of a union are those of all rows', async () => {
    const query = users()
      .select('name')
      .where('id', 1)
      .union(users().select('name').where('id', '>', 3))
      .orderBy('name', 'desc')
    expect(namesOf(await query.get())).toEqual(['Barbara', 'Alan', 'Ada'])
    expect(namesOf(await query.limit(2).get())).toEqual(['Barbara', 'Alan'])
  })

  test('Q7: joinSub joins a query', async () => {
    const query = users()
      .leftJoinSub(orders().select('user_id'), 'o', 'o.user_id', '=', 'users.id')
      .whereNull('o.user_id')
    expect(await names(query.select('users.name'))).toEqual(['Barbara', 'Alan'])
  })

  test('Q8: several havingRaw, and having of an aggregate', async () => {
    const groups = () => orders().select('user_id').groupBy('user_id').orderBy('user_id')
    expect(await groups().havingRaw('count(*) > ?', [0]).havingRaw('sum(price) < ?', [50]).pluck('user_id')).toEqual([
      1, 2,
    ])
    expect(await groups().having(raw('count(*)'), '>', 1).pluck('user_id')).toEqual([1])
    expect(await groups().havingBetween(raw('sum(price)'), [30, 100]).pluck('user_id')).toEqual([1, 3])
  })

  test('Q9: JSON conditions', async () => {
    expect(await names(users().where('prefs->dining->meal', 'soup'))).toEqual(['Grace'])
    expect(await names(users().whereJsonContains('prefs->lang', 'fr'))).toEqual(['Ada', 'Alan'])
    expect(await names(users().whereJsonLength('prefs->lang', 2))).toEqual(['Ada', 'Alan'])
  })

  test('Q10: a question mark in a literal is one, and so is ??', async () => {
    const [row] = await DB.select("select '?' as mark, name from users where id = ?", [2])
    expect(row).toEqual({ mark: '?', name: 'Grace' })
    expect(await names(users().whereRaw("name <> '?' and id = ?", [3]))).toEqual(['Linus'])
    if (db.dialect === 'postgres') {
      expect(await names(users().whereRaw('prefs::jsonb ?? ?', ['beta']))).toEqual(['Ada', 'Grace'])
    }
  })

  test('Q11: rows of an insert may have different columns; what is missing takes its default', async () => {
    await users().insert([
      { name: 'One', email: 'one@example.com' },
      { name: 'Two', email: 'two@example.com', votes: 8, city: 'Oslo' },
    ])
    expect(await users().where('id', '>', 5).orderBy('id').get('name', 'votes', 'city')).toEqual([
      { name: 'One', votes: 0, city: null },
      { name: 'Two', votes: 8, city: 'Oslo' },
    ])
  })

  test('Q12: raw SQL as the value of an insert', async () => {
    await users().insert({ name: raw('upper(?)', ['abc']), email: 'abc@example.com' })
    expect(await users().where('id', 6).value('name')).toBe('ABC')
  })

  test('Q13: insertOrIgnore takes rows; an update of nothing says so', async () => {
    expect(await orders().insertOrIgnore([{ id: 1, user_id: 1, kind: 'x', price: 1 }])).toBe(0)
    await expect(users().update({})).rejects.toThrow(/no column|nothing/i)
  })

  test('Q14: more values than the protocol carries', async () => {
    const rows = Array.from({ length: 25_000 }, (_, at) => ({ user_id: at, kind: 'k', price: 1 }))
    expect(await orders().insert(rows)).toBe(true)
    expect(await orders().count()).toBe(25_004)
  })

  test('Q15: updates and deletes heed joins and limits', async () => {
    expect(await users().orderBy('id').limit(1).delete()).toBe(1)
    const desk = users().join('orders', 'orders.user_id', 'users.id').where('orders.kind', 'desk')
    expect(await desk.update({ city: 'Desk' })).toBe(1)
    expect(await names(users().where('city', 'Desk'))).toEqual(['Linus'])
  })

  test('Q16: aggregates keep the type of their column', async () => {
    expect(await users().max('name')).toBe('Linus')
    expect(await users().where('id', 0).max('votes')).toBeNull()
    expect(String(await orders().max('price'))).toMatch(/^100(\.00)?$/)
    await DB.statement('create table big (n bigint)')
    await DB.statement('insert into big (n) values (9007199254740993), (9007199254740993)')
    expect(await DB.table('big').max('n')).toBe('9007199254740993')
    expect(String(await DB.table('big').sum('n'))).toBe('18014398509481986')
    await DB.statement('drop table big')
    expect(await users().distinct().count('votes')).toBe(4)
    expect(await users().orderBy('name').count()).toBe(5)
  })

  test('Q17: several columns of every form, and pluck with a key', async () => {
    expect(await users().select('*', raw('1 as one')).where('id', 1).first()).toMatchObject({ name: 'Ada', one: 1 })
    expect(await users().select(['name', 'votes']).where('id', 1).first()).toEqual({ name: 'Ada', votes: 100 })
    expect(await users().where('id', 1).pluck('votes', 'name')).toEqual({ Ada: 100 })
  })

  test('Q18: where with a list of conditions', async () => {
    expect(
      await names(
        users().where([
          ['votes', '>', 90],
          ['active', true],
        ]),
      ),
    ).toEqual(['Ada', 'Grace', 'Barbara'])
  })

  test('Q19: cursorPaginate with a cursor, null and a column', async () => {
    const first = await users().cursorPaginate(3, null, 'votes')
    const second = await users().cursorPaginate(3, first.nextCursor, 'votes')
    expect([...namesOf(first.data), ...namesOf(second.data)].sort()).toEqual([
      'Ada',
      'Alan',
      'Barbara',
      'Grace',
      'Linus',
    ])
    const options = await users().cursorPaginate(2, { cursor: null, cursorColumns: 'id', direction: 'next' })
    expect(namesOf(options.data)).toEqual(['Ada', 'Grace'])
  })

  test('Q20: chunks keep the limit and have an order; changing rows on the way skips none', async () => {
    const seen: unknown[] = []
    await users()
      .limit(3)
      .chunk(2, (rows) => {
        seen.push(...namesOf(rows))
      })
    expect(seen).toEqual(['Ada', 'Grace', 'Linus'])
    let changed = 0
    await users()
      .where('votes', '>', 0)
      .chunkById(1, async (rows) => {
        changed += await users()
          .where('id', rows[0]?.id as number)
          .update({ votes: 0 })
      })
    expect(changed).toBe(5)
  })

  test('Q21: toRawSql doubles quotes and numbers nothing', async () => {
    const sql = users().where('name', "O'Reilly").toRawSql()
    expect(sql).not.toMatch(/\$1/)
    expect(await DB.select(sql)).toEqual([])
  })

  test('Q22: what differs by database', async () => {
    expect(await users().inRandomOrder().limit(1).get()).toHaveLength(1)
    expect(await users().orderBy('id').offset(4).pluck('name')).toEqual(['Alan'])
    expect(await DB.transaction((trx) => trx.table('users').where('id', 1).sharedLock().pluck('id'))).toEqual([1])
    expect(await DB.transaction((trx) => trx.table('users').where('id', 1).lockForUpdate().pluck('id'))).toEqual([1])
    await users().onConflict('email').merge(['votes']).insert({ name: 'A', email: 'ada@example.com', votes: 3 })
    expect(await users().where('id', 1).value('votes')).toBe(3)
    expect(
      await names(users().whereMonth('created_at', 1).whereDay('created_at', 15).whereYear('created_at', 2026)),
    ).toEqual(['Ada'])
    await orders().truncate()
    expect(await orders().count()).toBe(0)
  })

  test('Q23: clone keeps everything, a prefix is applied, undefined is refused', async () => {
    const query = users().distinct().select('votes').orderBy('votes')
    expect(await query.clone().pluck('votes')).toEqual([10, 75, 100, 250])
    expect(() => users().where('name', undefined as never)).toThrow(InvalidArgumentException)
    expect(() => users().where('name', undefined as never)).toThrow('"name"')
    db.capsule.addConnection(db.config({ prefix: 'us' }), 'prefixed')
    const prefixed = db.capsule.connection('prefixed')
    expect(await prefixed.table('ers').where('ers.id', 1).value('name')).toBe('Ada')
    await prefixed.disconnect()
  })

  test('Q24: get() is a list, DB.raw with values runs', async () => {
    expect((await users().orderBy('id').get()).map((row) => row.name)).toHaveLength(5)
    expect(await DB.raw('select votes from users where id = ?', [5])).toEqual([{ votes: 10 }])
  })
})
