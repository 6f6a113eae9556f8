import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FaultProxy } from './proxy'

/** Says everything back. */
let echo: Server
let proxy: FaultProxy
const clients: Socket[] = []

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  proxy = await FaultProxy.inFrontOf(`postgres://127.0.0.1:${(echo.address() as { port: number }).port}`)
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await proxy.close()
  echo.close()
})

/** A client, what it has received so far, and its failure. */
async function client() {
  const socket = connect({ host: '127.0.0.1', port: proxy.port })
  clients.push(socket)
  const seen = { text: '', error: undefined as string | undefined, socket, closed: false }
  socket.on('close', () => {
    seen.closed = true
  })
  socket.on('data', (piece) => {
    seen.text += piece
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    seen.error = error.code
  })
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))
  return seen
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('the proxy', () => {
  test('passes bytes both ways and counts them', async () => {
    const { socket, ...seen } = await client()
    socket.write('hello')
    await expect.poll(() => proxy.bytes).toEqual({ toServer: 5, toClient: 5 })
    expect(seen.error).toBeUndefined()
    expect([proxy.open, proxy.peak, proxy.accepted]).toEqual([1, 1, 1])
  })

  test('delays each direction', async () => {
    proxy.delay(60)
    const seen = await client()
    const started = performance.now()
    seen.socket.write('slow')
    await expect.poll(() => seen.text).toBe('slow')
    expect(performance.now() - started).toBeGreaterThan(115)
  })

  test('resets open connections when it cuts', async () => {
    const seen = await client()
    seen.socket.write('x')
    await expect.poll(() => seen.text).toBe('x')
    proxy.cut()
    await expect.poll(() => seen.error).toBe('ECONNRESET')
    expect(proxy.open).toBe(0)
  })

  test('holds everything in a black hole, and gives it back when healed', async () => {
    const seen = await client()
    proxy.blackhole()
    seen.socket.write('held')
    await pause(80)
    expect(seen).toMatchObject({ text: '', error: undefined })
    proxy.pass()
    await expect.poll(() => seen.text).toBe('held')
  })

  test('holds connections that are made during a black hole', async () => {
    proxy.blackhole()
    const seen = await client()
    seen.socket.write('late')
    await pause(80)
    expect(seen.text).toBe('')
    proxy.pass()
    await expect.poll(() => seen.text).toBe('late')
  })

  test('cuts after an exact number of bytes', async () => {
    const seen = await client()
    proxy.cutAfterBytes('toClient', 3)
    seen.socket.write('abcdef')
    // Node reports a reset that comes together with data as an orderly end.
    await expect.poll(() => seen.closed).toBe(true)
    expect(seen.text).toBe('abc')
    expect(proxy.bytes.toClient).toBe(3)
  })

  test('refuses new connections and keeps old ones', async () => {
    const old = await client()
    proxy.refuse()
    const fresh = await client()
    await expect.poll(() => fresh.error).toBe('ECONNRESET')
    old.socket.write('alive')
    await expect.poll(() => old.text).toBe('alive')
  })

  test('counts messages of the PostgreSQL protocol and cuts before the next one', async () => {
    const seen = await client()
    const startup = Buffer.alloc(8)
    startup.writeInt32BE(8, 0)
    startup.writeInt32BE(196608, 4)
    const query = Buffer.concat([Buffer.from('Q\0\0\0\u000d'), Buffer.from('select 1\0')])
    proxy.cutAfterMessages('toServer', 2)
    // In pieces that end in the middle of messages.
    seen.socket.write(Buffer.concat([startup, query.subarray(0, 3)]))
    await pause(20)
    seen.socket.write(Buffer.concat([query.subarray(3), query]))
    await expect.poll(() => seen.error).toBe('ECONNRESET')
    expect(proxy.messages.toServer).toBe(2)
    expect(proxy.bytes.toServer).toBe(startup.length + query.length)
  })
})
