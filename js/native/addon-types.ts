/** What the compiled engine offers. `src/bridge` has the other side; a test compares the names. */

/** The engine of one JavaScript environment: the main thread, or a worker. */
export interface NativeEnvironment {
  /** Where the engine runs. */
  readonly mode: string
  /** The buffer that values are written to before `run`. Called again with a larger one. */
  useBindingBuffer(buffer: ArrayBuffer): void
  /** Takes one message into the arena and `parts`. False: none waits, or `wake` will come again. */
  next(parts: unknown[]): boolean
  /** JSON `{names, kinds, bigint}` of a shape. */
  shape(id: number): string
  /** Checks options (JSON). Answers JSON `{handle, driver}`, or a fault. */
  createConnection(name: string, options: string): string
  /** JSON `{size, idle, active, waiting, max}`. */
  stats(connection: number): string
  /** JSON `{sql, order}` of a query's shape, or a fault. */
  compile(connection: number, query: string): string
  /** JSON list of the statements of schema changes, or a fault. */
  planChanges(connection: number, changes: string): string
  /** Starts a request. True: messages wait already. */
  run(
    connection: number,
    session: number,
    request: number,
    kind: number,
    flags: number,
    text: string,
    values: number,
    words: number,
    timeoutMs: number,
  ): boolean
  /** Starts a command (JSON). True: messages wait already. */
  command(connection: number, request: number, json: string): boolean
  /** Asks the server to stop a request; its last message still comes. */
  cancel(request: number): boolean
  /** Lets a streaming request send one more chunk. */
  pull(request: number): boolean
}

/** The compiled module. */
export interface NativeAddon {
  NativeEnvironment: new (arena: ArrayBuffer, wake: () => void, mode: string) => NativeEnvironment
}

/** What a request is. The numbers are those of `src/bridge/environment.rs`. */
export const Kind = {
  /** SQL that reads. */
  read: 0,
  /** SQL that writes. */
  write: 1,
  /** Several statements without values. */
  script: 2,
  /** A query as data. */
  query: 3,
} as const

/** How a request runs. */
export const Flag = {
  useWrite: 1,
  stream: 2,
  uncached: 4,
  named: 8,
} as const
