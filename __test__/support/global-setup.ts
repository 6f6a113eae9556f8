/** Finds the databases when vitest is started by itself; `npm test` has done it before. */
import { bringUpDatabases } from '../../scripts/lib/databases.mjs'

export { bringUpDatabases as setup }
