/** The workloads of docs/benchmarks.md. Each measures one thing and checks its answer. */
import { BUILDS } from './builds.mjs'
import { checksum } from './check.mjs'
import { INSPECTIONS } from './inspections.mjs'
import { everyLatency, inFlight, median, throughput } from './measure.mjs'
import { MIGRATIONS } from './migrations.mjs'
import { MODEL_WORKLOADS } from './models.mjs'

const COLUMNS = 'id, name, email, age, balance, active, meta, created_at'
const NEW_ROW = ['id', 'name', 'email', 'age']
const ALL = ['postgres', 'mariadb', 'sqlite']

/** `$1` on PostgreSQL, `?` elsewhere. */
const placeholder = (database) => (database === 'postgres' ? (n) => `$${n}` : () => '?')

const byId = (at) => `select ${COLUMNS} from users where id = ${at(1)}`
const hundred = (at) => `select ${COLUMNS} from users where id > ${at(1)} order by id limit 100`
const firstRows = (count) => `select ${COLUMNS} from users order by id limit ${count}`

/** Spreads over all rows, the same way for every peer. */
const spread = (index, rows) => ((index * 7919) % rows) + 1

const newRow = (id) => ({ id, name: `New ${id}`, email: `new${id}@example.com`, age: id % 90 })
const emptyInserts = (peer) => peer.execute('delete from inserts', [])

/**
 * id, title, unit, databases, and `run({ peer, at, sizes, times })` → { value, operations, check }.
 * `times(n)` is n for the full benchmark and less for the small one.
 */
export const WORKLOADS = [
  {
    id: 'W1',
    title: 'one row by key, one after the other',
    unit: 'µs',
    databases: ALL,
    async run({ peer, at, sizes, times }) {
      const select = (index) => peer.select(byId(at), [spread(index, sizes.users)])
      const latencies = await everyLatency(times(5000), times(10_000), select)
      return { value: median(latencies), operations: latencies.length, check: checksum(await select(41)) }
    },
  },
  {
    id: 'W2',
    title: 'one row by key, 64 in flight on 10 connections',
    unit: 'op/s',
    databases: ALL,
    async run({ peer, at, sizes, times }) {
      const select = (index) => peer.select(byId(at), [spread(index, sizes.users)])
      await inFlight(times(2000), 64, select)
      const value = await throughput(times(30_000), 64, select)
      return { value, operations: times(30_000), check: checksum(await select(42)) }
    },
  },
  {
    id: 'W3',
    title: '100 rows, one after the other',
    unit: 'µs',
    databases: ALL,
    async run({ peer, at, sizes, times }) {
      const select = (index) => peer.select(hundred(at), [spread(index, sizes.users - 100)])
      const latencies = await everyLatency(times(100), times(1500), select)
      return { value: median(latencies), operations: latencies.length, check: checksum(await select(43)) }
    },
  },
  {
    id: 'W3c',
    title: '100 rows, 16 in flight',
    unit: 'op/s',
    databases: ALL,
    async run({ peer, at, sizes, times }) {
      const select = (index) => peer.select(hundred(at), [spread(index, sizes.users - 100)])
      await inFlight(times(200), 16, select)
      const value = await throughput(times(4000), 16, select)
      return { value, operations: times(4000), check: checksum(await select(44)) }
    },
  },
  {
    id: 'W4',
    title: '10,000 rows of 8 columns',
    unit: 'ms',
    databases: ALL,
    async run({ peer, times }) {
      const select = () => peer.select(firstRows(10_000), [])
      const latencies = await everyLatency(times(5), times(30), select)
      return { value: median(latencies) / 1000, operations: latencies.length, check: checksum(await select()) }
    },
  },
  {
    id: 'W5',
    title: '100,000 rows of 8 columns, all at once',
    unit: 'ms',
    databases: ALL,
    async run({ peer, sizes }) {
      let rows
      const select = async () => {
        rows = await peer.select(firstRows(sizes.users), [])
      }
      const latencies = await everyLatency(1, 3, select)
      return { value: median(latencies) / 1000, operations: latencies.length, check: checksum(rows) }
    },
  },
  {
    id: 'W6',
    title: 'inserts of one row',
    unit: 'op/s',
    databases: ALL,
    async run({ peer, at, times }) {
      await emptyInserts(peer)
      const sql = `insert into inserts (${NEW_ROW}) values (${NEW_ROW.map((_, index) => at(index + 1))})`
      const insert = (index) => peer.execute(sql, Object.values(newRow(index)))
      await inFlight(times(100), 1, (index) => insert(index + 1_000_000))
      const value = await throughput(times(2000), 1, insert)
      const stored = await peer.select('select id, name, email, age from inserts where id < 1000000 order by id', [])
      return { value, operations: times(2000), check: checksum(stored) }
    },
  },
  {
    id: 'W6b',
    title: '10,000 rows in one call',
    unit: 'rows/s',
    databases: ALL,
    async run({ peer }) {
      const rows = Array.from({ length: 10_000 }, (_, index) => newRow(index + 1))
      const insert = async () => {
        await emptyInserts(peer)
        const started = performance.now()
        await peer.insertMany('inserts', NEW_ROW, rows)
        return performance.now() - started
      }
      await insert()
      const times = [await insert(), await insert(), await insert()]
      const stored = await peer.select('select id, name, email, age from inserts order by id', [])
      return { value: rows.length / (median(times) / 1000), operations: 3, check: checksum(stored) }
    },
  },
  {
    id: 'W7',
    title: 'transactions of two selects and two updates',
    unit: 'tx/s',
    databases: ALL,
    async run({ peer, at, sizes, times }) {
      const read = `select id, coins from accounts where id = ${at(1)}`
      const write = `update accounts set coins = coins + ${at(1)} where id = ${at(2)}`
      const transfer = (index) =>
        peer.transaction(async (trx) => {
          const [from, to] = [spread(index, sizes.accounts), spread(index + 1, sizes.accounts)]
          await trx.select(read, [from])
          await trx.select(read, [to])
          await trx.execute(write, [-1, from])
          await trx.execute(write, [1, to])
        })
      await inFlight(times(100), 1, transfer)
      const value = await throughput(times(1500), 1, transfer)
      const sum = await peer.select('select count(*) as accounts, sum(coins) as coins from accounts', [])
      return { value, operations: times(1500), check: checksum(sum) }
    },
  },
  {
    id: 'W9',
    title: 'a stream of 600,000 rows',
    unit: 'ms',
    databases: ALL,
    async run({ peer }) {
      const started = performance.now()
      let [rows, ids, letters] = [0, 0, 0]
      for await (const row of peer.stream('select id, post_id, body from comments order by id')) {
        rows += 1
        ids += Number(row.id) * (Number(row.post_id) % 7)
        letters += row.body.length
      }
      return { value: performance.now() - started, operations: 1, check: `${rows} rows ${ids} ${letters}` }
    },
  },
  {
    id: 'W11',
    title: 'cold start: import to first row',
    unit: 'ms',
    databases: ALL,
    /** Only here the worker counts the import and the connection in. */
    cold: true,
    async run({ peer, at, importedAt }) {
      const rows = await peer.select(byId(at), [45])
      return { value: performance.now() - importedAt, operations: 1, check: checksum(rows) }
    },
  },
  ...BUILDS,
  ...INSPECTIONS,
  ...MIGRATIONS,
  ...MODEL_WORKLOADS,
]

export { placeholder }
