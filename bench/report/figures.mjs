/** What the rounds of a workload say together, and how two peers compare. */
import { median } from '../measure.mjs'

/** Median, least and most of the rounds of one peer. */
export function summarise(runs) {
  const values = runs.map((run) => run.value)
  return {
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    cpuMicroseconds: median(runs.map((run) => run.cpuMicroseconds)),
    peakMegabytes: median(runs.map((run) => run.peakMegabytes)),
    rounds: values,
    ...(runs[0].lines && { lines: medianLines(runs.map((run) => run.lines)) }),
  }
}

/** Lines of points `[x, y]` by their names, each `y` the median of the rounds. */
function medianLines(rounds) {
  const line = (name, points) => points.map(([x], at) => [x, median(rounds.map((lines) => lines[name][at][1]))])
  return Object.fromEntries(Object.entries(rounds[0]).map(([name, points]) => [name, line(name, points)]))
}

const higherIsBetter = (unit) => unit.endsWith('/s')

/** How many times better `own` is than `other`, both numbers of this unit. */
export function ratio(unit, own, other) {
  return higherIsBetter(unit) ? own / other : other / own
}

/** Three digits that matter. */
export function number(value) {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** `×2.63` */
export const times = (value) => `×${value.toFixed(2)}`
