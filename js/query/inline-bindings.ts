/** SQL for people to read: values written where their placeholders stand. Never sent to a database. */

/** Literals, quoted names and comments, which hold no placeholders, or one placeholder. */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[(?:[^\]]|\]\])*\]|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\d+)|@p(\d+)|\?/g

/** The statement with its values written in. */
export function inlineBindings(sql: string, bindings: readonly unknown[], driverName: string): string {
  const usesNumbers = driverName === 'pgsql' || driverName === 'sqlserver'
  let next = 0
  return sql.replace(TOKEN, (token: string, dollar: string | undefined, at: string | undefined) => {
    const number = dollar ?? at
    if (number !== undefined && usesNumbers) return literal(bindings[Number(number) - 1], driverName)
    if (token !== '?' || usesNumbers) return token
    next += 1
    return literal(bindings[next - 1], driverName)
  })
}

function literal(value: unknown, driverName: string): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return driverName === 'pgsql' ? String(value) : value ? '1' : '0'
  if (value instanceof Date) return text(timestamp(value, driverName), driverName)
  if (value instanceof Uint8Array) return bytes(value, driverName)
  return text(typeof value === 'object' ? JSON.stringify(value) : String(value), driverName)
}

function text(value: string, driverName: string): string {
  const isMysql = driverName === 'mysql' || driverName === 'mariadb'
  if (!isMysql) return `'${value.replaceAll("'", "''")}'`
  const names: Record<string, string> = { '\0': '0', '\n': 'n', '\r': 'r', '\x1a': 'Z' }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are the characters that MySQL escapes
  return `'${value.replace(/[\0\n\r\x1a'"\\]/g, (character) => `\\${names[character] ?? character}`)}'`
}

function bytes(value: Uint8Array, driverName: string): string {
  const hex = Buffer.from(value).toString('hex')
  if (driverName === 'pgsql') return `'\\x${hex}'::bytea`
  return driverName === 'sqlserver' ? `0x${hex}` : `x'${hex}'`
}

function timestamp(value: Date, driverName: string): string {
  const iso = value.toISOString().replace('T', ' ').replace('Z', '')
  return driverName === 'sqlserver' ? iso : iso.slice(0, 19)
}
