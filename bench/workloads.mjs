/** The workloads of docs/benchmarks.md. Each measures one thing and checks its answer. */
import { BUILDS } from './builds.mjs'
import { checksum } from './check.mjs'
import { INSPECTIONS } from './inspections.mjs'
import { everyLatency, inFlight, median, throughput } from './measure.mjs'
import { MIGRATIONS } from './migrations.mjs'
import { MODEL_WORKLOADS } from './models.mjs'
import { COLUMNS } from './operations.mjs'
import { SCALE_WORKLOADS } from './scale.mjs'

const ALL = ['postgres', 'mariadb', 'sqlite']

/** Spreads over all rows, the same way for every peer. */
const spread = (index, rows) => ((index * 7919) % rows) + 1

/** Of users, whatever holds their columns. */
const usersCheck = (users) => checksum(users, COLUMNS)

const newRow = (id) => ({ id, name: `New ${id}`, email: `new${id}@example.com`, age: id % 90 })

/** In process, 5,000 of them take 80 ms, of which V8 compiling is the most: not what a server that runs for days sees. */
const BRIEF = { sqlite: 5 }

/**
 * id, title, unit, databases, and `run({ peer, proof, sizes, times })` → { value, operations, check }. One that `writes` a
 * table has no check: the harness reads that table afterwards. `times(n)` is n for the full benchmark, less for the
 * small one, and so many times as often where `oftener` names the database.
 */
export const WORKLOADS = [
  {
    id: 'W1',
    title: 'one row by key, one after the other',
    unit: 'µs',
    databases: ALL,
    oftener: BRIEF,
    async run({ peer, sizes, times }) {
      const find = (index) => peer.findUser(spread(index, sizes.users))
      const latencies = await everyLatency(times(5000), times(10_000), find)
      return { value: median(latencies), operations: latencies.length, check: usersCheck([await find(41)]) }
    },
  },
  {
    id: 'W2',
    title: 'one row by key, 64 in flight on 10 connections',
    unit: 'op/s',
    databases: ALL,
    async run({ peer, sizes, times }) {
      const find = (index) => peer.findUser(spread(index, sizes.users))
      await inFlight(times(2000), 64, find)
      const value = await throughput(times(30_000), 64, find)
      return { value, operations: times(30_000), check: usersCheck([await find(42)]) }
    },
  },
  {
    id: 'W3',
    title: '100 rows, one after the other',
    unit: 'µs',
    databases: ALL,
    async run({ peer, sizes, times }) {
      const select = (index) => peer.usersFrom(spread(index, sizes.users - 100), 100)
      const latencies = await everyLatency(times(100), times(1500), select)
      return { value: median(latencies), operations: latencies.length, check: usersCheck(await select(43)) }
    },
  },
  {
    id: 'W3c',
    title: '100 rows, 16 in flight',
    unit: 'op/s',
    databases: ALL,
    async run({ peer, sizes, times }) {
      const select = (index) => peer.usersFrom(spread(index, sizes.users - 100), 100)
      await inFlight(times(200), 16, select)
      const value = await throughput(times(4000), 16, select)
      return { value, operations: times(4000), check: usersCheck(await select(44)) }
    },
  },
  {
    id: 'W4',
    title: '10,000 rows of 8 columns',
    unit: 'ms',
    databases: ALL,
    async run({ peer, times }) {
      const select = () => peer.firstUsers(10_000)
      const latencies = await everyLatency(times(5), times(30), select)
      return { value: median(latencies) / 1000, operations: latencies.length, check: usersCheck(await select()) }
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
        rows = await peer.firstUsers(sizes.users)
      }
      const latencies = await everyLatency(1, 3, select)
      return { value: median(latencies) / 1000, operations: latencies.length, check: usersCheck(rows) }
    },
  },
  {
    id: 'W6',
    title: 'inserts of one row',
    unit: 'op/s',
    databases: ALL,
    oftener: BRIEF,
    writes: 'inserts',
    async run({ peer, proof, times }) {
      await proof.emptyInserts()
      const insert = (index) => peer.insertOne(newRow(index))
      await inFlight(times(2000), 1, (index) => insert(index + 1_000_000))
      const value = await throughput(times(5000), 1, insert)
      return { value, operations: times(5000) }
    },
  },
  {
    id: 'W6b',
    title: '10,000 rows in one call',
    unit: 'rows/s',
    databases: ALL,
    writes: 'inserts',
    async run({ peer, proof }) {
      const rows = Array.from({ length: 10_000 }, (_, index) => newRow(index + 1))
      const insert = async () => {
        await proof.emptyInserts()
        const started = performance.now()
        await peer.insertMany(rows)
        return performance.now() - started
      }
      await insert()
      const times = [await insert(), await insert(), await insert()]
      return { value: rows.length / (median(times) / 1000), operations: 3 }
    },
  },
  {
    id: 'W7',
    title: 'transactions of two selects and two updates',
    unit: 'tx/s',
    databases: ALL,
    oftener: BRIEF,
    writes: 'accounts',
    async run({ peer, sizes, times }) {
      const transfer = (index) => peer.transfer(spread(index, sizes.accounts), spread(index + 1, sizes.accounts))
      await inFlight(times(1000), 1, transfer)
      const value = await throughput(times(3000), 1, transfer)
      return { value, operations: times(3000) }
    },
  },
  {
    id: 'W9',
    title: 'a stream of 600,000 rows',
    unit: 'ms',
    databases: ALL,
    // They have none of their own, or none for all of their databases; guruorm 2's cursor() reads all rows first.
    without: ['drizzle-orm', 'sequelize', 'guruorm-2', 'lucid', 'prisma'],
    async run({ peer }) {
      const started = performance.now()
      let [rows, ids, letters] = [0, 0, 0]
      for await (const row of peer.comments()) {
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
    async run({ peer, importedAt }) {
      const user = await peer.findUser(45)
      return { value: performance.now() - importedAt, operations: 1, check: usersCheck([user]) }
    },
  },
  ...BUILDS,
  ...INSPECTIONS,
  ...MIGRATIONS,
  ...MODEL_WORKLOADS,
  ...SCALE_WORKLOADS,
]
