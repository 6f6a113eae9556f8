import { expect, test } from 'vitest'
import { joined, parted } from '../../js/migrations/lint/lint-state'

const STATE = {
  created: ['users', 'pages'],
  gone: ['drafts', 'old posts'],
  aliases: [{ new: 'authors', old: 'writers' }],
  migration: { unindexed: [{ table: 'comments' }] },
}

test('a statement is handed the tables that it names, and those that its migration left something about', () => {
  const state = { ...STATE, created: [...STATE.created, 'comments', 'writers'] }
  const { near, far, text } = parted(state, 'alter table "Old Posts" add column users_id integer')
  expect(near.created).toEqual(['users', 'comments', 'writers'])
  expect(near.gone).toEqual(['old posts'])
  expect(near.aliases).toEqual(STATE.aliases)
  expect(near.migration).toEqual(STATE.migration)
  expect(far).toEqual({ created: ['pages'], gone: ['drafts'] })
  expect(text).toContain('old posts')
})

test('names that are written otherwise than they are keep all tables near', () => {
  const { near, far } = parted(STATE, 'drop table "a""b"')
  expect([near.created, near.gone]).toEqual([STATE.created, STATE.gone])
  expect(far).toEqual({ created: [], gone: [] })
})

test('what the statement changed is joined with the rest', () => {
  const { near, far } = parted(STATE, 'create table tags (id integer)')
  const after = joined(far, { ...near, created: ['tags'], gone: [] })
  expect(after).toEqual({ ...STATE, created: ['users', 'pages', 'tags'], gone: ['drafts', 'old posts'] })
})
