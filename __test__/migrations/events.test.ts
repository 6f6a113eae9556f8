import { expect, test } from 'vitest'
import { MigrationEventDispatcher } from '../../js/migrations/events'

test('listeners hear their event, one after the other, until they stop', async () => {
  const events = new MigrationEventDispatcher()
  const heard: string[] = []
  const stop = events.listen('migration.skipped', async ({ migration, timestamp }) => {
    await Promise.resolve()
    heard.push(`first ${migration} ${timestamp instanceof Date}`)
  })
  events.listen('migration.skipped', ({ migration }) => void heard.push(`second ${migration}`))
  await events.dispatch('migration.skipped', { migration: 'a', reason: 'shouldRun returned false' })
  await events.dispatch('migrations.none', { method: 'up' })
  stop()
  await events.dispatch('migration.skipped', { migration: 'b', reason: 'shouldRun returned false' })
  expect(heard).toEqual(['first a true', 'second a', 'second b'])
  events.forget('migration.skipped')
  expect(events.hasListeners('migration.skipped')).toBe(false)
})
