import { AsyncLocalStorage } from 'node:async_hooks'
import type { MigrationConnection } from '../migrations/migration-connection'
import type { SeederClass, SeederReference } from './seeder'

/** What a seeder that is running can reach. */
export interface Seeding {
  /** The connection being seeded, inside the seeder's transaction; null outside `db:seed`. */
  connection: MigrationConnection | null
  /** The class behind a name. */
  resolve(seeder: SeederReference): Promise<SeederClass>
  /** What `callOnce` has run. */
  once: WeakSet<SeederClass>
  call(seeder: SeederReference, options: { silent: boolean; args: unknown[] }): Promise<void>
  /** Tells whoever watches. */
  report(line: string): void
}

const current = new AsyncLocalStorage<Seeding>()

/** Runs `work` as part of a run of seeders. */
export function withSeeding<T>(context: Seeding, work: () => Promise<T>): Promise<T> {
  return current.run(context, work)
}

/** The run that this code is part of; a bare one for `new UserSeeder().run()` in a program. */
export function seeding(): Seeding {
  return current.getStore() ?? BARE
}

const BARE: Seeding = {
  connection: null,
  once: new WeakSet(),
  async resolve(seeder) {
    if (typeof seeder === 'function') return seeder
    throw new Error(`Seeder "${seeder}" was called by name outside db:seed: give its class instead.`)
  },
  async call(seeder, { args }) {
    const Class = await BARE.resolve(seeder)
    await new Class().run(...(args as [boolean?]))
  },
  report() {},
}
