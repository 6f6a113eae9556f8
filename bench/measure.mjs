/** Clocks. All times in milliseconds but for `everyLatency`, which answers microseconds. */
import { existsSync, readFileSync } from 'node:fs'

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The value that so many in a hundred do not pass. */
export function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]
}

/** Does the work one after the other; answers each one's time in microseconds, without those of the warm-up. */
export async function everyLatency(warmUp, count, work) {
  for (let index = 0; index < warmUp; index += 1) await work(index)
  const latencies = new Float64Array(count)
  for (let index = 0; index < count; index += 1) {
    const started = performance.now()
    await work(warmUp + index)
    latencies[index] = (performance.now() - started) * 1000
  }
  return latencies
}

/** Does the work `total` times, `width` at a time. */
export async function inFlight(total, width, work) {
  let next = 0
  const line = async () => {
    while (next < total) {
      next += 1
      await work(next)
    }
  }
  await Promise.all(Array.from({ length: width }, line))
}

/** Operations a second. */
export async function throughput(total, width, work) {
  const started = performance.now()
  await inFlight(total, width, work)
  return total / ((performance.now() - started) / 1000)
}

/** How many synchronous operations are done between two looks at the clock. */
const BATCH = 64

/** Processor time of this process, all its threads: the compiler's and the collector's count, those of others do not. */
export function processorMilliseconds() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const THREAD_CLOCK = '/proc/thread-self/schedstat'

/** Processor time of this thread alone, whoever else wants the processor. `undefined` where the system is not Linux. */
export function threadMilliseconds() {
  if (!existsSync(THREAD_CLOCK)) return undefined
  return Number(readFileSync(THREAD_CLOCK, 'latin1').split(' ', 1)[0]) / 1e6
}

/** Does the work for so many milliseconds of processor time; answers how often, and how often a second of it. */
export async function processorRate(milliseconds, firstIndex, work) {
  const started = processorMilliseconds()
  let count = 0
  let passed = 0
  while (passed < milliseconds) {
    for (let index = 0; index < BATCH; index += 1) work(firstIndex + count + index)
    count += BATCH
    // Promises that the work has made and does not wait for are settled here, not in a heap at the end.
    await undefined
    passed = processorMilliseconds() - started
  }
  return { count, perSecond: count / (passed / 1000) }
}
