/** Promise 36, for programs that await one short query after another: the event loop gets its turns all the same. */
import { createServer, connect as open, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import type { Connection } from '../../../js/connection/connection'
import { onDatabase } from '../../support/databases'
import { connectIn, inBothHosts, report, TIMED } from './hosts'

/** A timer of 5 ms that fires no more often than this would hold up a program. */
const ENOUGH_MS = 40

const LOOPS: Record<string, (connection: Connection) => Promise<unknown>> = {
  'a query': (connection) => connection.select('select ? as one', [1]),
  'a transaction': (connection) => connection.transaction((inside) => inside.select('select 1')),
}

onDatabase('sqlite', 'a loop of awaited queries', (db) => {
  inBothHosts((host) => {
    for (const [what, once] of Object.entries(LOOPS)) {
      test(`of ${what} lets timers fire`, TIMED, async () => {
        const connection = connectIn(host, db.config())
        await once(connection)
        let ticks = 0
        const timer = setInterval(() => ticks++, 5)
        const began = performance.now()
        let rounds = 0
        for (; rounds < 2000 || performance.now() - began < 200; rounds++) await once(connection)
        const ms = performance.now() - began
        clearInterval(timer)
        report(`timer of 5 ms beside a loop of ${what}, ${host}`, { ms, ticks, 'ms a tick': ms / ticks, rounds })
        expect(ticks).toBeGreaterThan(ms / ENOUGH_MS)
      })
    }

    test('lets sockets be heard', TIMED, async () => {
      const connection = connectIn(host, db.config())
      const server = createServer((socket) => socket.pipe(socket).on('error', () => {}))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const socket: Socket = open((server.address() as { port: number }).port, '127.0.0.1')
      let heard = 0
      socket.on('connect', () => socket.write('.'))
      socket.on('data', () => {
        heard += 1
        socket.write('.')
      })
      const began = performance.now()
      while (performance.now() - began < 200) await connection.select('select 1')
      const heardMeanwhile = heard
      socket.destroy()
      server.close()
      expect(heardMeanwhile).toBeGreaterThan(2)
    })
  })
})
