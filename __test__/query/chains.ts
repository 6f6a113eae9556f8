import { raw } from '../../js/query/expression'
import type { Recorder } from './recorder'

/** The chain that makes the query of each case of `corpus/queries`, by the path of its file. */
export const CHAINS: Readonly<Record<string, (db: Recorder) => unknown>> = {
  'select/everything': (db) => db.table('users').get(),
  'select/columns-and-aliases': (db) => db.table('users as u').select('u.id', 'name as n', 'u.*').get(),
  'select/raw-columns': (db) => db.table('orders').selectRaw('price * ? as total', [1.5]).addSelect(raw('now()')).get(),
  'select/sub-query-column': (db) =>
    db
      .table('users')
      .select('name')
      .selectSub((query) => query.from('posts').selectRaw('count(*)').whereColumn('user_id', 'users.id'), 'posts')
      .where('id', 1)
      .get(),
  'select/distinct': (db) => db.table('users').distinct().select('name').get(),
  'select/distinct-on-columns': (db) => db.table('users').distinct('city').select('city', 'name').get(),
  'select/json-path': (db) => db.table('users').select('meta->lang', "meta->tags[0]->it's as first").get(),
  'select/quoted-names': (db) => db.table('we"ird`ta]ble').select('a"b`c]d').get(),
  'select/namespace': (db) => db.table('public.users').select('public.users.id').get(),
  'select/from-sub-query': (db) =>
    db
      .table('x')
      .from((query) => query.from('users').where('active', true), 'u')
      .where('u.id', '>', 5)
      .get(),
  'select/from-raw': (db) => db.table('x').fromRaw('(select ? as n) as numbers', [3]).get(),
  'joins/inner': (db) => db.table('users').join('contacts', 'users.id', '=', 'contacts.user_id').get(),
  'joins/left-right-cross': (db) =>
    db.table('a').leftJoin('b', 'a.id', 'b.id').rightJoin('c as d', 'a.id', '<>', 'd.id').crossJoin('e').get(),
  'joins/closure': (db) =>
    db
      .table('users')
      .join('contacts', (join) =>
        join
          .on('users.id', 'contacts.user_id')
          .orOn((group) => group.on('users.id', 'contacts.owner_id').whereNull('contacts.deleted_at'))
          .where('contacts.kind', 'work'),
      )
      .where('users.id', 7)
      .get(),
  'joins/where': (db) => db.table('users').joinWhere('contacts', 'contacts.kind', '=', 'work').get(),
  'joins/sub-query': (db) =>
    db
      .table('users')
      .leftJoinSub(db.table('posts').where('published', true), 'p', 'p.user_id', '=', 'users.id')
      .where('votes', 1)
      .get(),
  'where/two-arguments': (db) => db.table('users').where('name', 'Ada').get(),
  'where/operators': (db) => db.table('users').where('votes', '>=', 100).orWhere('name', '<>', 'Ada').get(),
  'where/object': (db) => db.table('users').where('a', 1).where({ b: 2, c: null }).orWhere({ d: 3, e: 4 }).get(),
  'where/tuples': (db) =>
    db
      .table('users')
      .where([
        ['votes', '>', 1],
        ['name', 'Ada'],
      ])
      .get(),
  'where/groups': (db) =>
    db
      .table('users')
      .where('a', 1)
      .orWhere((group) => group.where('b', 2).orWhere((inner) => inner.where('c', 3).where('d', 4)))
      .get(),
  'where/empty-group': (db) =>
    db
      .table('users')
      .where(() => {})
      .where('a', 1)
      .get(),
  'where/not': (db) =>
    db
      .table('users')
      .whereNot('a', 1)
      .orWhereNot((group) => group.where('b', 2).orWhere('c', 3))
      .get(),
  'where/null': (db) =>
    db.table('users').where('a', null).where('b', '!=', null).whereNull('c').orWhereNotNull(['d', 'e']).get(),
  'where/json-null': (db) => db.table('users').whereNull('meta->lang').whereNotNull('meta->age').get(),
  'where/in': (db) => db.table('users').whereIn('id', [1, 2, 3]).orWhereNotIn('role', ['a', null]).get(),
  'where/in-nothing': (db) => db.table('users').whereIn('id', []).orWhereNotIn('id', []).get(),
  'where/in-expressions': (db) =>
    db
      .table('users')
      .whereIn('id', [1, raw('2 + ?', [3])])
      .get(),
  'where/in-sub-query': (db) =>
    db
      .table('users')
      .whereIn('id', (query) => query.from('orders').select('user_id').where('total', '>', 10))
      .whereNotIn('id', db.table('banned').select('id'))
      .get(),
  'where/between': (db) =>
    db
      .table('users')
      .whereBetween('votes', [1, 9])
      .orWhereNotBetween('age', [18, raw('99')])
      .get(),
  'where/columns': (db) =>
    db
      .table('users')
      .whereColumn('a', 'b')
      .orWhereColumn('c', '>', 'd')
      .whereColumn([
        ['e', 'f'],
        ['g', '<', 'h'],
      ])
      .get(),
  'where/exists': (db) =>
    db
      .table('users')
      .whereExists((query) => query.from('orders').whereColumn('orders.user_id', 'users.id').where('paid', true))
      .orWhereNotExists(db.table('bans'))
      .get(),
  'where/raw': (db) => db.table('users').whereRaw('age > ? and name <> ?', [25, "it's ?"]).orWhereRaw("a = '?'").get(),
  'where/like': (db) => db.table('users').whereLike('name', 'A%').orWhereNotLike('name', '_b').get(),
  'where/like-case-sensitive': (db) => db.table('users').whereLike('name', '*A_b%?', true).get(),
  'where/like-operator': (db) => db.table('users').where('name', 'like', 'A%').get(),
  'where/null-safe-equality': (db) => db.table('users').where('name', '<=>', 'Ada').get(),
  'where/bits': (db) => db.table('users').where('flags', '&', 4).get(),
  'where/json-path': (db) => db.table('users').where('users.meta->address->city', 'Rome').get(),
  'where/json-boolean': (db) => db.table('users').where('meta->active', true).where('meta->old', '!=', false).get(),
  'where/sub-query-operands': (db) =>
    db
      .table('users')
      .where((query) => query.from('orders').selectRaw('count(*)'), '>', 3)
      .where('role', '=', (query) => query.from('roles').select('id').limit(1))
      .get(),
  'where/unknown-operator': (db) => db.table('users').where('name', '= name or 1 = 1 or name =', 'x').get(),
  'groups/group-and-having': (db) =>
    db
      .table('orders')
      .select('city', raw('count(*) as n'))
      .groupBy('city', raw('year(placed_at)'))
      .having('city', '>', 'M')
      .orHaving((group) => group.havingBetween('n', [1, 5]).havingNotNull('city'))
      .havingRaw('sum(price) > ?', [9])
      .get(),
  'orders/keys': (db) =>
    db.table('users').orderBy('name').orderByDesc('users.votes').orderByRaw('length(?)', ['x']).get(),
  'orders/latest-and-reorder': (db) => db.table('users').latest().oldest('seen_at').reorder('id', 'DESC').get(),
  'orders/sub-query': (db) =>
    db
      .table('users')
      .orderBy((query) => query.from('logins').select('at').limit(1))
      .get(),
  'paging/limit': (db) => db.table('users').limit(5).get(),
  'paging/limit-and-offset': (db) => db.table('users').orderBy('id').forPage(3, 10).get(),
  'paging/unordered-offset': (db) => db.table('users').offset(10).limit(5).get(),
  'paging/bare-offset': (db) => db.table('users').orderBy('id').offset(10).get(),
  'paging/limit-zero': (db) => db.table('users').take(0).skip(0).get(),
  'unions/union': (db) =>
    db
      .table('a')
      .where('x', 1)
      .union(db.table('b').where('x', 2))
      .unionAll((query) => query.from('c'))
      .get(),
  'unions/order-and-limit': (db) =>
    db.table('a').limit(2).union(db.table('b').orderBy('x')).orderBy('x').limit(10).offset(5).get(),
  'unions/limit-alone': (db) => db.table('a').union(db.table('b')).limit(10).get(),
  'locks/update': (db) => db.table('accounts').where('id', 1).lockForUpdate().get(),
  'locks/share': (db) => db.table('accounts').where('id', 1).sharedLock().get(),
  'aggregates/count': (db) => db.table('users').select('name').orderBy('name').count(),
  'aggregates/distinct-column': (db) => db.table('users').distinct().count('city'),
  'aggregates/max-of-path': (db) => db.table('users').where('a', 1).max('meta->age'),
  'aggregates/over-having': (db) => db.table('users').select('city').groupBy('city').having('city', '>', 'M').count(),
  'aggregates/over-union': (db) => db.table('a').union(db.table('b')).sum('price'),
  'aggregates/exists': (db) => db.table('users').where('id', 1).exists(),
  'insert/one-row': (db) => db.table('users').insert({ name: 'Ada', votes: 1, at: null }),
  'insert/rows': (db) =>
    db.table('users').insert([
      { b: 1, a: 2 },
      { a: 3, b: 4 },
    ]),
  'insert/different-columns': (db) => db.table('users').insert([{ a: 1 }, { a: 2, b: raw('now()') }]),
  'insert/raw-cells': (db) => db.table('users').insert({ a: raw('upper(?)', ['x']), b: 2 }),
  'insert/no-columns': (db) => db.table('users').insert({}),
  'insert/get-id': (db) => db.table('users').insertGetId({ name: 'Ada' }),
  'insert/get-id-of-other-key': (db) => db.table('users').insertGetId({ name: 'Ada' }, 'uid'),
  'insert/returning': (db) => db.table('users').returning('id', 'name as n').insert({ name: 'Ada' }),
  'insert/or-ignore': (db) => db.table('users').insertOrIgnore([{ id: 1 }, { id: 2 }]),
  'insert/or-ignore-by-key': (db) => db.table('users').onConflict('email').ignore().insert({ email: 'a' }),
  'insert/upsert': (db) => db.table('users').upsert([{ email: 'a', votes: 1 }], ['email', 'team'], ['votes']),
  'insert/upsert-every-column': (db) => db.table('users').upsert({ email: 'a', votes: 1 }, 'email'),
  'insert/upsert-values': (db) =>
    db.table('users').upsert({ email: 'a', votes: 1 }, 'email', { votes: raw('users.votes + 1'), seen: true }),
  'insert/merge-without-key': (db) => db.table('users').onConflict().merge('votes').insert({ email: 'a', votes: 1 }),
  'insert/using': (db) => db.table('archive').insertUsing(['id'], db.table('users').select('id').where('old', true)),
  'update/values': (db) =>
    db
      .table('users')
      .where('id', 1)
      .update({ name: 'Ada', at: raw('now()'), gone: null }),
  'update/qualified-column': (db) => db.table('users').update({ 'users.name': 'Ada' }),
  'update/increment': (db) => db.table('users').where('id', 1).increment('votes', 5, { seen: true }),
  'update/decrement': (db) => db.table('users').decrement('votes', '1.50'),
  'update/joins': (db) =>
    db.table('users').join('orders', 'users.id', 'orders.user_id').where('paid', 1).update({ a: 2 }),
  'update/limit': (db) => db.table('users').where('a', 1).limit(3).update({ a: 2 }),
  'update/returning': (db) => db.table('users').returning('id').update({ a: 2 }),
  'update/sub-query-value': (db) =>
    db.table('users').update({ credits: db.table('orders').selectRaw('sum(total)').where('kind', 'x') }),
  'update/nothing': (db) => db.table('users').update({}),
  'delete/where': (db) => db.table('users').where('votes', '<', 100).delete(),
  'delete/by-id': (db) => db.table('users').delete(7),
  'delete/joins': (db) => db.table('users as u').leftJoin('bans', 'u.id', 'bans.user_id').whereNull('bans.id').delete(),
  'delete/limit': (db) => db.table('users').where('a', 1).limit(10).delete(),
  'delete/returning': (db) => db.table('users').returning().delete(),
  'truncate/table': (db) => db.table('public.users').truncate(),
  'where/date-parts': (db) =>
    db
      .table('users')
      .whereDate('created_at', '>=', '2026-01-31')
      .whereTime('meta->seen_at', '11:20')
      .whereDay('created_at', 1)
      .orWhereMonth('created_at', 2)
      .whereYear('created_at', '<', 2026)
      .get(),
  'where/any-all-none': (db) =>
    db.table('users').whereAny(['a', 'b'], 'like', '%x%').orWhereAll(['c', 'd'], '>', 1).whereNone(['e', 'f'], 2).get(),
  'where/between-columns': (db) =>
    db
      .table('users')
      .whereBetweenColumns('weight', ['least', 'most'])
      .orWhereValueNotBetween(5, ['least', 'most'])
      .get(),
  'where/integers': (db) =>
    db.table('users').whereIntegerInRaw('id', [1, '2', 3.7]).whereIntegerNotInRaw('team', []).get(),
  'where/row-values': (db) => db.table('orders').whereRowValues(['placed_at', 'id'], '<', ['2026-01-31', 5]).get(),
  'where/full-text': (db) => db.table('posts').whereFullText(['title', 'body'], 'pool hangs').get(),
  'where/full-text-options': (db) =>
    db
      .table('posts')
      .whereFullText('title', '+pool -hangs', { mode: 'boolean' })
      .orWhereFullText('body', 'pool', { mode: 'websearch', language: "g'erman", expanded: true })
      .get(),
  'where/json-contains': (db) =>
    db.table('users').whereJsonContains('options->languages', ['en', 'de']).whereJsonDoesntContain('flags', true).get(),
  'where/json-contains-composite': (db) =>
    db
      .table('users')
      .whereJsonContains('options', { a: [1] })
      .get(),
  'where/json-overlaps': (db) => db.table('users').whereJsonOverlaps('options->languages', ['en', 'de']).get(),
  'where/json-contains-key': (db) =>
    db.table('users').whereJsonContainsKey("options->it's").orWhereJsonDoesntContainKey('options->list[1]').get(),
  'where/json-contains-key-from-end': (db) => db.table('users').whereJsonContainsKey('options->list[-1]').get(),
  'where/json-length': (db) =>
    db.table('users').whereJsonLength('options->languages', '>', 1).whereJsonLength('tags', 0).get(),
  'where/dynamic': (db) => db.table('users').dynamicWhere('whereNameOrTeamId', ['Ada', 3]).get(),
  'joins/lateral': (db) =>
    db
      .table('users')
      .joinLateral((query) => query.from('posts').whereColumn('user_id', 'users.id').limit(3), 'newest')
      .leftJoinLateral(raw('select 1 as one'), 'l')
      .get(),
  'joins/straight': (db) => db.table('users').straightJoin('contacts', 'users.id', 'contacts.user_id').get(),
  'joins/nested': (db) =>
    db
      .table('users')
      .leftJoin('contacts', (join) =>
        join.join('kinds', 'kinds.id', 'contacts.kind_id').on('users.id', 'contacts.user_id').where('kinds.active', 1),
      )
      .get(),
  'joins/raw-sub-query': (db) =>
    db
      .table('users')
      .crossJoinSub(raw('select ? as n', [4]), 's')
      .get(),
  'select/index-hints': (db) => db.table('users').forceIndex('users_email', 'users_name').where('email', 'a').get(),
  'select/index-hint-with-other-signs': (db) => db.table('users').useIndex('a b').get(),
  'select/common-table-expressions': (db) =>
    db
      .table('recent')
      .withExpression('recent', db.table('orders').where('day', '>', 1))
      .withExpression('days', raw('select ? as day', [2]), ['day'])
      .where('id', 3)
      .get(),
  'select/recursive-expression': (db) =>
    db
      .table('tree')
      .withRecursiveExpression(
        'tree',
        db
          .table('nodes')
          .whereNull('parent')
          .unionAll((query) => query.from('nodes').join('tree', 'tree.id', 'nodes.parent')),
      )
      .get(),
  'select/materialized-expression': (db) =>
    db.table('kept').withMaterializedExpression('kept', db.table('orders')).get(),
  'orders/nulls': (db) => db.table('users').orderBy('seen_at', 'desc', 'last').orderBy('name', 'asc', 'first').get(),
  'orders/in-order-of': (db) => db.table('tickets').inOrderOf('priority', ['high', 'low']).get(),
  'orders/random': (db) => db.table('users').inRandomOrder(7).get(),
  'paging/group-limit': (db) =>
    db.table('posts').where('live', true).orderByDesc('created_at').groupLimit(3, 'user_id').offset(2).get(),
  'paging/group-limit-unordered': (db) => db.table('posts').select('title').groupLimit(3, 'user_id').get(),
  'locks/skip-locked': (db) => db.table('jobs').limit(1).lockForUpdate().skipLocked().get(),
  'locks/no-wait': (db) => db.table('jobs').sharedLock().noWait().get(),
  'locks/words': (db) => db.table('jobs').lock('for no key update').get(),
  'locks/unknown-words': (db) => db.table('jobs').lock('for update; drop table jobs').get(),
  'aggregates/groups': (db) => db.table('users').select('city').groupBy('city').getCountForPagination(),
  'select/explain': (db) => db.table('users').where('id', 1).explain(),
  'select/explain-analyze': (db) => db.table('users').where('id', 1).explain({ analyze: true }),
  'insert/or-ignore-using': (db) => db.table('archive').insertOrIgnoreUsing(['id'], db.table('users').select('id')),
  'insert/or-ignore-returning': (db) => db.table('users').insertOrIgnoreReturning({ email: 'a' }, ['id'], 'email'),
  'update/from-joins': (db) =>
    db
      .table('users')
      .join('orders', 'users.id', 'orders.user_id')
      .where('orders.paid', true)
      .updateFrom({ city: raw('orders.city') }),
  'update/json': (db) =>
    db
      .table('users')
      .where('id', 1)
      .update({ 'meta->lang': 'en', name: 'Ada', 'meta->flags->new': true, 'options->list': [1, 2] }),
  'update/json-that-no-patch-can': (db) =>
    db.table('users').update({ 'meta->list[0]': 'x', 'options->gone': null, 'stats->seen': raw('now()') }),
  'select/vector-distance': (db) =>
    db
      .table('documents')
      .select('title')
      .selectVectorDistance('embedding', [0.5, 1])
      .whereVectorSimilarTo('embedding', [0.5, 1], 0.75)
      .get(),
}
