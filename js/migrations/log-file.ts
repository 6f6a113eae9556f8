import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { MigrationEventDispatcher, MigrationEventHandler, MigrationEventType } from './events'
import type { MigrationFailure } from './failure'

export type LogLevel = 'INFO' | 'WARN' | 'ERROR'

/** Size at which a file becomes `.1` and a new one begins. */
const LARGEST = 10 * 1024 * 1024

/** The password of a URL, and what is set to one: `password=…`, `"password": "…"`. */
const SECRETS: [RegExp, string][] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@]*@/gi, '$1:***@'],
  [/\b(password|passwd|pwd)("?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;)}]+)/gi, '$1$2***'],
  [/\b(identified\s+by|password)(\s+)('[^']*')/gi, '$1$2***'],
]

/**
 * A file that tells what migrations did, a line each: `[2025-11-30T12:00:00.000Z] INFO Migrated: 1_a (3ms)`. Every line
 * is written before the next thing happens, so that a process that is killed leaves all of them. Values of placeholders
 * are counted, not written; passwords are masked.
 *
 * @example
 * const end = new MigrationLogFile('migration-execution.log').listen(migrationEvents)
 * await new Migrator(connection).run()
 * end()
 */
export class MigrationLogFile {
  readonly path: string
  private readonly onError: (error: Error) => void
  private isBroken = false

  /** @param onError - Told once when the file cannot be written. Migrations go on without it. */
  constructor(path: string, onError: (error: Error) => void = () => {}) {
    this.path = path
    this.onError = onError
  }

  /** Appends a line; line breaks in `message` become blanks. */
  write(level: LogLevel, message: string): void {
    const text = SECRETS.reduce((masked, [secret, mask]) => masked.replaceAll(secret, mask), message)
    const line = `[${new Date().toISOString()}] ${level} ${text.replaceAll(/\s*[\r\n]+\s*/g, ' ')}\n`
    try {
      this.rotate(Buffer.byteLength(line))
      appendFileSync(this.path, line, { flag: 'a' })
    } catch (error) {
      if (this.isBroken) return
      this.isBroken = true
      this.onError(error as Error)
    }
  }

  /**
   * Writes what the migrator tells.
   *
   * @returns A function that ends it.
   */
  listen(events: MigrationEventDispatcher): () => void {
    const ends: (() => void)[] = []
    const on = <Type extends MigrationEventType>(
      event: Type,
      level: LogLevel,
      messageOf: (event: Parameters<MigrationEventHandler<Type>>[0]) => string,
    ) => ends.push(events.listen(event, (told) => this.write(level, messageOf(told))))

    on('migrations.started', 'INFO', ({ method }) => `${method === 'up' ? 'Running' : 'Rolling back'} migrations`)
    on('migrations.none', 'INFO', ({ method }) => (method === 'up' ? 'Nothing to migrate' : 'Nothing to rollback'))
    on('migrations.adopted', 'INFO', ({ table, layout, rows }) => `Adopted table ${table} (${layout}, ${rows} rows)`)
    on('schema.loaded', 'INFO', ({ path, migrations }) => `Loaded schema dump ${path} (${migrations} migrations)`)
    on('migration.started', 'INFO', ({ migration, method, batch }) => {
      return `${method === 'up' ? 'Migrating' : 'Rolling back'}: ${migration} (batch ${batch})`
    })
    on('migration.ended', 'INFO', ({ migration, method, time }) => {
      return `${method === 'up' ? 'Migrated' : 'Rolled back'}: ${migration} (${time}ms)`
    })
    on('migration.skipped', 'INFO', ({ migration }) => `Skipped: ${migration} (shouldRun returned false)`)
    on('migrations.warning', 'WARN', ({ message }) => message)
    on('migrations.wiped', 'WARN', () => 'Dropped all tables')
    on('migrations.stopped', 'WARN', ({ notRun }) => `Stopped. Not run: ${notRun.join(', ')}`)
    on('migration.interrupted', 'WARN', ({ migration, host, pid }) => {
      return `Previous attempt of ${migration} (${host}/${pid}) was interrupted`
    })
    on('migration.retrying', 'WARN', ({ migration, reason, attempt, attempts }) => {
      return `Retrying ${migration}: ${reason} (attempt ${attempt} of ${attempts})`
    })
    ends.push(events.listen('migration.failed', (failure) => this.failed(failure)))
    return () => {
      for (const end of ends) end()
    }
  }

  private failed(failure: MigrationFailure): void {
    const { migration, message, nativeCode, file, line, statement, sql, state, error } = failure
    this.write('ERROR', `Failed: ${migration} - ${message}`)
    const place = line === null ? file : `${file}:${line}`
    const parts = [statement === null ? null : `statement ${statement}`, nativeCode, place]
    this.write('ERROR', parts.filter((part) => part !== null).join(' · '))
    const bindings = (error as { bindings?: unknown } | null)?.bindings
    const count = Array.isArray(bindings) ? bindings.length : 0
    if (sql !== null)
      this.write('ERROR', count === 0 ? sql : `${sql} (${count} ${count === 1 ? 'binding' : 'bindings'})`)
    this.write('ERROR', `State: ${state}`)
  }

  private rotate(more: number): void {
    const size = statSync(this.path, { throwIfNoEntry: false })?.size
    if (size === undefined) mkdirSync(dirname(this.path), { recursive: true })
    else if (size + more > LARGEST) renameSync(this.path, `${this.path}.1`)
  }
}
