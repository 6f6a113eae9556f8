/**
 * What issue F wants: guruorm is so many times as fast (`ratio`) as every one of the peers it is compared with. `against`
 * names groups of peers or single ones; a `figure` other than the median is one of which less is better.
 */
import { CHAINS } from './builds.mjs'
import { MIGRATED } from './migrations.mjs'
import { MODELLED } from './models.mjs'
import { BUILD } from './peers.mjs'

const EVERY = ['drivers', 'builders', 'mappers']
const ABOVE_DRIVERS = ['builders', 'mappers']
/** The same workloads have goals on the other databases. */
const ELSEWHERE = ['W1', 'W4', 'W6', 'W7']

export const GOALS = [
  { databases: ['postgres'], workloads: ['W1'], against: ABOVE_DRIVERS, ratio: 1.5 },
  { databases: ['postgres'], workloads: ['W1'], against: ['postgres', 'pg-named'], ratio: 1.1 },
  // At most 1.25 times its time.
  { databases: ['postgres'], workloads: ['W1'], against: ['limit'], ratio: 1 / 1.25 },
  { databases: ['postgres'], workloads: ['W2', 'W3', 'W3c', 'W4', 'W5'], against: EVERY, ratio: 2 },
  { databases: ['postgres'], workloads: ['W5'], figure: 'peakMegabytes', against: ['pg'], ratio: 1 },
  { databases: ['postgres'], workloads: ['W6'], against: EVERY, ratio: 1.3 },
  { databases: ['postgres'], workloads: ['W6b'], against: EVERY, ratio: 2 },
  { databases: ['postgres'], workloads: ['W7'], against: ABOVE_DRIVERS, ratio: 1.3 },
  { databases: [MODELLED], workloads: ['W8'], against: ['model makers'], ratio: 3 },
  { databases: [MODELLED], workloads: ['W8'], against: ['drizzle-orm', 'prisma'], ratio: 1 },
  { databases: ['postgres'], workloads: ['W9'], against: EVERY, ratio: 2 },
  {
    databases: [BUILD],
    workloads: CHAINS.flatMap(({ chain }) => [`W10-${chain}`, `W10-${chain}-new`]),
    against: ['builders'],
    ratio: 1,
  },
  { databases: ['postgres'], workloads: ['W11'], against: EVERY, ratio: 1 },
  { databases: Object.keys(MIGRATED), workloads: ['W13'], against: ['migrators'], ratio: 1 },
  { databases: ['sqlite'], workloads: ELSEWHERE, against: ['better-sqlite3'], ratio: 1 },
  { databases: ['sqlite'], workloads: ELSEWHERE, against: ['builders'], ratio: 4 },
  { databases: ['mariadb'], workloads: ELSEWHERE, against: ['mysql2'], ratio: 1.4 },
  { databases: ['mariadb'], workloads: ELSEWHERE, against: ['builders'], ratio: 2 },
]
