/** Times do not depend on the zone of the process (promises 39 and 40). */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEveryDatabase, type TestDatabase } from '../support/databases'

/** Minutes west of UTC in July 2024, so that a test knows that `TZ` was obeyed. */
const ZONES = { UTC: 0, 'America/New_York': 240, 'Europe/Berlin': -120, 'Asia/Kolkata': -330, 'Pacific/Apia': -780 }

interface Answer {
  moved: number[]
  found: number[]
  read: Record<string, unknown>[]
  asText: Record<string, unknown>[]
  stored: Record<string, unknown>[]
}

interface Told {
  offset: number
  count: number
  answer: Answer
}

/** One process for each zone, for all databases: most of its time goes into starting it. */
const children = new Map<string, ChildProcess>()

function childIn(zone: string): ChildProcess {
  const known = children.get(zone)
  if (known !== undefined) return known
  const child = fork(join(__dirname, 'zone-child.ts'), {
    execArgv: ['--import', 'jiti/register'],
    env: { ...process.env, TZ: zone },
  })
  children.set(zone, child)
  return child
}

async function ask(zone: string, db: TestDatabase): Promise<Told> {
  const child = childIn(zone)
  child.send({ dialect: db.dialect, config: db.config() })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`The process in ${zone} ended.`)))
  ended.catch(() => {})
  const [told] = (await Promise.race([once(child, 'message'), ended])) as [Told]
  return told
}

afterAll(() => {
  for (const child of children.values()) child.kill()
})

onEveryDatabase('Time zones', (db) => {
  const told = new Map<string, Told>()

  beforeAll(async () => {
    for (const zone of Object.keys(ZONES)) told.set(zone, await ask(zone, db))
  })

  for (const [zone, offset] of Object.entries(ZONES)) {
    test(`in ${zone} instants, clocks and dates are those of every other zone`, () => {
      const here = told.get(zone) as Told
      const there = told.get('UTC') as Told
      expect(here.offset).toBe(offset)
      expect(here.answer.moved).toEqual([])
      expect(here.answer.found).toEqual(Array.from({ length: here.count * 2 }, () => 1))
      expect(here.answer).toEqual(there.answer)
    })
  }

  test('clocks and dates are stored as they were written', () => {
    const { stored, asText, read } = (told.get('Pacific/Apia') as Told).answer
    expect(stored[2]).toMatchObject({ day: '2011-12-30', hour: expect.stringMatching(/^02:30:00/) })
    expect(stored[0]?.clock).toMatch(/^2024-03-10 02:30:00/)
    expect(stored[2]?.clock).toBe('2024-03-31 02:30:00.123456')
    expect(asText[2]?.clock).toBe('2024-03-31 02:30:00.123456')
    expect(asText[6]?.clock).toBe('9999-12-31 23:59:59.999999')
    expect(read[4]?.day).toBe('0001-01-01')
    expect(read[2]?.doc).toEqual({ at: '2024-03-10T06:59:59.999Z' })
  })
})
