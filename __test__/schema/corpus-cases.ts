import type { Blueprint } from '../../js/schema/blueprint.js'

/** What a user writes for each case of `corpus/schemas`. Rust checks the statements of the same cases. */
export interface CorpusCase {
  table: string
  isNew: boolean
  describe(table: Blueprint): void
}

/** `DB.raw()`, as far as definitions look at it. */
const raw = (sql: string) => ({ getValue: () => sql })

/** A model, as far as blueprints look at it. */
const captain = {
  getTable: () => 'users',
  getKeyName: () => 'id',
  getKeyType: () => 'int',
  getForeignKey: () => 'captain_id',
}

const create = (table: string, describe: CorpusCase['describe']): CorpusCase => ({ table, isNew: true, describe })
const alter = (table: string, describe: CorpusCase['describe']): CorpusCase => ({ table, isNew: false, describe })

export const corpusCases: Record<string, CorpusCase> = {
  'create-users': create('users', (table) => {
    table.id()
    table.string('name')
    table.string('email').unique()
    table.timestamp('email_verified_at').nullable()
    table.rememberToken()
    table.timestamps()
    table.softDeletes()
  }),

  'create-with-uuid': create('accounts', (table) => {
    table.uuid('id').primary().default(raw('gen_random_uuid()'))
    table.jsonb('settings')
    table.text('note').nullable()
    table.decimal('balance', 8, 2).default('0.00')
  }),

  'create-with-foreign-keys': create('posts', (table) => {
    table.id()
    table.foreignId('user_id').constrained().cascadeOnDelete()
    table.foreignId('editor_id').nullable().constrained('users').nullOnDelete()
    table.unsignedBigInteger('reviewer_id').nullable()
    table.string('title')
    table.foreign('reviewer_id').references('id').on('users').onDelete('SET NULL').onUpdate('cascade')
    table.index(['user_id', 'title'])
  }),

  'every-portable-type': create('things', (table) => {
    table.increments('id')
    table.tinyInteger('tiny')
    table.smallInteger('small')
    table.mediumInteger('medium')
    table.integer('plain')
    table.bigInteger('big')
    table.unsignedInteger('positive')
    table.float('ratio')
    table.float('rough', 10)
    table.double('precise')
    table.decimal('price', 10, 4)
    table.boolean('active')
    table.char('code', 2)
    table.string('name', 100)
    table.tinyText('tiny_text')
    table.text('text')
    table.mediumText('medium_text')
    table.longText('long_text')
    table.enum('state', ['open', "it's done"])
    table.json('json')
    table.jsonb('jsonb')
    table.date('day')
    table.dateTime('at')
    table.dateTimeTz('at_tz', 3)
    table.time('clock')
    table.timeTz('clock_tz', 6)
    table.timestamp('stamp').nullable()
    table.timestampTz('stamp_tz', 6).nullable()
    table.year('year')
    table.binary('bytes')
    table.uuid('uuid')
    table.ulid('ulid')
    table.ipAddress('address')
    table.macAddress('device')
  }),

  defaults: create('defaults', (table) => {
    table.string('quoted').default("it's")
    table.string('slashed').default('a\\b')
    table.string('empty').default('')
    table.integer('negative').default(-5)
    table.double('fraction').default(0.5)
    table.boolean('yes').default(true)
    table.boolean('no').defaultTo(false)
    table.integer('none').nullable().default(null)
    table.date('day').useCurrent()
    table.timestamp('at', 3).useCurrent()
    table.year('year').useCurrent()
    table.integer('computed').defaultRaw('(1 + 1)')
    table.timestamp('fixed').default(new Date('2026-01-31T12:00:00Z'))
    table.string('json').default({ a: [1, "it's"] })
  }),

  modifiers: create('modifiers', (table) => {
    table.comment("the table's note")
    table.string('noted').comment('it\'s a "note"')
    table.integer('positive').unsigned()
    table.string('maybe').nullable()
    table.string('surely').notNullable()
    table.integer('number').autoIncrement().from(1000)
  }),

  'composite-primary-key': create('members', (table) => {
    table.integer('team_id')
    table.integer('user_id')
    table.primary(['team_id', 'user_id'])
    table.unique(['user_id', 'team_id'], 'one_team')
  }),

  'generated-columns': create('invoices', (table) => {
    table.integer('gross')
    table.integer('tax')
    table.integer('net').storedAs('gross - tax')
  }),

  'generated-from-json': create('documents', (table) => {
    table.jsonb('meta')
    table.string('lang').nullable().storedAsJson('meta->lang')
    table.string('city').nullable().storedAsJson("meta->home->it's")
  }),

  identity: create('tickets', (table) => {
    table.increments('id').generatedAs().always()
    table.integer('number').unsigned().generatedAs('start with 100')
  }),

  'deferrable-unique': create('ranks', (table) => {
    table.integer('rank')
    table.unique('rank').deferrable().initiallyImmediate(false)
  }),

  'how-it-is-altered': alter('users', (table) => {
    table.string('nick', 50).nullable().instant()
    table.dropColumn('born').lock('shared')
    table.index('name').lock('none')
  }),

  'references-to-a-model': alter('teams', (table) => {
    table.foreignIdFor(captain).nullable()
    table.dropForeignIdFor(captain, 'name')
  }),

  morphs: create('tags', (table) => {
    table.id()
    table.morphs('taggable')
    table.nullableUuidMorphs('owner', 'by_owner')
  }),

  'hostile-names': create('we"ird `table`', (table) => {
    table.integer('a"b`c')
    table.string("d'e").index('f"g`h')
  }),

  'add-and-drop-columns': alter('users', (table) => {
    table.string('nick', 50).nullable().unique()
    table.integer('votes').default(0).index()
    table.dropColumn('born', 'team_id')
    table.renameColumn('name', 'full_name')
  }),

  'change-columns': alter('users', (table) => {
    table.string('name', 50).nullable().default('nobody').change()
    table.text('motto').comment('short').change()
  }),

  indexes: alter('users', (table) => {
    table.index('name')
    table.unique(['name', 'born'], 'one_name_a_day')
    table.dropIndex('by_motto')
    table.dropUnique(['motto'])
  }),

  'expression-index': alter('users', (table) => {
    table.rawIndex('(lower(motto))', 'by_lower_motto')
  }),

  'create-with-checks': create('prices', (table) => {
    table.id()
    table.decimal('net').check('net >= 0')
    table.decimal('gross')
    table.check('gross >= net', 'gross_is_more')
  }),

  checks: alter('users', (table) => {
    table.integer('points').nullable().check('points > 0', 'some_points')
    table.check("name <> ''", 'named').notValid()
  }),

  'drop-check': alter('users', (table) => table.dropCheck('grown')),

  'partial-indexes': alter('users', (table) => {
    table.index('name', 'named_voters').where('name is not null')
    table.unique('motto', 'one_motto').where("name <> 'nobody'")
  }),

  'covering-index': alter('users', (table) => {
    table.index('name', 'by_name').include('motto')
    table.unique('motto', 'one_motto_each').include(['name', 'born'])
  }),

  'ordered-index': alter('users', (table) => {
    table.index([{ column: 'name', order: 'desc' }, 'motto'], 'from_z')
  }),

  'index-with-nulls-last': alter('users', (table) => {
    table.index([{ column: 'name', order: 'desc', nulls: 'last' }], 'named_first')
  }),

  'index-on-expressions': alter('users', (table) => {
    table.index([raw('lower(name)'), 'motto'], 'by_lower_name')
    table.unique(raw('lower(motto)'), 'one_lower_motto')
  }),

  'index-on-the-beginning': alter('users', (table) => {
    table.index([{ column: 'motto', length: 10 }], 'by_first_words')
  }),

  'rename-index': alter('users', (table) => table.renameIndex('by_motto', 'by_words')),

  'full-text-index': alter('users', (table) => table.fullText(['name', 'motto'])),

  'drop-primary-key': alter('plain', (table) => table.dropPrimary()),

  'foreign-key-on-existing-table': alter('users', (table) => {
    table.foreign('team_id').references('id').on('teams').cascadeOnDelete()
  }),

  'drop-foreign-key': alter('players', (table) => table.dropForeign(['team_id'])),

  'rename-table': alter('users', (table) => table.rename('people')),

  'drop-table': alter('players', (table) => table.drop()),

  'drop-missing-table': alter('nothing', (table) => table.dropIfExists()),
}
