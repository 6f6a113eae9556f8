import { MigrationError, type MigrationErrorKind } from './migration-error'

/** What every error of a connection ends with. A refusal is about files, so it is left out. */
const FACTS = / \(Connection: [^()]*\)$/

/** Asks the engine; what it refuses is a refusal of the migrator. `about` stands before its words. */
export async function refusing<Answer>(
  ask: () => Promise<Answer>,
  kind: MigrationErrorKind = 'refused',
  about = '',
): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'MIGRATION') throw error
    throw new MigrationError(kind, `${about}${(error as Error).message.replace(FACTS, '')}`, { cause: error })
  }
}
