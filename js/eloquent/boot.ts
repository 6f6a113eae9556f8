const booted = new WeakSet<object>()

const HOOKS = ['booting', 'boot', 'booted'] as const

/** Calls `booting()`, `boot()` and `booted()` of a class, once, before its first use. */
export function boot(model: object): void {
  if (booted.has(model)) return
  booted.add(model)
  const parents = parentsOf(model)
  if (parents[0] !== undefined) boot(parents[0])
  for (const hook of HOOKS) {
    if (Object.hasOwn(model, hook)) withoutParents(parents, hook, () => callOn(model, hook))
  }
}

function callOn(model: object, hook: string): void {
  ;(Reflect.get(model, hook) as () => unknown).call(model)
}

/** `super.booted()` does nothing: the parent's hook has run, and what it has registered is inherited. */
function withoutParents(parents: readonly object[], hook: string, work: () => void): void {
  const own = parents.flatMap((parent) => {
    const descriptor = Object.getOwnPropertyDescriptor(parent, hook)
    return descriptor === undefined ? [] : [{ parent, descriptor }]
  })
  for (const { parent, descriptor } of own) Object.defineProperty(parent, hook, { ...descriptor, value() {} })
  try {
    work()
  } finally {
    for (const { parent, descriptor } of own) Object.defineProperty(parent, hook, descriptor)
  }
}

/** The classes that a class extends, the nearest first. */
function parentsOf(model: object): object[] {
  const parent: unknown = Object.getPrototypeOf(model)
  return typeof parent === 'function' && parent !== Function.prototype ? [parent, ...parentsOf(parent)] : []
}
