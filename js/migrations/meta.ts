import { journalQuestions } from './engine'
import type { MigrationConnection } from './migration-connection'

/** The statements of `guruorm_meta`: see `src/migrate/meta.rs`. */
interface MetaStatements {
  table: string
  create: string
  read: string
  write: string
  forget: string
}

export const META_TABLE = 'guruorm_meta'

/** Tables of guruorm's own, whatever the journal of migrations is called. */
export const OWN_TABLES: readonly string[] = ['seeders', 'migration_logs', META_TABLE]

export interface MetaEntry {
  value: string
  updatedAt: Date | null
}

/** What is known about a database itself, kept in its table `guruorm_meta`. */
export class Meta {
  private readonly connection: MigrationConnection
  private readonly statements: MetaStatements

  private constructor(connection: MigrationConnection, statements: MetaStatements) {
    this.connection = connection
    this.statements = statements
  }

  static async of(connection: MigrationConnection): Promise<Meta> {
    const command = { do: 'migrate.meta', driver: connection.getDriverName() }
    return new Meta(connection, (await connection.native(command)) as MetaStatements)
  }

  /** Everything that is kept; nothing when there is no table. Changes nothing. */
  async read(): Promise<Map<string, MetaEntry>> {
    const { columns } = await journalQuestions(this.connection, 'migrations', META_TABLE)
    if ((await this.connection.select(columns.sql, columns.bindings)).length === 0) return new Map()
    const rows = await this.connection.select(this.statements.read)
    return new Map(
      rows.map((row) => [String(row.key), { value: String(row.value), updatedAt: dateOf(row.updated_at) }]),
    )
  }

  /** Keeps values under keys; the table is made when it is missing. */
  async write(entries: Record<string, string>): Promise<void> {
    await this.connection.statement(this.statements.create)
    await this.connection.transaction(async (transaction) => {
      for (const [key, value] of Object.entries(entries)) {
        await transaction.delete(this.statements.forget, [key])
        await transaction.insert(this.statements.write, [key, value, new Date()])
      }
    })
  }

  /** Forgets what is kept under keys. */
  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.connection.delete(this.statements.forget, [key])
  }
}

function dateOf(value: unknown): Date | null {
  const date = value instanceof Date ? value : new Date(String(value))
  return Number.isNaN(date.getTime()) ? null : date
}
