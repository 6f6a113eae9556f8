/** Where things are in this repository, and how this platform calls them. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** A path below the top of the repository. */
export const inRoot = (...parts) => join(ROOT, ...parts)

/** Linux systems with musl (Alpine) need another binary than those with glibc. */
function usesMusl() {
  const report = process.report?.getReport()
  return report !== undefined && !report.header.glibcVersionRuntime
}

/** This platform as the folders of `npm/` name it, for example `linux-x64-gnu`. */
export function platformName() {
  const { platform, arch } = process
  if (platform === 'linux') return `linux-${arch}-${usesMusl() ? 'musl' : 'gnu'}`
  if (platform === 'win32') return `win32-${arch}-msvc`
  return `${platform}-${arch}`
}

/** The addon of this platform at the top of the repository, where `js/native` looks first. */
export const addonPath = () => inRoot(`guruorm.${platformName()}.node`)

/** The name that cargo gives to the crate's dynamic library here. */
export function libraryName() {
  if (process.platform === 'win32') return 'guruorm.dll'
  return process.platform === 'darwin' ? 'libguruorm.dylib' : 'libguruorm.so'
}
