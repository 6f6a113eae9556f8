import { relative, resolve } from 'node:path'
import type { MigrationFile } from '../migrations/engine'
import { defaultExport, importFile } from '../migrations/import-file'
import { Journal } from '../migrations/journal'
import type { MigrationConnection } from '../migrations/migration-connection'
import { MigrationError } from '../migrations/migration-error'
import { sourceFiles } from '../migrations/source-files'
import type { SeederClass, SeederReference } from './seeder'
import { type Seeding, withSeeding } from './seeding-context'

export interface SeederOptions {
  /** The folder of seeders. Default `database/seeders`. */
  path?: string
  /** The table that remembers what ran. Default `seeders`. */
  table?: string
  /** Told what happens. */
  events?: SeederEvents
  /** Finds the connection that a seeder names in its `connection`. */
  resolveConnection?: (name: string) => MigrationConnection
}

export interface SeederEvents {
  /** `depth` 0 for what was asked for, more for what those called. Times in milliseconds. */
  seeded?(seeder: string, time: number, depth: number): void
  skipped?(seeder: string): void
  failed?(seeder: string, error: unknown): void
  report?(line: string): void
}

export interface SeederRunOptions {
  /** Names of seeders, run in this order. Default: `DatabaseSeeder`, or all when there is none. */
  classes?: string[]
  /** Runs what ran before once more. */
  again?: boolean
}

export interface SeederResult {
  name: string
  success: boolean
  skipped: boolean
  /** Milliseconds. */
  time: number
  error?: string
}

export interface SeederStatus {
  name: string
  ran: boolean
  batch: number | null
}

export const DEFAULT_SEEDERS_PATH = 'database/seeders'
export const DEFAULT_SEEDERS_TABLE = 'seeders'
const ENTRY = 'DatabaseSeeder'

/** Runs seeders: each in a transaction of its own, and each once, unless asked again. */
export class SeederRunner {
  private readonly connection: MigrationConnection
  private readonly path: string
  private readonly table: string
  private readonly events: SeederEvents
  private readonly resolveConnection: SeederOptions['resolveConnection']
  /** What `callOnce` has run in this run. */
  private once = new WeakSet<SeederClass>()

  constructor(connection: MigrationConnection, options: SeederOptions = {}) {
    this.connection = connection
    this.path = resolve(options.path ?? DEFAULT_SEEDERS_PATH)
    this.table = options.table ?? DEFAULT_SEEDERS_TABLE
    this.events = options.events ?? {}
    this.resolveConnection = options.resolveConnection
  }

  /**
   * Runs seeders until one fails. The failure is the last result; it does not reject.
   *
   * @throws MigrationError, before anything runs, for a name that is no seeder's or a file that cannot be loaded.
   */
  async run(options: SeederRunOptions = {}): Promise<SeederResult[]> {
    const seeders = await this.load(options.classes)
    const journal = await Journal.open(this.connection, 'seeders', this.table)
    await journal.prepare(this.connection)
    const rows = await journal.rows(this.connection)
    const recorded = new Set(rows.map((row) => stem(row.name)))
    const batch = Math.max(0, ...rows.map((row) => row.batch)) + 1

    this.once = new WeakSet()
    const results: SeederResult[] = []
    for (const [name, Class] of seeders) {
      if (recorded.has(name) && !options.again) {
        this.events.skipped?.(name)
        results.push({ name, success: true, skipped: true, time: 0 })
        continue
      }
      const result = await this.runOne(name, Class, options.again ?? false, async (transaction) => {
        // First, so that a second runner waits here and then fails on the unique name.
        if (!recorded.has(name)) await journal.record(transaction, name, batch)
      })
      results.push(result)
      if (!result.success) break
      recorded.add(name)
    }
    return results
  }

  /** @throws MigrationError for a name that is no seeder's or a file that cannot be loaded. Runs nothing. */
  async check(classes?: string[]): Promise<void> {
    await this.load(classes)
  }

  /** Every seeder on disk or recorded. Changes nothing, not even the journal's table. */
  async status(): Promise<SeederStatus[]> {
    const journal = await Journal.open(this.connection, 'seeders', this.table)
    const batches = new Map((await journal.rows(this.connection)).map((row) => [stem(row.name), row.batch]))
    const names = new Set([...this.files().keys(), ...batches.keys()])
    return [...names].map((name) => ({ name, ran: batches.has(name), batch: batches.get(name) ?? null }))
  }

  /**
   * Forgets that the seeders of the last batch ran, so that they run again; their rows stay.
   *
   * @returns Their names.
   */
  rollback(): Promise<string[]> {
    return this.forget((batch, last) => batch === last)
  }

  /** Forgets that any seeder ran; their rows stay. See {@link rollback}. */
  reset(): Promise<string[]> {
    return this.forget(() => true)
  }

  private async forget(isMeant: (batch: number, last: number) => boolean): Promise<string[]> {
    const journal = await Journal.open(this.connection, 'seeders', this.table)
    const rows = await journal.rows(this.connection)
    const last = Math.max(0, ...rows.map((row) => row.batch))
    const meant = rows.filter((row) => isMeant(row.batch, last)).toReversed()
    await this.connection.transaction(async (transaction) => {
      for (const row of meant) await journal.forget(transaction, row.id)
    })
    return meant.map((row) => stem(row.name))
  }

  private async runOne(
    name: string,
    Class: SeederClass,
    again: boolean,
    record: (transaction: MigrationConnection) => Promise<void>,
  ): Promise<SeederResult> {
    const start = performance.now()
    const time = () => Math.round(performance.now() - start)
    try {
      await this.connection.transaction(async (transaction) => {
        await record(transaction)
        await this.within(new Class(), [again], transaction, 0)
      })
    } catch (error) {
      this.events.failed?.(name, error)
      return { name, success: false, skipped: false, time: time(), error: messageOf(error) }
    }
    this.events.seeded?.(name, time(), 0)
    return { name, success: true, skipped: false, time: time() }
  }

  private async within(
    seeder: InstanceType<SeederClass>,
    args: unknown[],
    transaction: MigrationConnection,
    depth: number,
  ): Promise<void> {
    const named = (seeder as { getConnection?(): unknown }).getConnection?.()
    const connection =
      typeof named === 'string' && this.resolveConnection !== undefined ? this.resolveConnection(named) : transaction
    const context: Seeding = {
      connection,
      once: this.once,
      resolve: (reference) => this.classOf(reference),
      call: async (reference, { silent, args: given }) => {
        const Class = await this.classOf(reference)
        const start = performance.now()
        await this.within(new Class(), given, transaction, depth + 1)
        if (!silent) this.events.seeded?.(nameOf(reference), Math.round(performance.now() - start), depth + 1)
      },
      report: (line) => this.events.report?.(line),
    }
    await withSeeding(context, () =>
      connection.asDefault(async () => {
        await seeder.run(...(args as [boolean?]))
      }),
    )
  }

  /** The classes to run, in order, all of them loaded. */
  private async load(names: string[] | undefined): Promise<Map<string, SeederClass>> {
    const files = this.files()
    const chosen = names ?? (files.has(ENTRY) ? [ENTRY] : [...files.keys()])
    const unknown = chosen.filter((name) => !files.has(name))
    if (unknown.length > 0) throw this.unknownSeeder(unknown, [...files.keys()])
    const classes = new Map<string, SeederClass>()
    for (const name of chosen) classes.set(name, await loadSeeder(files.get(name) as MigrationFile))
    return classes
  }

  private async classOf(reference: SeederReference): Promise<SeederClass> {
    if (typeof reference === 'function') return reference
    const files = this.files()
    const file = files.get(reference)
    if (file === undefined) throw this.unknownSeeder([reference], [...files.keys()])
    return loadSeeder(file)
  }

  private files(): Map<string, MigrationFile> {
    const files = (sourceFiles(this.path) ?? []).toSorted((a, b) =>
      Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
    )
    return new Map(files.map((file) => [file.name, file]))
  }

  private unknownSeeder(unknown: string[], known: string[]): MigrationError {
    const path = relative(process.cwd(), this.path) || this.path
    return new MigrationError(
      'refused',
      `Seeder not found: ${unknown.join(', ')}. Nothing was run.\n${
        known.length === 0
          ? `There are no seeders in ${path}. Create one with: guruorm make:seeder ${ENTRY}`
          : `Known seeders in ${path}: ${known.join(', ')}`
      }`,
    )
  }
}

/** The class in a seeder's file: the default export, the export with the file's name, or the only class with `run`. */
async function loadSeeder(file: MigrationFile): Promise<SeederClass> {
  const path = relative(process.cwd(), file.path) || file.path
  let exports: Record<string, unknown>
  try {
    exports = await importFile(file.path)
  } catch (error) {
    throw new MigrationError('load', `Cannot load ${path}: ${messageOf(error)}`, { cause: error })
  }
  const named = Object.values(exports).filter(isSeeder)
  const found = [defaultExport(exports), exports[file.name], named.length === 1 ? named[0] : undefined].find(isSeeder)
  if (found === undefined) {
    throw new MigrationError('load', `${path} is not a seeder: export default a class with run().`)
  }
  return found
}

function isSeeder(value: unknown): value is SeederClass {
  return typeof value === 'function' && typeof (value.prototype as { run?: unknown } | undefined)?.run === 'function'
}

/** guruorm 2 recorded names with their extension. */
function stem(name: string): string {
  return name.replace(/\.[cm]?[jt]s$/, '')
}

function nameOf(reference: SeederReference): string {
  return typeof reference === 'string' ? reference : reference.name
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
