import { afterEach, describe, expect, test } from 'vitest'
import { Blueprint, DB, InvalidArgumentException, Schema } from '../../js/index'
import { onEveryDatabase } from '../support/databases'

/** A blueprint with a column of a program's own. */
class ShopBlueprint extends Blueprint {
  money(column: string) {
    return this.decimal(column, 12, 2).default(0)
  }
}

afterEach(() => {
  Schema.blueprintResolver(null)
  Blueprint.flushMacros()
})

onEveryDatabase('blueprints of a program', (db) => {
  test('a subclass brings columns of its own, for tables that are created and altered', async () => {
    const made: [string, boolean][] = []
    Schema.blueprintResolver((table, isNew) => {
      made.push([table, isNew])
      return new ShopBlueprint(table, isNew)
    })
    await Schema.dropIfExists('orders')
    await Schema.create('orders', (table: ShopBlueprint) => {
      table.id()
      table.money('total')
    })
    await Schema.table('orders', (table: ShopBlueprint) => table.money('tax').nullable())
    await DB.table('orders').insert({ total: '12.50' })
    expect(made).toEqual([
      ['orders', true],
      ['orders', false],
    ])
    expect(Number(await DB.table('orders').value('total'))).toBe(12.5)
    expect(await Schema.hasColumn('orders', 'tax')).toBe(true)
  })

  test('every connection uses it, those named later as well', async () => {
    Schema.blueprintResolver((table, isNew) => new ShopBlueprint(table, isNew))
    const builder = Schema.connection('default')
    const [sql] = await builder.toSql('orders', (table: ShopBlueprint) => table.money('tip').nullable())
    expect(sql).toContain(db.dialect === 'mysql' ? '`tip`' : '"tip"')
  })

  test('a method that was added is there in every blueprint', async () => {
    Blueprint.macro('money', function (column: string) {
      return this.decimal(column, 12, 2).default(0)
    })
    expect(Blueprint.hasMacro('money')).toBe(true)
    await Schema.dropIfExists('orders')
    await Schema.create('orders', (table: ShopBlueprint) => {
      table.id()
      table.money('total')
    })
    expect(await Schema.getColumnListing('orders')).toEqual(['id', 'total'])
  })
})

describe('what makes no blueprint', () => {
  test('is refused before anything is sent', async () => {
    Schema.blueprintResolver((() => ({})) as never)
    await expect(Schema.create('orders', (table) => table.id())).rejects.toThrow(/has to return a blueprint/)
  })

  test('a method that blueprints have cannot be replaced', () => {
    expect(() => Blueprint.macro('string', () => {})).toThrow(InvalidArgumentException)
    expect(() => Blueprint.macro('string', () => {})).toThrow('Blueprints have a method "string" of their own.')
  })

  test('the usual blueprints come back', async () => {
    Schema.blueprintResolver((table, isNew) => new ShopBlueprint(table, isNew))
    Schema.blueprintResolver(null)
    await Schema.toSql('orders', (table) => expect(table).not.toBeInstanceOf(ShopBlueprint))
  })
})
