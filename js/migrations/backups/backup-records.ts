/**
 * Where backups are remembered. One in a table has a row in `guruorm_meta`: it is written in the transaction of the
 * copy, so that it goes with a rollback, and a name, cut as it may be, would not tell the columns, the key and the
 * structure. One in a file has its `.meta.json` beside it, so that it can be carried elsewhere.
 */
import { promises as files } from 'node:fs'
import { join } from 'node:path'
import type { Question, TableInfo } from '../../schema/executor'
import { Meta } from '../meta'
import type { MigrationConnection } from '../migration-connection'
import type { Backup } from './backup'

const PREFIX = 'backup:'
const META_FILE = '.meta.json'

/** Keeps what is known of a backup. */
export async function remember(connection: MigrationConnection, backup: Backup): Promise<void> {
  if (backup.file === undefined) {
    const meta = await Meta.of(connection)
    return meta.write({ [`${PREFIX}${backup.id}`]: JSON.stringify(backup) })
  }
  const path = metaFileOf(backup.file)
  await files.writeFile(`${path}.tmp`, `${JSON.stringify(backup, null, 2)}\n`)
  await files.rename(`${path}.tmp`, path)
}

/** Every backup that is there, the newest first. */
export async function remembered(connection: MigrationConnection, directory: string): Promise<Backup[]> {
  const backups = [...(await inTables(connection)), ...(await inFiles(directory, connection.getDriverName()))]
  return backups.sort((a, b) => (a.takenAt < b.takenAt ? 1 : a.takenAt > b.takenAt ? -1 : a.id < b.id ? 1 : -1))
}

/** Removes what is known of a backup, and its file. */
export async function forget(connection: MigrationConnection, backup: Backup): Promise<void> {
  if (backup.file === undefined) {
    const meta = await Meta.of(connection)
    return meta.remove([`${PREFIX}${backup.id}`])
  }
  await removeFiles(backup.file)
}

/** Removes a backup's file with what is known of it. */
export async function removeFiles(file: string): Promise<void> {
  await files.rm(metaFileOf(file), { force: true })
  await files.rm(file, { force: true })
}

async function inTables(connection: MigrationConnection): Promise<Backup[]> {
  const found: Backup[] = []
  const tables = await tablesOf(connection)
  for (const [key, { value }] of await (await Meta.of(connection)).read()) {
    if (!key.startsWith(PREFIX)) continue
    const backup = JSON.parse(value) as Backup
    // Somebody may have dropped its table.
    if (backup.source !== undefined && tables.has(JSON.stringify([backup.source.schema, backup.source.name]))) {
      found.push(backup)
    }
  }
  return found
}

/** The tables of the database, each as the JSON of its namespace and name. */
async function tablesOf(connection: MigrationConnection): Promise<Set<string>> {
  const question = { ask: 'tables' } satisfies Question
  const tables = (await connection.native({ do: 'schema.inspect', question })) as TableInfo[]
  return new Set(tables.map(({ schema, name }) => JSON.stringify([schema, name])))
}

async function inFiles(directory: string, driver: string): Promise<Backup[]> {
  const names = await files.readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const found: Backup[] = []
  for (const name of names.filter((name) => name.endsWith(META_FILE))) {
    const backup = JSON.parse(await files.readFile(join(directory, name), 'utf8')) as Backup
    const file = join(directory, `${name.slice(0, -META_FILE.length)}.jsonl.gz`)
    // The folder may have been moved.
    if (backup.driver === driver) found.push({ ...backup, file })
  }
  return found
}

function metaFileOf(file: string): string {
  return `${file.replace(/\.jsonl\.gz$/, '')}${META_FILE}`
}
