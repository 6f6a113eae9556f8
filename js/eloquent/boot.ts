const booted = new WeakSet<object>()

/** Calls `booting()`, `boot()` and `booted()` of a class, once, before its first use. */
export function boot(model: object): void {
  if (booted.has(model)) return
  booted.add(model)
  const parent: unknown = Object.getPrototypeOf(model)
  if (typeof parent === 'function' && parent !== Function.prototype) boot(parent)
  for (const hook of ['booting', 'boot', 'booted']) {
    if (Object.hasOwn(model, hook)) (Reflect.get(model, hook) as () => unknown).call(model)
  }
}
