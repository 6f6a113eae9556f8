/** What every peer declares, in the words of the tables. */
export const COLUMNS = ['id', 'name', 'email', 'age', 'balance', 'active', 'meta', 'created_at']

/** How many users are loaded with what is theirs, and how many without. */
export const PARENTS = 500
export const MODELS = 10_000

/** The parts of a URL, for peers that take no URL. */
export function partsOf(url) {
  const { hostname, port, username, password, pathname } = new URL(url)
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.slice(1),
  }
}
