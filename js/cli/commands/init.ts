import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { languageOf, readStub } from '../../migrations/stub'
import type { Command, CommonOptions } from '../command'
import { CommandError } from '../command-error'
import { findConfig } from '../config'

/** Folders that a project with the written configuration uses. */
const FOLDERS = ['database/migrations', 'database/seeders']

/** `.js` works for both kinds of package, as the stub is filled for the one at hand. */
const FILE = { ts: 'guruorm.config.ts', esm: 'guruorm.config.js', cjs: 'guruorm.config.js' }

export const init: Command<CommonOptions> = {
  name: 'init',
  summary: 'Write guruorm.config.* with SQLite as the default database',
  options: [],
  examples: ['guruorm init'],
  async run({ host, output }) {
    const existing = findConfig(host)
    if (existing !== undefined) {
      throw new CommandError('refused', `${relative(host.cwd, existing)} exists already. Nothing was written.`)
    }
    const language = languageOf(host.cwd)
    const file = FILE[language]
    // `wx`: never over a file that exists.
    writeFileSync(join(host.cwd, file), readStub('config', language, {}), { flag: 'wx' })
    for (const folder of FOLDERS) mkdirSync(join(host.cwd, folder), { recursive: true })
    output.line(`✅ Created ${file} (SQLite in database/database.sqlite; PostgreSQL and MySQL are in it too)`)
    output.line('Next: npx guruorm make:migration create_users_table && npx guruorm migrate')
    output.document({ ok: true, command: 'init', file })
    return undefined
  },
}
