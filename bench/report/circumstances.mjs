/** What figures depend on. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'

const readJson = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))

/** @param servers - The versions of the servers that were asked, by the kind of database. */
export function circumstances(databases, servers) {
  const names = Object.keys(readJson('../package.json').dependencies)
  return {
    date: new Date().toISOString(),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    node: process.version,
    processor: `${cpus().length} × ${cpus()[0].model}`,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    servers,
    peers: Object.fromEntries(names.map((name) => [name, readJson(`../node_modules/${name}/package.json`).version])),
    databases,
  }
}
