/** Values as SQL text, for people to read. Never sent to a database. */

/** Literals, quoted names and comments, which hold no placeholders, or one placeholder. */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[(?:[^\]]|\]\])*\]|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\d+)|@p(\d+)|\?\??/g

/** A statement that was compiled for a database, with its values written in. */
export function inlineBindings(sql: string, bindings: readonly unknown[], driverName: string): string {
  const usesNumbers = driverName === 'pgsql' || driverName === 'sqlserver'
  if (!usesNumbers) return substituteBindings(sql, bindings, driverName)
  return sql.replace(TOKEN, (token: string, dollar: string | undefined, at: string | undefined) => {
    const number = dollar ?? at
    return number === undefined ? token : literal(bindings[Number(number) - 1], driverName)
  })
}

/** A statement with its values written in the place of `?`. Those without a value stay; `??` is no placeholder. */
export function substituteBindings(sql: string, bindings: readonly unknown[], driverName: string): string {
  let next = 0
  return sql.replace(TOKEN, (token: string) => {
    if (token !== '?' || next >= bindings.length) return token
    next += 1
    return literal(bindings[next - 1], driverName)
  })
}

/** A value as a literal. */
export function literal(value: unknown, driverName: string): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return driverName === 'pgsql' ? String(value) : value ? '1' : '0'
  if (value instanceof Date) return quoted(timestamp(value, driverName), driverName)
  if (value instanceof Uint8Array) return bytes(value, driverName)
  return quoted(typeof value === 'object' ? JSON.stringify(value) : String(value), driverName)
}

/** Values as Laravel hands them to a database: times as text, booleans as numbers. */
export function preparedBindings(bindings: readonly unknown[], driverName: string): unknown[] {
  return bindings.map((value) => {
    if (typeof value === 'boolean') return value ? 1 : 0
    return value instanceof Date ? timestamp(value, driverName) : value
  })
}

/** Text as a literal. */
export function quoted(value: string, driverName: string): string {
  const isMySql = driverName === 'mysql' || driverName === 'mariadb'
  if (!isMySql) return `'${value.replaceAll("'", "''")}'`
  const names: Record<string, string> = { '\0': '0', '\n': 'n', '\r': 'r', '\x1a': 'Z' }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are the characters that MySQL escapes
  return `'${value.replace(/[\0\n\r\x1a'"\\]/g, (character) => `\\${names[character] ?? character}`)}'`
}

/** Bytes as a literal. */
export function bytes(value: Uint8Array, driverName: string): string {
  const hex = Buffer.from(value).toString('hex')
  if (driverName === 'pgsql') return `'\\x${hex}'::bytea`
  return driverName === 'sqlserver' ? `0x${hex}` : `x'${hex}'`
}

function timestamp(value: Date, driverName: string): string {
  const iso = value.toISOString().replace('T', ' ').replace('Z', '')
  return driverName === 'sqlserver' ? iso : iso.slice(0, 19)
}
