/** The places of a query that programs pass inputs to. */
import type { Connection, QueryBuilder } from '../../js/index'

/** A place that takes input, and what honest programs give there. */
export interface Place {
  readonly name: string
  /** What honest programs give. */
  readonly innocent: readonly unknown[]
  run(table: () => QueryBuilder, input: never, connection: Connection): unknown
}

/** Objects and lists of columns count as one: what several of them look like. */
const NAMES = [
  'id',
  ['id', 'name'],
  { id: 'id', name: 'name' },
  'items.id',
  'items.*',
  'id as other',
  'meta->a',
  'meta->a[0]',
  'meta->a[-1]',
  'items.meta->a as b',
]
const TABLES = ['items', 'public.items', 'items as other']
const VALUES = ['text', 1, 1n, null, true, ['text'], { a: 1 }]
const COUNTS = [1, '1', 5n]

type Run = Place['run']

const place = (name: string, innocent: readonly unknown[], run: (table: () => QueryBuilder, input: never) => unknown) =>
  ({ name, innocent, run: run as Run }) satisfies Place

/** The places of a read. */
const READS: readonly Place[] = [
  place('the column of where', NAMES, (table, input) => table().where(input, 1).get()),
  place('the operator of where', ['=', 'like', '<='], (table, input) => table().where('id', input, 1).get()),
  place('the value of where', VALUES, (table, input) => table().where('name', input).get()),
  place('the only argument of where', [{ id: 1, votes: 1 }, [['id', '>', 1]]], (table, input) =>
    table().where(input).get(),
  ),
  place('the conjunction of where', ['and', 'or'], (table, input) => table().where('id', '=', 1, input).get()),
  place('the conjunction of whereNested', ['and', 'or'], (table, input) =>
    table()
      .where('id', 1)
      .whereNested((query) => query.where('id', 2), input)
      .get(),
  ),
  place('the columns of whereColumn', NAMES, (table, input) => table().whereColumn(input, input).get()),
  place('the operator of whereColumn', ['=', '<'], (table, input) => table().whereColumn('id', input, 'id').get()),
  place('the column of whereIn', NAMES, (table, input) => table().whereIn(input, [1]).get()),
  place('the list of whereIn', [[1, 2], []], (table, input) => table().whereIn('name', input).get()),
  place('a member of whereIn', VALUES, (table, input) => table().whereIn('name', [input]).get()),
  place('the "not" of whereIn', [true, false], (table, input) => table().whereIn('id', [1], 'and', input).get()),
  place('the list of whereIntegerInRaw', [[1, 2], []], (table, input) => table().whereIntegerInRaw('id', input).get()),
  place('a member of whereIntegerInRaw', [1, -1, '1', [1, 2], []], (table, input) =>
    table().whereIntegerInRaw('id', [input]).get(),
  ),
  place('the ends of whereBetween', VALUES, (table, input) => table().whereBetween('name', [input, input]).get()),
  place('the columns of whereNull', NAMES, (table, input) => table().whereNull(input).get()),
  place('the pattern of whereLike', ['a%'], (table, input) => table().whereLike('name', input).get()),
  place('the case of whereLike', [true, false], (table, input) => table().whereLike('name', 'a', input).get()),
  place('the columns of whereAny', NAMES, (table, input) => table().whereAny([input], '=', 1).get()),
  place('the operator of whereAny', ['='], (table, input) => table().whereAny(['id'], input, 1).get()),
  place('the columns of whereRowValues', NAMES, (table, input) => table().whereRowValues([input], '=', [1]).get()),
  place('the operator of whereRowValues', ['='], (table, input) => table().whereRowValues(['id'], input, [1]).get()),
  place('the operator of whereDate', ['='], (table, input) => table().whereDate('at', input, '2026-01-01').get()),
  place('the value of whereDate', ['2026-01-01'], (table, input) => table().whereDate('at', input).get()),
  place('the value of whereDay', [1, '01'], (table, input) => table().whereDay('at', input).get()),
  place('a JSON path', ['meta->a', 'meta->a[0]', 'meta->a->b'], (table, input) =>
    table()
      .where(`meta->${String(input)}`, 1)
      .get(),
  ),
  place('a JSON path compared with a boolean', NAMES, (table, input) => table().where(input, true).get()),
  place('the column of whereJsonContains', NAMES, (table, input) => table().whereJsonContains(input, 'a').get()),
  place('the value of whereJsonContains', ['a', 1, true, null, ['a'], { a: 1 }], (table, input) =>
    table().whereJsonContains('meta->a', input).get(),
  ),
  place('the column of whereJsonContainsKey', NAMES, (table, input) => table().whereJsonContainsKey(input).get()),
  place('a key of whereJsonContainsKey', ['a', 'a[0]'], (table, input) =>
    table()
      .whereJsonContainsKey(`meta->${String(input)}`)
      .get(),
  ),
  place('the column of whereJsonLength', NAMES, (table, input) => table().whereJsonLength(input, 1).get()),
  place('the operator of whereJsonLength', ['='], (table, input) => table().whereJsonLength('meta->a', input, 1).get()),
  place('the columns of whereFullText', NAMES, (table, input) => table().whereFullText([input], 'a').get()),
  place('the words of whereFullText', ['a'], (table, input) => table().whereFullText('name', input).get()),
  place('the language of whereFullText', ['german'], (table, input) =>
    table().whereFullText('name', 'a', { language: input }).get(),
  ),
  place('the mode of whereFullText', ['boolean', 'natural'], (table, input) =>
    table().whereFullText('name', 'a', { mode: input }).get(),
  ),
  place('the expansion of whereFullText', [true, false], (table, input) =>
    table().whereFullText('name', 'a', { expanded: input }).get(),
  ),
  place('a dynamic where', ['', 'Meta->a', '.id'], (table, input) => {
    const query = table()
    return (query as unknown as Record<string, (value: unknown) => QueryBuilder>)[`whereName${String(input)}`]
      ?.call(query, 1)
      .get()
  }),
  place('the columns of select', NAMES, (table, input) => table().select(input).get()),
  place('the columns of get', NAMES, (table, input) => table().get(input)),
  place('the column of value', NAMES, (table, input) => table().value(input)),
  place('the columns of pluck', NAMES, (table, input) => table().pluck(input, input)),
  place('an alias in select', ['id', 'other'], (table, input) =>
    table()
      .select(`id as ${String(input)}`)
      .get(),
  ),
  place('the name of selectSub', ['other'], (table, input) =>
    table()
      .selectSub((q) => q.from('items').select('id').limit(1), input)
      .get(),
  ),
  place('the columns of distinct', NAMES, (table, input) => table().distinct(input).get()),
  place('the column of an aggregate', NAMES, (table, input) => table().max(input)),
  place('the name of an aggregate', ['count', 'max'], (table, input) => table().aggregate(input, 'id')),
  place('the table', TABLES, (table, input) => table().from(input).get()),
  place("the table's alias", ['other'], (table, input) => table().from('items', input).get()),
  place('the name of fromSub', ['other'], (table, input) =>
    table()
      .fromSub((query) => query.from('items'), input)
      .get(),
  ),
  place('the table of join', TABLES, (table, input) => table().join(input, 'items.id', 'other.id').get()),
  place('the columns of join', NAMES, (table, input) => table().join('items as other', input, '=', input).get()),
  place('the operator of join', ['=', '<'], (table, input) =>
    table().join('items as other', 'items.id', input, 'other.id').get(),
  ),
  place('the type of join', ['inner', 'left'], (table, input) =>
    table().join('items as other', 'items.id', '=', 'other.id', input).get(),
  ),
  place('the operator of on', ['='], (table, input) =>
    table()
      .join('items as other', (join) => join.on('items.id', input, 'other.id'))
      .get(),
  ),
  place('the conjunction of on', ['and', 'or'], (table, input) =>
    table()
      .join('items as other', (join) => join.on('items.id', 'other.id').on('items.id', '=', 'other.id', input))
      .get(),
  ),
  place('the value of joinWhere', VALUES, (table, input) =>
    table().joinWhere('items as other', 'other.name', '=', input).get(),
  ),
  place('the name of joinSub', ['other'], (table, input) =>
    table()
      .joinSub((query) => query.from('items'), input, 'items.id', 'items.id')
      .get(),
  ),
  place('the type of joinLateral', ['inner', 'left'], (table, input) =>
    table()
      .joinLateral((query) => query.from('items'), 'other', input)
      .get(),
  ),
  place('the columns of groupBy', NAMES, (table, input) => table().select('id').groupBy(input).get()),
  place('the column of having', NAMES, (table, input) => table().groupBy('id').having(input, '=', 1).get()),
  place('the operator of having', ['='], (table, input) => table().groupBy('id').having('id', input, 1).get()),
  place('the columns of havingNull', NAMES, (table, input) => table().groupBy('id').havingNull([input]).get()),
  place('the column of orderBy', NAMES, (table, input) => table().orderBy(input).get()),
  place('the direction of orderBy', ['asc', 'desc', 'DESC'], (table, input) => table().orderBy('id', input).get()),
  place('the nulls of orderBy', ['first', 'last'], (table, input) => table().orderBy('id', 'asc', input).get()),
  place('the direction of reorder', ['asc', 'desc'], (table, input) => table().reorder('id', input).get()),
  place('the column of latest', NAMES, (table, input) => table().latest(input).get()),
  place('the values of inOrderOf', VALUES, (table, input) => table().inOrderOf('name', [input]).get()),
  place('the seed of inRandomOrder', [1, -1, ''], (table, input) => table().inRandomOrder(input).get()),
  place('limit', COUNTS, (table, input) => table().orderBy('id').limit(input).get()),
  place('offset', [0, ...COUNTS], (table, input) => table().orderBy('id').limit(1).offset(input).get()),
  place('the page of forPage', [0, ...COUNTS], (table, input) => table().orderBy('id').forPage(input, 1).get()),
  place('the rows of forPage', COUNTS, (table, input) => table().orderBy('id').forPage(1, input).get()),
  place('the rows of groupLimit', COUNTS, (table, input) => table().orderBy('id').groupLimit(input, 'name').get()),
  place('the column of groupLimit', NAMES, (table, input) => table().orderBy('id').groupLimit(1, input).get()),
  place('a union', [true, false], (table, input) => table().union(table(), input).get()),
  place('the query of a union', [], (table, input) => table().union(input).get()),
  place('the query of whereExists', [], (table, input) => table().whereExists(input).get()),
  place('the query of whereSub', VALUES, (table, input) => table().whereSub('name', '=', input).get()),
  place('the query of fromSub', [], (table, input) => table().fromSub(input, 'other').get()),
  place('the query of joinSub', [], (table, input) => table().joinSub(input, 'other', 'id', 'id').get()),
  place('the query of a common table expression', [], (table, input) => table().withExpression('recent', input).get()),
  place('the values of raw SQL', [['a'], []], (table, input) => table().whereRaw('name = ?', input).get()),
  place('the words of lock', [true, false, 'for update', 'lock in share mode', 'with(holdlock)'], (table, input) =>
    table().lock(input).get(),
  ),
  place('the name of a common table expression', ['recent'], (table, input) =>
    table().withExpression(input, table()).get(),
  ),
  place('the columns of a common table expression', ['id'], (table, input) =>
    table().withExpression('recent', table().select('id'), [input]).get(),
  ),
  place('the cursor of cursorPaginate', [null], (table, input) => table().orderBy('id').cursorPaginate(1, input)),
  place('the column of cursorPaginate', NAMES, (table, input) => table().cursorPaginate(1, null, input)),
  place('the page of paginate', [...COUNTS, ...NAMES], (table, input) =>
    table().orderBy('id').simplePaginate(1, input),
  ),
  place('the rows of a chunk', [1], (table, input) => table().chunk(input, () => false)),
  place('the column of chunkById', NAMES, (table, input) => table().chunkById(1, () => false, input)),
  place('an index hint', ['items_name_index', '1e999'], (table, input) => table().forceIndex(input).get()),
  {
    name: 'the name of a savepoint',
    innocent: ['trans1'],
    run: (_, input, connection) => connection.getQueryGrammar().compileSavepoint(input),
  },
  { name: 'a name for wrap', innocent: NAMES, run: (_, input, connection) => connection.getQueryGrammar().wrap(input) },
  {
    name: 'a name for wrapTable',
    innocent: TABLES,
    run: (_, input, connection) => connection.getQueryGrammar().wrapTable(input),
  },
]

const ROWS = [{}, { name: 'a' }, { name: null }, { name: 'a', votes: 1 }]

/** The places of a write. */
const WRITES: readonly Place[] = [
  place('the table of an insert', TABLES, (table, input) => table().from(input).insert({ name: 'a' })),
  place('the row of an insert', ROWS, (table, input) => table().insert(input)),
  place('a column of an insert', ['name'], (table, input) => table().insert({ [String(input)]: 'a' })),
  place('a value of an insert', VALUES, (table, input) => table().insert({ name: input })),
  place('the key of insertGetId', NAMES, (table, input) => table().insertGetId({ name: 'a' }, input)),
  place('the columns of insertUsing', ['name'], (table, input) => table().insertUsing([input], table().select('name'))),
  place('the query of insertUsing', [], (table, input) => table().insertUsing(['name'], input)),
  place('the columns of insertOrIgnoreReturning', NAMES, (table, input) =>
    table().insertOrIgnoreReturning([{ name: 'a' }], [input], 'id'),
  ),
  place('the unique columns of upsert', ['id'], (table, input) =>
    table().upsert([{ id: 1, name: 'a' }], input, ['name']),
  ),
  place('the changed columns of upsert', ['name'], (table, input) =>
    table().upsert([{ id: 1, name: 'a' }], 'id', [input]),
  ),
  place('the key of onConflict', ['id'], (table, input) =>
    table().onConflict(input).ignore().insert({ id: 1, name: 'a' }),
  ),
  place('the columns of returning', NAMES, (table, input) => table().returning(input).insert({ name: 'a' })),
  place('the values of an update', ROWS, (table, input) => table().where('id', 1).update(input)),
  place('a column of an update', ['name', 'meta->a', 'meta->a[0]'], (table, input) =>
    table()
      .where('id', 1)
      .update({ [String(input)]: 'a' }),
  ),
  place('a path of an update', ['a', 'a[0]', 'a->b'], (table, input) =>
    table()
      .where('id', 1)
      .update({ [`meta->${String(input)}`]: 'a' }),
  ),
  place('a value of an update', VALUES, (table, input) => table().where('id', 1).update({ name: input })),
  place('a JSON value of an update', VALUES, (table, input) => table().where('id', 1).update({ 'meta->a': input })),
  place('the attributes of updateOrInsert', ROWS, (table, input) => table().updateOrInsert(input, { name: 'b' })),
  place('the column of increment', ['votes', 'items.votes'], (table, input) => table().where('id', 1).increment(input)),
  place('the amount of increment', [1, -1, '1.5', 2n], (table, input) =>
    table().where('id', 1).increment('votes', input),
  ),
  place('the amount of decrement', [1, -1, '1.5', 2n], (table, input) =>
    table().where('id', 1).decrement('votes', input),
  ),
  place('the amounts of incrementEach', [{ votes: 1, 'items.votes': -1 }], (table, input) =>
    table().where('id', 1).incrementEach(input),
  ),
  place('the limit of a delete', COUNTS, (table, input) => table().where('id', -1).limit(input).delete()),
  place('the id of a delete', VALUES, (table, input) => table().where('id', -1).delete(input)),
  place('the table of truncate', TABLES, (table, input) => table().from(input).truncate()),
]

/** Everywhere that programs pass inputs to. */
export const PLACES: readonly Place[] = [...READS, ...WRITES]
