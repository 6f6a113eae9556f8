import { existsSync, readFileSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import type { Database } from '../schema/database'
import { crypto } from '../support/crypto'
import { writeWhole } from '../support/write-whole'
import { Journal } from './journal'
import type { MigrationConnection } from './migration-connection'

const FORMAT = 1

/** Of which database a cache is, and after which migrations. */
export interface SchemaFingerprint {
  driver: string
  /** The schema, on MySQL the database, on SQLite the file. */
  namespace: string | null
  /** How many migrations are recorded, and the greatest id among them. */
  count: number
  max: number
  /** A sha-256 of their ids, names, batches and times. */
  rows: string
}

interface CacheFile {
  format: number
  fingerprint: SchemaFingerprint
  schema: Database
}

/**
 * The structure of a database in a file, so that programs read it without asking the catalogue. It holds as long as
 * the recorded migrations are those it was written after; what changes the structure otherwise is not noticed.
 *
 * @example
 * const cache = new SchemaCache(capsule.connection(), '.guruorm/schema-main.json')
 * const schema = (await cache.read()) ?? (await Schema.inspect())
 */
export class SchemaCache {
  readonly path: string
  private readonly connection: MigrationConnection
  private readonly table: string

  /** @param table - The table of migrations. */
  constructor(connection: MigrationConnection, path: string, table = 'migrations') {
    this.connection = connection
    this.path = path
    this.table = table
  }

  /** Whether there is a file. */
  get exists(): boolean {
    return existsSync(this.path)
  }

  /**
   * The structure; null where there is no cache, or one of another database or of other migrations.
   *
   * @param onStale - Told why a file that is there is not used.
   */
  async read(onStale: (reason: string) => void = () => {}): Promise<Database | null> {
    const text = this.exists ? readFileSync(this.path, 'utf8') : null
    if (text === null) return null
    const file = parsed(text)
    const shown = relative(process.cwd(), this.path) || this.path
    if (file === null) {
      onStale(`The schema cache ${shown} cannot be read and is ignored`)
      return null
    }
    const now = await this.fingerprint()
    const keys = Object.keys(now) as (keyof SchemaFingerprint)[]
    if (keys.every((key) => file.fingerprint[key] === now[key])) return file.schema
    onStale(`The schema cache ${shown} is not of this database as its migrations left it, and is ignored`)
    return null
  }

  /** Inspects the database and writes the file. */
  async write(): Promise<Database> {
    const fingerprint = await this.fingerprint()
    const schema = (await this.connection.native({ do: 'schema.database', inspection: {} })) as Database
    const file: CacheFile = { format: FORMAT, fingerprint, schema }
    writeWhole(this.path, `${JSON.stringify(file)}\n`)
    return schema
  }

  /** Removes the file. @returns Whether there was one. */
  clear(): boolean {
    const was = this.exists
    rmSync(this.path, { force: true })
    return was
  }

  private async fingerprint(): Promise<SchemaFingerprint> {
    const journal = await Journal.open(this.connection, 'migrations', this.table)
    const { namespace } = journal.questions
    const [place] = await this.connection.select(namespace.sql, namespace.bindings)
    const rows = await journal.rows(this.connection)
    const facts = rows.map(({ id, name, batch, executedAt }) => [id, name, batch, executedAt])
    return {
      driver: this.connection.getDriverName(),
      namespace: place?.namespace == null ? null : String(place.namespace),
      count: rows.length,
      max: Math.max(0, ...rows.map(({ id }) => id)),
      rows: crypto().createHash('sha256').update(JSON.stringify(facts)).digest('hex'),
    }
  }
}

function parsed(text: string): CacheFile | null {
  try {
    const file = JSON.parse(text) as Partial<CacheFile> | null
    const isWhole = file?.format === FORMAT && typeof file.fingerprint === 'object' && file.fingerprint !== null
    return isWhole && Array.isArray(file.schema?.tables) ? (file as CacheFile) : null
  } catch {
    return null
  }
}
