/** The generated parts of docs/benchmarks.md: which run each is from, and how it is cut. */
import { INSPECTED } from '../inspections.mjs'
import { MIGRATED } from '../migrations.mjs'
import { MODELLED } from '../models.mjs'
import { BUILD } from '../peers.mjs'

/** What people call the databases. */
const TITLES = {
  postgres: 'PostgreSQL',
  mariadb: 'MariaDB',
  sqlite: 'SQLite',
  [MODELLED]: 'Models',
  [BUILD]: 'Building SQL',
}

/** The title of what stands for a database in a run: itself, or something that is done with one. */
export function databaseTitle(database) {
  return TITLES[INSPECTED[database] ?? MIGRATED[database] ?? database]
}

/**
 * name: its marker and its plot; result: the file in bench/results; databases: what of it is shown; groups: of peers that get a
 * table of their own, because one of all would be too wide to read.
 */
export const SECTIONS = [
  {
    name: 'postgres',
    result: 'main',
    databases: ['postgres'],
    groups: [['drivers', 'limit'], ['builders'], ['mappers']],
  },
  { name: 'mariadb', result: 'main', databases: ['mariadb'] },
  { name: 'sqlite', result: 'main', databases: ['sqlite'] },
  { name: 'build', result: 'build', databases: [BUILD] },
  { name: 'inspect', result: 'inspect', databases: Object.keys(INSPECTED) },
  { name: 'migrations', result: 'migrations', databases: Object.keys(MIGRATED) },
  { name: 'models', result: 'models', databases: [MODELLED] },
]

/** Lines over a growing number; the files of its plots begin with its name. */
export const SCALE = { name: 'scale', result: 'scale' }

/** The goals, of all runs that are there. */
export const GOALS_PART = 'goals'
