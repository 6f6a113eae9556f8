import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { extension } from '../migrations/creator'
import { MigrationError } from '../migrations/migration-error'
import { type Language, readStub } from '../migrations/stub'
import { studlyCase } from '../support/text'

/** What may name a seeder: it becomes a file name and a class name. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/

/**
 * Writes a new seeder file and gives its path. `user`, `users-seeder` and `UserSeeder` all name a class that ends in
 * `Seeder`.
 *
 * @throws MigrationError for a name that could leave the folder or become code, or when the seeder exists.
 */
export function createSeeder(name: string, options: { directory: string; language: Language }): string {
  if (!NAME.test(name)) {
    throw new MigrationError(
      'refused',
      `${JSON.stringify(name)} cannot name a seeder: letters, digits, _ and - only, beginning with a letter (UserSeeder).`,
    )
  }
  const className = `${studlyCase(name.replace(/[_-]?seeder$/i, ''))}Seeder`
  mkdirSync(options.directory, { recursive: true })
  const existing = readdirSync(options.directory).find((file) => file.replace(/\.[^.]+$/, '') === className)
  if (existing !== undefined) {
    throw new MigrationError(
      'refused',
      `Seeder ${className} exists already: ${join(options.directory, existing)}. Nothing was written.`,
    )
  }
  const path = join(options.directory, className + extension(options.language))
  // `wx`: never over a file that exists.
  writeFileSync(path, readStub('seeder', options.language, { class: className }), { flag: 'wx' })
  return path
}
