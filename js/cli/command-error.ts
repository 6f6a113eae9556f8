/** Kinds of failure with their exit codes under `--detailed-exit-codes`; without it each is 1. */
export const EXIT_CODES = {
  /** A migration or seeder failed. */
  failed: 1,
  /** The command line or the configuration cannot work. */
  usage: 2,
  /** A guard said no. */
  refused: 3,
  /** Another runner has the lock. */
  lock: 4,
  /** A failure left part of a migration behind. */
  partial: 5,
  /** Something is pending or does not fit. */
  validation: 6,
  /** Ended by Ctrl+C: 128 + 2, with and without `--detailed-exit-codes`. */
  interrupted: 130,
  /** Ended by SIGTERM: 128 + 15. */
  terminated: 143,
} as const

export type FailureKind = keyof typeof EXIT_CODES

/** A failure that the user can do something about: printed as it is, without a stack. */
export class CommandError extends Error {
  readonly kind: FailureKind

  /** @param message - Its first line gets the ❌; more lines are printed below. */
  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CommandError'
    this.kind = kind
  }
}

export function exitCode(kind: FailureKind, isDetailed: boolean): number {
  return isDetailed || EXIT_CODES[kind] > 128 ? EXIT_CODES[kind] : 1
}
