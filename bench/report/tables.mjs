/**
 * Tables of what was measured: a row a workload, a column a peer. `measured` is a list of { workload, byPeer }; the first peer is
 * the one that the others are compared with.
 */
import { number, ratio, times } from './figures.mjs'
import { escaped, table } from './markdown.mjs'

/** The peers of the results, in the order in which they were measured. */
export function peersOf(measured) {
  return [...new Set(measured.flatMap(({ byPeer }) => Object.keys(byPeer)))]
}

export const titleOf = ({ id, title }) => `${id} ${title}`
const withUnit = (workload) => `${titleOf(workload)}, ${workload.unit}`

function tableOf(measured, peers, title, cell) {
  const rows = measured.map(({ workload, byPeer }) => [
    escaped(title(workload)),
    ...peers.map((peer) => (byPeer[peer] === undefined ? '–' : cell(workload, byPeer, peer))),
  ])
  return table([['workload', ...peers.map(escaped)], ...rows])
}

/** Median, least and most, and the ratio to the first peer behind those of the others. */
export function figuresTable(measured, peers) {
  const [own] = peers
  return tableOf(measured, peers, withUnit, ({ unit }, byPeer, peer) => {
    const { median, min, max } = byPeer[peer]
    const text = `${number(median)} (${number(min)}–${number(max)})`
    if (peer === own || byPeer[own] === undefined) return text
    return `${text} ${times(ratio(unit, byPeer[own].median, median))}`
  })
}

export const COSTS = 'CPU µs an operation · peak MB above the start'

/** What {@link COSTS} says. */
export function costsTable(measured, peers) {
  return tableOf(measured, peers, titleOf, (_, byPeer, peer) => {
    const { cpuMicroseconds, peakMegabytes } = byPeer[peer]
    return `${number(cpuMicroseconds)} · ${number(peakMegabytes)}`
  })
}
