/** Failures after which the session is gone, or may be. */
const LOST = new Set(['LOST_CONNECTION', 'COMMIT_UNKNOWN', 'CONNECTION', 'CLOSED', 'TRANSACTION_ROLLED_BACK'])

/** Whether the session is gone after this failure, or may be. */
export function isLostWith(error: unknown): boolean {
  return LOST.has(String((error as { code?: unknown } | null)?.code))
}
