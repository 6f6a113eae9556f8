import { afterAll, describe, expect, test, vi } from 'vitest'
import { Capsule } from '../../js/index'
import { CompiledQueries, KnownQuery } from '../../js/native/compiled-queries'
import type { CompiledQuery } from '../../js/native/environment'
import { Fault } from '../../js/native/fault'
import { Bound } from '../../js/query/bound'

/** Compiles a shape to itself, and knows those that it is to be met again. */
const compiler = (isMetAgain: (shape: string) => boolean = () => true) =>
  vi.fn((shape: string): CompiledQuery | Fault => ({
    sql: `sql of ${shape}`,
    order: [0],
    isMetAgain: isMetAgain(shape),
  }))

const known = (queries: CompiledQueries, shape: string) => {
  const query = queries.of(shape)
  if (query instanceof Fault) throw new Error(query.data.message)
  return query
}

describe('the values of a compiled query', () => {
  test('go where the engine says', () => {
    const query = new KnownQuery({ sql: '', order: [2, 0, 0] })
    expect(query.bindingsOf(['a', 'b', 'c'])).toEqual(['c', 'a', 'a'])
  })

  test('that have no placeholder are left out', () => {
    expect(new KnownQuery({ sql: '', order: 2 }).bindingsOf(['a', 'b', 'c'])).toEqual(['a', 'b'])
    expect(new KnownQuery({ sql: '', order: 0 }).bindingsOf(['a'])).toEqual([])
    expect(new KnownQuery({ sql: '', order: [1] }).bindingsOf(['a', 'b'])).toEqual(['b'])
  })

  test.each([[2], [[1, 0]]])('are a new list each time, in the order %j', (order) => {
    const query = new KnownQuery({ sql: '', order })
    const values = ['a', 'b']
    query.bindingsOf(values).push('changed')
    expect(query.bindingsOf(values)).toHaveLength(2)
    expect(values).toEqual(['a', 'b'])
  })
})

describe('compiled queries', () => {
  test('that are met again are compiled no more', () => {
    const compile = compiler()
    const queries = new CompiledQueries(compile)
    expect(known(queries, 'a').sql).toBe('sql of a')
    expect(known(queries, 'b').sql).toBe('sql of b')
    expect(known(queries, 'a').sql).toBe('sql of a')
    expect(compile).toHaveBeenCalledTimes(2)
  })

  test('that fail are tried again', () => {
    const fault = new Fault({ code: 'INVALID', message: 'no' })
    const compile = compiler().mockReturnValueOnce(fault)
    const queries = new CompiledQueries(compile)
    expect(queries.of('a')).toBe(fault)
    expect(known(queries, 'a').sql).toBe('sql of a')
    expect(queries.size).toBe(1)
  })

  test('are bounded in number, and the one that is in use stays', () => {
    const compile = compiler()
    const queries = new CompiledQueries(compile)
    let most = 0
    for (let index = 0; index < 30_000; index++) {
      known(queries, 'used')
      known(queries, `once ${index}`)
      most = Math.max(most, queries.size)
    }
    expect(most).toBeLessThan(15_000)
    expect(queries.size).toBeLessThan(15_000)
    expect(compile.mock.calls.filter(([shape]) => shape === 'used')).toHaveLength(1)
  })

  test('are bounded in characters', () => {
    const queries = new CompiledQueries(compiler())
    for (let index = 0; index < 500; index++) known(queries, `${index}`.padEnd(16_000))
    expect(queries.size).toBeLessThan(80)
  })

  test('are compiled once for several questions in a row', () => {
    const compile = compiler(() => false)
    const queries = new CompiledQueries(compile)
    for (const shape of ['a', 'a', 'b', 'b', 'a']) expect(known(queries, shape).sql).toBe(`sql of ${shape}`)
    expect(compile.mock.calls).toEqual([['a'], ['b'], ['a']])
  })

  test('that came once are not kept', () => {
    const compile = compiler((shape) => shape !== 'once')
    const queries = new CompiledQueries(compile)
    expect(known(queries, 'once').sql).toBe('sql of once')
    expect(queries.size).toBe(0)
    known(queries, 'twice')
    expect(queries.size).toBe(1)
  })
})

describe('a query builder that is built again', () => {
  const capsule = new Capsule()
  capsule.addConnection({ driver: 'pgsql', host: '127.0.0.1', port: 1, database: 'none' }, 'plain')
  capsule.addConnection({ driver: 'pgsql', host: '127.0.0.1', port: 1, database: 'none', prefix: 'my_' }, 'prefixed')
  afterAll(() => capsule.disconnect())

  const query = (id: number, name = 'plain') => capsule.connection(name).table('users').where('id', id)

  const compiledOf = (name: string): CompiledQueries => Reflect.get(capsule.connection(name), 'source').compiled

  test('has its own values', () => {
    const bindings = query(1).getBindings()
    expect(bindings).toEqual([1])
    bindings.push('changed')
    expect(query(2).getBindings()).toEqual([2])
    expect(query(1).getBindings()).toEqual([1])
  })

  test('has its values where its own placeholders stand', () => {
    for (let time = 0; time < 2; time++) {
      const swapped = query(1).whereRaw('a = $2 and b = $1', ['b', 'a'])
      expect(swapped.toSql()).toBe('select * from "users" where "id" = $1 and a = $2 and b = $3')
      expect(swapped.getBindings()).toEqual([1, 'a', 'b'])
    }
  })

  test('has the lines of its own SQL', () => {
    expect(query(1).whereRaw('a = 1\nand b = 2').toSql()).toBe(
      'select * from "users" where "id" = $1 and a = 1\nand b = 2',
    )
    expect(capsule.connection('plain').query().fromRaw('\n{}').toSql()).toBe('select * from \n{}')
  })

  test('has the SQL of its own connection', () => {
    for (let time = 0; time < 2; time++) {
      expect(query(1).toSql()).toBe('select * from "users" where "id" = $1')
      expect(query(1, 'prefixed').toSql()).toBe('select * from "my_users" where "id" = $1')
    }
  })

  test('is kept when it is compiled the second time', () => {
    const compiled = compiledOf('plain')
    const before = compiled.size
    const kept = ['one', 'one', 'other', 'one', 'third', 'other'].map((column) => {
      query(1).orderBy(`${column} of this test`).toSql()
      return compiled.size - before
    })
    expect(kept).toEqual([0, 0, 0, 1, 1, 2])
  })

  test('is compiled each time when it is very long', () => {
    const compiled = compiledOf('plain')
    const before = compiled.size
    for (let time = 0; time < 3; time++)
      query(1)
        .whereRaw(`a = '${'a'.repeat(16 * 1024)}'`)
        .toSql()
    expect(compiled.size).toBe(before)
  })

  test('is the same when it takes several statements', () => {
    capsule.addConnection({ driver: 'sqlite', database: ':memory:' }, 'several')
    const texts = [1, 2, 3].map((time) => {
      // Another shape between: the latest one is not compiled anew.
      capsule.connection('several').table(`t${time}`).toSql()
      const shown = capsule.connection('several').compileQuery({ kind: 'truncate', table: 't', name: new Bound('t') })
      return JSON.stringify(shown)
    })
    expect(new Set(texts).size).toBe(1)
    expect(texts[0]).toContain('delete from')
  })

  test('is refused again when it was refused', () => {
    const wrong = () => capsule.connection('plain').table('users').where('id', '=?', 1).toSql()
    expect(wrong).toThrow('=?')
    expect(wrong).toThrow('=?')
  })
})
