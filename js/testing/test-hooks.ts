import { InvalidArgumentException } from '../errors'

/** A function that registers work around tests. */
type Hook = (work: () => Promise<void>, timeout?: number) => unknown

/** The hooks of a test runner, as jest and vitest name them, or `before` and `after` as mocha and `node:test` do. */
export interface TestHooks {
  beforeAll?: Hook
  before?: Hook
  beforeEach?: Hook
  afterEach?: Hook
  afterAll?: Hook
  after?: Hook
}

/** What happens around the tests of a file. */
export interface AroundTests {
  beforeAll(): Promise<void>
  beforeEach(): Promise<void>
  afterEach(): Promise<void>
  afterAll(): Promise<void>
}

/**
 * Registers work with the runner that is there.
 *
 * @param hooks - Default: the runner's globals.
 * @param timeout - Longest time of the work before and after all tests, in milliseconds, where the runner takes one.
 * @throws InvalidArgumentException where there is no runner.
 */
export function runAround(work: AroundTests, hooks: TestHooks = globalThis as TestHooks, timeout?: number): void {
  const { beforeAll, before, beforeEach, afterEach, afterAll, after } = hooks
  const start = beforeAll ?? before
  const end = afterAll ?? after
  if (start === undefined || beforeEach === undefined || afterEach === undefined || end === undefined) {
    throw new InvalidArgumentException(
      'There are no hooks of a test runner here. In vitest, set `globals: true`, or pass them: ' +
        "import { beforeAll, beforeEach, afterEach, afterAll } from 'vitest' and give " +
        '{ hooks: { beforeAll, beforeEach, afterEach, afterAll } }. In jest with `injectGlobals: false`, the same from ' +
        "'@jest/globals'.",
    )
  }
  // mocha and node:test take something else in its place.
  const limits: [number?] = start === beforeAll && timeout !== undefined ? [timeout] : []
  start(() => work.beforeAll(), ...limits)
  beforeEach(() => work.beforeEach())
  afterEach(() => work.afterEach())
  end(() => work.afterAll(), ...limits)
}
