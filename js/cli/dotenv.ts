import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'dotenv'
import type { Host } from './host'

/** Adds what `.env` in the working folder says to the environment. What is set there already stays. */
export function loadDotenv(host: Host): void {
  let content: Buffer
  try {
    content = readFileSync(join(host.cwd, '.env'))
  } catch {
    return
  }
  for (const [name, value] of Object.entries(parse(content))) {
    host.env[name] ??= value
  }
}
