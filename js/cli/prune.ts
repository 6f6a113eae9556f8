import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { CommandError } from './command-error'

const run = promisify(execFile)

/**
 * Refuses to delete files that git does not have as they are.
 *
 * @throws CommandError of kind `refused` with their names.
 */
export async function mustBeInGit(files: readonly string[]): Promise<void> {
  const lost: string[] = []
  for (const file of files) {
    try {
      const options = { cwd: dirname(file) }
      await run('git', ['ls-files', '--error-unmatch', '--', file], options)
      const { stdout } = await run('git', ['status', '--porcelain', '--', file], options)
      if (stdout.trim() !== '') lost.push(file)
    } catch {
      lost.push(file)
    }
  }
  if (lost.length === 0) return
  throw new CommandError(
    'refused',
    [
      'These files are not committed to git, and would be lost. Nothing was changed. Use --force if you mean it.',
      ...lost,
    ].join('\n'),
  )
}

export function prune(files: readonly string[]): void {
  for (const file of files) rmSync(file)
}
