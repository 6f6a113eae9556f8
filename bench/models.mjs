/**
 * W8 and what a model costs: 500 users with their posts and the comments of those, through the relations of each peer; 10,000
 * models of eight columns, every one of them read, beside the same rows without models.
 */
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { checksum } from './check.mjs'
import { everyLatency, median } from './measure.mjs'
import { COLUMNS } from './operations.mjs'

/** In the place of a database: PostgreSQL, read through models. */
export const MODELLED = 'models'

const DATABASES = [MODELLED]
const PARENTS = 500
const MODELS = 10_000

/** What these answer without models is the same as with, or is not to be had. */
const WITHOUT_PLAIN = ['drizzle-orm', 'objection', 'typeorm', 'mikro-orm', 'lucid', 'prisma']

const byId = (a, b) => Number(a.id) - Number(b.id)

/** Columns as plain values: reading them is part of the work. */
const valuesOf = (model) => Object.fromEntries(COLUMNS.map((column) => [column, model[column]]))

/** Everything that was loaded, whatever holds it. */
function familyCheck(peer, users) {
  const related = peer.related ?? ((model, name) => model[name])
  const rows = []
  for (const user of users) {
    const posts = [...related(user, 'posts')].sort(byId)
    for (const post of posts) {
      for (const comment of [...related(post, 'comments')].sort(byId)) {
        rows.push({ id: user.id, name: user.name, title: post.title, comment: comment.id, body: comment.body })
      }
    }
  }
  return checksum(rows)
}

/** Loads, and reads every column once. */
async function readAll(load) {
  return [...(await load())].map(valuesOf)
}

function hydration(id, title, name, without) {
  return {
    id,
    title,
    unit: 'ms',
    databases: DATABASES,
    without,
    async run({ peer, times }) {
      let read
      const latencies = await everyLatency(times(5), times(20), async () => {
        read = await readAll(() => peer[name](MODELS))
      })
      return { value: median(latencies) / 1000, operations: latencies.length, check: checksum(read) }
    },
  }
}

function heap(id, title, name, without) {
  return {
    id,
    title,
    unit: 'bytes',
    databases: DATABASES,
    without,
    async run({ peer }) {
      setFlagsFromString('--expose-gc')
      const collect = runInNewContext('gc')
      const used = () => {
        collect()
        return process.memoryUsage().heapUsed
      }
      // The first load warms up what every later one shares; the next statement takes the place of its answer.
      const check = checksum(await readAll(() => peer[name](MODELS)))
      await peer.firstModels(1)
      await setImmediate()
      const before = used()
      const models = await peer[name](MODELS)
      for (const model of models) for (const column of COLUMNS) model[column]
      await peer.firstModels(1)
      await setImmediate()
      const value = (used() - before) / MODELS
      if (models.length === 0) throw new Error('nothing was loaded')
      return { value, operations: 1, check }
    },
  }
}

export const MODEL_WORKLOADS = [
  {
    id: 'W8',
    title: '500 users with posts with comments',
    unit: 'ms',
    databases: DATABASES,
    async run({ peer, times }) {
      let users
      const latencies = await everyLatency(times(10), times(40), async () => {
        users = await peer.usersWithPosts(PARENTS)
      })
      return { value: median(latencies) / 1000, operations: latencies.length, check: familyCheck(peer, users) }
    },
  },
  hydration('W8-models', '10,000 models, every column read', 'firstModels', []),
  hydration('W8-plain', 'the same rows without models', 'firstUsers', WITHOUT_PLAIN),
  heap('W8-heap', 'heap that a model keeps', 'firstModels', []),
  heap('W8-plain-heap', 'heap that a row keeps', 'firstUsers', WITHOUT_PLAIN),
]
