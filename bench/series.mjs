/** What `scale` has measured as lines to be drawn, and whether they are where they have to be. */
import { number } from './report/figures.mjs'
import { table } from './report/markdown.mjs'
import { SCALED } from './scale.mjs'

/** Who has to keep the goals. */
const OWN = 'guruorm'

/** So many times the least cost may the greatest be, within a flat line. */
const FLAT = 1.5

/** The greatest of a line, from an `x` on, over the least. */
const flatness = (from) => ({
  goal: `the greatest at most ${FLAT} × the least, from ${from.toLocaleString('en-US')}`,
  most: FLAT,
  of(points) {
    const costs = points.filter(([x]) => x >= from).map(([, y]) => y)
    return Math.max(...costs) / Math.min(...costs)
  },
})

const rows = { title: 'Rows of one result', x: 'rows', from: 1000 }
const queries = { title: 'Queries in flight on 10 connections', x: 'queries in flight', from: 64 }
const columns = { title: 'Columns of a thousand rows', x: 'columns', from: 50 }
const delay = { title: 'Delay of the event loop while 100,000 rows are read', x: 'percentile', unit: 'ms' }
const notLate = { goal: 'p99 at most 20 ms', most: 20, of: (points) => points.find(([x]) => x === 99)[1] }
const stream = { title: 'A stream of 5,000,000 rows', x: 'rows read', from: 1 }

/** The three lines of a cost: by the clock, and what does not depend on who else is busy. */
const threeOf = (id, unit, { from, ...series }) => [
  { id, ...series, unit: `µs ${unit}`, verdict: flatness(from) },
  { id: `${id}-thread`, ...series, unit: `µs of the JavaScript thread ${unit}`, verdict: flatness(from) },
  { id: `${id}-cpu`, ...series, unit: `µs of all threads ${unit}`, verdict: flatness(from) },
]

const SERIES = [
  ...threeOf('rows', 'a row', rows),
  ...threeOf('in-flight', 'a query', queries),
  ...threeOf('columns', 'a cell', columns),
  { id: 'delay', ...delay, verdict: notLate },
  { id: 'delay-thread', ...delay, unit: 'ms of the JavaScript thread', verdict: notLate },
  ...threeOf('stream', 'a row', stream),
  {
    id: 'stream-memory',
    title: 'Memory that a stream of 5,000,000 rows has taken',
    x: 'rows read',
    unit: 'MB',
    verdict: { goal: 'at most 60 MB', most: 60, of: (points) => Math.max(...points.map(([, y]) => y)) },
  },
]

/** Every series of every database that was measured; lines are the medians of the rounds. */
export function seriesOf(measured) {
  return Object.entries(measured).flatMap(([database, results]) =>
    SERIES.map(({ verdict, ...series }) => {
      const lines = linesOf(series.id, results)
      const own = lines.find(({ name }) => name === OWN)
      const value = own && verdict.of(own.points)
      return {
        ...series,
        database: SCALED[database],
        lines,
        ...(own && { verdict: { goal: verdict.goal, value, isMet: value <= verdict.most } }),
      }
    }).filter(({ lines }) => lines.length > 0),
  )
}

function linesOf(id, results) {
  const points = new Map()
  for (const { byPeer } of results) {
    for (const [peer, { lines = {} }] of Object.entries(byPeer)) {
      if (lines[id] !== undefined) points.set(peer, [...(points.get(peer) ?? []), ...lines[id]])
    }
  }
  return [...points].map(([name, points]) => ({ name, points }))
}

/** Each series as a Markdown table, with what is to be said of it. */
export function seriesTables(series) {
  return series.map(({ title, x, unit, lines, verdict }) => {
    const head = [x, ...lines.map(({ name }) => name)]
    const body = lines[0].points.map(([at], index) => [
      at.toLocaleString('en-US'),
      ...lines.map(({ points }) => number(points[index][1])),
    ])
    const said = verdict && `\n${verdict.isMet ? 'met' : 'MISSED'}: ${number(verdict.value)} (${verdict.goal})`
    return [`${title}, ${unit}`, '', table([head, ...body]), said].join('\n')
  })
}
