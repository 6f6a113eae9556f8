import { promises as files } from 'node:fs'
import { join } from 'node:path'
import { Capsule } from '../connection/capsule'
import type { MigrationConnection, Row } from '../migrations/migration-connection'
import type { ColumnValues } from '../query/arguments'
import { Seeder } from './seeder'
import { seeding } from './seeding-context'

/** How many rows one insert carries. */
const BATCH = 100

const OBJECT_ID = /^[0-9a-f]{24}$/i
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Fields of MongoDB's own that no table has. */
const FOREIGN_FIELDS = new Set(['_id', '__v', 'mongodb_id'])

/**
 * Fills a table from a JSON file with an array of objects, as MongoDB exports them.
 *
 * Names become snake_case. `_id`, `__v`, `mongodb_id` and values that are MongoDB object ids are left out, and so is an
 * `id` that is not a UUID. Does nothing when the table has rows, unless `run(true)`.
 *
 * @example
 * export default class CategoriesSeeder extends JSONSeeder {
 *   constructor() {
 *     super('categories', 'categories')
 *   }
 * }
 */
export abstract class JSONSeeder extends Seeder {
  protected tableName: string
  protected jsonFileName: string
  protected seedsPath: string
  protected force = false

  /** @param seedsPath - The folder of `<jsonFileName>.json`; default `database/seeds/data`. */
  constructor(tableName: string, jsonFileName: string, seedsPath?: string) {
    super()
    this.tableName = tableName
    this.jsonFileName = jsonFileName
    this.seedsPath = seedsPath ?? join(process.cwd(), 'database', 'seeds', 'data')
  }

  async run(force = false): Promise<void> {
    this.force = force
    const rows = await this.loadSeedData()
    if (rows === null) return
    if (!force && (await this.getTableCount()) > 0) {
      seeding().report(`⏭️  Skipping ${this.tableName}: Data already exists`)
      return
    }
    await this.insertData(rows)
    seeding().report(`✅ Seeded ${rows.length} records into ${this.tableName}`)
  }

  protected async getTableCount(): Promise<number> {
    return Number(await this.target().table(this.tableName).count())
  }

  /** The rows to insert; null, and a line that says so, when there are none. */
  protected async loadSeedData(): Promise<Row[] | null> {
    const path = join(this.seedsPath, `${this.jsonFileName}.json`)
    let content: string
    try {
      content = await files.readFile(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      seeding().report(`⚠️  JSON file not found: ${path}`)
      return null
    }
    const documents: unknown = JSON.parse(content)
    if (!Array.isArray(documents) || documents.length === 0) {
      seeding().report(`⚠️  No data found in ${this.jsonFileName}`)
      return null
    }
    return documents.map((document) => this.transform(document as Row))
  }

  protected async insertData(rows: Row[]): Promise<void> {
    const columns = new Set(rows.flatMap((row) => Object.keys(row)))
    const complete = rows.map((row) => Object.fromEntries([...columns].map((column) => [column, row[column] ?? null])))
    const connection = this.target()
    for (let first = 0; first < complete.length; first += BATCH) {
      await connection.table(this.tableName).insert(complete.slice(first, first + BATCH) as ColumnValues[])
    }
  }

  /** One document as a row. Overridden where a table wants something else. */
  protected transform(document: Row): Row {
    const row: Row = {}
    for (const [key, value] of Object.entries(document)) {
      const column = key
        .replaceAll(/([A-Z])/g, '_$1')
        .replace(/^_/, '')
        .toLowerCase()
      if (FOREIGN_FIELDS.has(key)) continue
      if (column === 'id' && !(typeof value === 'string' && UUID.test(value))) continue
      if (hasObjectId(value)) {
        seeding().report(`⚠️  ${this.tableName}.${column} holds a MongoDB object id and is left out`)
        continue
      }
      row[column] = typeof value === 'object' && value !== null ? JSON.stringify(value) : value
    }
    return row
  }

  private target(): MigrationConnection {
    // Without one: `new UserSeeder().run()` in a program.
    return seeding().connection ?? Capsule.getInstance().connection()
  }
}

function hasObjectId(value: unknown): boolean {
  return [value].flat().some((part) => typeof part === 'string' && OBJECT_ID.test(part))
}
