/**
 * Prepares publishing, in the release workflow: puts each built addon into its platform package and adds those packages
 * to package.json. They are not committed there, because a clone must install before they are published.
 *
 *   node scripts/release.mjs FOLDER   with `guruorm.<platform>.node` for every platform
 */
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { alignVersions } from './align-versions.mjs'
import { inRoot } from './lib/paths.mjs'
import { main, Stop } from './lib/terminal.mjs'

await main(async () => {
  const [addons] = process.argv.slice(2)
  if (addons === undefined) throw new Stop('Name the folder with the built addons.')
  alignVersions()
  const platforms = readdirSync(inRoot('npm'))
  const missing = platforms.filter((platform) => !existsSync(join(addons, fileOf(platform))))
  if (missing.length > 0) throw new Stop(`Not built: ${missing.join(', ')}.`)
  for (const platform of platforms)
    copyFileSync(join(addons, fileOf(platform)), inRoot('npm', platform, fileOf(platform)))
  const path = inRoot('package.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  manifest.optionalDependencies = Object.fromEntries(
    platforms.map((platform) => [`@guruorm/${platform}`, manifest.version]),
  )
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`)
})

const fileOf = (platform) => `guruorm.${platform}.node`
