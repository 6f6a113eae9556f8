import { seeding } from './seeding-context'

/** A class that seeds; the base class is optional. */
export type SeederClass = new () => { run(force?: boolean): unknown }

/** A seeder by its class, or by the name of its file. */
export type SeederReference = SeederClass | string

/**
 * Base class of seeders.
 *
 * @example
 * export default class DatabaseSeeder extends Seeder {
 *   async run() {
 *     await this.call([UserSeeder, 'RolesSeeder'])
 *   }
 * }
 */
export abstract class Seeder {
  /** The name of the connection to seed; the default one when it has none. */
  protected connection?: string

  /** @param force - Whether this seeder is run again on purpose (`db:seed --again`). */
  abstract run(force?: boolean): unknown

  /** Runs other seeders in the order given, inside this seeder's transaction. */
  async call(seeders: SeederReference | SeederReference[]): Promise<void> {
    await this.callWith(seeders)
  }

  /** As {@link call}. `silent` prints nothing; `args` are given to `run()`. */
  async callWith(
    seeders: SeederReference | SeederReference[],
    options: { silent?: boolean; args?: unknown[] } = {},
  ): Promise<void> {
    for (const seeder of [seeders].flat()) {
      await seeding().call(seeder, { silent: options.silent ?? false, args: options.args ?? [] })
    }
  }

  /** As {@link call}, without the lines that are printed. */
  async callSilent(seeders: SeederReference | SeederReference[], args: unknown[] = []): Promise<void> {
    await this.callWith(seeders, { silent: true, args })
  }

  /** As {@link call}, but leaves out those that `callOnce` has run before in this run of seeders. */
  async callOnce(seeders: SeederReference | SeederReference[], options: { silent?: boolean } = {}): Promise<void> {
    const { once, resolve } = seeding()
    for (const seeder of [seeders].flat()) {
      const key = await resolve(seeder)
      if (once.has(key)) continue
      await this.callWith(seeder, options)
      once.add(key)
    }
  }

  getConnection(): string | undefined {
    return this.connection
  }
}

/** The seeder that `db:seed` runs when none is named. */
export class DatabaseSeeder extends Seeder {
  run(): unknown {
    return undefined
  }
}
