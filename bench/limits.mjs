/**
 * The limit: what drivers of Rust reach in a program without JavaScript, `bench/limit/`. Its peers do the workloads on the
 * same tables, and their answers are held against everybody's.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { quietly } from '../scripts/lib/command.mjs'
import { ratio } from './report/figures.mjs'

const FOLDER = fileURLToPath(new URL('limit', import.meta.url))
const PIPELINED = 'rust-tokio-postgres-pipelined'
const WORKLOADS = ['W1', 'W2', 'W3', 'W3c', 'W4', 'W5', 'W6', 'W6b', 'W7', 'W9']

/** Takes the job of `worker.mjs` and answers as it does. */
export const LIMIT_PROGRAM = join(FOLDER, 'target', 'release', 'limit')

/** Who sets the limit on which database. */
export const LIMITS = {
  postgres: ['rust-tokio-postgres', PIPELINED, 'rust-sqlx'],
  mariadb: ['rust-sqlx', 'rust-mysql-async'],
  sqlite: ['rust-rusqlite'],
}

export const isLimit = (peer) => Object.values(LIMITS).flat().includes(peer)

/** Several queries in flight on a connection are of use only where there are many. */
export const limitTakesPart = (peer, { id }) => (peer === PIPELINED ? id === 'W2' : WORKLOADS.includes(id))

/** Cargo knows whether there is something to do. */
export async function buildLimit() {
  const args = ['build', '--release', '--locked', '--target-dir', join(FOLDER, 'target')]
  await quietly('cargo-limit', 'cargo', args, { cwd: FOLDER })
}

/** The versions of the drivers. */
export function limitVersions() {
  const lock = readFileSync(join(FOLDER, 'Cargo.lock'), 'utf8')
  const names = Object.values(LIMITS).flat()
  const entries = lock.matchAll(/^name = "(.+)"\nversion = "(.+)"$/gm)
  return Object.fromEntries(
    [...entries]
      .map(([, name, version]) => [`rust-${name.replaceAll('_', '-')}`, version])
      .filter(([peer]) => names.includes(peer)),
  )
}

/**
 * `W1 ×0.85 ×0.62`: how much of the limit the first peer reaches, by the clock and by processor time, which a busy machine
 * disturbs less; the limit is the best of those that set it. Nothing where none was measured.
 */
export function shareOfLimit(results, [own]) {
  const byClock = (unit, one, other) => ratio(unit, one.median, other.median)
  const byProcessor = (_unit, one, other) => other.cpuMicroseconds / one.cpuMicroseconds
  return results.flatMap(({ workload, byPeer }) => {
    const limits = Object.keys(byPeer).filter(isLimit)
    if (limits.length === 0 || byPeer[own] === undefined) return []
    const shares = [byClock, byProcessor].map((by) =>
      Math.min(...limits.map((limit) => by(workload.unit, byPeer[own], byPeer[limit]))),
    )
    return [`${workload.id} ${shares.map((share) => `×${share.toFixed(2)}`).join(' ')}`]
  })
}
