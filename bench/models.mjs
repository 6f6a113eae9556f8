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

/** The time in which models, or rows, are loaded and read. */
async function timeOf({ peer, times }, name) {
  let read
  const latencies = await everyLatency(times(5), times(20), async () => {
    read = await readAll(() => peer[name](MODELS))
  })
  return { value: median(latencies) / 1000, operations: latencies.length, check: checksum(read) }
}

/** The heap that they keep, each. */
async function heapOf({ peer }, name) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  /** The next statement takes the place of what the library keeps of the last answer. */
  const used = async () => {
    await peer.firstModels(1)
    await setImmediate()
    collect()
    return process.memoryUsage().heapUsed
  }
  // The first load warms up what every later one shares.
  const check = checksum(await readAll(() => peer[name](MODELS)))
  const before = await used()
  const models = await peer[name](MODELS)
  for (const model of models) for (const column of COLUMNS) model[column]
  const value = ((await used()) - before) / MODELS
  if (models.length === 0) throw new Error('nothing was loaded')
  return { value, operations: 1, check }
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
  ...[
    { id: 'W8-models', title: '10,000 models, every column read', unit: 'ms', of: timeOf, name: 'firstModels' },
    { id: 'W8-plain', title: 'the same rows without models', unit: 'ms', of: timeOf, name: 'firstUsers' },
    { id: 'W8-heap', title: 'heap that a model keeps', unit: 'bytes', of: heapOf, name: 'firstModels' },
    { id: 'W8-plain-heap', title: 'heap that a row keeps', unit: 'bytes', of: heapOf, name: 'firstUsers' },
  ].map(({ of, name, ...workload }) => ({
    ...workload,
    databases: DATABASES,
    without: name === 'firstUsers' ? WITHOUT_PLAIN : [],
    run: (context) => of(context, name),
  })),
]
