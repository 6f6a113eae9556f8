/**
 * The engine of this JavaScript environment: starts requests, takes messages.
 *
 * Failures are values here. The function that the user called awaits the outcome and throws, so
 * that the stack has the user's line.
 */
import type { Later } from '../support/later'
import type { Row } from '../support/types'
import { loadAddon } from './addon'
import { Flag, type NativeAddon, type NativeCalls, type NativeEnvironment, Taken } from './addon-types'
import { BindingWriter, type Label } from './bindings'
import { Chunk, type ShapeDescription } from './cells'
import { Decoder } from './decode'
import { Fault } from './fault'
import { type Outcome, type Pending, PendingCommand, PendingStatement, RowStream } from './requests'

const ARENA_BYTES = 256 * 1024
const HEADER_BYTES = 64

/** The engine forgets the oldest shapes beyond 8,192; ours may then go as well. */
const KEPT_DECODERS = 8192 + 64

/** Bits of the header: which areas of the texts a message has. */
const Present = { latin1: 1, wide: 2, bytes: 4 } as const

const MessageType = { rows: 0, end: 1, fault: 2, answer: 3 } as const

/** One statement on its way out. */
export interface Request {
  connection: number
  /** 0: any connection of the pool. */
  session: number
  /** One of `Kind`. */
  kind: number
  /** Of `Flag`. */
  flags: number
  text: string
  values: readonly unknown[]
  /** 0: the connection's own limit. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** Names a value in messages; `Binding 1` without it. */
  label?: Label | undefined
  /** Called when the request has ended, before anybody who awaits it goes on. */
  settled?: (() => void) | undefined
}

/** A pool at this moment. */
export interface PoolStats {
  /** Connections that are open. */
  size: number
  idle: number
  active: number
  /** Requests that wait for a connection. */
  waiting: number
  /** Most that may be open. */
  max: number
}

/** A compiled query. */
export interface CompiledQuery {
  sql: string
  /** For each placeholder, which of the query's values it takes; a number: so many, each the one at its own place. */
  order: number | number[]
  /** Whether its shape was met before, so that it pays to keep it. */
  isMetAgain?: boolean
  /** The statements that run after it, where the query takes several. */
  rest?: CompiledQuery[]
}

/** The engine, from JavaScript. */
export class Environment {
  readonly #native: NativeEnvironment
  readonly #run: NativeCalls['run']
  readonly #next: NativeCalls['next']
  readonly #compile: NativeCalls['compile']
  readonly #header: Int32Array
  readonly #numbers: Float64Array
  readonly #chunk: Chunk
  readonly #writer: BindingWriter
  readonly #decoders = new Map<number, Decoder>()
  readonly #pending = new Map<number, Pending>()
  readonly #parts: unknown[] = []
  #lastRequest = 0

  constructor(addon: NativeAddon, mode: string = process.env.GURUORM_MODE ?? 'auto') {
    const arena = new ArrayBuffer(ARENA_BYTES + HEADER_BYTES)
    this.#header = new Int32Array(arena, ARENA_BYTES, 8)
    this.#numbers = new Float64Array(arena, ARENA_BYTES + 32, 4)
    this.#chunk = new Chunk(new Float64Array(arena), new Int32Array(arena))
    this.#native = new addon.NativeEnvironment(arena, () => this.#drain(), mode)
    const { run, next, compile } = this.#native.calls()
    this.#run = run
    this.#next = next
    this.#compile = compile
    this.#writer = new BindingWriter((buffer) => this.#native.useBindingBuffer(buffer))
  }

  /** `inline` or `thread`. */
  get mode(): string {
    return this.#native.mode
  }

  /** How many requests have not ended. */
  get pendingRequests(): number {
    return this.#pending.size
  }

  /** Checks a connection's options and remembers them. Opens nothing. */
  createConnection(name: string, options: string): { handle: number; driver: string } | Fault {
    return answerOf(this.#native.createConnection(name, options))
  }

  /** The pool of a connection. */
  stats(connection: number): PoolStats {
    return JSON.parse(this.#native.stats(connection)) as PoolStats
  }

  /** The SQL of a query's shape. */
  compile(connection: number, shape: string): CompiledQuery | Fault {
    const answer = this.#compile(connection, shape)
    const isMetAgain = answer.startsWith('+')
    const from = isMetAgain ? 1 : 0
    if (answer.startsWith('{', from)) {
      const compiled = answerOf<CompiledQuery>(answer.slice(from))
      return compiled instanceof Fault ? compiled : { ...compiled, isMetAgain }
    }
    const end = answer.indexOf('\n')
    return { sql: answer.slice(end + 1), order: orderOf(answer.slice(from, end)), isMetAgain }
  }

  /** The statements of schema changes, `current` being the database before them where they depend on it. */
  planChanges(connection: number, changes: string, current?: string): string[] | Fault {
    return answerOf(this.#native.planChanges(connection, changes, current))
  }

  /** What the engine says of a command of migrations that needs no connection. */
  migrate<T>(command: object): T | Fault {
    return answerOf(this.#native.migrate(JSON.stringify(command)))
  }

  /**
   * Runs a statement and collects its rows, or makes a call of transactions, which answers the number of its session as
   * `affected` and the server's as `lastInsertId`. What is there at once is answered at once.
   *
   * @throws InvalidArgumentException for a value that cannot be bound. Nothing is sent then.
   */
  run(request: Request): Later<Outcome> {
    const { signal, settled } = request
    if (signal?.aborted) {
      settled?.()
      return aborted()
    }
    const words = this.#write(request)
    const id = this.#nextId()
    const taken = this.#send(id, request, request.flags, words)
    if (signal === undefined && taken === Taken.last && this.#isLastOf(id)) {
      settled?.()
      return this.#outcome()
    }
    const pending = new PendingStatement(this.#onSettled(request, id))
    this.#pending.set(id, pending)
    this.#take(taken)
    return pending.promise
  }

  /** Runs a statement whose rows are taken chunk by chunk. */
  stream(request: Request): RowStream | Fault {
    if (request.signal?.aborted) return aborted()
    const words = this.#write(request)
    const id = this.#nextId()
    const control = { pull: () => this.#wakeIf(this.#native.pull(id)), cancel: () => this.#cancel(id) }
    const stream = new RowStream(control, this.#onSettled(request, id))
    this.#pending.set(id, stream)
    this.#take(this.#send(id, request, request.flags | Flag.stream, words))
    return stream
  }

  /** Runs a command: everything besides statements. */
  command<T>(connection: number, command: object): Promise<T | Fault> {
    const id = this.#nextId()
    const pending = new PendingCommand()
    this.#pending.set(id, pending)
    this.#wakeIf(this.#native.command(connection, id, JSON.stringify(command)))
    return pending.promise as Promise<T | Fault>
  }

  #write({ values, label }: Request): number {
    return values.length === 0 ? 0 : this.#writer.write(values, label)
  }

  #send(id: number, request: Request, asked: number, words: number): number {
    const { connection, session, kind, text, values, timeoutMs, signal } = request
    const flags = signal === undefined ? asked : asked | Flag.signal
    const run = this.#run
    return run(this.#parts, connection, session, id, kind, flags, text, values.length, words, timeoutMs)
  }

  /** Whether the message that is there is the only one of this request. */
  #isLastOf(id: number): boolean {
    const type = this.#header[1]
    return (this.#header[0] as number) >>> 0 === id && (type === MessageType.end || type === MessageType.fault)
  }

  /** What the message that is there says. */
  #outcome(): Outcome {
    if (this.#header[1] === MessageType.fault) return Fault.parse(this.#parts[0] as string)
    const rows: Row[] = []
    try {
      this.#readRows(rows)
    } catch (error) {
      return unreadable(error)
    }
    const numbers = this.#numbers
    return {
      rows,
      affected: numbers[0] as number,
      lastInsertId: numbers[1] as number,
      milliseconds: numbers[2] as number,
    }
  }

  #nextId(): number {
    // Numbers come round after four thousand million requests; one that old is not running any more.
    this.#lastRequest = this.#lastRequest === 0xffff_ffff ? 1 : this.#lastRequest + 1
    return this.#lastRequest
  }

  /** What is to be done when a request ends: its signal is not listened to any more. */
  #onSettled({ signal, settled }: Request, id: number): (() => void) | undefined {
    if (signal === undefined) return settled
    const abort = () => this.#cancel(id)
    signal.addEventListener('abort', abort, { once: true })
    return () => {
      signal.removeEventListener('abort', abort)
      settled?.()
    }
  }

  #cancel(id: number): void {
    if (this.#pending.has(id)) this.#wakeIf(this.#native.cancel(id))
  }

  #wakeIf(messagesWait: boolean): void {
    if (messagesWait) this.#drain()
  }

  #drain(): void {
    const next = this.#next
    this.#take(next(this.#parts))
  }

  /** Takes the message that is there, and those that wait. Never throws: nobody above could catch it. */
  #take(taken: number): void {
    const next = this.#next
    for (let left = taken; left !== Taken.nothing; left = left === Taken.last ? Taken.nothing : next(this.#parts)) {
      const id = (this.#header[0] as number) >>> 0
      const pending = this.#pending.get(id)
      if (pending === undefined) continue
      const type = this.#header[1]
      if (type !== MessageType.rows) this.#pending.delete(id)
      try {
        this.#deliver(pending, type as number)
      } catch (error) {
        // The request fails, the others go on.
        this.#pending.delete(id)
        if (type === MessageType.rows) this.#wakeLater(id)
        pending.fail(unreadable(error))
      }
    }
  }

  /** Stops a request that nobody waits for any more, when the current turn is over. */
  #wakeLater(id: number): void {
    queueMicrotask(() => this.#wakeIf(this.#native.cancel(id)))
  }

  #deliver(pending: Pending, type: number): void {
    if (type === MessageType.fault) {
      pending.fail(Fault.parse(this.#parts[0] as string))
    } else if (type === MessageType.answer) {
      pending.answer(this.#parts[0] as string)
    } else {
      this.#readRows(pending.rows)
      const numbers = this.#numbers
      if (type === MessageType.rows) pending.more()
      else pending.end(numbers[0] as number, numbers[1] as number, numbers[2] as number)
    }
  }

  #readRows(rows: Row[]): void {
    const count = this.#header[3] as number
    if (count === 0) return
    const decoder = this.#decoder(this.#header[2] as number)
    const parts = this.#parts
    const present = this.#header[4] as number
    if ((present & Present.latin1) === 0) parts[0] = ''
    if ((present & Present.wide) === 0) parts[1] = ''
    if ((present & Present.bytes) === 0) parts[2] = undefined
    this.#chunk.load(count, parts, decoder.jsonColumns)
    decoder.read(this.#chunk, rows)
    this.#chunk.release()
  }

  #decoder(shape: number): Decoder {
    const known = this.#decoders.get(shape)
    if (known !== undefined) return known
    const decoder = new Decoder(JSON.parse(this.#native.shape(shape)) as ShapeDescription)
    this.#decoders.set(shape, decoder)
    if (this.#decoders.size > KEPT_DECODERS * 2) {
      for (const id of this.#decoders.keys()) if (id < shape - KEPT_DECODERS) this.#decoders.delete(id)
    }
    return decoder
  }
}

function answerOf<T>(json: string): T | Fault {
  const answer = JSON.parse(json) as T & { code?: unknown }
  return typeof answer?.code === 'string' ? Fault.parse(json) : answer
}

/** `3`: three values in their order; `:2,0,1`: these. */
function orderOf(line: string): number | number[] {
  return line.startsWith(':') ? line.slice(1).split(',').map(Number) : Number(line)
}

function aborted(): Fault {
  return new Fault({ code: 'ABORTED', message: 'the statement was aborted before it was sent' })
}

/** A column that cannot be read as asked, or a defect. */
function unreadable(error: unknown): Fault {
  return new Fault({ code: 'QUERY', message: error instanceof Error ? error.message : String(error) })
}

let current: Environment | undefined

/** The engine of this JavaScript environment, started at the first use. */
export function environment(): Environment {
  current ??= new Environment(loadAddon())
  return current
}
