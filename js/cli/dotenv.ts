import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onDemand } from '../support/on-demand'
import type { Host } from './host'

const dotenv = onDemand<typeof import('dotenv')>('dotenv')

/**
 * Adds what `.env` in the working folder says to the environment, and before it `.env.NAME` of the environment that
 * `--env` names. What is set there already stays.
 */
export function loadDotenv(host: Host): void {
  const files = host.environment === undefined ? ['.env'] : [`.env.${host.environment}`, '.env']
  for (const file of files) {
    let content: Buffer
    try {
      content = readFileSync(join(host.cwd, file))
    } catch {
      continue
    }
    for (const [name, value] of Object.entries(dotenv().parse(content))) {
      host.env[name] ??= value
    }
  }
}
