/** What an empty pool is waiting for. */
import { join } from 'node:path'
import { Fault } from '../native/fault'
import { PACKAGE_FOLDER } from '../native/package-folder'
import type { ConnectionSource } from './source'

/** The folders of this package's own JavaScript. */
const OWN_FOLDERS = ['js', 'dist'].map((folder) => join(PACKAGE_FOLDER, folder, '/'))

/** How many stacks may be taken in a row, and how many more in each millisecond. */
const AT_ONCE = 100
const IN_A_MILLISECOND = 0.25

let left = AT_ONCE
let since = Date.now()

/**
 * Where a transaction is begun. To take a stack is a quarter of what a short transaction on SQLite costs, so that a
 * program that begins more than 250 in a second has it of some only, until somebody has missed one.
 */
export function beginning(source: ConnectionSource): Error | undefined {
  const now = Date.now()
  left = Math.min(AT_ONCE, left + Math.abs(now - since) * IN_A_MILLISECOND)
  since = now
  if (left < 1 && !source.hasMissedPlace) return undefined
  left = Math.max(0, left - 1)
  return new Error('begun here')
}

/** A pool that transactions have emptied deserves a hint: the caller may be in one of them. */
export function explained(fault: Fault, source: ConnectionSource): Fault {
  const [oldest] = source.openTransactions
  if (fault.data.code !== 'POOL_TIMEOUT' || oldest === undefined) return fault
  const held = source.openTransactions.size
  const place = callerIn(oldest.begun?.stack)
  if (oldest.begun === undefined) source.hasMissedPlace = true
  const message =
    `${fault.data.message}. ${held === 1 ? 'A transaction holds a connection' : `${held} transactions hold connections`} ` +
    `of this pool${place === undefined ? '' : `, the oldest was begun at ${place}`}: work inside of a transaction must use ` +
    'its connection (trx, or DB in the same async flow), or `pool.max` must be larger'
  return new Fault({ ...fault.data, message })
}

/** The innermost line of a stack that is not this package's. */
function callerIn(stack = ''): string | undefined {
  const lines = stack.split('\n').slice(1)
  const isOwn = (line: string) => line.includes('node:') || OWN_FOLDERS.some((folder) => line.includes(folder))
  const line = lines.find((line) => !isOwn(line) && /:\d+:\d+\)?$/.test(line))
  return line?.replace(/^\s*at /, '').replace(/^.*\((.*)\)$/, '$1')
}
