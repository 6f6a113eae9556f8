import { resolve } from 'node:path'
import type { Host } from './host'

/** The file of a connection's schema dump. The connection's name cannot lead out of the folder. */
export function dumpPath(host: Host, connection: string): string {
  return resolve(host.cwd, 'database', 'schema', `${encodeURIComponent(connection)}-schema.sql`)
}
