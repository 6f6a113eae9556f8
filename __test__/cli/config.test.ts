import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../js/cli/config'
import { loadDotenv } from '../../js/cli/dotenv'
import type { Host } from '../../js/cli/host'
import { project } from '../migrations/project'

function host(files: Record<string, string>, env: Record<string, string> = {}): Host {
  const { path } = project(files)
  const silent = { write: () => {} }
  const made: Host = { cwd: path, env: { ...env }, stdout: silent, stderr: silent }
  loadDotenv(made)
  return made
}

const FULL =
  "{ default: 'main', connections: { main: { driver: 'sqlite', database: ':memory:' }, other: { driver: 'pgsql' } }, migrations: { path: 'm', table: 't' }, seeders: { path: 's' } }"

describe('a configuration file', () => {
  test.each([
    ['guruorm.config.cjs', `module.exports = ${FULL}`],
    ['guruorm.config.mjs', `export default ${FULL}`],
    ['guruorm.config.js', `export default ${FULL}`],
    ['guruorm.config.js', `module.exports = ${FULL}`],
    ['guruorm.config.ts', `const config: object = ${FULL}\nexport default config`],
    ['guruorm.config.mts', `export default ${FULL} satisfies object`],
    ['guruorm.config.cts', `module.exports = ${FULL} as object`],
    [
      'guruorm.config.json',
      JSON.stringify({
        default: 'main',
        connections: { main: { driver: 'sqlite', database: ':memory:' }, other: { driver: 'pgsql' } },
        migrations: { path: 'm', table: 't' },
        seeders: { path: 's' },
      }),
    ],
  ])('%s is read: %s', async (name, content) => {
    expect(await loadConfig(host({ [name]: content }))).toEqual({
      source: name,
      default: 'main',
      connections: { main: { driver: 'sqlite', database: ':memory:' }, other: { driver: 'pgsql' } },
      migrations: { paths: ['m'], table: 't' },
      seeders: { path: 's', table: 'seeders' },
    })
  })

  test('may be the options of one connection', async () => {
    const config = await loadConfig(
      host({ 'guruorm.config.cjs': "module.exports = { driver: 'sqlite', database: 'x', migrations: { path: 'm' } }" }),
    )
    expect(config).toMatchObject({
      default: 'default',
      connections: { default: { driver: 'sqlite', database: 'x' } },
      migrations: { paths: ['m'] },
    })
  })

  test('may be one connection under default, as 2.1.24 took it', async () => {
    const config = await loadConfig(
      host({ 'guruorm.config.cjs': "module.exports = { default: { driver: 'sqlite', database: 'x' } }" }),
    )
    expect(config.connections).toEqual({ default: { driver: 'sqlite', database: 'x' } })
  })

  test('with one connection needs no default', async () => {
    const config = await loadConfig(host({ 'guruorm.config.json': '{"connections":{"only":{"driver":"sqlite"}}}' }))
    expect(config.default).toBe('only')
  })

  test('elsewhere is named with --config', async () => {
    const at = host({ 'conf/db.json': '{"driver":"sqlite"}', 'guruorm.config.json': '{"driver":"pgsql"}' })
    expect((await loadConfig(at, 'conf/db.json')).connections).toEqual({ default: { driver: 'sqlite' } })
    await expect(loadConfig(at, 'conf/none.json')).rejects.toThrow(/There is no configuration file .*conf\/none\.json/)
  })

  test('comes before DATABASE_URL', async () => {
    const config = await loadConfig(
      host({ 'guruorm.config.json': '{"driver":"sqlite"}' }, { DATABASE_URL: 'postgres://x/y' }),
    )
    expect(config.connections).toEqual({ default: { driver: 'sqlite' } })
  })

  test.each([
    ['[]', 'it must export an object'],
    ['{}', 'it needs "connections: { name: { driver, … } }", or "driver" for a single connection'],
    ['{"connections":{}}', '"connections" is empty'],
    ['{"connections":{"a":{},"b":{}}}', '"default" must name one of its connections: a, b'],
    ['{"default":"c","connections":{"a":{},"b":{}}}', '"default" names the connection "c", which is not among: a, b'],
    ['{"connections":{"a":5}}', 'connection "a" must be an object'],
    ['{"driver":"sqlite","migrations":{"path":5}}', '"migrations.path" must be text'],
  ])('%s is refused', async (content, message) => {
    await expect(loadConfig(host({ 'guruorm.config.json': content }))).rejects.toThrow(
      `guruorm.config.json cannot be used: ${message}.`,
    )
  })

  test('that fails is named', async () => {
    await expect(loadConfig(host({ 'guruorm.config.cjs': "throw new Error('oh')" }))).rejects.toThrow(
      'Cannot load guruorm.config.cjs: oh',
    )
  })
})

describe('the environment', () => {
  test('DATABASE_URL is a connection', async () => {
    const config = await loadConfig(host({}, { DATABASE_URL: 'postgres://localhost/app', DB_CONNECTION: 'mysql' }))
    expect(config).toMatchObject({
      source: 'DATABASE_URL',
      connections: { default: { url: 'postgres://localhost/app' } },
    })
  })

  test.each(['DB_CONNECTION', 'DB_DRIVER'])('%s with DB_* is a connection', async (name) => {
    const env = {
      [name]: 'mysql',
      DB_HOST: 'db',
      DB_PORT: '3307',
      DB_DATABASE: 'app',
      DB_USERNAME: 'me',
      DB_PASSWORD: 's3',
    }
    expect((await loadConfig(host({}, env))).connections).toEqual({
      default: { driver: 'mysql', host: 'db', port: 3307, database: 'app', username: 'me', password: 's3' },
    })
  })

  test('.env adds to it and never overrides it', async () => {
    const at = host(
      { '.env': '# local\nDB_CONNECTION=sqlite\nexport DB_DATABASE="from file"\nDB_HOST=file\n' },
      { DB_HOST: 'set' },
    )
    expect((await loadConfig(at)).connections).toEqual({
      default: { driver: 'sqlite', database: 'from file', host: 'set' },
    })
  })

  test('without anything it is said what is missing and how to add it', async () => {
    const message = /^No database is configured\.\n[\s\S]*DATABASE_URL nor DB_CONNECTION[\s\S]*npx guruorm init$/
    await expect(loadConfig(host({}))).rejects.toThrow(message)
  })
})
