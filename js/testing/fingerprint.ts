import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkedSourcesIn } from '../migrations/migration-sources'
import type { Migrator } from '../migrations/migrator'
import { crypto } from '../support/crypto'
import { version } from '../support/version'

/** Everything that decides what a rebuilt database holds. */
export interface Ingredients {
  migrator: Migrator
  /** What is seeded, as text. */
  seed: string
  /** The folder of seeders; undefined when none of them run. */
  seeders: string | undefined
}

/** A text that changes when a rebuilt database would hold something else, as far as the project's files tell. */
export async function fingerprintOf({ migrator, seed, seeders }: Ingredients): Promise<string> {
  const { connection, paths, table, schemaDump } = migrator.place()
  const { found } = await checkedSourcesIn(connection, paths)
  const migrations = found.map(({ name, checksum }) => [name, checksum])
  const dump = schemaDump !== undefined && existsSync(schemaDump) ? sumOf(readFileSync(schemaDump)) : null
  const parts = [version(), connection.getDriverName(), table, migrations, dump, seed, filesIn(seeders)]
  return sumOf(JSON.stringify(parts))
}

/** Names and sums of the files of a folder, those in folders inside it included. */
function filesIn(folder: string | undefined): [string, string][] {
  if (folder === undefined || !existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path, sumOf(readFileSync(path))])
}

function sumOf(content: string | Uint8Array): string {
  return crypto().createHash('sha256').update(content).digest('hex')
}
