import { MigrationError } from './migration-error'

/** Asks the engine; what it refuses is a refusal of the migrator. */
export async function refusing<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'MIGRATION') throw error
    throw new MigrationError('refused', (error as Error).message, { cause: error })
  }
}
