import { relative, resolve } from 'node:path'
import { createSeeder } from '../../seeding/creator'
import { DEFAULT_SEEDERS_PATH } from '../../seeding/runner'
import type { Command, CommonOptions } from '../command'
import { configuredPaths } from '../config'
import { LANGUAGE, type LanguageOptions, languageFor } from '../language'

interface MakeSeederOptions extends CommonOptions, LanguageOptions {
  path?: string
  config?: string
}

export const makeSeeder: Command<MakeSeederOptions> = {
  name: 'make:seeder',
  summary: 'Write a new seeder file',
  argument: {
    name: 'name',
    description: 'what it seeds: UserSeeder, or DatabaseSeeder for the one that runs by default',
  },
  options: [
    ...LANGUAGE,
    { flags: '--path <folder>', description: 'the folder to write into instead of the configured one' },
    { flags: '--config <file>', description: 'the configuration file to use instead of guruorm.config.*' },
  ],
  examples: ['guruorm make:seeder DatabaseSeeder', 'guruorm make:seeder UserSeeder --ts'],
  async run({ host, options, output, argument }) {
    const folder = options.path ?? (await configuredPaths(host, options.config))?.seeders ?? DEFAULT_SEEDERS_PATH
    const path = createSeeder(argument, {
      directory: resolve(host.cwd, folder),
      language: languageFor(host.cwd, options),
    })
    const file = relative(host.cwd, path)
    output.line(`✅ Created seeder: ${file}`)
    output.document({ ok: true, command: 'make:seeder', file })
    return undefined
  },
}
