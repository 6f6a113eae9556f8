/** Backups from the command line. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Project, project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'
import { guruorm } from './run'

onEveryDatabase('backup commands', (db) => {
  async function shop(
    migrations: object,
    up: string,
  ): Promise<{ made: Project; run: (line: string) => ReturnType<typeof guruorm> }> {
    const made = project({
      'guruorm.config.json': JSON.stringify({ default: 'main', connections: { main: db.config() }, migrations }),
      'database/migrations/1_make.mjs': `export default class { async up(c) {
        await c.create('goods', (t) => { t.id(); t.string('name').nullable() })
        await c.connection.table('goods').insert([{ name: 'a' }, { name: 'b' }])
      } }`,
      'database/migrations/2_break.mjs': `export default class { async up(c) { ${up} } }`,
    })
    const run = (line: string) => guruorm(made.path, line.split(' '))
    await guruorm(made.path, ['db:wipe', '--force'])
    return { made, run }
  }
  const drop = "await c.drop('goods')"

  test('migrate --backup makes what backup:list, backup:restore and backup:prune work on', async () => {
    const { made, run } = await shop({}, drop)
    expect((await run('backup:list')).stdout).toBe('No backups found\n')
    expect(await run('migrate --backup')).toMatchObject({ code: 0 })
    const { stdout } = await run('backup:list goods')
    expect(stdout).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d goods_backup_\d{8}T\d{9}: 2 rows of goods, before 2_break\n$/,
    )
    const [id = ''] = /goods_backup_\w+/.exec(stdout) ?? []
    expect((await run(`backup:restore ${id} --dry-run`)).stdout).toBe(
      'Would restore: 2 rows of goods, made again (table)\n',
    )
    expect((await run(`backup:restore ${id}`)).stdout).toBe('✅ Restored: 2 rows of goods, made again (table)\n')
    expect(await db.connection().table('goods').pluck('name')).toEqual(['a', 'b'])
    const again = await run(`backup:restore ${id}`)
    expect([again.code, again.stderr]).toEqual([
      1,
      '❌ "goods" is not empty: restore with the mode missing-rows. Nothing was changed.\n',
    ])
    await db.connection().table('goods').where('name', 'a').delete()
    const json = JSON.parse((await run(`backup:restore ${id} --mode=missing-rows --json`)).stdout)
    expect(json).toMatchObject({ ok: true, backup: id, rows: 1, mode: 'missing-rows', isRecreated: false })
    expect((await run('backup:prune --keep=0 --days=0')).stdout).toBe('✅ Nothing to remove\n')
    expect((await run('backup:restore nothing')).stderr).toBe('❌ There is no backup "nothing". Nothing was changed.\n')
    const logs = JSON.parse((await run('migrate:logs --json')).stdout)
    expect(logs.attempts[0].metadata.backups).toEqual([{ id, table: 'goods', rows: 2 }])
    expect((await run('schema:dump --output=dump.sql')).code).toBe(0)
    const dump = readFileSync(made.file('dump.sql'), 'utf8')
    expect(dump).toContain('goods')
    expect(dump).not.toContain('_backup_')
  })

  test('the configuration asks for files; --no-backup makes none', async () => {
    const { made, run } = await shop({ backup: { target: 'file', directory: 'kept' } }, drop)
    expect((await run('migrate')).code).toBe(0)
    expect(readdirSync(made.file('kept')).map((name) => name.replace(/^\w+?_backup_\w+/, ''))).toEqual([
      '.jsonl.gz',
      '.meta.json',
    ])
    expect((await run('backup:list --backup-directory=kept')).stdout).toMatch(/in kept\/goods_backup_\w+\.jsonl\.gz\n$/)
    const other = await shop({ backup: true }, drop)
    expect((await other.run('migrate --no-backup')).code).toBe(0)
    expect((await other.run('backup:list')).stdout).toBe('No backups found\n')
    expect(existsSync(other.made.file('backups'))).toBe(false)
  })

  test('scenario 77: a backup beyond its limit is a refusal, and the migration is not started', async () => {
    const { run } = await shop({ backup: { maxRows: 1 } }, drop)
    const { code, stderr } = await run('migrate --detailed-exit-codes')
    expect(code).toBe(3)
    expect(stderr).toMatch(
      /❌ Failed: 2_break - backup of "goods" \(.*2 rows.*\) exceeds the limit; raise it or --no-backup\n/,
    )
    expect(stderr).toMatch(/State: migration not started; nothing was changed\. 1 migration of this run stays applied/)
    expect(await db.connection().table('goods').count()).toBe(2)
    expect((await run('migrate:status --json')).stdout).toContain('"state":"pending"')
  })
})
