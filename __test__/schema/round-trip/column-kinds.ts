import type { DialectName } from '../../support/databases'

/** A column type, as a blueprint makes it, and what is true of its values. */
export interface ColumnKind {
  /** The blueprint's method, and what it takes after the name. */
  method: string
  args?: unknown[]
  /** The databases that have it; left out, all. */
  only?: DialectName[]
  /** A value that no other row has, where there are enough of them. */
  value(row: number): unknown
  /** Whether every row can have a value of its own. */
  differs: boolean
  /** Whether an index can be on it, on every database that has it. */
  isOrdered: boolean
  /** A constant default. */
  default?: unknown
  /** Whether the current time can be its default. */
  hasCurrent?: boolean
  /** Whether it is a number: for `unsigned`, checks and computed columns. */
  isNumber?: boolean
  isText?: boolean
  /** Types that hold every value of this one. */
  widerThan?: string[]
}

const day = (row: number) => `2024-${String((row % 12) + 1).padStart(2, '0')}-10`
const hex = (row: number, digits: number) => row.toString(16).padStart(digits, '0')

const integer = (method: string, widerThan: string[], args: unknown[] = []): ColumnKind => ({
  method,
  args,
  value: (row) => row + 1,
  differs: true,
  isOrdered: true,
  default: 7,
  isNumber: true,
  widerThan,
})

const text = (method: string, isOrdered: boolean, widerThan: string[], args: unknown[] = []): ColumnKind => ({
  method,
  args,
  value: (row) => `value ${row}`,
  differs: true,
  isOrdered,
  isText: true,
  widerThan,
})

const moment = (method: string, args: unknown[] = []): ColumnKind => ({
  method,
  args,
  value: (row) => `${day(row)} 10:20:30`,
  differs: false,
  isOrdered: true,
  default: '2020-02-03 04:05:06',
  hasCurrent: true,
})

/** Every type that can be made on at least one of the servers of the tests. */
export const COLUMN_KINDS: ColumnKind[] = [
  integer('tinyInteger', []),
  integer('smallInteger', ['tinyInteger']),
  integer('mediumInteger', ['tinyInteger', 'smallInteger']),
  integer('integer', ['tinyInteger', 'smallInteger', 'mediumInteger']),
  integer('bigInteger', ['tinyInteger', 'smallInteger', 'mediumInteger', 'integer']),
  { ...integer('float', []), default: 1.5 },
  { ...integer('double', ['float']), default: -2.25 },
  { ...integer('decimal', [], [8, 2]), value: (row) => `${row}.50`, default: '3.50' },
  { ...integer('decimal', [], [20, 0]), value: (row) => `${row}`, default: 3 },
  { method: 'boolean', value: (row) => row % 2 === 0, differs: false, isOrdered: true, default: true },
  { ...text('string', true, [], [60]), default: 'it\'s \\ "quoted"' },
  { ...text('string', true, ['string'], [191]), default: '' },
  { ...text('char', true, [], [30]), value: (row) => `value ${row}`.padEnd(30, '.'), default: 'x' },
  text('tinyText', false, []),
  text('text', false, ['string', 'tinyText']),
  text('mediumText', false, ['string', 'tinyText', 'text']),
  text('longText', false, ['string', 'tinyText', 'text', 'mediumText']),
  {
    method: 'enum',
    args: [['draft', "it's live", 'a"b']],
    value: (row) => (row % 2 === 0 ? 'draft' : "it's live"),
    differs: false,
    isOrdered: true,
    default: 'draft',
  },
  {
    method: 'set',
    args: [['red', 'green']],
    only: ['mysql'],
    value: () => 'red,green',
    differs: false,
    isOrdered: true,
    default: 'red',
  },
  { method: 'json', value: (row) => JSON.stringify({ row }), differs: false, isOrdered: false },
  { method: 'jsonb', value: (row) => JSON.stringify({ row }), differs: false, isOrdered: false },
  { method: 'date', value: day, differs: false, isOrdered: true, default: '2020-02-03', hasCurrent: true },
  moment('dateTime'),
  moment('dateTime', [3]),
  moment('dateTimeTz'),
  moment('timestamp'),
  moment('timestamp', [6]),
  moment('timestampTz', [2]),
  { method: 'time', value: () => '10:20:30', differs: false, isOrdered: true, default: '01:02:03' },
  { method: 'timeTz', args: [3], value: () => '10:20:30', differs: false, isOrdered: true },
  {
    method: 'year',
    value: (row) => 2000 + (row % 100),
    differs: false,
    isOrdered: true,
    default: 2024,
    hasCurrent: true,
  },
  { method: 'binary', value: (row) => Buffer.from(`bytes ${row}`), differs: false, isOrdered: false },
  {
    method: 'binary',
    args: [16],
    only: ['mysql'],
    value: (row) => Buffer.from(`b${row}`),
    differs: false,
    isOrdered: true,
  },
  {
    method: 'binary',
    args: [4, true],
    only: ['mysql'],
    value: () => Buffer.from('four'),
    differs: false,
    isOrdered: true,
  },
  { method: 'uuid', value: (row) => `00000000-0000-4000-8000-${hex(row, 12)}`, differs: true, isOrdered: true },
  {
    method: 'ulid',
    value: (row) => `01ARZ3NDEKTSV4RRFFQ69G5${hex(row, 3).toUpperCase()}`,
    differs: true,
    isOrdered: true,
  },
  { method: 'ipAddress', value: (row) => `10.0.0.${row}`, differs: true, isOrdered: true, default: '127.0.0.1' },
  { method: 'macAddress', value: (row) => `08:00:2b:01:02:${hex(row, 2)}`, differs: true, isOrdered: true },
  { method: 'geometry', only: ['mysql', 'sqlite'], value: () => null, differs: false, isOrdered: false },
  { method: 'geometry', args: ['point'], only: ['mysql'], value: () => null, differs: false, isOrdered: false },
  { method: 'tsvector', only: ['postgres'], value: (row) => `word${row}`, differs: false, isOrdered: false },
]

/** The types of a database. */
export function kindsOf(dialect: DialectName): ColumnKind[] {
  return COLUMN_KINDS.filter(({ only }) => only === undefined || only.includes(dialect))
}
