/** The SQL that a chain gives as it is: the fact's own words, which guruorm only hands on. */

const TAKES_SQL = /[rR]aw$|^(lock|lockForUpdate|sharedLock|useIndex|forceIndex|ignoreIndex)$/

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
      }
      for (const item of Object.values(value)) visit(item)
    }
  }
  visit([fact.ops, fact.terminal])
  return raws
}
