/** What is known of a backup, wherever it is kept. */

/** A table in a namespace, as the catalogue spells both. */
export interface TableName {
  schema: string | null
  name: string
}

/** A column as it was when it was backed up. */
export interface BackedUpColumn {
  name: string
  /** Its type, as the database spells it. */
  type: string
  cast: string | null
  generated: boolean
  key: number | null
  sequence: string | null
  identity: boolean
}

/** One backup: what {@link Backups.list} answers, and the content of a `.meta.json` beside a file. */
export interface Backup {
  /** What commands call it by: the name of its table, or of its file without extensions. */
  id: string
  target: 'table' | 'file'
  /** As `getDriverName()` calls it. */
  driver: string
  /** The table that was backed up. */
  table: TableName
  /** The columns that it is for; none: the whole table. */
  lost: string[]
  /** What it holds: those columns and the primary key, or all. */
  columns: BackedUpColumn[]
  /** The columns of the primary key. */
  key: string[]
  rows: number
  /** ISO 8601, in UTC. */
  takenAt: string
  /** The migration that made it necessary. */
  migration: string | null
  /** The statements that make the table again, as it was; none where they cannot be said. */
  ddl: string[]
  /** The table that holds the rows. */
  source?: TableName
  /** The file that holds the rows. */
  file?: string
  /** Of the file, in hexadecimal digits. */
  sha256?: string
}

/** What is brought back of a backup. */
export type RestoreMode = 'table' | 'column' | 'missing-rows'

/** How a backup is brought back. */
export interface RestoreOptions {
  /**
   * `table`: every row, into a table that has none; one that is gone is made again. `column`: the values of the columns
   * that went, into the rows that still are there. `missing-rows`: the rows whose key is not there. Default: `column`
   * for a backup of columns, else `table`.
   */
  mode?: RestoreMode
  /** Counts, and changes nothing. */
  dryRun?: boolean
}

/** What came of it. */
export interface RestoreResult {
  backup: Backup
  mode: RestoreMode
  /** How many rows were brought back, or would be. */
  rows: number
  dryRun: boolean
  /** Whether the table was made again, or would be. */
  isRecreated: boolean
}

/** `"users"`, `"users" ("nick")`: what a backup is of, for messages. */
export function describeBackup({ table, lost }: Pick<Backup, 'table' | 'lost'>): string {
  const columns = lost.length === 0 ? '' : ` (${lost.map((name) => `"${name}"`).join(', ')})`
  return `"${table.name}"${columns}`
}
