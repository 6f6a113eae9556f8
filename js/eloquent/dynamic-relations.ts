/** Relations as properties: `await user.posts` where nothing is loaded. */

type Method = (this: object, ...args: never[]) => unknown

const MAKERS = [
  ...['hasOne', 'hasMany', 'belongsTo', 'belongsToMany', 'hasOneThrough', 'hasManyThrough', 'through'],
  ...['morphOne', 'morphMany', 'morphTo', 'morphToMany', 'morphedByMany'],
]

/** A call of a relation's maker on the model, as it stands in the text of a method, minified too. */
const MAKES = new RegExp(`\\bthis\\.(?:${MAKERS.join('|')})\\(|\\b(?:of|latestOf|oldestOf)Many\\(`)

const known = new WeakMap<object, boolean>()

/** Whether a method makes a relation. Its text tells: it cannot be called to find out, as it may do anything. */
export function isRelationMethod(member: unknown): member is Method {
  if (typeof member !== 'function') return false
  let answer = known.get(member)
  if (answer === undefined) {
    answer = MAKES.test(Function.prototype.toString.call(member))
    known.set(member, answer)
  }
  return answer
}

/** Says of a method whose text does not tell that it makes a relation. */
export function noteRelationMethod(member: object): void {
  known.set(member, true)
}

/** The method, bound to its model, and what it finds when it is awaited. */
export function thenable(method: Method, model: object): Method {
  const bound = method.bind(model) as Method & { then?: unknown }
  bound.then = (resolve: (value: unknown) => unknown, reject: (reason: unknown) => unknown) =>
    Promise.resolve(bound.call(model)).then(resolve, reject)
  return bound
}
