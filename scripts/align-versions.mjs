/**
 * Brings the version of package.json to Cargo.toml, Cargo.lock and the packages in `npm/`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { inRoot } from './lib/paths.mjs'

/** Writes the files; does nothing where the version is right already. */
export function alignVersions() {
  const { version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'))
  edit(inRoot('Cargo.toml'), (text) => text.replace(/^version = ".*"$/m, `version = "${version}"`))
  edit(inRoot('Cargo.lock'), (text) => text.replace(/(name = "guruorm"\nversion = )".*"/, `$1"${version}"`))
  for (const platform of readdirSync(inRoot('npm'))) {
    edit(inRoot('npm', platform, 'package.json'), (text) => text.replace(/"version": ".*"/, `"version": "${version}"`))
  }
}

function edit(path, change) {
  const text = readFileSync(path, 'utf8')
  const changed = change(text)
  if (changed !== text) writeFileSync(path, changed)
}
