import { relative, resolve } from 'node:path'
import { createMigration } from '../../migrations/creator'
import { DEFAULT_MIGRATIONS_PATH } from '../../migrations/migrator'
import type { Command, CommonOptions } from '../command'
import { CommandError } from '../command-error'
import { configuredPaths } from '../config'
import { LANGUAGE, type LanguageOptions, languageFor } from '../language'

interface MakeMigrationOptions extends CommonOptions, LanguageOptions {
  table?: string
  create?: string
  path?: string
  config?: string
  sql?: boolean
}

export const makeMigration: Command<MakeMigrationOptions> = {
  name: 'make:migration',
  summary: 'Write a new migration file',
  argument: { name: 'name', description: 'what it does: create_users_table, add_votes_to_users_table' },
  options: [
    { flags: '--create <table>', description: 'the table that it creates' },
    { flags: '--table <table>', description: 'the table that it changes' },
    { flags: '--sql', description: 'write a pair of SQL files: NAME.up.sql and NAME.down.sql' },
    ...LANGUAGE,
    { flags: '--path <folder>', description: 'the folder to write into instead of the configured one' },
    { flags: '--config <file>', description: 'the configuration file to use instead of guruorm.config.*' },
  ],
  examples: [
    'guruorm make:migration create_users_table',
    'guruorm make:migration add_votes_to_users_table --table=users --ts',
  ],
  async run({ host, options, output, argument }) {
    if (options.sql && (options.ts || options.js)) {
      throw new CommandError('usage', 'Give --sql or a language, not both.')
    }
    const folder = options.path ?? (await configuredPaths(host, options.config))?.migrations ?? DEFAULT_MIGRATIONS_PATH
    const path = createMigration(
      argument,
      { table: options.table, create: options.create },
      { directory: resolve(host.cwd, folder), language: options.sql ? 'sql' : languageFor(host.cwd, options) },
    )
    const file = relative(host.cwd, path)
    output.line(`✅ Created migration: ${file}`)
    output.document({ ok: true, command: 'make:migration', file })
    return undefined
  },
}
