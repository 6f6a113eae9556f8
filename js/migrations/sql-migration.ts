import { promises as files } from 'node:fs'
import { relative } from 'node:path'
import type { MigrationContext } from './context'
import { type MigrationFile, type SqlFile, sqlFile } from './engine'
import type { LoadedMigration } from './loader'
import type { MigrationConnection } from './migration-connection'
import { MigrationError } from './migration-error'
import { refusing } from './refusal'
import { runStatements } from './sql-script'

/**
 * A migration in SQL: `NAME.up.sql` with `NAME.down.sql`, or `NAME.sql`, which cannot be rolled back. Its statements
 * are sent one by one.
 */
export async function loadSqlMigration(file: MigrationFile, connection: MigrationConnection): Promise<LoadedMigration> {
  const up = await read(file.path, connection)
  const down = file.downPath === undefined ? undefined : await read(file.downPath, connection)
  if (down !== undefined && down.withinTransaction !== up.withinTransaction) {
    throw new MigrationError(
      'load',
      `${shortPath(file.path)} and its down file differ: begin both or none with -- guruorm: no-transaction`,
    )
  }
  return {
    ...file,
    up: runner(up, file.path),
    ...(down === undefined ? {} : { down: runner(down, String(file.downPath)), downSource: down.text }),
    script: up.statements.map(({ sql }) => sql),
    withinTransaction: up.withinTransaction,
    connection: undefined,
    warnings: [up, down].flatMap((half, index) =>
      half?.isUnwrapped ? [unwrapped(index === 0 ? file.path : String(file.downPath))] : [],
    ),
  }
}

async function read(path: string, connection: MigrationConnection): Promise<SqlFile & { text: string }> {
  const text = await files.readFile(path, 'utf8')
  const file = await refusing(() => sqlFile(connection, text), 'load', `${shortPath(path)}: `)
  return { ...file, text }
}

function runner(file: SqlFile, path: string): (context: MigrationContext) => Promise<void> {
  return async ({ connection }) => {
    await runStatements(connection, file.statements, path, file.isUnwrapped ? 2 : 1)
  }
}

function unwrapped(path: string): string {
  return `${shortPath(path)}: the BEGIN and COMMIT around it were left out, guruorm opens the transaction itself`
}

function shortPath(path: string): string {
  return relative(process.cwd(), path) || path
}
