const UNCOUNTABLE =
  /(^|_)(equipment|information|rice|money|species|series|fish|sheep|media|metadata|feedback|staff|news)$/
const IRREGULAR: readonly (readonly [RegExp, string])[] = [
  [/person$/, 'people'],
  [/child$/, 'children'],
  [/(^|_)man$/, '$1men'],
  [/woman$/, 'women'],
  [/mouse$/, 'mice'],
  [/(tooth)$/, 'teeth'],
  [/(^|_)foot$/, '$1feet'],
  [/goose$/, 'geese'],
  [/(ind|vert)ex$/, '$1ices'],
  [/matrix$/, 'matrices'],
  [/(analy|ba|cri|the|diagno|hypothe)sis$/, '$1ses'],
  [/quiz$/, 'quizzes'],
  [/(octop|vir)us$/, '$1uses'],
  [/([^aeiou]|qu)y$/, '$1ies'],
  [/(hero|potato|tomato|echo)$/, '$1es'],
  [/(wi|li|kni)fe$/, '$1ves'],
  [/(lea|shel|hal|loa|thie)f$/, '$1ves'],
  [/(s|x|z|ch|sh)$/, '$1es'],
]

/**
 * The table that a column refers to by convention: the plural of its name without the key's.
 *
 * @example
 * guessTable('user_id', 'id') // users
 * guessTable('company_id', 'id') // companies
 */
export function guessTable(column: string, key: string): string {
  const end = column.lastIndexOf(`_${key}`)
  const name = end > 0 ? column.slice(0, end) : column
  if (UNCOUNTABLE.test(name)) return name
  const rule = IRREGULAR.find(([pattern]) => pattern.test(name))
  return rule === undefined ? `${name}s` : name.replace(rule[0], rule[1])
}
