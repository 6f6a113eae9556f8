import { basename } from 'node:path'
import { andThen, type Later } from '../support/later'
import type { MigrationContext } from './context'
import type { MigrationFile } from './engine'
import { importFile } from './import-file'
import type { MigrationConnection, MigrationSchema } from './migration-connection'
import { MigrationError } from './migration-error'
import { isSql, shortPath } from './source-files'
import { loadSqlMigration } from './sql-migration'

/** A migration that is ready to run. */
export interface LoadedMigration extends MigrationFile {
  up(context: MigrationContext): Promise<void>
  /** Absent when the file has none. */
  down?(context: MigrationContext): Promise<void>
  withinTransaction: boolean
  connection: string | undefined
  /** The text of `down()`, or of the file of that half. */
  downSource?: string
  /** Statements that are known before it runs: those of a file of SQL. */
  script?: readonly string[]
  /** What its user should know before it runs. */
  warnings?: string[]
  /** Absent when the file has none. */
  shouldRun?(): Promise<boolean>
}

type Candidate = Record<string, unknown> & { schema?: MigrationSchema }

/** What a migration finds on `this` while it runs, unless it has something of that name itself. */
const LENT = ['schema', 'savepoint', 'afterCommit', 'safetyAssured'] as const

/**
 * Loads and checks a migration's file. Runs nothing of it but the top level of the file and its constructor.
 *
 * @param connection - Where it will run: SQL is cut by the rules of its database.
 */
export function loadMigration(file: MigrationFile, connection?: MigrationConnection): Later<LoadedMigration> {
  if (isSql(file.path) && connection !== undefined) return loadSqlMigration(file, connection)
  return andThen(exportsOf(file), (exports) => migrationIn(exports, file))
}

function migrationIn(exports: Record<string, unknown>, file: MigrationFile): LoadedMigration {
  const migration = candidateIn(exports, file)
  if (typeof migration.up !== 'function') throw notAMigration(file)
  const config = migration.config ?? exports.config
  const { shouldRun } = migration
  const flags = [migration.withinTransaction, migration.transaction, (config as Candidate | undefined)?.transaction]

  const run = (method: 'up' | 'down') => async (context: MigrationContext) => {
    // An ESM namespace (`export function up`) cannot be given a field, and what the author set stays.
    const lent = Object.isExtensible(migration) ? LENT.filter((name) => migration[name] === undefined) : []
    const offered = {
      schema: context.schema,
      savepoint: <T>(work: () => Promise<T>) => context.savepoint(work),
      afterCommit: (work: () => unknown) => context.afterCommit(work),
      safetyAssured: <T>(work: () => T | PromiseLike<T>) => context.safetyAssured(work),
    }
    for (const name of lent) (migration as Record<string, unknown>)[name] = offered[name]
    try {
      await (migration as unknown as Record<'up' | 'down', (context: MigrationContext) => unknown>)[method](context)
    } finally {
      // Not deleted: an object that loses fields is slow from then on, which takes longer than all of this.
      for (const name of lent) migration[name] = undefined
    }
  }
  return {
    ...file,
    up: run('up'),
    ...(typeof migration.down === 'function'
      ? { down: run('down'), downSource: Function.prototype.toString.call(migration.down) }
      : {}),
    withinTransaction: !flags.includes(false),
    connection: typeof migration.connection === 'string' ? migration.connection : undefined,
    ...(typeof shouldRun === 'function' && { shouldRun: async () => (await shouldRun.call(migration)) !== false }),
  }
}

/** What a migration calls itself. */
export interface Names {
  /** Its property `name`, where that is a text. */
  property: string | undefined
  /** Its class; `Object` for what has none. */
  className: string
}

/** @throws MigrationError when the file cannot be loaded, or is no migration. */
export function namesIn(file: MigrationFile): Later<Names> {
  return andThen(exportsOf(file), (exports) => {
    const { name, constructor: made } = candidateIn(exports, file)
    const property = typeof name === 'string' && name.trim() !== '' ? name : undefined
    return { property, className: typeof made === 'function' ? made.name : '' }
  })
}

function exportsOf(file: MigrationFile): Later<Record<string, unknown>> {
  const failed = (error: unknown): never => {
    const message = `Cannot load ${shortPath(file.path)}${placeOf(error, file.path)}: ${messageOf(error)}`
    throw new MigrationError('load', message, { cause: error })
  }
  try {
    const exports = importFile(file.path)
    return exports instanceof Promise ? exports.catch(failed) : exports
  } catch (error) {
    return failed(error)
  }
}

/**
 * The migration among a module's exports, as an object to call methods of: the default export, `up` and `down` as
 * functions of their own, or the only exported class that has `up`.
 */
function candidateIn(exports: Record<string, unknown>, file: MigrationFile): Candidate {
  // `export default` compiled to CommonJS and imported from ESM is wrapped twice.
  const layers: Record<string, unknown>[] = []
  for (let layer: unknown = exports; isRecord(layer) && !layers.includes(layer); layer = layer.default)
    layers.push(layer)

  for (const layer of layers.toReversed()) {
    if (isMigrationClass(layer)) return instantiate(layer, file)
    if (typeof layer.up === 'function') return layer
  }
  const classes = new Map<unknown, string>()
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) {
      if (isMigrationClass(value) && !classes.has(value)) classes.set(value, name)
    }
  }
  const [first, ...others] = classes.entries()
  if (first === undefined) throw notAMigration(file)
  if (others.length > 0) {
    const names = [...classes.values()].join(' and ')
    throw new MigrationError(
      'load',
      `${shortPath(file.path)} exports ${names}: export default the one that is the migration.`,
    )
  }
  return instantiate(first[0] as new () => Candidate, file)
}

/** A class with `up` among its methods or, as arrow functions are, among its fields. */
function isMigrationClass(value: unknown): value is new () => Candidate {
  if (typeof value !== 'function') return false
  if (typeof (value.prototype as Candidate | undefined)?.up === 'function') return true
  return (
    /^class\b/.test(Function.prototype.toString.call(value)) && /\bup\s*=/.test(Function.prototype.toString.call(value))
  )
}

function instantiate(Migration: new () => Candidate, file: MigrationFile): Candidate {
  try {
    return new Migration()
  } catch (error) {
    throw new MigrationError(
      'load',
      `Cannot load ${shortPath(file.path)}: its constructor failed: ${messageOf(error)}`,
      {
        cause: error,
      },
    )
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null
}

function notAMigration(file: MigrationFile): MigrationError {
  return new MigrationError(
    'load',
    `${shortPath(file.path)} is not a migration: export default a class or an object with up() and down().`,
  )
}

/** `:line:column` of a syntax error, from what Node and jiti print. */
function placeOf(error: unknown, path: string): string {
  if (!(error instanceof Error)) return ''
  const escaped = basename(path).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const place =
    new RegExp(`${escaped}:(\\d+)(?::(\\d+))?`).exec(error.stack ?? '') ?? /\((\d+):(\d+)\)/.exec(error.message)
  if (place === null) return ''
  return place[2] === undefined ? `:${place[1]}` : `:${place[1]}:${place[2]}`
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n')[0] ?? message
}
