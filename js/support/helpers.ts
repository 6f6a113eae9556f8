/** Small functions that programs of guruorm 2 import. */
import { setTimeout as sleep } from 'node:timers/promises'
import { GuruORMError } from '../errors'

/** Whether a value is an object as `{}` writes it, and of no class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The name of a class, or of the class of an object; empty for anything else. */
export function getClassName(value: unknown): string {
  if (typeof value === 'function') return value.name
  return typeof value === 'object' && value !== null ? ((value.constructor as { name?: string })?.name ?? '') : ''
}

/**
 * What stands at a path in objects and arrays.
 *
 * @param otherwise - The answer where there is nothing, or only `undefined`.
 * @example
 * dataGet({ user: { tags: ['a'] } }, 'user.tags.0') // 'a'
 */
export function dataGet(value: unknown, path: string, otherwise?: unknown): unknown {
  let found = value
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return otherwise
    found = (found as Record<string, unknown>)[name]
  }
  return found === undefined ? otherwise : found
}

/**
 * Sets what stands at a path; objects on the way are made where they are missing.
 *
 * @throws GuruORMError for a path through the prototype.
 * @example
 * dataSet(settings, 'mail.from', 'ada@example.com')
 */
export function dataSet(target: object, path: string, value: unknown): void {
  const names = path.split('.')
  if (names.some((name) => name === '__proto__' || name === 'constructor' || name === 'prototype')) {
    throw new GuruORMError(`"${path}" leads to the prototype of objects.`)
  }
  let owner = target as Record<string, unknown>
  for (const name of names.slice(0, -1)) {
    if (typeof owner[name] !== 'object' || owner[name] === null) owner[name] = {}
    owner = owner[name] as Record<string, unknown>
  }
  owner[names.at(-1) as string] = value
}

/** A value, or what a function answers. */
export function value<T>(given: T | (() => T)): T {
  return typeof given === 'function' ? (given as () => T)() : given
}

/** The first item. */
export function head<T>(items: readonly T[]): T | undefined {
  return items[0]
}

/** The last item. */
export function last<T>(items: readonly T[]): T | undefined {
  return items.at(-1)
}

/** The items of lists in a list, `depth` levels down. */
export function flatten<T>(items: readonly unknown[], depth = Number.POSITIVE_INFINITY): T[] {
  return items.flat(depth) as T[]
}

/** Gives a value to a function, and gives the value back. */
export function tap<T>(given: T, callback: (value: T) => unknown): T {
  callback(given)
  return given
}

/** What a function makes of a value; the value without one. */
export function withValue<T>(given: T): T
export function withValue<T, U>(given: T, callback: (value: T) => U): U
export function withValue(given: unknown, callback?: (value: unknown) => unknown): unknown {
  return callback === undefined ? given : callback(given)
}

/** Whether a value says nothing: `null`, `undefined`, white space, an empty list, object, Map or Set. */
export function blank(given: unknown): boolean {
  if (given === null || given === undefined) return true
  if (typeof given === 'string') return given.trim() === ''
  if (Array.isArray(given)) return given.length === 0
  if (given instanceof Map || given instanceof Set) return given.size === 0
  return isPlainObject(given) && Object.keys(given).length === 0
}

/** Whether a value is not {@link blank}. */
export function filled(given: unknown): boolean {
  return !blank(given)
}

/** Throws where a condition holds; a text becomes the message of an `Error`. */
export function throwIf(condition: unknown, error: Error | string): void {
  if (condition) throw typeof error === 'string' ? new Error(error) : error
}

/** Throws unless a condition holds. */
export function throwUnless(condition: unknown, error: Error | string): void {
  throwIf(!condition, error)
}

/**
 * Calls a function until it succeeds, so many times at most.
 *
 * @param pause - Milliseconds between two attempts.
 * @throws What the last attempt threw.
 * @example
 * await retry(3, (attempt) => send(mail), 100)
 */
export async function retry<T>(times: number, callback: (attempt: number) => T | Promise<T>, pause = 0): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await callback(attempt)
    } catch (error) {
      if (attempt >= times) throw error
      if (pause > 0) await sleep(pause)
    }
  }
}
