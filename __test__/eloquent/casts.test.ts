/** Casts: what is stored, what programs see of it, on every database. */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  ArrayCast,
  AsCollectionCast,
  AsStringableCast,
  Attribute,
  EloquentBuilder,
  EncryptedCast,
  EncryptionException,
  Hash,
  InvalidArgumentException,
  JsonCast,
  LegacyEncryptedCast,
  Model,
  UnsupportedException,
} from '../../js'
import { onEveryDatabase } from '../support/databases'

/** What TypeScript makes of `enum Level { Low = 1, High }`. */
const Level = { Low: 1, High: 2, 1: 'Low', 2: 'High' } as const
const Status = { Draft: 'draft', Live: 'live' } as const

class Money {
  amount: number
  readonly currency: string
  constructor(amount: number, currency: string) {
    this.amount = amount
    this.currency = currency
  }
  static castUsing([currency = 'EUR']: readonly string[]) {
    return {
      get: (_model: object, _key: string, value: unknown) =>
        value === null ? null : new Money(Number(value), currency),
      set: (_model: object, _key: string, value: Money | null) => value?.amount ?? null,
    }
  }
}

/** Stores text backwards, with what the cast was given. */
class Backwards {
  readonly mark: string
  constructor(mark = '') {
    this.mark = mark
  }
  get(_model: object, _key: string, value: unknown) {
    return value === null ? null : String(value).slice(this.mark.length).split('').reverse().join('')
  }
  set(_model: object, _key: string, value: unknown) {
    return value === null ? null : this.mark + String(value).split('').reverse().join('')
  }
}

onEveryDatabase('casts', (db) => {
  const COLUMNS = ['text', 'more', 'secret'] as const

  const prepare = async () => {
    await db.connection().schema().dropIfExists('cast_items')
    await db
      .connection()
      .schema()
      .create('cast_items', (table) => {
        table.id()
        for (const column of COLUMNS) table.text(column).nullable()
        table.integer('number').nullable()
        table.boolean('flag').nullable()
        table.decimal('price', 10, 4).nullable()
        table.json('data').nullable()
        table.dateTime('seen_at').nullable()
        table.date('day').nullable()
      })
    class Item extends Model {
      static table = 'cast_items'
      static timestamps = false
      static guarded = []
    }
    return Item
  }

  test('E9, scenario 128: null passes every cast, and is stored as NULL', async () => {
    const Item = await prepare()
    class Cast extends Item {
      static casts = {
        ...{ number: 'integer', flag: 'boolean', price: 'decimal:2', data: 'json', seen_at: 'datetime', day: 'date' },
        ...{ text: 'encrypted', more: 'hashed', secret: 'string' },
      }
    }
    const keys = Object.keys(Cast.casts)
    const item = await Cast.create(Object.fromEntries(keys.map((key) => [key, null])))
    const row = await db.connection().table('cast_items').first()
    expect(Object.values(row ?? {}).filter((value) => value !== null)).toEqual([item.id])
    const found = await Cast.firstOrFail()
    expect(keys.map((key) => found[key])).toEqual(keys.map(() => null))
    expect(found.isDirty()).toBe(false)
  })

  test('E9, scenario 126: dates, decimals, false and unix seconds are what the documents say', async () => {
    const Item = await prepare()
    class Base extends Item {
      static casts: Record<string, string> = { price: 'decimal:2', flag: 'boolean' }
    }
    class Cast extends Base {
      static override casts = { seen_at: 'timestamp', day: 'date:d/m/Y', number: 'float' }
    }
    const item = await Cast.create({
      price: 3.1411,
      flag: 'false',
      seen_at: '2025-01-02T03:04:05Z',
      day: '2025-01-02',
    })
    const found = await Cast.findOrFail(item.id)
    expect([found.price, found.flag, found.seen_at]).toEqual(['3.14', false, 1735787045])
    expect(found.day).toEqual(new Date('2025-01-02T00:00:00Z'))
    expect(found.toArray()).toMatchObject({ day: '02/01/2025', seen_at: 1735787045, price: '3.14' })
    found.seen_at = 1735787045
    found.price = '3.14'
    expect(found.isDirty()).toBe(false)
    await found.update({ seen_at: 1735787046 })
    expect((await Cast.firstOrFail()).seen_at).toBe(1735787046)
    expect(() => found.fill({ seen_at: 'no date' })).toThrow(InvalidArgumentException)
  })

  test('a class writes its dates in its own format, and reads them back', async () => {
    const Item = await prepare()
    class Cast extends Item {
      static dateFormat = 'd.m.Y H:i:s'
      static casts = { text: 'datetime', more: 'datetime:Y' }
    }
    const at = new Date('2025-03-04T05:06:07Z')
    await Cast.create({ text: at, more: at })
    expect(await db.connection().table('cast_items').value('text')).toBe('04.03.2025 05:06:07')
    const found = await Cast.firstOrFail()
    expect([found.text, found.toArray().more]).toEqual([at, '2025'])
    found.text = new Date(at)
    expect(found.isDirty()).toBe(false)
    found.text = new Date('2025-03-04T05:06:08Z')
    expect(found.isDirty()).toBe(true)
  })

  test('S9: encrypted attributes are unreadable in the database, cannot be changed there, and outlive their key', async () => {
    const Item = await prepare()
    class Cast extends Item {
      static casts = { text: 'encrypted', secret: 'encrypted:array' }
    }
    const [first, second] = [randomBytes(32), `base64:${randomBytes(32).toString('base64')}`]
    try {
      Model.encryptUsing(first)
      const item = await Cast.create({ text: 'iban 123', secret: { pin: [1] } })
      const stored = await db.connection().table('cast_items').firstOrFail()
      expect(stored.text).toMatch(/^v1\.[\w-]+$/)
      expect(JSON.stringify(stored)).not.toMatch(/iban|pin/)
      const found = await Cast.findOrFail(item.id)
      expect([found.text, found.secret]).toEqual(['iban 123', { pin: [1] }])
      found.text = 'iban 123'
      expect(found.isDirty()).toBe(false)
      found.secret.pin.push(2)
      expect(found.isDirty('secret')).toBe(true)
      await found.save()

      Model.encryptUsing(second, [first])
      const again = await Cast.findOrFail(item.id)
      expect([again.text, again.secret]).toEqual(['iban 123', { pin: [1, 2] }])
      await again.update({ text: 'iban 456' })
      Model.encryptUsing(second)
      const last = await Cast.findOrFail(item.id)
      expect(last.text).toBe('iban 456')
      expect(() => last.secret).toThrow(EncryptionException)

      const changed = `${String((await db.connection().table('cast_items').value('text')) ?? '').slice(0, -2)}AA`
      await db.connection().table('cast_items').update({ text: changed })
      const tampered = await Cast.firstOrFail()
      expect(() => tampered.text).toThrow(EncryptionException)
      expect(() => Model.encryptUsing('short')).toThrow(EncryptionException)
    } finally {
      Model.encryptUsing(undefined)
    }
    expect(() => new Cast().fill({ text: 'a' })).toThrow('There is no key to encrypt with')
  })

  test('scenario 205: EncryptedCast, JsonCast and ArrayCast are casts as classes and as objects', async () => {
    const Item = await prepare()
    class Cast extends Item {
      static casts = { text: EncryptedCast, more: new EncryptedCast(), data: JsonCast, secret: ArrayCast }
    }
    try {
      Model.encryptUsing(randomBytes(32))
      await Cast.create({ text: 'a', more: 'b', data: { x: 1 }, secret: [1] })
      const found = await Cast.firstOrFail()
      expect([found.text, found.more, found.data, found.secret]).toEqual(['a', 'b', { x: 1 }, [1]])
      const { text, more } = await db.connection().table('cast_items').firstOrFail()
      expect([text, more]).toEqual([expect.stringMatching(/^v1\./), expect.stringMatching(/^v1\./)])
      await found.update({ more: null })
      expect((await Cast.firstOrFail()).more).toBeNull()
    } finally {
      Model.encryptUsing(undefined)
    }
  })

  test('cast classes of guruorm 2: collections, texts, and base64 that is encrypted from now on', async () => {
    const Item = await prepare()
    class Cast extends Item {
      static casts = { data: AsCollectionCast, number: AsStringableCast, secret: LegacyEncryptedCast }
    }
    try {
      Model.encryptUsing(randomBytes(32))
      await db
        .connection()
        .table('cast_items')
        .insert({ secret: Buffer.from('old').toString('base64') })
      const item = await Cast.firstOrFail()
      expect(item.secret).toBe('old')
      await item.update({ data: [3], number: 7, secret: 'new' })
      const found = await Cast.firstOrFail()
      expect([found.data.all(), found.number, found.secret, found.isDirty()]).toEqual([[3], '7', 'new', false])
      expect(await db.connection().table('cast_items').value('secret')).toMatch(/^v1\./)
      await found.update({ secret: null })
      expect((await Cast.firstOrFail()).secret).toBeNull()
    } finally {
      Model.encryptUsing(undefined)
    }
  })

  test('passwords are hashed once, and checked', async () => {
    const Item = await prepare()
    class Cast extends Item {
      static casts = { secret: 'hashed' }
    }
    const item = await Cast.create({ secret: 'open sesame' })
    const found = await Cast.findOrFail(item.id)
    expect(found.secret).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/)
    expect([await Hash.check('open sesame', found.secret), await Hash.check('close', found.secret)]).toEqual([
      true,
      false,
    ])
    const hash = found.secret
    found.secret = hash
    expect([found.isDirty(), Hash.needsRehash(hash), await Hash.check('', null)]).toEqual([false, false, false])
    const bcrypt = `$2y$10$${'a'.repeat(53)}`
    expect(found.fill({ secret: bcrypt }).secret).toBe(bcrypt)
    await expect(Hash.check('a', bcrypt)).rejects.toThrow(UnsupportedException)
    expect(await Hash.check('a', '$scrypt$ln=31,r=99,p=99$AAAA$AAAA')).toBe(false)
  })

  test('enums are values of TypeScript enums and of objects of constants; others are refused', async () => {
    const Item = await prepare()
    class Cast extends Item {
      static casts = { number: Level, text: Status }
    }
    const item = await Cast.create({ number: Level.High, text: Status.Live })
    const found = await Cast.findOrFail(item.id)
    expect([found.number, found.text]).toEqual([Level.High, 'live'])
    found.number = '1'
    expect(found.number).toBe(Level.Low)
    expect(() => found.fill({ text: 'gone' })).toThrow('The attribute "text" takes one of draft, live.')
    expect(() => found.fill({ number: 'Low' })).toThrow(InvalidArgumentException)
  })

  test('scenario 129: casts of programs: classes, objects, named with arguments, castables, one way only', async () => {
    const Item = await prepare()
    Model.registerCast(`backwards_${db.driver}`, Backwards)
    class Cast extends Item {
      static casts = {
        text: `backwards_${db.driver}:>>`,
        price: Money,
        more: { set: (_model: object, _key: string, value: string) => value.toUpperCase() },
      }
    }
    await Cast.create({ text: 'abc', price: new Money(5, 'EUR'), more: 'loud' })
    const found = await Cast.firstOrFail()
    expect([found.text, found.price, found.more]).toEqual(['abc', new Money(5, 'EUR'), 'LOUD'])
    expect(await db.connection().table('cast_items').value('text')).toBe('>>cba')
    found.price.amount = 6
    await found.save()
    expect((await Cast.firstOrFail()).price.amount).toBe(6)
    expect(() => Model.registerCast('json', Backwards)).toThrow(InvalidArgumentException)
    class Wrong extends Item {
      static casts = { text: 'nonsense' }
    }
    expect(() => new Wrong()).toThrow('"text" has the cast "nonsense", and there is no such cast.')
  })

  test('casts and attributes of fields are merged along classes, as those of statics are', async () => {
    const Item = await prepare()
    class Base extends Item {
      constructor(given?: object) {
        super(given)
        Object.assign(this, { casts: { flag: 'boolean' }, attributes: { text: 'given', number: 1 } })
      }
    }
    class Cast extends Base {
      constructor(given?: object) {
        super(given)
        Object.assign(this, { casts: { number: 'string' }, attributes: { number: 2 } })
      }
    }
    const item = new Cast()
    expect([item.text, item.number]).toEqual(['given', '2'])
    expect(item.getCasts()).toEqual({ flag: 'boolean', number: 'string' })
  })

  test('casts may be a method, are merged along classes, on one model, and for one query', async () => {
    const Item = await prepare()
    class Base extends Item {
      static casts() {
        return { flag: 'boolean', number: 'string' }
      }
    }
    class Cast extends Base {
      casts() {
        return { number: 'integer', price: 'decimal:1' }
      }
    }
    await Cast.create({ flag: true, number: 7, price: 1.25, data: [1], seen_at: new Date('2025-01-01T00:00:00Z') })
    const found = await Cast.firstOrFail()
    expect([found.flag, found.number, found.price]).toEqual([true, 7, '1.3'])
    expect(found.mergeCasts({ number: 'string' }).number).toBe('7')
    expect((await Cast.firstOrFail()).number).toBe(7)
    const seen = await Item.query().select('id', 'seen_at as last').withCasts({ last: 'datetime:Y' }).firstOrFail()
    expect(seen.toArray()).toMatchObject({ last: '2025' })
    expect([await Cast.query().value('number'), await Cast.query().pluck('price')]).toEqual([7, ['1.3']])
    expect(await Cast.query().pluck('flag', 'number')).toEqual({ 7: true })
  })

  test('Attribute objects keep objects, and save what was changed in them', async () => {
    const Item = await prepare()
    let computed = 0
    class Place {
      street: string
      town: string
      constructor(street: string, town: string) {
        this.street = street
        this.town = town
      }
    }
    class Cast extends Item {
      place() {
        return Attribute.make<unknown, Place>({
          get: (_value, attributes) => new Place(String(attributes.text), String(attributes.more)),
          set: (place) => ({ text: place.street, more: place.town }),
        })
      }
      once() {
        return Attribute.get(() => {
          computed += 1
          return 'made'
        }).shouldCache()
      }
      each() {
        return Attribute.get(() => new Place('a', 'b')).withoutObjectCaching()
      }
    }
    await Cast.create({ text: 'Long Lane 1', more: 'Bath' })
    // Types see the method; programs read the attribute.
    const found = (await Cast.firstOrFail()) as unknown as Model & { place: Place; each: Place; once: string }
    expect(found.place).toBe(found.place)
    expect(found.each).not.toBe(found.each)
    expect([found.once, found.once, computed]).toEqual(['made', 'made', 1])
    expect(found.isDirty()).toBe(false)
    found.place.town = 'York'
    expect(found.getDirty()).toEqual({ more: 'York' })
    await found.save()
    found.place = new Place('Short Lane 2', 'Ely')
    await found.save()
    expect((await Cast.firstOrFail()).only('text', 'more')).toEqual({ text: 'Short Lane 2', more: 'Ely' })
  })

  test('members of JSON are filled by their paths', async () => {
    const Item = await prepare()
    class Cast extends Item {
      static fillable = ['data->theme', 'text']
      static casts = { data: 'array' }
    }
    const item = await Cast.create({ 'data->theme': 'dark', 'data->admin': true, text: 'x' })
    expect((await Cast.findOrFail(item.id)).data).toEqual({ theme: 'dark' })
    expect(Cast.query()).toBeInstanceOf(EloquentBuilder)
  })
})
