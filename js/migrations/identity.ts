/** What a migration is recorded under. */
import type { Later } from '../support/later'
import type { MigrationFile } from './engine'
import { type Names, namesIn } from './loader'

/** Text without which a file has no property `name`: only such files are loaded to be asked. */
const MAY_HAVE_NAME = /\bname\b['"\]]?\s*[:=?!]|\bname\s*\(\s*\)|[{,]\s*name\s*[,}]|\bas\s+name\b/

/** How TypeORM calls migrations: a class, and the milliseconds at which it was written. */
const TYPEORM_CLASS = /^\D.*\d{13}$/

/**
 * A file with its identity: its `name` where that is a text, else the name of its class where the journal has those
 * (TypeORM), else the name of the file. A file that cannot be loaded keeps the name of the file: who runs it says why.
 *
 * @param text - The file's source.
 */
export function identified(file: MigrationFile, text: string, namesClasses: boolean): Later<MigrationFile> {
  if (file.path.endsWith('.sql') || !(namesClasses || MAY_HAVE_NAME.test(text))) return file
  return named(file, namesClasses)
}

async function named(file: MigrationFile, namesClasses: boolean): Promise<MigrationFile> {
  const { name: stem } = file
  let names: Names
  try {
    names = await namesIn(file)
  } catch {
    return file
  }
  const { property, className } = names
  const name = property ?? (namesClasses && TYPEORM_CLASS.test(className) ? className : stem)
  return name === stem ? file : { ...file, name, stem }
}
