import { describe, expect, test } from 'vitest'
import { isSql, type Snippet, sqlOf } from '../support/examples'
import { type Method, methods } from './docstrings'

const isWhole = ({ code, sql }: Snippet) =>
  !/…|for await|=> \{|page\./.test(code) && [...sql.values()].every((text) => !text.includes('…') && isSql(text))

/** Methods that make no SQL: what they give is told in words. */
const builders = methods().filter(
  ({ name }) => !/^(Expression|Cursor|.*Paginator|.*Page|Bound.*|SubQuery|Grammar|LazyCollection)\./.test(name),
)

describe('the docstrings of the query builder', () => {
  test('say what every public method does, with an example', () => {
    const lacking = builders
      .filter(({ docs }) => docs === undefined || !docs.includes('@example'))
      .map(({ name }) => name)
    expect(lacking).toEqual([])
  })

  const examples = builders.flatMap(({ name, snippets }: Method) =>
    snippets
      .filter(isWhole)
      .flatMap((snippet) => [...snippet.sql].map(([database, sql]) => ({ name, database, sql, code: snippet.code }))),
  )

  test('have hundreds of examples that can be tried', () => {
    expect(examples.length).toBeGreaterThan(230)
  })

  test.each(examples)('$name on $database makes the SQL that it promises', async ({ database, sql, code }) => {
    expect((await sqlOf(code, database)).join('; ')).toBe(sql)
  })
})
