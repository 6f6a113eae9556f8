/** Collections: arrays with Laravel's methods. */
import { describe, expect, test } from 'vitest'
import { Collection, collect, InvalidArgumentException, RecordNotFoundException } from '../js'

const people = [
  { id: 1, name: 'Ada', votes: '10', role: 'admin', born: { year: 1815 } },
  { id: '2', name: 'Grace', votes: 9, role: 'editor', born: { year: 1906 } },
  { id: 3, name: 'Joan', votes: null, role: 'admin', born: { year: 1917 } },
]

describe('collections', () => {
  test('E18: a single number is an item, never a length', () => {
    expect(collect([5]).all()).toEqual([5])
    expect(Collection.make([3])).toHaveLength(1)
    expect(new Collection([3])[0]).toBe(3)
    expect(collect([{ n: 7 }]).map(({ n }) => n)[0]).toBe(7)
    expect(collect([1, 7]).reject((n) => n === 1)[0]).toBe(7)
    expect(Collection.of(4)[0]).toBe(4)
    expect(Collection.from([4])[0]).toBe(4)
    expect(Collection.wrap(4).all()).toEqual([4])
    expect(Collection.wrap('text').all()).toEqual(['text'])
    expect(Collection.wrap(null).all()).toEqual([])
  })

  test('E18, R18: 200,000 items are made, cut, merged and summed', () => {
    const many = Array.from({ length: 200_000 }, (_, index) => index)
    const all = collect(many)
    expect([all.count(), all.max(), all.min(), all.sum()]).toEqual([200_000, 199_999, 0, 19_999_900_000])
    expect(all.merge(many).unique().length).toBe(200_000)
    expect(all.chunk(1000)).toHaveLength(200)
    expect(all.chunk(1000).collapse().length).toBe(200_000)
    expect(all.forget(0).length).toBe(199_999)
    expect(all.diff(many)).toHaveLength(0)
  })

  test('it is an array: what arrays change in place is changed in place, all else is a new collection', () => {
    const numbers = collect([3, 1, 2])
    expect(Array.isArray(numbers)).toBe(true)
    expect([numbers.push(10), numbers.sort()]).toEqual([4, [1, 2, 3, 10]])
    expect([...numbers]).toEqual([1, 2, 3, 10])
    expect(numbers.map(String)).toBeInstanceOf(Collection)
    expect(numbers.slice(1, 2)).toBeInstanceOf(Collection)
    expect(numbers.filter((n) => n > 2).all()).toEqual([3, 10])
    expect(numbers.splice(1, 1).all()).toEqual([2])
    expect(numbers.all()).toEqual([1, 3, 10])
    expect(numbers.concat([4]).concat(5).all()).toEqual([1, 3, 10, 4, 5])
    expect(JSON.stringify(collect([new Date(0), collect([1])]))).toBe('["1970-01-01T00:00:00.000Z",[1]]')
  })

  test('values() is a collection and an iterator, as of an array', () => {
    const values = collect([5, 6]).values()
    expect(values.all()).toEqual([5, 6])
    expect([values.next().value, values.next().value, values.next().done]).toEqual([5, 6, true])
    expect([...collect(['a']).values()]).toEqual(['a'])
  })

  test('values are compared loosely: numbers with texts, booleans with 0 and 1, dates by their time', () => {
    const users = collect(people)
    expect(users.where('id', 2).pluck('name').all()).toEqual(['Grace'])
    expect(users.where('id', '1').first()?.name).toBe('Ada')
    expect(users.whereIn('id', [1, 2]).count()).toBe(2)
    expect(users.whereStrict('id', 2).count()).toBe(0)
    expect(users.where('votes', '>', 9).pluck('name').all()).toEqual(['Ada'])
    expect(users.whereNotBetween('born.year', [1900, 1910]).pluck('name').all()).toEqual(['Ada', 'Joan'])
    expect(users.whereNull('votes').count()).toBe(1)
    expect(collect([1, '1', 2]).unique().all()).toEqual([1, 2])
    expect(
      collect([{ on: 1 }])
        .where('on', true)
        .count(),
    ).toBe(1)
    expect(collect([new Date(5)]).contains(new Date(5))).toBe(true)
    expect(
      collect([0, null, ''])
        .where((item) => item, null)
        .all(),
    ).toEqual([null])
    expect(() => users.where('id', '~' as '=', 1)).toThrow(InvalidArgumentException)
    expect(collect(['a']).doesntContain('b')).toBe(true)
    expect([collect<unknown>([4, 5]).search('5'), collect<unknown>([4, 5]).search('5', true)]).toEqual([1, false])
  })

  test('numbers of no items are null, or 0 for a sum; texts of numbers are numbers', () => {
    const users = collect(people)
    expect([users.sum('votes'), users.avg('votes'), users.max('votes'), users.min('votes')]).toEqual([19, 9.5, '10', 9])
    expect([collect([0]).max(), collect([]).max(), collect([]).avg(), collect([]).sum()]).toEqual([0, null, null, 0])
    expect([collect([1, 3, 2, 4]).median(), collect([]).median(), collect([1, 1, 2]).mode()]).toEqual([2.5, null, [1]])
    expect(collect([1, 2, 3]).percentage((n) => n > 1)).toBe(66.67)
  })

  test('groups and keys are ordinary objects', () => {
    const users = collect(people)
    const groups = users.groupBy('role')
    expect(Object.keys(groups)).toEqual(['admin', 'editor'])
    expect(groups.admin?.pluck('name').all()).toEqual(['Ada', 'Joan'])
    expect(users.groupBy(['role', 'name'])).toMatchObject({ admin: { Ada: [{ id: 1 }] } })
    expect(users.keyBy('id')['2']?.name).toBe('Grace')
    expect(users.countBy('role')).toEqual({ admin: 2, editor: 1 })
    expect(users.pluck('name', 'id')).toEqual({ 1: 'Ada', 2: 'Grace', 3: 'Joan' })
    expect(users.mapWithKeys(({ id, name }) => [name, id])).toEqual({ Ada: 1, Grace: '2', Joan: 3 })
    expect(collect(['a', 'b']).flip()).toEqual({ a: 0, b: 1 })
    expect(collect(['a', 'b']).combine([1, 2])).toEqual({ a: 1, b: 2 })
    const odd = collect([{ kind: '__proto__' }]).groupBy('kind')
    expect(Object.keys(odd)).toEqual(['__proto__'])
  })

  test('sorting by one or more values leaves the collection as it was', () => {
    const users = collect(people)
    expect(users.sortBy('votes').pluck('name').all()).toEqual(['Joan', 'Grace', 'Ada'])
    expect(users.sortByDesc('name').pluck('name').all()).toEqual(['Joan', 'Grace', 'Ada'])
    const sorted = users.sortBy([
      ['role', 'desc'],
      ['name', 'asc'],
    ])
    expect(sorted.pluck('name').all()).toEqual(['Grace', 'Ada', 'Joan'])
    expect(users.pluck('name').all()).toEqual(['Ada', 'Grace', 'Joan'])
    expect(collect([2, 10, 1]).sortDesc().all()).toEqual([10, 2, 1])
  })

  test('collections are cut and put together', () => {
    const numbers = collect([1, 2, 3, 4, 5])
    const lists = (pieces: Iterable<Iterable<number>>) => Array.from(pieces, (piece) => [...piece])
    expect(lists(numbers.chunk(2))).toEqual([[1, 2], [3, 4], [5]])
    expect(lists(numbers.split(3))).toEqual([[1, 2], [3, 4], [5]])
    expect(lists(collect([1, 2]).split(3))).toEqual([[1], [2]])
    expect(lists(numbers.sliding(2, 2))).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(lists(collect([1, 1, 2]).chunkWhile((n, _, chunk) => n === chunk.at(-1)))).toEqual([[1, 1], [2]])
    expect([numbers.take(-2).all(), numbers.forPage(2, 2).all(), numbers.nth(2, 1).all()]).toEqual([
      [4, 5],
      [3, 4],
      [2, 4],
    ])
    expect(numbers.takeUntil(3).all()).toEqual([1, 2])
    expect(numbers.skipWhile((n) => n < 4).all()).toEqual([4, 5])
    expect(numbers.partition((n) => n > 3).map((part) => part.all())).toEqual([
      [4, 5],
      [1, 2, 3],
    ])
    expect(collect([1]).pad(3, 0).all()).toEqual([1, 0, 0])
    expect(
      collect([1, [2, [3]], { a: 4 }])
        .flatten()
        .all(),
    ).toEqual([1, 2, 3, 4])
    expect(
      collect([1, [2, [3]]])
        .flatten(1)
        .all(),
    ).toEqual([1, 2, [3]])
    expect(collect([1, 2]).zip(['a', 'b']).all()).toEqual([
      [1, 'a'],
      [2, 'b'],
    ])
    expect(collect([1, 2]).crossJoin(['a', 'b']).count()).toBe(4)
    expect(collect(['a', 'b', 'c']).join(', ', ' and ')).toBe('a, b and c')
    expect([collect(people).implode('name', '-'), collect([1, 2]).implode('+')]).toEqual(['Ada-Grace-Joan', '1+2'])
    expect([
      collect([1, 2, 3]).diff([2]).all(),
      collect([1, 2])
        .intersect(['2' as never])
        .all(),
    ]).toEqual([[1, 3], [2]])
    expect(collect([1, 2, 1]).duplicates().all()).toEqual([1])
    expect(numbers.shuffle().sort().all()).toEqual([1, 2, 3, 4, 5])
    expect(() => numbers.random(6)).toThrow(InvalidArgumentException)
    expect(() => numbers.chunk(0)).toThrow(InvalidArgumentException)
  })

  test('items are got one by one; none is null', () => {
    expect([collect([]).first(), collect([]).last(), collect([1]).get(5), collect([1]).get(5, 9)]).toEqual([
      null,
      null,
      null,
      9,
    ])
    expect([collect([1, 2, 3]).first((n) => n > 1), collect([1, 2, 3]).last((n) => n < 3)]).toEqual([2, 2])
    expect(collect([1, 2]).pull(0)).toBe(1)
    expect(() => collect([]).firstOrFail()).toThrow(RecordNotFoundException)
    expect(collect([1, 2]).sole((n) => n === 2)).toBe(2)
    expect(() => collect([1, 2]).sole()).toThrow('2')
    expect([collect([1, 2, 3]).before(2), collect([1, 2, 3]).after(2), collect([1]).after(1)]).toEqual([1, 3, null])
    expect(collect(people).value('votes')).toBe('10')
    expect(
      collect([1])
        .when(true, (all) => all.add(2))
        .all(),
    ).toEqual([1, 2])
    expect(Collection.range(5, 1, 2).all()).toEqual([5, 3, 1])
    expect(Collection.times(2, (n) => n * 2).all()).toEqual([2, 4])
  })

  test('lazily, items are read as they are wanted', async () => {
    let read = 0
    const lazy = collect([1, 2, 3, 4])
      .lazy()
      .tapEach(() => {
        read += 1
      })
    expect(
      await lazy
        .filter((n) => n > 1)
        .take(1)
        .all(),
    ).toEqual([2])
    expect([await lazy.contains((n) => n === 1), await lazy.isEmpty(), await lazy.every((n) => n < 1)]).toEqual([
      true,
      false,
      false,
    ])
    expect(read).toBe(5)
    expect(
      await lazy
        .flatMap((n) => [n, n])
        .unique()
        .skipWhile((n) => n < 3)
        .all(),
    ).toEqual([3, 4])
    expect(await collect(people).lazy().pluck('born.year').all()).toEqual([1815, 1906, 1917])
  })

  test('programs add methods, and none of those that collections have', () => {
    Collection.macro('double', function (this: Collection) {
      return this.map((item) => Number(item) * 2)
    })
    expect((collect([2]) as unknown as { double(): Collection }).double().all()).toEqual([4])
    expect(() => Collection.macro('map', () => 1)).toThrow(InvalidArgumentException)
    Collection.flushMacros()
    expect(Collection.hasMacro('double')).toBe(false)
  })
})
