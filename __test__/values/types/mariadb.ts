/** MariaDB: what each type is given and what it answers (decisions D14 and D15). */
import { as, BYTES, type ColumnCase, clock, json, lossy, same, TEXTS, wide } from './sample'

const U64 = '18446744073709551615'

const SHORT_TEXTS = TEXTS.filter((text) => text.length <= 255)

/** Of a point at (1, 2): four bytes of reference system, then WKB. */
const POINT = Buffer.from('000000000101000000000000000000f03f0000000000000040', 'hex')

export const MARIADB: readonly ColumnCase[] = [
  // Numbers
  { type: 'tinyint', samples: [...same(0, -128, 127), as('10', 10), as(7n, 7), as(true, 1), as(false, 0)] },
  { type: 'tinyint(1)', samples: [...same(0, 1, -128, 127), as(true, 1), as(false, 0)] },
  { type: 'boolean', samples: [...same(0, 1), as(true, 1)] },
  { type: 'tinyint unsigned', samples: same(0, 255) },
  { type: 'smallint', samples: same(-32768, 32767) },
  { type: 'smallint unsigned', samples: same(0, 65535) },
  { type: 'mediumint', samples: same(-8388608, 8388607) },
  { type: 'mediumint unsigned', samples: same(0, 16777215) },
  { type: 'int', samples: [...same(0, -2147483648, 2147483647), as('10', 10), as(' 42 ', 42)] },
  { type: 'int unsigned', samples: same(0, 2147483648, 4294967295) },
  {
    type: 'bigint',
    samples: [
      ...[0, -1, 2147483648, -2147483649, 2 ** 53 - 1, -(2 ** 53 - 1), 2n ** 53n, -(2n ** 53n), 2n ** 53n + 1n].map(
        wide,
      ),
      ...[2n ** 63n - 1n, -(2n ** 63n), '9223372036854775807', '-9223372036854775808', '9007199254740993'].map(wide),
      as(null, null),
    ],
  },
  {
    type: 'bigint unsigned',
    samples: [
      ...[0, 2 ** 53 - 1, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n, U64, '9223372036854775808'].map(wide),
      as(null, null),
    ],
  },
  {
    type: 'decimal(65,30)',
    samples: [
      ...same('0.000000000000000000000000000000', '-0.000000000000000000000000000001'),
      ...same(
        `${'9'.repeat(35)}.${'9'.repeat(30)}`,
        '12345678901234567890123456789012345.123456789012345678901234567890',
      ),
      as(0.1, `0.1${'0'.repeat(29)}`),
      as(10n ** 34n, `1${'0'.repeat(34)}.${'0'.repeat(30)}`),
    ],
  },
  {
    type: 'decimal(10,2)',
    samples: [...same('0.00', '99999999.99', '-0.01'), as(1.5, '1.50'), as('2', '2.00'), as(7n, '7.00')],
  },
  { type: 'decimal(20,0) unsigned', samples: [...same('0', U64), as(2n ** 64n - 1n, U64)] },
  {
    // The server compares a FLOAT as a double: 1.1 is 1.10000002384185791015625 to it.
    type: 'float',
    samples: [
      ...same(0, -2.5, 16777216),
      ...[1.1, -0.1, 1.1754944e-38, 1e-45].map((value) => lossy(as(value, value))),
      lossy(as(3.4028234663852886e38, 3.4028235e38)),
    ],
  },
  {
    type: 'double',
    samples: [
      ...same(0, 0.1, -2.5, 2 ** 53 + 2, 1e21, Number.MAX_VALUE, -Number.MAX_VALUE, 2.2250738585072014e-308),
      as('1.5', 1.5),
      as(3n, 3),
    ],
  },
  // A bit value beside text or bytes is compared as a number, which bytes are not.
  {
    type: 'bit(1)',
    incomparable: 'compare with a number',
    samples: [...same(Buffer.from([0]), Buffer.from([1])), as(1, Buffer.from([1])), as(true, Buffer.from([1]))],
  },
  {
    type: 'bit(12)',
    incomparable: 'compare with a number',
    samples: [...same(Buffer.from([0x0f, 0xff])), as(5, Buffer.from([0, 5]))],
  },
  {
    type: 'bit(64)',
    incomparable: 'compare with a number',
    samples: [...same(Buffer.alloc(8, 0xff)), as(2n ** 64n - 1n, Buffer.alloc(8, 0xff))],
  },
  // As text, as which it is compared, 0 is the year 2000.
  { type: 'year', samples: [...same(1901, 2155, 2024), as('2024', 2024), as('24', 2024), lossy(as(0, 0))] },

  // Text, and what travels as text
  { type: 'longtext', samples: [...same(...TEXTS, '\0', 'a\0b'), as(5, '5'), as(-0.5, '-0.5'), as(12n, '12')] },
  { type: 'text', samples: same(...TEXTS, '\0') },
  { type: 'mediumtext', samples: same('x'.repeat(70_000)) },
  { type: 'tinytext', samples: same('', '🦀'.repeat(63)) },
  { type: 'varchar(255)', samples: same(...SHORT_TEXTS, '\0', '🦀'.repeat(255)) },
  { type: 'varchar(255) character set utf8mb4 collate utf8mb4_bin', samples: same(...SHORT_TEXTS) },
  { type: 'varchar(50) character set latin1', samples: same('naïve façade ÿ', '€') },
  { type: 'char(4)', samples: [...same('', 'abcd', '🦀🦀🦀🦀'), as('ab  ', 'ab')] },
  { type: "enum('', 'a', 'so so', 'fröhlich 🦀', '1')", samples: same('', 'a', 'so so', 'fröhlich 🦀', '1') },
  { type: "set('a', 'b b', 'ü')", samples: [...same('', 'a', 'a,b b,ü'), as('ü,a', 'a,ü')] },
  { type: 'uuid', samples: same('123e4567-e89b-12d3-a456-426614174000') },
  { type: 'inet6', samples: same('::1', '2001:db8::ff00:42:8329') },
  { type: 'inet4', samples: same('192.168.1.1') },
  { type: 'time', samples: same('00:00:00', '23:59:59', '838:59:59', '-838:59:59') },
  {
    type: 'time(6)',
    samples: [...same('12:30:00.123456', '12:30:00.500', '-00:00:00.000001'), as('12:30:00.5', '12:30:00.500')],
  },

  // Dates
  {
    type: 'date',
    samples: [
      ...same('2024-02-29', '1969-12-31', '0001-01-01', '1000-01-01', '9999-12-31'),
      as(new Date('2024-01-31T12:00:00Z'), '2024-01-31'),
      as('2024-01-31T10:00:00', '2024-01-31'),
    ],
  },
  {
    type: 'datetime(6)',
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
      clock('1969-12-31 23:59:59.999999', {
        utc: '1969-12-31T23:59:59.999Z',
        text: '1969-12-31 23:59:59.999999',
        berlin: '1969-12-31T22:59:59.999Z',
        kolkata: '1969-12-31T18:29:59.999Z',
        isCut: true,
      }),
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
      as(null, null),
    ],
  },
  {
    type: 'datetime',
    samples: [
      clock(new Date('2024-07-01T12:00:00Z'), { utc: '2024-07-01T12:00:00Z', text: '2024-07-01 12:00:00' }),
      clock('2024-07-01 12:00:00.9', {
        utc: '2024-07-01T12:00:00Z',
        text: '2024-07-01 12:00:00',
        berlin: '2024-07-01T10:00:00Z',
        kolkata: '2024-07-01T06:30:00Z',
      }),
    ],
  },
  {
    type: 'timestamp(6)',
    samples: [
      clock(new Date(1000), { utc: '1970-01-01T00:00:01Z', text: '1970-01-01 00:00:01' }),
      clock(new Date('2024-03-31T01:30:00.123Z'), { utc: '2024-03-31T01:30:00.123Z', text: '2024-03-31 01:30:00.123' }),
      clock('2024-01-31 12:00:00.123456', {
        utc: '2024-01-31T12:00:00.123Z',
        text: '2024-01-31 12:00:00.123456',
        berlin: '2024-01-31T11:00:00.123Z',
        kolkata: '2024-01-31T06:30:00.123Z',
        isCut: true,
      }),
      clock(new Date('2038-01-19T03:14:07.999Z'), { utc: '2038-01-19T03:14:07.999Z', text: '2038-01-19 03:14:07.999' }),
      as(null, null),
    ],
  },

  // JSON
  {
    type: 'json',
    samples: [
      json({}, {}, '{}'),
      json([], [], '[]'),
      json(
        { a: { b: [1, null, { c: 'naïve 🦀 \u0001"\\' }] } },
        { a: { b: [1, null, { c: 'naïve 🦀 \u0001"\\' }] } },
        '{"a":{"b":[1,null,{"c":"naïve 🦀 \\u0001\\"\\\\"}]}}',
      ),
      json([1, 'a', [true, null]], [1, 'a', [true, null]], '[1,"a",[true,null]]'),
      json('"text"', 'text', '"text"'),
      json(5, 5, '5'),
      json('true', true, 'true'),
      json('null', null, 'null'),
      lossy(json('{"n" : 9007199254740993}', { n: 9007199254740992 }, '{"n" : 9007199254740993}'), 'jsonString'),
      lossy(json({ n: 9007199254740993n }, { n: 9007199254740992 }, '{"n":9007199254740993}'), 'jsonString'),
      json(
        { at: new Date(0), gone: undefined },
        { at: '1970-01-01T00:00:00.000Z' },
        '{"at":"1970-01-01T00:00:00.000Z"}',
      ),
      json(null, null, null),
    ],
  },

  // Bytes
  {
    type: 'longblob',
    samples: [...same(...BYTES), as(new Uint8Array([1, 2]), Buffer.from([1, 2])), as('text', Buffer.from('text'))],
  },
  { type: 'blob', samples: same(Buffer.alloc(0), Buffer.from([0, 255])) },
  { type: 'varbinary(300)', samples: same(...BYTES.filter((bytes) => bytes.length <= 300)) },
  {
    type: 'binary(4)',
    samples: [...same(Buffer.from([0, 1, 0xfe, 0xff])), as(Buffer.from([7]), Buffer.from([7, 0, 0, 0]))],
  },
  { type: 'point', incomparable: 'geometry is compared by functions', samples: same(POINT) },
]
