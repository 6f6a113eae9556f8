import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { afterEach, describe, expect, test } from 'vitest'
import { UnsupportedException } from '../js'
import { DATABASES, forgetSchemaDefaults, isSql, refusalIn, snippetsIn, sqlOf } from './support/examples'
import { anchorsOf, linksOf, type Page, pagesIn, partsOf, ROOT, tableOf } from './support/pages'

const guide = pagesIn('docs')
const pages = [...pagesIn('.'), ...guide, ...pagesIn('docs/decisions')]
const isCode = (language: string) => language === 'js' || language === 'ts'

const blocks = guide.flatMap((page) =>
  partsOf(page)
    .blocks.filter(({ language }) => isCode(language))
    .map((block) => ({ ...block, where: `${page.path}:${block.line}` })),
)

/** Code with comments that are SQL; code without any is for people, and only has to be well formed. */
const snippets = blocks
  // Examples with models are run: eloquent/docs.test.ts.
  .filter(({ where }) => !where.startsWith('docs/eloquent'))
  .flatMap(({ where, lines }) =>
    snippetsIn(lines)
      .filter(({ sql }) => [...sql.values()].some(isSql))
      .map((snippet) => ({ ...snippet, where })),
  )

describe('the examples of the guide', () => {
  test.each(blocks)('$where is well formed', ({ lines }) => {
    const { diagnostics } = ts.transpileModule(lines.join('\n'), {
      reportDiagnostics: true,
      compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
    })
    expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([])
  })

  test('say either SQL that can be tried, or none', () => {
    const isSure = (text: string) => (isSql(text) && !text.includes('…')) || refusalIn(text) !== undefined
    const doubtful = snippets.filter(({ sql }) => ![...sql.values()].every(isSure))
    expect(doubtful.map(({ where, code }) => `${where} ${code}`)).toEqual([])
  })

  const examples = snippets.flatMap(({ where, code, sql }) =>
    [...sql]
      // What a server that is here refuses is tried there: schema/docs.test.ts.
      .filter(([database, text]) => refusalIn(text) === undefined || database === 'mysql' || database === 'sqlserver')
      .map(([database, text]) => ({ where, database, code, sql: text, call: code.trim().split('\n').at(-1) })),
  )

  test('are more than a hundred', () => {
    expect(examples.length).toBeGreaterThan(100)
  })

  afterEach(forgetSchemaDefaults)

  test.each(examples)('$where on $database: $call', async ({ database, code, sql }) => {
    const refusal = refusalIn(sql)
    if (refusal === undefined) expect((await sqlOf(code, database)).join('; ')).toBe(sql)
    else await expect(sqlOf(code, database)).rejects.toMatchObject({ name: refusal })
  })
})

/** What each line of the table of databases is about. */
const FEATURES: Readonly<Record<string, readonly string[]>> = {
  "`distinct('column')`": ["DB.table('a').distinct('b')"],
  '`joinLateral`, `leftJoinLateral`': [
    "DB.table('a').joinLateral((query) => query.from('b'), 'c')",
    "DB.table('a').leftJoinLateral((query) => query.from('b'), 'c')",
  ],
  '`straightJoin`': ["DB.table('a').straightJoin('b', 'a.id', 'b.id')"],
  '`whereLike` with any case': ["DB.table('a').whereLike('b', '%c%')"],
  '`whereLike` that minds the case': ["DB.table('a').whereLike('b', '%c%', true)"],
  'the same with a pattern that is raw SQL': ["DB.table('a').whereLike('b', raw('c'), true)"],
  '`whereFullText`': ["DB.table('a').whereFullText('b', 'c')"],
  '`whereJsonContains` of scalars': ["DB.table('a').whereJsonContains('b->c', ['d', 1, true])"],
  '`whereJsonContains` of an object or a nested array': [
    "DB.table('a').whereJsonContains('b->c', { d: 1 })",
    "DB.table('a').whereJsonContains('b->c', [['d']])",
  ],
  '`whereJsonContains` of an empty array': ["DB.table('a').whereJsonContains('b->c', [])"],
  '`whereJsonContainsKey`, `whereJsonLength`': [
    "DB.table('a').whereJsonContainsKey('b->c')",
    "DB.table('a').whereJsonLength('b->c', 1)",
  ],
  '`whereJsonOverlaps`, `whereJsonDoesntOverlap`': [
    "DB.table('a').whereJsonOverlaps('b->c', ['d'])",
    "DB.table('a').whereJsonDoesntOverlap('b->c', ['d'])",
  ],
  'common table expressions': [
    "DB.table('a').withExpression('a', DB.table('b'))",
    "DB.table('a').withRecursiveExpression('a', DB.table('b'))",
  ],
  '`withMaterializedExpression`, `withNonMaterializedExpression`': [
    "DB.table('a').withMaterializedExpression('a', DB.table('b'))",
    "DB.table('a').withNonMaterializedExpression('a', DB.table('b'))",
  ],
  '`groupLimit`': ["DB.table('a').groupLimit(3, 'b')"],
  '`inRandomOrder(5)`: the same order each time': ["DB.table('a').inRandomOrder(5)"],
  '`useIndex`, `ignoreIndex`': ["DB.table('a').useIndex('b')", "DB.table('a').ignoreIndex('b')"],
  '`forceIndex`': ["DB.table('a').forceIndex('b')"],
  '`lockForUpdate`, `sharedLock`': ["DB.table('a').lockForUpdate()", "DB.table('a').sharedLock()"],
  '`skipLocked`, `noWait`': ["DB.table('a').skipLocked()", "DB.table('a').sharedLock().noWait()"],
  "`lock(raw('…'))`": ["DB.table('a').lock(raw('for update'))"],
  '`insertOrIgnore`, `onConflict().ignore()`': [
    "await DB.table('a').insertOrIgnore({ b: 1 })",
    "await DB.table('a').onConflict().ignore().insert({ b: 1 })",
  ],
  '`insertOrIgnoreUsing`': ["await DB.table('a').insertOrIgnoreUsing(['b'], DB.table('c'))"],
  '`insertOrIgnoreReturning`': ["await DB.table('a').insertOrIgnoreReturning({ b: 1 }, ['id'])"],
  "`upsert`, `onConflict('email').merge()`": [
    "await DB.table('a').upsert([{ b: 1 }], 'b')",
    "await DB.table('a').onConflict('b').merge().insert({ b: 1 })",
  ],
  '`returning` of an insert': ["await DB.table('a').returning('id').insert({ b: 1 })"],
  '`returning` of an update': ["await DB.table('a').returning('id').update({ b: 1 })"],
  '`returning` of a delete': ["await DB.table('a').returning('id').delete()"],
  '`update` and `delete` with joins': [
    "await DB.table('a').join('b', 'a.id', 'b.id').update({ c: 1 })",
    "await DB.table('a').join('b', 'a.id', 'b.id').delete()",
  ],
  '`update` and `delete` with a limit': [
    "await DB.table('a').limit(1).update({ c: 1 })",
    "await DB.table('a').limit(1).delete()",
  ],
  '… with an order and a limit': [
    "await DB.table('a').orderBy('id').limit(1).update({ c: 1 })",
    "await DB.table('a').orderBy('id').limit(1).delete()",
  ],
  '… with an offset': [
    "await DB.table('a').orderBy('id').limit(1).offset(1).update({ c: 1 })",
    "await DB.table('a').orderBy('id').limit(1).offset(1).delete()",
  ],
  '… with joins and a limit': [
    "await DB.table('a').join('b', 'a.id', 'b.id').limit(1).update({ c: 1 })",
    "await DB.table('a').join('b', 'a.id', 'b.id').limit(1).delete()",
  ],
  '`updateFrom`': ["await DB.table('a').join('b', 'a.id', 'b.id').updateFrom({ c: 1 })"],
  '`explain()`': ["await DB.table('a').explain()"],
  '`explain({ analyze: true })`': ["await DB.table('a').explain({ analyze: true })"],
}

describe('the table of what each database lacks', () => {
  const page = guide.find(({ path }) => path.endsWith('query-builder-differences.md')) as Page
  const [, ...rows] = tableOf(page, '## What each database lacks')

  test('names what is tried', () => {
    expect(rows.map(([feature]) => feature)).toEqual(Object.keys(FEATURES))
  })

  const cells = rows.flatMap(([feature = '', ...words]) =>
    DATABASES.flatMap((database, at) =>
      (FEATURES[feature] ?? []).map((code) => ({ feature, database, code, word: words[at] })),
    ),
  )

  test.each(cells)('$database, $code: $word', async ({ database, code, word }) => {
    const sql = await sqlOf(code, database).catch((error: unknown) => error)
    if (word === 'error') expect(sql).toBeInstanceOf(UnsupportedException)
    else expect(sql).toEqual([expect.any(String)])
  })
})

describe('the links of the documentation', () => {
  const links = pages.flatMap((page) => linksOf(page).map((target) => ({ page, path: page.path, target })))

  test.each(links)('$path: $target', ({ page, target }) => {
    const [file = '', anchor] = target.split('#')
    const path = file === '' ? page.path : join(dirname(page.path), file)
    expect(existsSync(join(ROOT, path))).toBe(true)
    if (anchor === undefined) return
    const other = pages.find((each) => each.path === path) as Page
    expect([...anchorsOf(other)]).toContain(anchor)
  })
})
