/** The text of each generated part, and the plots that it shows. */
import { Stop } from '../../scripts/lib/terminal.mjs'
import { membersOf } from '../peer-groups.mjs'
import { number, ratio, times } from './figures.mjs'
import { escaped, folded, table } from './markdown.mjs'
import { ratioPlot } from './ratio-plot.mjs'
import { databaseTitle } from './sections.mjs'
import { seriesPlot } from './series-plot.mjs'
import { COSTS, costsTable, figuresTable, peersOf } from './tables.mjs'

/** Where plots are, seen from the document. */
export const PLOTS = 'benchmarks'

const rounds = (count) => (count === 1 ? 'one round' : `${count} rounds`)

/** The line that says when and where. */
function circumstancesLine(run) {
  const parts = [
    run.date.slice(0, 10),
    run.processor,
    run.memoryGigabytes && `${run.memoryGigabytes} GB`,
    run.node && `Node ${run.node.replace('v', '')}`,
    ...Object.entries(run.servers ?? {}).map(([kind, version]) => `${databaseTitle(kind)} ${version}`),
    run.system,
    run.commit && `commit ${run.commit}`,
    run.rounds && rounds(run.rounds),
  ]
  return `${escaped(parts.filter(Boolean).join(', '))}.`
}

/** The measured workloads of a section; those of several databases are told apart by the database's name. */
function measuredOf({ databases }, { measured }) {
  return databases.flatMap((database) =>
    (measured[database] ?? []).map(({ workload, byPeer }) => ({
      workload: databases.length === 1 ? workload : { ...workload, id: `${databaseTitle(database)}, ${workload.id}` },
      byPeer,
    })),
  )
}

/** Lists of peers, guruorm first in each: one for each group, and one of those that are in none. */
function columnsOf({ groups = [] }, measured) {
  const [own, ...others] = peersOf(measured)
  const grouped = groups.map(membersOf)
  const rest = others.filter((peer) => !grouped.flat().includes(peer))
  return [...grouped.map((members) => others.filter((peer) => members.includes(peer))), rest]
    .filter((peers) => peers.length > 0)
    .map((peers) => [own, ...peers])
}

const image = (alternative, file) => `![${escaped(alternative)}](${PLOTS}/${file})`

/** { text, plots: [{ file, description }] } of a section; undefined when the run has nothing of it. */
export function sectionPart(section, result) {
  const measured = measuredOf(section, result)
  if (measured.length === 0) return undefined
  const [own] = peersOf(measured)
  const columns = columnsOf(section, measured)
  const title = [...new Set(section.databases.map(databaseTitle))].join(', ')
  const file = `${section.name}.svg`
  const meaning = `Median, least and most in brackets. ×2.00: ${escaped(own)} does twice as much, or needs half.`
  const text = [
    `${circumstancesLine(result)} ${meaning}`,
    image(`${title}: ${own} beside its peers`, file),
    ...columns.map((peers) => figuresTable(measured, peers)),
    folded(COSTS, columns.map((peers) => costsTable(measured, peers)).join('\n\n')),
  ].join('\n\n')
  return { text, plots: [{ file, description: ratioPlot(title, measured, peersOf(measured)) }] }
}

/** Every value of the lines, and the ratio to the first of them. */
function seriesTable({ x, unit, lines }) {
  const own = new Map(lines[0].points)
  const places = [...new Set(lines.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b)
  const cell = ({ points }, at, isOwn) => {
    const value = new Map(points).get(at)
    if (value === undefined) return '–'
    return isOwn || !own.has(at) ? number(value) : `${number(value)} ${times(ratio(unit, own.get(at), value))}`
  }
  const rows = places.map((at) => [
    at.toLocaleString('en-US'),
    ...lines.map((line, index) => cell(line, at, index === 0)),
  ])
  return table([[escaped(`${x}: ${unit}`), ...lines.map(({ name }) => escaped(name))], ...rows])
}

/** By the clock, and the memory; what the threads spent is in the result. */
const isShown = ({ id }) => !/-(?:thread|cpu)$/.test(id)

/** As {@link sectionPart}, of a run of series. */
export function scalePart({ name }, result) {
  const shown = result.series.filter(isShown).map((series) => {
    const { id, database, verdict } = series
    if (!/^[\w-]+$/.test(`${database}-${id}`)) throw new Stop(`${JSON.stringify(id)} is no name for a file.`)
    const file = `${name}-${database}-${id}.svg`
    const title = `${databaseTitle(database)}: ${series.title}`
    const said = verdict && `${verdict.isMet ? 'Met' : 'Missed'}: ${number(verdict.value)} (${escaped(verdict.goal)}).`
    const parts = [`**${escaped(title)}**`, said, image(title, file), folded(series.unit, seriesTable(series))]
    return { text: parts.filter(Boolean).join('\n\n'), plot: { file, description: seriesPlot({ ...series, title }) } }
  })
  return {
    text: [circumstancesLine(result), ...shown.map(({ text }) => text)].join('\n\n'),
    plots: shown.map(({ plot }) => plot),
  }
}
