/** Finds and loads the compiled engine of this platform. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { NativeAddon } from './addon-types'
import { PACKAGE_FOLDER } from './package-folder'

/** The platforms with a prebuilt binary, by napi-rs's names. */
export const PLATFORMS = [
  'linux-x64-gnu',
  'linux-x64-musl',
  'linux-arm64-gnu',
  'linux-arm64-musl',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64-msvc',
] as const

let loaded: NativeAddon | undefined

/**
 * The compiled engine. In order: the file that `GURUORM_NATIVE` names, `guruorm.<platform>.node`
 * in the package's folder (a build of one's own), the package `@guruorm/<platform>`.
 *
 * @throws Error naming the package to install and the command to build.
 */
export function loadAddon(): NativeAddon {
  loaded ??= find()
  return loaded
}

function find(): NativeAddon {
  const load = createRequire(join(PACKAGE_FOLDER, 'package.json'))
  const chosen = process.env.GURUORM_NATIVE
  if (chosen !== undefined && chosen !== '') return load(join(chosen)) as NativeAddon

  const platform = platformName()
  const built = join(PACKAGE_FOLDER, `guruorm.${platform}.node`)
  if (existsSync(built)) return load(built) as NativeAddon
  try {
    return load(`@guruorm/${platform}`) as NativeAddon
  } catch (cause) {
    throw new Error(missing(platform, cause), { cause })
  }
}

function missing(platform: string, cause: unknown): string {
  const isPrebuilt = (PLATFORMS as readonly string[]).includes(platform)
  const install = isPrebuilt
    ? `Install it with "npm install @guruorm/${platform}" (package managers leave it out when optional dependencies are ` +
      'turned off, or when node_modules was made on another platform)'
    : `There is no prebuilt one for this platform; there are ones for ${PLATFORMS.join(', ')}`
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
  return (
    `guruorm: the native engine for ${platform} is missing. ${install}, ` +
    `or build it from source with Rust ("npm run build" in the repository), or name a file in GURUORM_NATIVE. (${reason})`
  )
}

/** This platform, as napi-rs names it: `linux-x64-gnu`, `darwin-arm64`. */
export function platformName(): string {
  const name = `${process.platform}-${process.arch}`
  if (process.platform === 'linux') return `${name}-${isMusl() ? 'musl' : 'gnu'}`
  return process.platform === 'win32' ? `${name}-msvc` : name
}

/** The name of the C library in the script that lists what a program loads; where there is none, Node's slow report. */
function isMusl(): boolean {
  try {
    return readFileSync('/usr/bin/ldd', 'utf8').includes('musl')
  } catch {
    return isReportedAsMusl()
  }
}

/** Node reports glibc's version only where it runs on glibc. */
function isReportedAsMusl(): boolean {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined
  return report?.header !== undefined && report.header.glibcVersionRuntime === undefined
}
