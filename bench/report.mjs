/** Medians of all rounds, as a table for people and as JSON for later. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { median } from './measure.mjs'

const number = (value) => {
  const digits = value >= 1000 ? 0 : value >= 100 ? 0 : value >= 10 ? 1 : 2
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

const higherIsBetter = (unit) => unit.endsWith('/s')

/** Median, least and most of the rounds, for each peer of a workload. */
export function summarise(runs) {
  const values = runs.map((run) => run.value)
  return {
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    cpuMicroseconds: median(runs.map((run) => run.cpuMicroseconds)),
    peakMegabytes: median(runs.map((run) => run.peakMegabytes)),
    rounds: values,
  }
}

/** How many times faster `own` is than `other`. */
export function ratio(unit, own, other) {
  return higherIsBetter(unit) ? own.median / other.median : other.median / own.median
}

/** A Markdown table: a row a workload, a column a peer, the ratio to the first peer behind the others. */
export function table(results, peers) {
  const [own] = peers
  const head = ['workload', ...peers]
  const rows = results.map(({ workload, byPeer }) => [
    `${workload.id} ${workload.title}, ${workload.unit}`,
    ...peers.map((peer) => {
      const figure = byPeer[peer]
      if (figure === undefined) return '–'
      const text = `${number(figure.median)} (${number(figure.min)}–${number(figure.max)})`
      return peer === own || byPeer[own] === undefined
        ? text
        : `${text} ×${ratio(workload.unit, byPeer[own], figure).toFixed(2)}`
    }),
  ])
  const extra = results.map(({ workload, byPeer }) => [
    `${workload.id} CPU µs an operation · peak MB above the start`,
    ...peers.map((peer) =>
      byPeer[peer] ? `${number(byPeer[peer].cpuMicroseconds)} · ${number(byPeer[peer].peakMegabytes)}` : '–',
    ),
  ])
  return [...format([head, ...rows]), '', ...format([['', ...peers], ...extra])].join('\n')
}

function format(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const line = (row) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (column === 0 ? `${'-'.repeat(width + 2)}` : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(rows[0]), rule, ...rows.slice(1).map(line)]
}

/** What the figures depend on. */
export function circumstances(databases) {
  const installed = (name) =>
    JSON.parse(readFileSync(new URL(`./node_modules/${name}/package.json`, import.meta.url), 'utf8')).version
  const names = Object.keys(JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')).dependencies)
  return {
    date: new Date().toISOString(),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    node: process.version,
    processor: `${cpus().length} × ${cpus()[0].model}`,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    peers: Object.fromEntries(names.map((name) => [name, installed(name)])),
    databases,
  }
}

/** Keeps everything that was measured in `bench/results/`. */
export function save(name, content) {
  const folder = new URL('./results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const path = new URL(`${name}.json`, folder)
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`)
  return path.pathname
}
