/** A script that forgets to close ends by itself, and one that waits for an answer gets it. */
import { spawn } from 'node:child_process'
import { beforeEach, expect, test } from 'vitest'
import { inRoot } from '../../../scripts/lib/paths.mjs'
import { onEveryDatabase, type TestDatabase } from '../../support/databases'

const SLOW_INSERT = {
  postgres: 'insert into told select 1 from pg_sleep(0.3)',
  mysql: 'insert into told select 1 from (select sleep(0.3)) as slept',
  sqlite: 'insert into told select 1',
}

interface Ended {
  code: number | null
  stdout: string
  stderr: string
  /** From the script's last word to its end. */
  milliseconds: number
}

/** Runs a script in a process of its own, with `connection`, until it ends by itself. */
async function run(db: TestDatabase, script: string): Promise<Ended> {
  const program = `
    const { Capsule, DB } = require(${JSON.stringify(inRoot())})
    const capsule = new Capsule()
    capsule.addConnection(${JSON.stringify(db.config())})
    capsule.setAsGlobal()
    const connection = capsule.connection()
    ;(async () => { ${script}
      process.stdout.write('end') })()`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended: Ended = { code: null, stdout: '', stderr: '', milliseconds: 0 }
  let lastWord = performance.now()
  child.stdout.on('data', (piece) => {
    ended.stdout += piece
    lastWord = performance.now()
  })
  child.stderr.on('data', (piece) => {
    ended.stderr += piece
  })
  ended.code = await new Promise((resolve) => child.once('close', resolve))
  ended.milliseconds = performance.now() - lastWord
  return ended
}

onEveryDatabase('the end of a script', (db) => {
  beforeEach(async () => {
    await db.connection().statement('drop table if exists told')
    await db.connection().statement('create table told (id integer)')
  })
  const told = () => db.connection().scalar('select count(*) as n from told')

  test.each([
    ['after queries', `await Promise.all([1, 2, 3].map(() => connection.scalar('select 1 as one')))`],
    ['after a transaction', `await DB.transaction((trx) => trx.scalar('select 1 as one'))`],
    ['after an error', `await connection.select('selec').catch(() => {})`],
    [
      'with a transaction that was begun and not ended',
      `await DB.beginTransaction(); await DB.insert('insert into told values (1)')`,
    ],
    [
      'with a cursor that was not read to its end',
      `const rows = connection.cursor('select 1 as one union all select 2'); await rows.next()`,
    ],
    ['after closing', 'await DB.scalar("select 1 as one"); await DB.disconnect()'],
    ['without a query', ''],
  ])('%s: within a second, with exit code 0, and nothing unfinished is kept', async (_, script) => {
    const ended = await run(db, script)
    expect(ended).toMatchObject({ code: 0, stdout: 'end', stderr: '' })
    expect(ended.milliseconds).toBeLessThan(1_000)
    expect(await told()).toBe(0)
  })

  test('a callback that never settles does not hold the process, and is rolled back', async () => {
    const ended = await run(
      db,
      `await DB.transaction(async (trx) => {
         await trx.insert('insert into told values (1)')
         process.stdout.write('inside')
         await new Promise(() => {})
       })`,
    )
    expect(ended).toMatchObject({ code: 0, stdout: 'inside' })
    expect(ended.milliseconds).toBeLessThan(1_000)
    expect(await told()).toBe(0)
  })

  test('a statement that nobody awaited is finished first', async () => {
    const ended = await run(db, `void connection.insert(${JSON.stringify(SLOW_INSERT[db.dialect])})`)
    expect(ended).toMatchObject({ code: 0, stdout: 'end' })
    expect(await told()).toBe(1)
  })

  test('everything that was asked for is answered, waiters of the pool included', async () => {
    const ended = await run(
      db,
      `let answers = 0
       for (let n = 0; n < 50; n++) void connection.insert('insert into told values (1)').then(() => answers++)
       process.on('exit', () => process.stdout.write(String(answers)))`,
    )
    expect(ended).toMatchObject({ code: 0, stdout: 'end50' })
    expect(await told()).toBe(50)
  })
})
