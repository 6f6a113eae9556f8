/** Migrations of which an earlier attempt left a part behind. */
import type { Attempt, AttemptLog, AttemptMetadata } from '../log'
import type { MigrationConnection } from '../migration-connection'
import { MigrationError } from '../migration-error'
import { partialText } from './partial-text'
import type { Doubt } from './replay'
import { isDone } from './settlement'
import { hasSteps, isUnfinished, type Steps } from './step-record'
import { stepTexts } from './step-texts'

/** True: goes on with what was begun. Otherwise also: what becomes of a statement whose end nobody saw. */
export type Resume = boolean | Doubt

/** An attempt with steps that remain. */
export type PartialAttempt = Attempt & { metadata: { steps: Steps; direction: 'up' | 'down' } }

/** The newest attempts that failed and left something, of migrations that are not settled since. */
export async function partialAttempts(
  connection: MigrationConnection,
  log: AttemptLog | null,
  recorded: ReadonlySet<string>,
): Promise<PartialAttempt[]> {
  return partialOf((await log?.failedLast(connection)) ?? [], recorded)
}

/** Those among the newest attempts of migrations that failed and left something. */
export function partialOf(attempts: readonly Attempt[], recorded: ReadonlySet<string>): PartialAttempt[] {
  return attempts.filter((attempt): attempt is PartialAttempt => {
    const { direction = 'up', steps } = attempt.metadata
    const hasFailed = attempt.status === 'failed' && isUnfinished(steps)
    return hasFailed && recorded.has(attempt.name) === (direction === 'down')
  })
}

/** What the catalogue tells of the last step of an attempt whose process ended. Changes `steps`. */
export async function settleDoubt(connection: MigrationConnection, steps: Partial<Steps> | undefined): Promise<void> {
  if (!hasSteps(steps) || steps.started <= steps.done || steps.heals) return
  const texts = stepTexts(connection, steps.last_sql ?? '', '')
  const answer = await isDone(connection, texts[0]?.probe)
  if (answer === true) steps.done = steps.started
  if (answer !== false) return
  steps.started = steps.done
  for (const list of [steps.hashes, steps.sql, steps.results]) list.splice(steps.done)
}

/** Whether an attempt was one of this step of a run. */
export function isOf({ name, metadata }: PartialAttempt, step: { name: string; direction: 'up' | 'down' }): boolean {
  return step.name === name && step.direction === (metadata.direction ?? 'up')
}

/**
 * @param planned - What is about to run, when it goes on with what was begun.
 * @throws MigrationError of kind `partial` when something was begun that this does not go on with.
 */
export function refusePartial(
  connection: MigrationConnection,
  partials: readonly PartialAttempt[],
  planned?: readonly { name: string; direction: 'up' | 'down' }[],
): void {
  const first = partials.find((partial) => !planned?.some((step) => isOf(partial, step)))
  if (first === undefined) return
  const { name, error, metadata } = first
  const text = partialText({
    migration: name,
    direction: metadata.direction ?? 'up',
    steps: metadata.steps,
    driver: connection.getDriverName(),
    mode: metadata.mode === 'none' ? 'none' : 'steps',
    isLogged: true,
  })
  const why = planned === undefined ? 'Nothing was run.' : 'Nothing was run: it is not among what would run now.'
  throw new MigrationError('partial', [`Failed: ${name} - ${error ?? 'interrupted'}`, `State: ${text}`, why].join('\n'))
}

/** Brings attempts to an end: what they left was finished or undone by hand. */
export async function settleAttempts(
  connection: MigrationConnection,
  log: AttemptLog,
  attempts: readonly PartialAttempt[],
  status: 'success' | 'rolled_back',
): Promise<void> {
  for (const { id, metadata, duration, error } of attempts) {
    await log.finish(connection, { id, metadata: metadata as AttemptMetadata }, { status, duration, error })
  }
}
