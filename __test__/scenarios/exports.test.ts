/** The names that programs of guruorm 2 import, and what those that stand for nothing else do. */
import { expect, test } from 'vitest'
import * as guruorm from '../../js'
import {
  blank,
  dataGet,
  dataSet,
  Model,
  MySqlSchemaGrammar,
  ObserverRegistry,
  PostgresSchemaGrammar,
  retry,
  SqliteSchemaGrammar,
  UniversalLoader,
} from '../../js'
import { project } from '../migrations/project'

const NAMES = [
  ...['Capsule', 'Manager', 'Connection', 'ConnectionLogger', 'ConnectionManager', 'ConnectionResolver'],
  ...['MySqlConnection', 'PostgresConnection', 'SqliteConnection', 'SqlServerConnection', 'QueryBuilder', 'Expression'],
  ...['JoinClause', 'SchemaBuilder', 'Blueprint', 'ForeignKeyDefinition', 'SchemaGrammar', 'MySqlSchemaGrammar'],
  ...['PostgresSchemaGrammar', 'SqliteSchemaGrammar', 'Model', 'EloquentBuilder', 'EloquentCollection'],
  ...['SoftDeletingScope', 'HasGlobalScopes', 'ObserverRegistry', 'SoftDeleteModel', 'UuidModel', 'UlidModel'],
  ...['PrunableModel', 'MassPrunableModel', 'ArrayCast', 'JsonCast', 'EncryptedCast', 'LegacyEncryptedCast'],
  ...['AsCollectionCast', 'AsStringableCast', 'Relation', 'HasOne', 'HasMany', 'BelongsTo', 'BelongsToMany'],
  ...['HasOneThrough', 'HasManyThrough', 'MorphOne', 'MorphMany', 'MorphTo', 'Migration', 'Migrator', 'Seeder'],
  ...['DatabaseSeeder', 'JSONSeeder', 'FactoryManager', 'Collection', 'QueryLogger', 'UniversalLoader'],
  ...['GuruORMError', 'QueryException', 'ModelNotFoundException', 'ConnectionException', 'RelationNotFoundException'],
  ...['MultipleRecordsFoundException', 'SoftDeletes', 'HasUuids', 'HasUlids', 'Prunable', 'MassPrunable', 'raw'],
  ...['factory', 'defineFactory', 'isPlainObject', 'getClassName', 'snakeCase', 'camelCase', 'studlyCase', 'dataGet'],
  ...['dataSet', 'value', 'head', 'last', 'flatten', 'collect', 'tap', 'withValue', 'blank', 'filled', 'throwIf'],
  ...['throwUnless', 'retry', 'DB', 'Schema'],
]

test('every name of guruorm 2 is there', () => {
  expect(NAMES).toHaveLength(91)
  expect(NAMES.filter((name) => !(name in guruorm))).toEqual([])
})

test('the small functions do what their names say', async () => {
  const { filled, flatten, getClassName, head, isPlainObject, last, tap, throwIf, throwUnless, value, withValue } =
    guruorm
  expect([isPlainObject({}), isPlainObject(Object.create(null)), isPlainObject([]), isPlainObject(new Date())]).toEqual(
    [true, true, false, false],
  )
  expect([getClassName(Model), getClassName(new Date()), getClassName(5)]).toEqual([Model.name, 'Date', ''])
  const settings = { mail: { to: ['a', 'b'] } }
  expect([dataGet(settings, 'mail.to.1'), dataGet(settings, 'mail.cc', 'none')]).toEqual(['b', 'none'])
  dataSet(settings, 'mail.from.name', 'Ada')
  expect(dataGet(settings, 'mail.from')).toEqual({ name: 'Ada' })
  expect(() => dataSet({}, '__proto__.polluted', true)).toThrow('prototype')
  expect(dataGet({}, 'constructor', 'none')).toBe('none')
  expect([value(() => 1), value(2), head([1, 2]), last([1, 2]), head([])]).toEqual([1, 2, 1, 2, undefined])
  expect([flatten([1, [2, [3]]]), flatten([1, [2, [3]]], 1)]).toEqual([
    [1, 2, 3],
    [1, 2, [3]],
  ])
  expect([tap(1, () => 2), withValue(1, (one) => one + 1), withValue(1)]).toEqual([1, 2, 1])
  expect([null, undefined, ' ', [], {}, new Map(), 0, false, 'a', [0], new Date()].map(blank)).toEqual([
    ...[true, true, true, true, true, true],
    ...[false, false, false, false, false],
  ])
  expect(filled('a')).toBe(true)
  expect(() => throwIf(true, 'no')).toThrow('no')
  expect(() => throwUnless(true, 'no')).not.toThrow()
  const attempts: number[] = []
  const flaky = (attempt: number) => {
    attempts.push(attempt)
    if (attempt < 3) throw new Error(`attempt ${attempt}`)
    return 'done'
  }
  expect([await retry(3, flaky, 1), attempts]).toEqual(['done', [1, 2, 3]])
  await expect(retry(2, flaky)).rejects.toThrow('attempt 2')
})

test('a grammar of schemas writes the SQL of its database without a connection', () => {
  const users = (table: guruorm.Blueprint) => {
    table.id()
    table.string('name').nullable()
  }
  const grammar = new PostgresSchemaGrammar()
  expect(grammar.compileCreate('users', users)).toEqual([
    'create table "users" ("id" bigserial not null primary key, "name" varchar(255) null)',
  ])
  expect(new MySqlSchemaGrammar().compileDropTableIfExists('users')).toBe('drop table if exists `users`')
  expect(new SqliteSchemaGrammar().compileDisableForeignKeyConstraints()).toMatch(/pragma foreign_keys = (?:off|0)/i)
  expect(grammar.compileTable('users', (table) => table.index('name'))).toEqual([
    'create index "users_name_index" on "users" ("name")',
  ])
  grammar.setTablePrefix('app_')
  expect([grammar.wrapTable('users'), grammar.compileRenameTable('a', 'b')]).toEqual([
    '"app_users"',
    'alter table "app_a" rename to "app_b"',
  ])
})

test('observers are registered by the name of a class', async () => {
  class Watched extends Model {}
  Model.register('Watched', Watched)
  const told: string[] = []
  ObserverRegistry.observe('Watched', { creating: () => void told.push('creating'), deleting: () => false })
  expect(ObserverRegistry.getListeners(Watched, 'creating')).toHaveLength(1)
  const watched = new Watched()
  expect(await ObserverRegistry.callObservers('Watched', 'creating', watched)).toBe(true)
  expect([told, await ObserverRegistry.callObservers('Watched', 'deleting', watched)]).toEqual([['creating'], false])
  ObserverRegistry.clearObservers('Watched')
  expect(ObserverRegistry.getListeners('Watched', 'creating')).toEqual([])
  expect(() => ObserverRegistry.observe('Nobody', {})).toThrow('No model is registered as "Nobody"')
})

test('files are loaded whatever they are written in', async () => {
  const { path, file } = project({
    'a.cjs': 'module.exports = { from: "cjs" }',
    'b.mjs': 'export default { from: "mjs" }',
    'c.ts': 'const from: string = "ts"\nexport default { from }',
    'd.json': '{ "from": "json" }',
  })
  for (const name of ['a.cjs', 'b.mjs', 'c.ts', 'd.json'])
    expect(await UniversalLoader.loadModule(file(name))).toEqual({ from: name.split('.')[1] })
  expect(await UniversalLoader.loadConfig('b', path)).toEqual({ from: 'mjs' })
  await expect(UniversalLoader.loadConfig('e', path)).rejects.toThrow('There is no e.{')
})

test('TypeScript that is imported twice at once is one module, and may import more', async () => {
  Object.assign(globalThis, { guruormLoads: [], guruormLoader: UniversalLoader })
  const { file } = project({
    'model.ts': 'globalThis.guruormLoads.push("model")\nexport class Model {}',
    'one.ts': 'import { Model } from "./model.ts"\nexport default Model',
    'other.ts': 'import { Model } from "./model.ts"\nexport default Model',
    'loads.ts': `export default await globalThis.guruormLoader.loadModule(${'import.meta.filename'}.replace('loads', 'one'))`,
  })
  const [one, other, again, loaded] = await Promise.all(
    ['one.ts', 'other.ts', 'one.ts', 'loads.ts'].map((name) => UniversalLoader.loadModule(file(name))),
  )
  expect(Reflect.get(globalThis, 'guruormLoads')).toEqual(['model'])
  expect([one === other, one === again, loaded === one]).toEqual([true, true, true])
})
