/** What a column holds: guessed by what is done with it, else by its name. */

/** Kinds of column, as each database declares them. */
export const TYPES = {
  pgsql: {
    // Not bigint: only this is cast to boolean.
    integer: 'integer',
    number: 'numeric(12,2)',
    text: 'text',
    boolean: 'boolean',
    timestamp: 'timestamp',
    date: 'date',
    time: 'time',
    json: 'jsonb',
    list: 'text[]',
    range: 'tstzrange',
    network: 'inet',
    bits: 'bytea',
  },
  mariadb: {
    integer: 'bigint',
    number: 'decimal(12,2)',
    text: 'varchar(60)',
    boolean: 'boolean',
    timestamp: 'datetime(6)',
    date: 'date',
    time: 'time',
    json: 'json',
  },
  sqlite: {
    integer: 'integer',
    number: 'numeric',
    text: 'text',
    boolean: 'boolean',
    timestamp: 'datetime',
    date: 'date',
    time: 'time',
    json: 'text',
  },
}

const NAMES = [
  ['json', /^(meta|options|settings|details|data|items|item|preferences|attributes|config|properties|payload|json)$/],
  ['timestamp', /(_at|_until|_time)$|^(created|updated|deleted|published_on|timestamp)$/],
  ['date', /(_on|_date)$|^(date|birthday|day)$/],
  ['boolean', /^(active|approved|published|enabled|visible|is_\w+|has_\w+|verified|admin)$/],
  ['number', /(_?price|_amount|_total|_cost)$|^(total|balance|score|amount|cost|rate|discount|average|sum)$/],
  [
    'integer',
    /(^|_)(id|ids|count|number|quantity|qty|position|order)$|^(votes|age|likes|views|weight|seats|credits|rank|level|year|month|foo_id|bar_id|aggregate|a|b|c|x|y|z)$/,
  ],
]

const OF_JSON = /^json|^to_json/
const OF_NUMBERS = new Set(['sum', 'avg', 'abs', 'round', 'floor', 'ceil', 'stddev', 'variance'])
const OF_TEXT = new Set([
  'lower',
  'upper',
  'length',
  'substr',
  'substring',
  'trim',
  'concat',
  'to_tsvector',
  'match',
  'char_length',
])
const OF_DATES = new Set([
  'extract',
  'year',
  'month',
  'day',
  'date',
  'time',
  'strftime',
  'timestampdiff',
  'date_trunc',
  'date_part',
])

/** What a mention of a column says of its kind. */
export function useOf({ calls, after, afterThat, before }) {
  const call = calls.at(-1)
  if (after?.text === '->' || after?.text === '->>') return 'json'
  if (after?.text === '::' || (after?.text === ')' && afterThat?.text === '::')) {
    const type = after.text === '::' ? afterThat?.word : undefined
    if (type === 'jsonb' || type === 'json') return 'json'
    if (type === 'date' || type === 'time' || type === 'timestamp') return 'timestamp'
  }
  if (['@>', '<@', '#>', '#>>'].includes(after?.text)) return 'json'
  if (call === undefined) {
    if (['+', '-', '*', '/', '%'].includes(after?.text) || ['+', '*', '/'].includes(before?.text)) return 'number'
    return undefined
  }
  if (OF_JSON.test(call)) return 'json'
  if (OF_NUMBERS.has(call)) return 'number'
  if (OF_TEXT.has(call)) return 'text'
  if (OF_DATES.has(call)) return 'timestamp'
  return undefined
}

/** Operators by the words that stand for them in messages of PostgreSQL. */
const OPERATORS = { in: '=', not: '<>', between: '>=', like: '~~', ilike: '~~*' }

/** The operators beside a mention of a column, and the functions around it: `<`, `lower(`. */
export function marksOf({ calls, after, before }) {
  const marks = calls.map((call) => `${call}(`)
  for (const token of [before, after]) {
    if (token?.kind === 'mark') marks.push(token.text)
    else if (OPERATORS[token?.word] !== undefined) marks.push(OPERATORS[token.word])
    if (token?.text === '!=') marks.push('<>')
  }
  return marks
}

/** The kind of a column. */
export function kindOf(name, uses) {
  const named = NAMES.find(([, pattern]) => pattern.test(name.toLowerCase()))?.[0]
  if (uses.has('json')) return 'json'
  if (uses.has('timestamp')) return named === 'date' || named === 'time' ? named : 'timestamp'
  if (uses.has('text')) return 'text'
  if (uses.has('number')) return named === 'integer' ? 'integer' : 'number'
  return named ?? 'text'
}
