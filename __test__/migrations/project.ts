/** A project in a folder of its own, with the files that a test gives it. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface Project {
  readonly path: string
  /** Writes files, by their path inside the project, and gives the project back. */
  write(files: Record<string, string>): Project
  file(path: string): string
}

/** The folder is removed when the test that asked for it ends. */
export function project(files: Record<string, string> = {}): Project {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'guruorm-project-')))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  const made: Project = {
    path,
    write(more) {
      for (const [name, content] of Object.entries(more)) {
        mkdirSync(dirname(join(path, name)), { recursive: true })
        writeFileSync(join(path, name), content)
      }
      return made
    },
    file: (name) => join(path, name),
  }
  return made.write(files)
}
