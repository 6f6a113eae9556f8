import { MigrationException } from '../errors'

/** What the runners of migrations and seeders answer. */
interface Result {
  name: string
  success: boolean
  error?: string
}

/** @throws MigrationException naming the first that failed: tests must not go on. */
export function mustSucceed(results: readonly Result[]): void {
  const failed = results.find(({ success }) => !success)
  if (failed === undefined) return
  throw new MigrationException(`${failed.name} failed, so there is no database to test with: ${failed.error}`)
}
