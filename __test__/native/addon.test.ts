import { spawnSync } from 'node:child_process'
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
  for (const name of ['dist', 'package.json'])
    cpSync(join(__dirname, '../..', name), join(folder, name), { recursive: true })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const program = `new (require('./dist/index.js').Capsule)().addConnection({ driver: 'sqlite', database: ':memory:' })`
  const load = (env: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, ['-e', program], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
    }).stderr.toString()

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
