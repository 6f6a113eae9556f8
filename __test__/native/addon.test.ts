import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadAddon, PLATFORMS, platformName } from '../../js/native/addon'

test('this platform is one with a prebuilt binary, by its name of napi-rs', () => {
  expect(PLATFORMS).toContain(platformName())
})

test('the addon is loaded once', () => {
  expect(loadAddon()).toBe(loadAddon())
  expect(loadAddon().NativeEnvironment).toBeTypeOf('function')
})

describe('in a folder without a binary', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guruorm-addon-'))
  cpSync(join(__dirname, '../../js/native/addon.ts'), join(folder, 'js/native/addon.ts'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const source = execFileSync(process.execPath, [
    '-e',
    `const ts = require('typescript'); const fs = require('node:fs');
     process.stdout.write(ts.transpileModule(fs.readFileSync(${JSON.stringify(join(folder, 'js/native/addon.ts'))}, 'utf8'),
       { compilerOptions: { module: 'commonjs', target: 'es2022' } }).outputText)`,
  ]).toString()
  const load = (env: NodeJS.ProcessEnv) =>
    spawnSync(
      process.execPath,
      ['-e', `__dirname = ${JSON.stringify(join(folder, 'js/native'))};${source};exports.loadAddon()`],
      {
        cwd: folder,
        env: { PATH: process.env.PATH, ...env },
      },
    ).stderr.toString()

  test('the error names the package to install and how to build', () => {
    const message = load({})
    expect(message).toContain(`the native engine for ${platformName()} is missing`)
    expect(message).toContain(`npm install @guruorm/${platformName()}`)
    expect(message).toContain('npm run build')
  })

  test('GURUORM_NATIVE names the file that is loaded', () => {
    expect(load({ GURUORM_NATIVE: '/no/such/file.node' })).toContain('/no/such/file.node')
  })
})
