import type { RunControl } from '../migrations/run-control'
import type { FailureKind } from './command-error'
import type { Host } from './host'
import type { Output } from './output'

/** How long the server gets to stop what runs, in milliseconds. Then its own checks have to do: the lock's session ends. */
const PATIENCE = 5_000

/**
 * Runs `work`; the first Ctrl+C lets it finish the current migration, the second one and SIGTERM cancel it.
 *
 * @returns What `work` answers, and the signal that ended it.
 */
export async function withSignals<T>(
  { signals }: Host,
  output: Output,
  control: RunControl,
  work: () => Promise<T>,
): Promise<{ result: T; ended: FailureKind | undefined }> {
  let ended: FailureKind | undefined
  let deadline: NodeJS.Timeout | undefined
  const cancel = (kind: 'interrupted' | 'terminated') => {
    ended = kind
    deadline ??= setTimeout(() => process.exit(kind === 'interrupted' ? 130 : 143), PATIENCE)
    control.cancel()
  }
  const onInterrupt = () => {
    if (control.isStopping) return cancel('interrupted')
    ended = 'interrupted'
    control.stop()
    output.note('Finishing the current migration; press Ctrl+C again to cancel it')
  }
  const onTerminate = () => cancel('terminated')
  signals?.on('SIGINT', onInterrupt)
  signals?.on('SIGTERM', onTerminate)
  try {
    return { result: await work(), ended }
  } catch (error) {
    // Cancelled while it waited for the lock: nothing began.
    if (ended !== undefined && (error as { code?: unknown } | null)?.code === 'CANCELLED') {
      output.error(['❌ Cancelled. Nothing was changed.'])
      return { result: undefined as T, ended }
    }
    throw error
  } finally {
    clearTimeout(deadline)
    signals?.off('SIGINT', onInterrupt)
    signals?.off('SIGTERM', onTerminate)
  }
}
