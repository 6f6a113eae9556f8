/** Promise 23: a server that is gone without a word is noticed, also by programs that set no limit at all. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { onDatabase } from '../../support/databases'
import { FaultProxy } from '../../support/proxy'
import { connectIn, HOSTS, outcomeOf, pause, report } from './hosts'

onDatabase('mysql', 'a server that is gone', (db) => {
  test('is noticed within 30 s, in statements and in transactions, and a slow one is waited for', {
    timeout: 60_000,
  }, async () => {
    const proxy = await FaultProxy.inFrontOf(db.url)
    const slow = outcomeOf(connectIn('inline', db.config()).scalar('select sleep(24)'))
    const lost = HOSTS.map(async (host) => {
      const connection = connectIn(host, db.config({ host: '127.0.0.1', port: proxy.port, pool: { max: 3 } }))
      const transaction = connection.transaction(async (open) => {
        await open.select('select 1')
        await pause(300)
        await open.statement('select 1')
      })
      await connection.select('select 1')
      await pause(150)
      return Promise.all([outcomeOf(connection.statement('do sleep(1)')), outcomeOf(transaction)])
    })
    await pause(200)
    proxy.blackhole()
    const outcomes = (await Promise.all(lost)).flat()
    report(`server gone, no limits, ${db.driver}`, { 'ms at most': Math.max(...outcomes.map(({ ms }) => ms)) })
    for (const { error, ms } of outcomes) {
      expect(error?.code).toMatch(/^LOST_CONNECTION|ROLLED_BACK$/)
      expect(ms).toBeLessThan(30_000)
    }
    expect(await slow).toMatchObject({ value: 0 })
    await proxy.close()
  })
})

const SS = ['/usr/bin/ss', '/bin/ss', '/usr/sbin/ss'].find(existsSync)

onDatabase('postgres', 'a server that is gone', (db) => {
  describe.runIf(SS !== undefined && process.platform === 'linux')('is noticed by the operating system:', () => {
    for (const host of HOSTS) {
      test(`an idle connection is probed after 30 s at most, with the engine ${host}`, async () => {
        const proxy = await FaultProxy.inFrontOf(db.url)
        const connection = connectIn(host, db.config({ host: '127.0.0.1', port: proxy.port }))
        await connection.select('select 1')
        await pause(300)
        const sockets = execFileSync(SS as string, ['-tnoH', 'dst', `127.0.0.1:${proxy.port}`], { encoding: 'utf8' })
        const seconds = /timer:\(keepalive,(\d+)(?:\.\d+)?sec,0\)/.exec(sockets)?.[1]
        expect(Number(seconds)).toBeLessThanOrEqual(30)
        await proxy.close()
      })
    }
  })
})
