/** The SQL that a chain gives as it is: the fact's own words, which guruorm only hands on. */

const TAKES_SQL = /[rR]aw$|^(lock|lockForUpdate|sharedLock|useIndex|forceIndex|ignoreIndex)$/

/** Methods that take a query, or the SQL of one. */
const TAKES_QUERY = /[sS]ub$|[lL]ateral$|Using$/
const IS_QUERY = /^\s*\(?\s*(select|with|values)\b/i

/** Every piece of raw SQL in a fact's calls. */
export function rawsOf(fact) {
  const raws = []
  const visit = (value) => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    else if (value !== null && typeof value === 'object') {
      if (typeof value.$raw === 'string') raws.push(value.$raw)
      if (typeof value.$cond === 'string') raws.push(value.$cond)
      if (typeof value.m === 'string' && TAKES_SQL.test(value.m)) {
        for (const item of value.a) if (typeof item === 'string') raws.push(item)
      } else if (typeof value.m === 'string' && TAKES_QUERY.test(value.m)) {
        for (const item of value.a) if (typeof item === 'string' && IS_QUERY.test(item)) raws.push(item)
      }
      for (const item of Object.values(value)) visit(item)
    }
  }
  visit([fact.ops, fact.terminal])
  return raws
}
