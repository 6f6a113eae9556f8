/** `npm run bench -- report`: the generated parts of docs/benchmarks.md, from the runs that are kept in bench/results/. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Stop } from '../../scripts/lib/terminal.mjs'
import { GOALS } from '../goals.mjs'
import { replaceParts } from './document.mjs'
import { goalsTable } from './goal-rows.mjs'
import { PLOTS, scalePart, sectionPart } from './parts.mjs'
import { svgOf } from './plot-style.mjs'
import { load, RESULTS } from './results.mjs'
import { GOALS_PART, SCALE, SECTIONS } from './sections.mjs'

const DOCUMENT = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url))

/** The runs that the document is made of. */
const RUNS = [...new Set([...SECTIONS, SCALE].map(({ result }) => result))]

/**
 * Writes the document and its plots anew.
 *
 * @param names - Runs that have to be there; without any, those that are there will do.
 * @returns What happened to each part, a line each.
 * @throws Stop when a named run is missing, before anything is written.
 */
export async function generate(names, { results = RESULTS, document = DOCUMENT, draw = svgOf } = {}) {
  const runs = loadRuns(names, results)
  const parts = partsOf(runs)
  const contents = new Map([...parts].flatMap(([name, part]) => (part ? [[name, part.text]] : [])))
  const text = replaceParts(readFileSync(document, 'utf8'), contents)
  const folder = join(dirname(document), PLOTS)
  mkdirSync(folder, { recursive: true })
  for (const { file, description } of [...parts.values()].flatMap((part) => (part ? part.plots : [])))
    writeFileSync(join(folder, file), await draw(description))
  writeFileSync(document, text)
  return [...parts].map(([name, part]) => `${name}: ${part ? 'generated' : 'kept as it was, nothing is measured'}`)
}

function loadRuns(names, folder) {
  const unknown = names.filter((name) => !RUNS.includes(name))
  if (unknown.length > 0) throw new Stop(`Unknown: ${unknown.join(', ')}. There are: ${RUNS.join(', ')}.`)
  const runs = Object.fromEntries(RUNS.map((name) => [name, load(name, folder)]))
  const missing = names.filter((name) => runs[name] === undefined)
  if (missing.length > 0) {
    const files = missing.map((name) => join(folder, `${name}.json`))
    throw new Stop(`${files.join(', ')}: not there. Measure with --save ${missing.join(' and --save ')} first.`)
  }
  return runs
}

/** By name, in the document's order; nothing for a part whose run is missing. */
function partsOf(runs) {
  const measured = Object.assign({}, ...Object.values(runs).map((run) => run?.measured))
  return new Map([
    ...SECTIONS.map((section) => [section.name, runs[section.result] && sectionPart(section, runs[section.result])]),
    [SCALE.name, runs[SCALE.result] && scalePart(SCALE, runs[SCALE.result])],
    [GOALS_PART, Object.keys(measured).length > 0 && { text: goalsTable(GOALS, measured), plots: [] }],
  ])
}
