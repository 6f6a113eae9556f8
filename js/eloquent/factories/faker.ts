import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Faker } from '@faker-js/faker'
import { GuruORMError } from '../../errors'

/** Loads a module as files of one place would. */
export type ModuleLoader = (name: string) => unknown

let faker: Faker | undefined

/** What makes names, texts and numbers up: `@faker-js/faker` of the program, loaded when it is first needed. */
export function sharedFaker(): Faker {
  faker ??= loadFaker([createRequire(__filename), createRequire(join(process.cwd(), 'package.json'))])
  return faker
}

/** Lets factories use another one: of another language, or with a seed. */
export function fakeWith(other: Faker): void {
  faker = other
}

/**
 * @param loaders - Tried in this order.
 * @throws GuruORMError that says what to install.
 */
export function loadFaker(loaders: readonly ModuleLoader[]): Faker {
  let cause: unknown
  for (const load of loaders) {
    try {
      return (load('@faker-js/faker') as { faker: Faker }).faker
    } catch (error) {
      // What stands in the way of one that is installed says more than that there is none elsewhere.
      if (cause === undefined || !isMissing(error)) cause = error
    }
  }
  const problem = isMissing(cause)
    ? 'is not installed'
    : `cannot be loaded (${(cause as Error).message.split('\n')[0]})`
  throw new GuruORMError(
    `this.faker needs the package @faker-js/faker, which ${problem}. Run: npm install --save-dev @faker-js/faker`,
    { code: 'FAKER_MISSING', cause },
  )
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'MODULE_NOT_FOUND'
}
