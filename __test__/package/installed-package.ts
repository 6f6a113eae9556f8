/** The package as a user has it: packed, unpacked into a project, the engine in its platform package. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addonPath, inRoot, platformName } from '../../scripts/lib/paths.mjs'

/** npm is a script that Windows starts through a shell only. */
const shell = process.platform === 'win32'

export class InstalledPackage {
  /** The user's project. */
  readonly folder = mkdtempSync(join(tmpdir(), 'guruorm-package-'))
  /** What was packed, as paths in the package. */
  readonly files: readonly string[]
  /** Of all of them together. */
  readonly unpackedBytes: number

  constructor() {
    const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', this.folder], {
      cwd: inRoot(),
      encoding: 'utf8',
      shell,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const listing: unknown = JSON.parse(packed)
    const [{ filename, files, unpackedSize }] = Object.values(listing as Listing) as [Listing[number]]
    this.files = files.map(({ path }) => path)
    this.unpackedBytes = unpackedSize
    const modules = join(this.folder, 'node_modules')
    mkdirSync(modules)
    execFileSync('tar', ['-xzf', join(this.folder, filename), '-C', this.folder])
    cpSync(join(this.folder, 'package'), join(modules, 'guruorm'), { recursive: true })
    for (const dependency of Object.keys(this.manifest().dependencies)) {
      symlinkSync(inRoot('node_modules', dependency), join(modules, dependency), 'junction')
    }
    this.#installEngine(modules)
  }

  manifest(): { version: string; dependencies: Record<string, string> } {
    return JSON.parse(readFileSync(join(this.folder, 'node_modules', 'guruorm', 'package.json'), 'utf8'))
  }

  /** Runs a program in the project; answers what it prints. */
  run(file: string, source: string, command = [process.execPath]): string {
    writeFileSync(join(this.folder, file), source)
    const [program = '', ...args] = command
    return execFileSync(program, [...args, file], { cwd: this.folder, encoding: 'utf8' })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #installEngine(modules: string): void {
    const platform = platformName()
    const folder = join(modules, '@guruorm', platform)
    cpSync(inRoot('npm', platform), folder, { recursive: true })
    cpSync(addonPath(), join(folder, `guruorm.${platform}.node`))
  }
}

/** What `npm pack --json` prints: a list, or an object by package name, as versions of npm differ. */
type Listing = { filename: string; unpackedSize: number; files: { path: string }[] }[]
