import { relative, resolve } from 'node:path'
import { createMigration } from '../../migrations/creator'
import type { MigrationConnection } from '../../migrations/migration-connection'
import { DEFAULT_MIGRATIONS_PATH } from '../../migrations/migrator'
import { readStub } from '../../migrations/stub'
import type { Table } from '../../schema/change'
import type { Database } from '../../schema/database'
import { createSeeder } from '../../seeding/creator'
import { DEFAULT_SEEDERS_PATH } from '../../seeding/runner'
import type { Command, DatabaseOptions } from '../command'
import { CommandError } from '../command-error'
import { configuredPaths } from '../config'
import { withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { LANGUAGE, type LanguageOptions, languageFor } from '../language'
import { FACTORIES_PATH, importOf, MODELS_PATH, newFile, writeNew } from '../make-files'
import { className, factoryAttributes, modelParts, tableOf } from '../model-template'
import { DATABASE } from '../options'

interface MakeModelOptions extends DatabaseOptions, LanguageOptions {
  migration?: boolean
  factory?: boolean
  seeder?: boolean
  all?: boolean
  fromTable?: string
  path?: string
}

export const makeModel: Command<MakeModelOptions> = {
  name: 'make:model',
  summary: 'Write a new model file, and what belongs to it',
  argument: { name: 'name', description: 'the model: Order' },
  options: [
    { flags: '--migration', description: 'a migration that creates its table as well' },
    { flags: '--factory', description: 'a factory as well' },
    { flags: '--seeder', description: 'a seeder as well' },
    { flags: '--all', description: 'migration, factory and seeder' },
    { flags: '--from-table <table>', description: 'columns, casts and relations of a table that is there' },
    ...LANGUAGE,
    { flags: '--path <folder>', description: `the folder to write into instead of ${MODELS_PATH}` },
    ...DATABASE,
  ],
  examples: [
    'guruorm make:model Order',
    'guruorm make:model Order --factory --seeder',
    'guruorm make:model Product --all --ts',
    'guruorm make:model Customer --from-table=tbl_customers',
  ],
  async run(invocation) {
    const { host, options, output, argument } = invocation
    const model = className(argument, 'model')
    const language = languageFor(host.cwd, options)
    loadDotenv(host)
    const { fromTable, all } = options
    const table =
      fromTable === undefined
        ? undefined
        : await withDatabase(invocation, ({ connection }) => inspected(connection, fromTable))
    const tableName = fromTable ?? tableOf(model)
    const folders = await configuredPaths(host, options.config)

    // Every name is looked at before the first file is written.
    const path = newFile(resolve(host.cwd, options.path ?? MODELS_PATH), model, language)
    const factory =
      options.factory || all ? newFile(resolve(host.cwd, FACTORIES_PATH), `${model}Factory`, language) : undefined
    const seeders = resolve(host.cwd, folders?.seeders ?? DEFAULT_SEEDERS_PATH)
    const isSeeding = options.seeder || all
    if (isSeeding) newFile(seeders, `${model.replace(/Seeder$/, '')}Seeder`, language)

    const files: [string, string][] = []
    writeNew(path, readStub('model', language, { ...modelParts(model, tableName, table) }))
    files.push(['model', path])
    if (options.migration || all) {
      const directory = resolve(host.cwd, folders?.migrations ?? DEFAULT_MIGRATIONS_PATH)
      files.push([
        'migration',
        createMigration(`create_${tableName}_table`, { create: tableName }, { directory, language }),
      ])
    }
    if (factory !== undefined) {
      const importModel = importOf(model, factory, path, language)
      writeNew(
        factory,
        readStub('factory', language, { class: model, importModel, attributes: factoryAttributes(table) }),
      )
      files.push(['factory', factory])
    }
    if (isSeeding) files.push(['seeder', createSeeder(model, { directory: seeders, language })])
    for (const [kind, file] of files) output.line(`✅ Created ${kind}: ${relative(host.cwd, file)}`)
    output.document({ ok: true, command: 'make:model', files: files.map(([, file]) => relative(host.cwd, file)) })
    return undefined
  },
}

async function inspected(connection: MigrationConnection, name: string): Promise<Table> {
  const command = { do: 'schema.database', inspection: { tables: [name] } }
  const { tables } = (await connection.native(command)) as Database
  const table = tables.find((found) => found.name === name)
  if (table === undefined) throw new CommandError('usage', `There is no table "${name}". Nothing was written.`)
  return table
}
