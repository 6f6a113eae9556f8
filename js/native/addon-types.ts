/** What the compiled engine offers. `src/bridge` has the other side; a test compares the names. */

/** The engine of one JavaScript environment: the main thread, or a worker. */
export interface NativeEnvironment {
  /** Where the engine runs. */
  readonly mode: string
  /** The buffer that values are written to before `run`. Called again with a larger one. */
  useBindingBuffer(buffer: ArrayBuffer): void
  /** The calls of every query. */
  calls(): NativeCalls
  /** JSON `{names, kinds, bigint}` of a shape. */
  shape(id: number): string
  /** Checks options (JSON). Answers JSON `{handle, driver}`, or a fault. */
  createConnection(name: string, options: string): string
  /** JSON `{size, idle, active, waiting, max}`. */
  stats(connection: number): string
  /** JSON list of the statements of schema changes, or a fault. */
  planChanges(connection: number, changes: string, current?: string | null): string
  /** What `migrate::command` says of a command (JSON) that needs no connection: JSON, or a fault. */
  migrate(json: string): string
  /** Starts a command (JSON). True: messages wait already. */
  command(connection: number, request: number, json: string): boolean
  /** Asks the server to stop a request; its last message still comes. */
  cancel(request: number): boolean
  /** Lets a streaming request send one more chunk. */
  pull(request: number): boolean
}

/** The calls of every query. They are plain functions: a method would cost half a microsecond. */
export interface NativeCalls {
  /** Starts a request, and takes its first message if that is there already. Answers a `Taken`. */
  run(
    parts: unknown[],
    connection: number,
    session: number,
    request: number,
    kind: number,
    flags: number,
    text: string,
    values: number,
    words: number,
    timeoutMs: number,
  ): number
  /** Takes one message into the arena and `parts`. Answers a `Taken`. */
  next(parts: unknown[]): number
  /**
   * Compiles a query's shape without running it: a line that says which values its placeholders take, and its SQL; JSON
   * `{sql, order, rest}` where it takes several statements; or a fault (JSON).
   */
  compile(connection: number, query: string): string
}

/** What came of an attempt to take a message. */
export const Taken = {
  /** None waits, or `wake` will come again. */
  nothing: 0,
  /** One, and no other waits. */
  last: 1,
  /** One of several. */
  oneOfMore: 2,
} as const

/** The compiled module. */
export interface NativeAddon {
  NativeEnvironment: new (arena: ArrayBuffer, wake: () => void, mode: string) => NativeEnvironment
}

/** What a request is. The numbers are those of `src/bridge/calls.rs` and `src/bridge/transaction_call.rs`. */
export const Kind = {
  /** SQL that reads. */
  read: 0,
  /** SQL that writes. */
  write: 1,
  /** Several statements without values. */
  script: 2,
  /** A query as data. */
  query: 3,
  /** Begins a transaction, in a session where one is given. The text is its isolation level. */
  begin: 4,
  commit: 5,
  rollBack: 6,
  /** Sets the savepoint that the text names, releases it, or undoes what came after it. */
  savepoint: 7,
  release: 8,
  rollBackTo: 9,
  /** Keeps a connection, and gives it back. */
  pin: 10,
  unpin: 11,
} as const

/** How a request runs. */
export const Flag = {
  useWrite: 1,
  stream: 2,
  uncached: 4,
  named: 8,
  /** A signal may stop the request. */
  signal: 16,
  /** A failure undoes this statement only, also where it would end the transaction. */
  alone: 32,
  /** The transaction that begins refuses writes. */
  readOnly: 64,
  /** The session was there before the transaction that ends, and stays. */
  keep: 128,
  /** Its transaction begins before it. */
  begins: 256,
  /** Its transaction is committed after it. */
  commits: 512,
} as const
