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
  }
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
