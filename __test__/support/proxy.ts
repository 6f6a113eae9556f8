/** A TCP proxy in front of a database server that fails as networks do. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { Conversation, type Direction, Framer, type Protocol } from './framing'

/** What the proxy does with bytes at the moment. */
type Mode = 'pass' | 'blackhole' | 'refuse'

/** When to cut: before the `at`-th byte or message from now on, of one direction, all connections together. */
interface Cut {
  readonly unit: 'bytes' | 'messages'
  readonly direction: Direction
  readonly at: number
  /** Counted only from the piece to the server on that has this text. */
  readonly from?: string | undefined
}

type PerDirection = Record<Direction, number>

export class FaultProxy {
  /** Clients connect here, on 127.0.0.1. */
  port = 0
  /** Since the last `resetCounts()`. Messages that are encrypted cannot be counted. */
  bytes: PerDirection = { toServer: 0, toClient: 0 }
  messages: PerDirection = { toServer: 0, toClient: 0 }
  /** How often something arrived: messages that were sent together arrive together. */
  pieces: PerDirection = { toServer: 0, toClient: 0 }
  /** Connections accepted since the start, and the most that were open at a time. */
  accepted = 0
  peak = 0
  /** Called when a planned cut has happened. */
  onCut: (() => void) | undefined

  readonly #target: { host: string; port: number }
  readonly #protocol: Protocol
  readonly #server: Server
  readonly #lines = new Set<Line>()
  #mode: Mode = 'pass'
  #delay = 0
  #cut: Cut | undefined

  private constructor(target: { host: string; port: number }, protocol: Protocol) {
    this.#target = target
    this.#protocol = protocol
    this.#server = createServer((client) => this.#accept(client))
  }

  /** Listens on a free port for connections to the server that a URL names. */
  static async inFrontOf(serverUrl: string): Promise<FaultProxy> {
    const url = new URL(serverUrl)
    const protocol = url.protocol.startsWith('postgres') ? 'postgres' : 'mysql'
    const port = Number(url.port) || { postgres: 5432, mysql: 3306 }[protocol]
    const proxy = new FaultProxy({ host: url.hostname, port }, protocol)
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject)
      proxy.#server.listen(0, '127.0.0.1', resolve)
    })
    proxy.port = (proxy.#server.address() as { port: number }).port
    proxy.#server.unref()
    return proxy
  }

  /** The same server, through the proxy. */
  url(serverUrl: string): string {
    const url = new URL(serverUrl)
    url.hostname = '127.0.0.1'
    url.port = String(this.port)
    return url.href
  }

  /** Connections open at this moment. */
  get open(): number {
    return this.#lines.size
  }

  /** Heals everything: bytes flow at once, held ones too. */
  pass(): void {
    this.#cut = undefined
    this.#delay = 0
    this.#enter('pass')
  }

  /** Lets every piece wait, in both directions. */
  delay(milliseconds: number): void {
    this.#delay = milliseconds
  }

  /** Nothing passes and nobody is told: connections stay open, bytes are held until `pass()`. */
  blackhole(): void {
    this.#enter('blackhole')
  }

  /** New connections are reset at once; open ones live on. */
  refuse(): void {
    this.#enter('refuse')
  }

  /** Resets every open connection, on both sides (TCP RST). */
  cut(): void {
    for (const line of [...this.#lines]) line.reset()
  }

  /**
   * Lets `count` bytes of one direction pass from now on, then cuts all connections.
   *
   * @param from - Counts only from what is sent with this text on.
   */
  cutAfterBytes(direction: Direction, count: number, from?: string): void {
    this.resetCounts()
    this.#cut = { unit: 'bytes', direction, at: count, from }
  }

  /** Lets `count` messages of one direction begin and end from now on; cuts before the next one. */
  cutAfterMessages(direction: Direction, count: number): void {
    this.resetCounts()
    this.#cut = { unit: 'messages', direction, at: count }
  }

  resetCounts(): void {
    this.bytes = { toServer: 0, toClient: 0 }
    this.messages = { toServer: 0, toClient: 0 }
    this.pieces = { toServer: 0, toClient: 0 }
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #enter(mode: Mode): void {
    this.#mode = mode
    for (const line of this.#lines) line.hold(mode === 'blackhole')
  }

  #accept(client: Socket): void {
    if (this.#mode === 'refuse') {
      reset(client)
      return
    }
    const line = new Line(client, connect(this.#target), this.#protocol, (piece, direction, starts) =>
      this.#take(piece, direction, starts),
    )
    this.#lines.add(line)
    this.accepted += 1
    this.peak = Math.max(this.peak, this.#lines.size)
    line.onEnd = () => this.#lines.delete(line)
    line.hold(this.#mode === 'blackhole')
  }

  /** Counts a piece and says how much of it may pass, and when. */
  #take(piece: Buffer, direction: Direction, starts: number[]): Passage {
    this.#begin(piece, direction)
    const cut = this.#cut?.from === undefined ? this.#cut : undefined
    const allowed = cut?.direction === direction ? this.#allowed(cut, piece, starts) : piece.length
    this.pieces[direction] += 1
    this.bytes[direction] += allowed
    this.messages[direction] += starts.filter((start) => start < allowed).length
    const cuts = allowed < piece.length || (cut?.unit === 'bytes' && this.bytes[cut.direction] === cut.at)
    if (!cuts) return { allowed, delay: this.#delay, then: () => {} }
    this.#cut = undefined
    const then = () => {
      this.cut()
      this.onCut?.()
    }
    return { allowed, delay: this.#delay, then }
  }

  /** Starts to count for a cut that waits for a text. */
  #begin(piece: Buffer, direction: Direction): void {
    const { from, ...cut } = this.#cut ?? {}
    if (from === undefined || direction !== 'toServer' || !piece.includes(from)) return
    this.resetCounts()
    this.#cut = cut as Cut
  }

  #allowed(cut: Cut, piece: Buffer, starts: number[]): number {
    if (cut.unit === 'bytes') return Math.min(piece.length, cut.at - this.bytes[cut.direction])
    return starts[cut.at - this.messages[cut.direction]] ?? piece.length
  }
}

interface Passage {
  /** Bytes of the piece that go through. */
  readonly allowed: number
  readonly delay: number
  /** To be done when they have been sent. */
  then(): void
}

/**
 * Sends a TCP reset. Node's own `resetAndDestroy` writes what is waiting and says goodbye (FIN) first, so the client may
 * see an orderly end; this is its second half alone.
 */
function reset(socket: Socket): void {
  Object.assign(socket, { resetAndClosing: true })
  socket.destroy()
}

/** One client, its connection to the server, and the bytes between them. */
class Line {
  onEnd: (() => void) | undefined
  readonly #sockets: readonly [client: Socket, server: Socket]
  #held = false

  constructor(
    client: Socket,
    server: Socket,
    protocol: Protocol,
    take: (piece: Buffer, direction: Direction, starts: number[]) => Passage,
  ) {
    this.#sockets = [client, server]
    const conversation = new Conversation(protocol)
    this.#carry(client, server, 'toServer', new Framer(conversation, 'toServer'), take)
    this.#carry(server, client, 'toClient', new Framer(conversation, 'toClient'), take)
  }

  hold(held: boolean): void {
    this.#held = held
    for (const socket of this.#sockets) {
      if (held) socket.pause()
      else socket.resume()
    }
  }

  reset(): void {
    for (const socket of this.#sockets) reset(socket)
    this.onEnd?.()
  }

  #carry(
    from: Socket,
    to: Socket,
    direction: Direction,
    framer: Framer,
    take: (piece: Buffer, direction: Direction, starts: number[]) => Passage,
  ): void {
    from.setNoDelay(true)
    from.on('data', (piece: Buffer) => {
      const { allowed, delay, then } = take(piece, direction, framer.starts(piece))
      const send = () => {
        if (to.destroyed) return
        const flows = to.write(piece.subarray(0, allowed), () => then())
        if (!flows) {
          from.pause()
          to.once('drain', () => this.#held || from.resume())
        }
      }
      if (delay > 0) setTimeout(send, delay)
      else send()
    })
    from.on('end', () => to.end())
    from.on('error', () => this.reset())
    from.on('close', () => {
      to.destroySoon()
      this.onEnd?.()
    })
  }
}
