/** PostgreSQL: what each type is given and what it answers (decisions D14 and D15). */
import { as, BYTES, type ColumnCase, clock, json, lossy, REFUSED, same, TEXTS, wide } from './sample'

const MAX = '9223372036854775807'
const MIN = '-9223372036854775808'

/** A month's last day, a leap day, the ends of the years that text can say, and infinity. */
const DATES = ['2024-02-29', '1969-12-31', '0001-01-01', '9999-12-31', '0044-03-15 BC', 'infinity', '-infinity']

export const POSTGRES: readonly ColumnCase[] = [
  // Numbers
  { type: 'smallint', samples: [...same(0, -1, -32768, 32767), as('10', 10), as(7n, 7)] },
  { type: 'integer', samples: [...same(0, -1, -2147483648, 2147483647), as('10', 10), as(' 42 ', 42), as(7n, 7)] },
  {
    type: 'bigint',
    samples: [
      ...[0, -1, 2147483648, -2147483649, 2 ** 53 - 1, -(2 ** 53 - 1), 2n ** 53n, -(2n ** 53n), 2n ** 53n + 1n].map(
        wide,
      ),
      ...[BigInt(MAX), BigInt(MIN), MAX, MIN, '9007199254740993', '10'].map(wide),
      as(null, null),
    ],
  },
  { type: 'oid', samples: same(0, 4294967295) },
  {
    type: 'numeric',
    samples: [
      ...same('0', '-1', '1.50', '0.000000000000000000000000000001', 'NaN', 'Infinity', '-Infinity'),
      ...same('123456789012345678901234567890.123456789012345678901234567890', `-${'9'.repeat(500)}.5`),
      as(0.1, '0.1'),
      as(5, '5'),
      as(10n ** 40n, `1${'0'.repeat(40)}`),
      as(1e21, '1000000000000000000000'),
      as(1.5e-7, '0.00000015'),
      as('1e3', '1000'),
    ],
  },
  { type: 'numeric(10,2)', samples: [...same('0.00', '99999999.99', '-0.01'), as(1.5, '1.50'), as('2', '2.00')] },
  { type: 'money', samples: [...same('$0.00', '$1,234.56', '-$92,233,720,368,547,758.08'), as('12.3', '$12.30')] },
  {
    type: 'real',
    samples: same(0, -0, 1.1, -0.1, 16777216, 3.4028235e38, 1.1754944e-38, 1e-45, NaN, Infinity, -Infinity),
  },
  {
    type: 'double precision',
    samples: [
      ...same(0, -0, 0.1, -2.5, 2 ** 53 + 2, 1e21, Number.MAX_VALUE, Number.MIN_VALUE, NaN, Infinity, -Infinity),
      as('1.5', 1.5),
      as(3n, 3),
    ],
  },
  {
    type: 'boolean',
    samples: [...same(true, false), as('true', true), as('f', false), as('no', false), as('1', true), as(0, false)],
  },

  // Text, and what travels as text
  { type: 'text', samples: [...same(...TEXTS), as(5, '5'), as(-0.5, '-0.5'), as(true, 'true'), as(12n, '12')] },
  { type: 'varchar(5000)', samples: same(...TEXTS) },
  { type: 'char(4)', samples: [...same('abcd', '🦀🦀🦀🦀'), as('ab', 'ab  '), as('', '    ')] },
  { type: 'name', samples: same('', 'column', 'naïve 🦀') },
  { type: '"char"', samples: same('a', '') },
  {
    type: 'uuid',
    samples: [
      ...same('123e4567-e89b-12d3-a456-426614174000'),
      as('{123E4567E89B12D3A456426614174000}', '123e4567-e89b-12d3-a456-426614174000'),
    ],
  },
  {
    type: 'mood',
    before: ["create type mood as enum ('sad', 'so so', 'fröhlich 🦀')"],
    samples: same('sad', 'so so', 'fröhlich 🦀'),
  },
  {
    type: 'positive',
    before: ['create domain positive as integer check (value > 0)'],
    samples: [...same(1), as('7', 7)],
  },
  { type: 'inet', samples: same('192.168.1.1', '10.0.0.0/8', '::1', '2001:db8::/32') },
  { type: 'cidr', samples: same('10.0.0.0/8', '2001:db8::/32') },
  { type: 'macaddr', samples: [...same('08:00:2b:01:02:03'), as('08002b:010203', '08:00:2b:01:02:03')] },
  {
    type: 'interval',
    samples: [
      ...same('00:00:00', '1 day', '1 year 2 mons 3 days 04:05:06.789012', '-00:00:01'),
      as('90 minutes', '01:30:00'),
    ],
  },
  { type: 'time', samples: same('00:00:00', '23:59:59.999999', '24:00:00', '12:30:00.5') },
  { type: 'timetz', samples: same('00:00:00+00', '23:59:59.999999-12', '12:00:00+05:30') },
  { type: 'xml', incomparable: 'xml has no equality', samples: same('<a b="c">naïve 🦀</a>', 'text') },
  { type: 'bit(3)', samples: same('000', '101', '111') },
  { type: 'bit varying(70)', samples: same('', '1', '10'.repeat(35)) },
  { type: 'tsvector', samples: same("'cat':2 'fat':1", '') },
  { type: 'point', incomparable: 'point has no equality', samples: same('(1,2)', '(-0.5,1e+300)') },
  { type: 'int4range', samples: [...same('empty', '[1,10)', '(,5)', '[1,)'), as('[1,10]', '[1,11)')] },
  { type: 'tstzrange', samples: same('empty', '(,)') },
  {
    type: 'pair',
    before: ['create type pair as (a integer, b text)'],
    incomparable: 'the server asks for value = ?::pair',
    samples: same('(1,x)', '(,)', '(-5,"a ""b"" c")'),
  },
  { type: 'pg_lsn', samples: same('0/0', '16/B374D848') },

  // Dates
  {
    type: 'date',
    samples: [
      ...same(...DATES),
      as(new Date('2024-01-31T12:00:00Z'), '2024-01-31'),
      as('2024-01-31T23:59:59Z', '2024-01-31'),
      as('January 8, 1999', '1999-01-08'),
    ],
  },
  {
    type: 'timestamptz',
    samples: [
      clock(new Date(0), { utc: '1970-01-01T00:00:00Z', text: '1970-01-01 00:00:00+00' }),
      clock(new Date(-1), { utc: '1969-12-31T23:59:59.999Z', text: '1969-12-31 23:59:59.999+00' }),
      clock(new Date('2024-03-31T01:30:00.123Z'), {
        utc: '2024-03-31T01:30:00.123Z',
        text: '2024-03-31 01:30:00.123+00',
      }),
      clock('2024-10-27T02:30:00+01:00', { utc: '2024-10-27T01:30:00Z', text: '2024-10-27 01:30:00+00' }),
      clock('2024-01-31 12:00:00.123456+02', {
        utc: '2024-01-31T10:00:00.123Z',
        text: '2024-01-31 10:00:00.123456+00',
        isCut: true,
      }),
      clock('1969-12-31 23:59:59.999999+00', {
        utc: '1969-12-31T23:59:59.999Z',
        text: '1969-12-31 23:59:59.999999+00',
        isCut: true,
      }),
      clock('2024-01-31 12:00:00', {
        utc: '2024-01-31T12:00:00Z',
        text: '2024-01-31 12:00:00+00',
        berlin: '2024-01-31T11:00:00Z',
        kolkata: '2024-01-31T06:30:00Z',
      }),
      clock('0001-01-01 00:00:00+00', { utc: '0001-01-01T00:00:00Z', text: '0001-01-01 00:00:00+00' }),
      clock(new Date('0001-01-01T00:00:00Z'), { utc: '0001-01-01T00:00:00Z', text: '0001-01-01 00:00:00+00' }),
      clock(new Date('9999-12-31T23:59:59.999Z'), {
        utc: '9999-12-31T23:59:59.999Z',
        text: '9999-12-31 23:59:59.999+00',
      }),
      clock(new Date(-62_167_219_200_001), {
        utc: '-000001-12-31T23:59:59.999Z',
        text: '0002-12-31 23:59:59.999+00 BC',
      }),
      clock(new Date(8.64e15), { utc: '+275760-09-13T00:00:00Z', text: '275760-09-13 00:00:00+00' }),
      as('infinity', Infinity, { datesString: 'infinity' }),
      as(-Infinity, -Infinity, { datesString: '-infinity' }),
      as(null, null),
    ],
  },
  {
    type: 'timestamptz(0)',
    samples: [clock('2024-01-31 12:00:00.6+00', { utc: '2024-01-31T12:00:01Z', text: '2024-01-31 12:00:01+00' })],
  },
  {
    type: 'timestamp',
    samples: [
      clock('1970-01-01 00:00:00', {
        utc: '1970-01-01T00:00:00Z',
        text: '1970-01-01 00:00:00',
        berlin: '1969-12-31T23:00:00Z',
        kolkata: '1969-12-31T18:30:00Z',
      }),
      clock('2024-01-31 12:00:00.123456', {
        utc: '2024-01-31T12:00:00.123Z',
        text: '2024-01-31 12:00:00.123456',
        berlin: '2024-01-31T11:00:00.123Z',
        kolkata: '2024-01-31T06:30:00.123Z',
        isCut: true,
      }),
      // Berlin's clocks jump from 02:00 to 03:00 and have 02:30 twice.
      {
        ...clock('2024-03-31 02:30:00', {
          utc: '2024-03-31T02:30:00Z',
          text: '2024-03-31 02:30:00',
          berlin: '2024-03-31T01:30:00Z',
          kolkata: '2024-03-30T21:00:00Z',
        }),
        lossUnder: ['berlin'],
      },
      clock('2024-10-27 02:30:00', {
        utc: '2024-10-27T02:30:00Z',
        text: '2024-10-27 02:30:00',
        berlin: '2024-10-27T00:30:00Z',
        kolkata: '2024-10-26T21:00:00Z',
      }),
      clock(new Date('2024-07-01T12:00:00.123Z'), { utc: '2024-07-01T12:00:00.123Z', text: '2024-07-01 12:00:00.123' }),
      clock('0001-01-01 00:00:00', {
        utc: '0001-01-01T00:00:00Z',
        text: '0001-01-01 00:00:00',
        berlin: '0000-12-31T23:06:32Z',
        kolkata: '0000-12-31T18:30:00Z',
      }),
      clock('9999-12-31 23:59:59', {
        utc: '9999-12-31T23:59:59Z',
        text: '9999-12-31 23:59:59',
        berlin: '9999-12-31T22:59:59Z',
        kolkata: '9999-12-31T18:29:59Z',
      }),
      as('infinity', Infinity, { datesString: 'infinity' }),
      as('-infinity', -Infinity, { datesString: '-infinity' }),
      as(null, null),
    ],
  },

  // JSON
  {
    type: 'jsonb',
    samples: [
      json({}, {}, '{}'),
      json([], [], '[]'),
      json(
        { a: { b: [1, null, { c: 'naïve 🦀 \u0001"\\' }] } },
        { a: { b: [1, null, { c: 'naïve 🦀 \u0001"\\' }] } },
        '{"a": {"b": [1, null, {"c": "naïve 🦀 \\u0001\\"\\\\"}]}}',
      ),
      json([1, 'a', [true, null]], [1, 'a', [true, null]], '[1, "a", [true, null]]'),
      json('"text"', 'text', '"text"'),
      json('""', '', '""'),
      json(5, 5, '5'),
      json(true, true, 'true'),
      json('null', null, 'null'),
      lossy(json('{"n": 9007199254740993}', { n: 9007199254740992 }, '{"n": 9007199254740993}'), 'jsonString'),
      lossy(json({ n: 9007199254740993n }, { n: 9007199254740992 }, '{"n": 9007199254740993}'), 'jsonString'),
      json('{"a": 1, "a": 2}', { a: 2 }, '{"a": 2}'),
      json(
        '{"__proto__": {"x": 1}, "constructor": 1}',
        JSON.parse('{"__proto__": {"x": 1}, "constructor": 1}'),
        '{"__proto__": {"x": 1}, "constructor": 1}',
      ),
      json(
        { at: new Date(0), gone: undefined },
        { at: '1970-01-01T00:00:00.000Z' },
        '{"at": "1970-01-01T00:00:00.000Z"}',
      ),
      json(new Date(0), '1970-01-01T00:00:00.000Z', '"1970-01-01T00:00:00.000Z"'),
      json(null, null, null),
    ],
  },
  {
    type: 'json',
    incomparable: 'json has no equality',
    samples: [
      json(
        '{"a" : 1.50, "a":2, "n": 12345678901234567890.5}',
        { a: 2, n: 12345678901234567000 },
        '{"a" : 1.50, "a":2, "n": 12345678901234567890.5}',
      ),
      json({ b: 1, a: [] }, { b: 1, a: [] }, '{"b":1,"a":[]}'),
      json([], [], '[]'),
      json('  null  ', null, '  null  '),
      json(null, null, null),
    ],
  },

  // Bytes
  {
    type: 'bytea',
    samples: [
      ...same(...BYTES),
      as(new Uint8Array([1, 2]), Buffer.from([1, 2])),
      as(new Uint8Array([9, 8]).buffer, Buffer.from([9, 8])),
      as('\\x00ff', Buffer.from([0, 255])),
    ],
  },

  // Arrays
  {
    type: 'integer[]',
    samples: [
      ...same(
        [],
        [1, -2147483648, null],
        [
          [1, 2],
          [3, 4],
        ],
        [[[1], [2]]],
      ),
      as(['1', '2'], [1, 2]),
      as('{5,6}', [5, 6]),
      lossy(as('[0:1]={7,8}', [7, 8])),
    ],
  },
  { type: 'smallint[]', samples: same([], [1, -32768, null]) },
  {
    type: 'bigint[]',
    samples: [
      as([1, BigInt(MAX), null, MIN], [1, MAX, null, MIN], {
        bigintString: ['1', MAX, null, MIN],
        bigintBigint: [1n, BigInt(MAX), null, BigInt(MIN)],
        bigintNumber: REFUSED,
      }),
      as([[2 ** 53 - 1], [0]], [[2 ** 53 - 1], [0]], {
        bigintString: [['9007199254740991'], ['0']],
        bigintBigint: [[2n ** 53n - 1n], [0n]],
      }),
      ...same([]),
    ],
  },
  {
    type: 'numeric[]',
    samples: [...same([], ['1.50', 'NaN', null]), as([0.1, 10n ** 30n], ['0.1', `1${'0'.repeat(30)}`])],
  },
  { type: 'real[]', samples: same([], [1.1, NaN, Infinity, null]) },
  {
    type: 'double precision[]',
    samples: same([], [0.1, -0, NaN, -Infinity, Number.MAX_VALUE, Number.MIN_VALUE, null], [[0.5], [1e21]]),
  },
  { type: 'boolean[]', samples: same([], [true, false, null], [[true], [false]]) },
  {
    type: 'text[]',
    samples: [
      ...same(
        [],
        [...TEXTS],
        [null, 'NULL', 'null'],
        [
          ['a', 'b'],
          ['c,d', '{e}'],
        ],
      ),
      as([1, true], ['1', 'true']),
    ],
  },
  { type: 'varchar(10)[]', samples: same([], ['a', null]) },
  { type: 'uuid[]', samples: same([], ['123e4567-e89b-12d3-a456-426614174000', null]) },
  { type: 'date[]', samples: same([], [...DATES, null]) },
  { type: 'time[]', samples: same(['12:30:00.5', null]) },
  { type: 'interval[]', samples: same(['1 day', '-00:00:01', null]) },
  { type: 'inet[]', samples: same(['10.0.0.0/8', '::1']) },
  { type: 'mood[]', samples: same([], ['so so', null, 'fröhlich 🦀']) },
  { type: 'bytea[]', samples: same([], [Buffer.alloc(0), Buffer.from([0, 255]), null]) },
  {
    type: 'timestamptz[]',
    samples: [
      as(
        [new Date(0), '2024-01-31 12:00:00.123+00', null, 'infinity'],
        [new Date(0), new Date('2024-01-31T12:00:00.123Z'), null, Infinity],
        {
          datesString: ['1970-01-01 00:00:00+00', '2024-01-31 12:00:00.123+00', null, 'infinity'],
        },
      ),
      ...same([]),
    ],
  },
  {
    type: 'timestamp[]',
    samples: [
      as([new Date('2024-07-01T12:00:00.500Z'), null], [new Date('2024-07-01T12:00:00.500Z'), null], {
        datesString: ['2024-07-01 12:00:00.5', null],
      }),
      as(['2024-07-01 12:00:00'], [new Date('2024-07-01T12:00:00Z')], {
        datesString: ['2024-07-01 12:00:00'],
        berlin: [new Date('2024-07-01T10:00:00Z')],
        kolkata: [new Date('2024-07-01T06:30:00Z')],
      }),
      ...same([]),
    ],
  },
  {
    type: 'jsonb[]',
    samples: [
      {
        ...as([{ a: [1, 2] }, [1], 'x', 5, null], [{ a: [1, 2] }, [1], 'x', 5, null], {
          jsonString: ['{"a": [1, 2]}', '[1]', '"x"', '5', null],
        }),
        lossUnder: ['jsonString'],
      },
      ...same([]),
    ],
  },
]
