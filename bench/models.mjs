/** W8: rows that become models or entities, and relations that are loaded with them, by the relation API of each peer. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { everyLatency, median } from './measure.mjs'

/** In the place of a database: PostgreSQL, read through models. */
export const MODELLED = 'models'

const HYDRATED = 10_000

/** Users, posts and comments, counted, and their keys, so that each is below its own parent. */
function nested(users) {
  let [posts, comments, sum] = [0, 0, 0]
  for (const user of users) {
    for (const post of user.posts) {
      posts += 1
      for (const comment of post.comments) {
        comments += 1
        sum += (Number(user.id) % 11) * Number(post.id) + (Number(post.id) % 13) * Number(comment.id)
      }
    }
  }
  return `${users.length} users ${posts} posts ${comments} comments ${sum}`
}

/** Keys, names, dates: what the models give for three of their columns. */
function hydrated(users) {
  let [ids, letters, times] = [0, 0, 0]
  for (const user of users) {
    ids += Number(user.id)
    letters += user.name.length
    times += Number(new Date(user.created_at)) / 60_000
  }
  return `${users.length} models ${ids} ${letters} ${times}`
}

function collector() {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}

export const MODELS = [
  {
    id: 'W8',
    title: '500 users with posts with comments',
    unit: 'ms',
    databases: [MODELLED],
    async run({ peer, times }) {
      const load = () => peer.usersWithPosts(500)
      const latencies = await everyLatency(times(5), times(20), load)
      return { value: median(latencies) / 1000, operations: latencies.length, check: nested(await load()) }
    },
  },
  {
    id: 'W8-hydrate',
    title: '10,000 models of 8 columns',
    unit: 'ms',
    databases: [MODELLED],
    async run({ peer, times }) {
      const load = () => peer.firstModels(HYDRATED)
      const latencies = await everyLatency(times(5), times(20), load)
      return { value: median(latencies) / 1000, operations: latencies.length, check: hydrated(await load()) }
    },
  },
  {
    id: 'W8-heap',
    title: 'heap that a model of 8 columns keeps',
    unit: 'bytes',
    databases: [MODELLED],
    async run({ peer }) {
      const collect = collector()
      const used = async () => {
        // What the last call has held is let go at the end of its turn.
        await new Promise(setImmediate)
        collect()
        const { heapUsed, external } = process.memoryUsage()
        return heapUsed + external
      }
      await peer.firstModels(10)
      const before = await used()
      const models = await peer.firstModels(HYDRATED)
      const value = ((await used()) - before) / HYDRATED
      return { value, operations: 1, check: hydrated(models) }
    },
  },
]
